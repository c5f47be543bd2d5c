"""Scans and tallies from devices."""

from collections import Counter
from datetime import timedelta
from typing import Any

import prometheus_client
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from service.domain.errors import FieldError, Invalid, Refusal
from service.domain.scans import ScanAnswer, ScanIn
from service.usecases import door
from service.usecases.batching import Admission
from service.web.deps import DatabaseDep, Now, SettingsDep
from service.web.door.auth import CurrentDevice, allow_device
from service.web.door.schemas import (
    LooseScanBatch,
    ScanBody,
    ScanResult,
    ScanResults,
    TallyBatch,
    TallyResult,
    TallyResults,
)
from service.web.problems import pointer_of

router = APIRouter(prefix="/api/v1/door", tags=["door"])
SCANS = prometheus_client.Counter("biendao_scans_total", "Scans judged", ["decision", "reason"])

_items: TypeAdapter[list[ScanBody]] = TypeAdapter(list[ScanBody])
_scans_extra = {
    **allow_device(400, 413),
    "openapi_extra": {
        "x-permission": "device",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ScanBatch"}}},
        },
    },
}


@router.post("/scans", summary="Judge and keep 1 to 500 scans", response_model=ScanResults, **_scans_extra)
async def post_scans(request: Request, device_id: CurrentDevice, settings: SettingsDep, now: Now) -> Response:
    """Every scan gets a decision: `admit`, `refuse` or `unsure`, with one reason; the status is 200 for all three.

    A repeated id gets its first answer and counts nothing twice. An item that can't be understood is answered
    for itself in `errors`; the others are kept. What is answered is committed.
    """
    batch = await _read(request)
    skewed = batch.sent_at is not None and abs(now - batch.sent_at) > timedelta(seconds=settings.clock_skew_seconds)
    bodies, faults = _understand(batch.scans)
    scans = [_scan(body, device_id, skewed=skewed) for body in bodies if body is not None]
    admission: Admission = request.app.state.admission
    answers = iter(await admission.submit(scans, received_at=now) if scans else [])
    results = [
        _result(next(answers)) if body is not None else _fault(batch.scans[place], faults[place])
        for place, body in enumerate(bodies)
    ]
    for (decision, reason), count in Counter((one["decision"], one["reason"]) for one in results).items():
        SCANS.labels(decision or "error", reason or "").inc(count)
    return Response(to_json({"results": results, "server_time": now}), media_type="application/json")


async def _read(request: Request) -> LooseScanBatch:
    """The batch, its items still as they came. Raises Refusal `malformed`, or what FastAPI would raise."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refusal("unsupported_media_type", "application/json")
    try:
        raw = from_json(await request.body())
    except ValueError as wrong:
        raise Refusal("malformed", str(wrong)) from wrong
    try:
        return LooseScanBatch.model_validate(raw)
    except ValidationError as wrong:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in wrong.errors()]) from wrong


def _understand(items: list[Any]) -> tuple[list[ScanBody | None], dict[int, list[FieldError]]]:
    """Each item as a scan, or None with what is wrong with it."""
    try:
        return list(_items.validate_python(items, strict=False)), {}
    except ValidationError as wrong:
        faults: dict[int, list[FieldError]] = {}
        for one in wrong.errors():
            place, *rest = one["loc"]
            faults.setdefault(int(place), []).append(FieldError(pointer_of(tuple(rest)), one["type"], one["msg"]))
    good = iter(_items.validate_python([item for place, item in enumerate(items) if place not in faults]))
    return [None if place in faults else next(good) for place in range(len(items))], faults


def _scan(body: ScanBody, device_id: Any, *, skewed: bool) -> ScanIn:
    device = body.device
    return ScanIn(
        id=body.id,
        device_id=device_id,
        gate_id=body.gate_id,
        code=body.code,
        direction=body.direction,
        heads=body.heads,
        scanned_at=body.scanned_at,
        simulate=body.simulate,
        skewed=skewed,
        device_decision=device.decision.value if device else None,
        device_reason=device.reason if device else None,
        device_list_version=device.list_version if device else None,
    )


def _result(answer: ScanAnswer) -> dict[str, Any]:
    """A ScanResult as a plain dict: five hundred models would cost more than their judgement."""
    return {
        "id": answer.id,
        "decision": answer.decision,
        "reason": answer.reason,
        "category": answer.category,
        "zones": answer.zones,
        "heads": answer.heads,
        "holder_name": answer.holder_name,
        "ground": answer.ground,
        "authority": answer.authority,
        "attention": answer.attention,
        "note": answer.note,
        "list_version": answer.list_version,
        "repeated": answer.repeated,
        "errors": (),
    }


def _fault(item: Any, errors: list[FieldError]) -> dict[str, Any]:
    told = item.get("id") if isinstance(item, dict) else None
    nothing = dict.fromkeys(ScanResult.model_fields)
    problems = [{"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in errors]
    told = told[:100] if isinstance(told, str) else None
    return nothing | {"id": told, "zones": (), "repeated": False, "errors": problems}


@router.post("/tallies", summary="Count visitors without a pass", **allow_device(400, 413))
async def post_tallies(body: TallyBatch, device_id: CurrentDevice, database: DatabaseDep, now: Now) -> TallyResults:
    """Keeps hand counts of walk-in visitors; a repeated id counts nothing twice."""
    for place, one in enumerate(body.tallies):
        if one.heads == 0 or (one.heads < 0 and not one.reason):
            raise Invalid.at(f"/tallies/{place}/heads", "invalid", "not zero; below zero only with a reason")
    wanted = [
        door.TallyIn(one.id, one.gate_id, one.category, one.heads, one.tallied_at, one.reason) for one in body.tallies
    ]
    outcomes = await door.keep_tallies(database, device_id=device_id, wanted=wanted, received_at=now)
    results = [TallyResult(id=one.id, outcome=outcomes[one.id]) for one in body.tallies]
    return TallyResults(results=results, server_time=now)
