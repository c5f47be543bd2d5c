"""The organisers' pages."""

from fastapi import APIRouter

from service.web.console import event, events, passes, sign_in, start

routers: list[APIRouter] = [sign_in.router, start.router, events.router, event.router, passes.router]
