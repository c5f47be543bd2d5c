"""What devices at the door use: enrolment, scans, tallies."""

from service.web.door import devices, scans
from service.web.door.schemas import ScanBatch

routers = [scans.router, devices.router]
models = (ScanBatch,)
"""Bodies that are read by hand, and described in the OpenAPI all the same."""
