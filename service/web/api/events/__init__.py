"""Programmes, events, occurrences (tour stops, sittings), zones, gates, and the calendar of all."""

from service.web.api.events import calendar, doors, occurrences, planning

routers = [planning.router, occurrences.router, doors.router, calendar.router]
