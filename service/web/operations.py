"""What operators and balancers ask: is it alive, is it ready, what does it count."""

import os

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from sqlalchemy import text

from service.domain.errors import Refusal
from service.store.database import Database
from service.web import problems

router = APIRouter(tags=["operations"])
_PUBLIC = {"x-permission": "public"}


@router.get("/healthz", summary="Is the process alive?", openapi_extra=_PUBLIC)
async def healthz() -> dict[str, str]:
    """Answers as long as the process can answer at all; it asks nothing of the database."""
    return {"status": "alive"}


@router.get("/readyz", summary="Can it do its work?", openapi_extra=_PUBLIC, responses=problems.responses(503))
async def readyz(request: Request) -> dict[str, str]:
    """Answers 200 once the database answers, else 503."""
    database: Database = request.app.state.database
    try:
        async with database.session() as session:
            await session.execute(text("SELECT 1"))
    except OSError as unreachable:
        raise Refusal("busy") from unreachable
    return {"status": "ready"}


@router.get(
    "/metrics",
    summary="Prometheus metrics of all workers",
    openapi_extra=_PUBLIC,
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics() -> Response:
    """Requests, times and scans, without any person's data. Keep it inside your network (docs/operate.md)."""
    registry: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def register(app: FastAPI) -> None:
    """Adds the operators' addresses."""
    app.include_router(router)
