"""What journalists use."""

from service.web.press import (
    api,
    api_drafts,
    api_people,
    apply,
    draw,
    ending,
    entry,
    event,
    evidence,
    files,
    people,
    privacy,
    profile,
    register,
    standing,
    status,
    steps,
)

routers = [
    api.router,
    api_drafts.router,
    api_people.router,
    entry.router,
    register.router,
    profile.router,
    privacy.router,
    people.router,
    event.router,
    standing.router,
    draw.router,
    evidence.router,
    apply.router,
    files.router,
    status.router,
    ending.router,
    # Its addresses are taken by whoever comes first: the pages of one step stand after all others.
    steps.router,
]
