"""The organisers' pages."""

from fastapi import APIRouter

from service.web.console import (
    badge_templates,
    classes,
    design,
    event,
    events,
    handover,
    keys,
    pass_badge,
    pass_change,
    pass_list,
    pass_new,
    passes,
    print_jobs,
    sign_in,
    start,
)

routers: list[APIRouter] = [
    sign_in.router,
    start.router,
    events.router,
    event.router,
    pass_list.router,
    pass_new.router,
    passes.router,
    pass_change.router,
    pass_badge.router,
    handover.router,
    # The addresses of classes and of the logo stand before that of a format, which would take their place.
    design.router,
    classes.router,
    badge_templates.router,
    print_jobs.router,
    keys.router,
]
