"""What surrounds every request: its trace id, the limit of its body, headers of safety, one log line, metrics."""

import secrets
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.domain.errors import Refusal

log = structlog.get_logger("requests")

REQUESTS = Counter("biendao_http_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "biendao_http_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

_CONTENT = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
CAMERA_CONTENT = f"{_CONTENT}; script-src 'self' 'wasm-unsafe-eval'"
"""The policy of pages that read QR codes with the camera. Many browsers have no reader of their own, and ours is
WebAssembly, which a page may compile only when its policy says so; scripts made of text stay forbidden."""
_SAFETY = (
    # Answers may hold personal data: what may be kept says so itself.
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
    (b"content-security-policy", _CONTENT.encode()),
)
_UPLOADS = frozenset({b"multipart/form-data", b"image/jpeg", b"image/png", b"image/webp", b"application/pdf"})
"""Media types of bodies that may be as large as an upload; what they hold is looked at, not believed."""
# The door's own path is not logged line by line: its scans are records already, and the lines would cost more.
_QUIET = ("/api/v1/door/scans", "/healthz", "/readyz", "/metrics", "/static")


class Frame:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, body_limit: int, upload_limit: int, strict_transport: bool) -> None:
        self.app = app
        self.body_limit = body_limit
        self.upload_limit = upload_limit
        self.headers = list(_SAFETY)
        if strict_transport:
            self.headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["trace_id"] = trace_id = secrets.token_hex(8)
        started = time.perf_counter()
        status = 500

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"].extend(pair for pair in self.headers if pair[0] not in present)
                message["headers"].append((b"x-trace-id", trace_id.encode()))
            await send(message)

        try:
            await self.app(scope, self._limited(scope, receive), send_framed)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """`receive` that refuses a body over the limit as soon as it is known, before it is read or kept."""
        taken = 0
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        limit = self.upload_limit if kind in _UPLOADS else self.body_limit

        async def take() -> Message:
            nonlocal taken
            if not declared.isdigit() or int(declared) > limit:
                raise Refusal("too_large", f"more than {limit} bytes")
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise Refusal("too_large", f"more than {limit} bytes")
            return message

        return take

    @staticmethod
    def _note(scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        REQUESTS.labels(scope["method"], route, status).inc()
        SECONDS.labels(route).observe(seconds)
        if not scope["path"].startswith(_QUIET):
            # The route's pattern, not the path: paths can hold what people typed.
            log.info(
                "answered",
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                trace_id=scope["trace_id"],
            )
