"""A pass as people see it, for what is drawn, written and signed from it: every fact is there, changes are arguments."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from service.domain.faces import PassFace, PlaceFace, ZoneFace
from service.domain.localtime import end_of, start_of

MUSEUM = PlaceFace(
    "Bảo tàng Lịch sử Thành phố Hồ Chí Minh",
    "Ho Chi Minh City Museum of History",
    "2 Nguyễn Bỉnh Khiêm, phường Sài Gòn",
    date(2026, 11, 23),
    date(2026, 11, 25),
    time(8),
    time(17, 30),
    10.788062,
    106.704702,
)
LIBRARY = PlaceFace(
    "Thư viện Khoa học Tổng hợp",
    "General Sciences Library",
    "69 Lý Tự Trọng, phường Bến Thành",
    date(2026, 11, 25),
    date(2026, 11, 27),
    None,
    None,
    None,
    None,
)
_FACE = PassFace(
    id=UUID(int=1),
    event_id=UUID("0193570c-5b0f-7cc1-8f2b-6d2f9d1c2e3a"),
    serial="7H3KX9QW2M",
    human_code="4TZ8R6PYNC",
    code="eyJhbGciOiJFUzI1NiIsImtpZCI6IkFiQ2RFZiIsInR5cCI6IkpXVCJ9."
    + "eyJzIjoiN0gzS1g5UVcyTSJ9" * 2
    + "AbCdEfG"
    + "."
    + "Zm9v" * 21
    + "Zg",
    version=1,
    holder_name="Đặng Thị Ngọc Ánh",
    native_name="",
    organisation_name="Báo Tuổi Trẻ",
    class_vi="Báo chí",
    class_en="Press",
    colour="#0A4F7A",
    zones=(ZoneFace("A", "Sảnh trưng bày", "Exhibition hall"), ZoneFace("P", "Trung tâm báo chí", "Press centre")),
    heads=1,
    valid_from=start_of(date(2026, 11, 23)),
    valid_until=end_of(date(2026, 11, 25)),
    valid_days=None,
    daily_from=None,
    daily_to=None,
    event_vi="Triển lãm Hoàng Sa, Trường Sa của Việt Nam",
    event_en="Hoang Sa and Truong Sa of Viet Nam",
    organiser_vi="Sở Ngoại vụ Thành phố Hồ Chí Minh",
    organiser_en="Ho Chi Minh City Department of External Relations",
    places=(MUSEUM,),
)


def pass_face(**changes: Any) -> PassFace:
    """A press pass for three days in a museum, or with `changes`."""
    return replace(_FACE, **changes)
