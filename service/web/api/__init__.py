"""The REST API for organisers and integrations: one router per noun, all under /api/v1."""

from service.web.api import (
    accounts,
    accreditation,
    attendance,
    audit,
    badges,
    checks,
    designs,
    door,
    events,
    keys,
    messages,
    passes,
    places,
    printing,
    wellknown,
)

routers = [
    accounts.token_router,
    accounts.router,
    *places.routers,
    *events.routers,
    accreditation.router,
    # Before the passes: /passes/bulk is no pass.
    printing.router,
    passes.router,
    designs.router,
    badges.router,
    keys.router,
    messages.router,
    checks.router,
    door.router,
    attendance.router,
    audit.router,
    wellknown.router,
]
