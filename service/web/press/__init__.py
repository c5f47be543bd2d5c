"""What journalists use."""

from service.web.press import api

routers = [api.router]
