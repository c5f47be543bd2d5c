"""The REST API for organisers and integrations: one router per noun, all under /api/v1."""

from service.web.api import (
    accounts,
    accreditation,
    attendance,
    audit,
    door,
    events,
    passes,
    places,
    wellknown,
)

routers = [
    accounts.token_router,
    accounts.router,
    *places.routers,
    *events.routers,
    accreditation.router,
    passes.router,
    door.router,
    attendance.router,
    audit.router,
    wellknown.router,
]
