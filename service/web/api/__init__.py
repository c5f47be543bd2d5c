"""The REST API for organisers and integrations: one router per noun, all under /api/v1."""

from service.web.api import (
    accounts,
    accreditation,
    attendance,
    audit,
    door,
    events,
    occurrences,
    passes,
    places,
    wellknown,
)

routers = [
    accounts.router,
    places.router,
    events.router,
    occurrences.router,
    accreditation.router,
    passes.router,
    door.router,
    attendance.router,
    audit.router,
    wellknown.router,
]
