"""Administrative units over time, and venues."""

from service.web.api.places import units, venues

routers = [units.router, venues.router]
