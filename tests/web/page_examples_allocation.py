"""Believable contexts of the pages that share places out, and of the public page of draws. People are invented."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from service.domain.accreditation.allocation import commitment, lot
from service.domain.base import UUID
from service.web import accreditation_views as view
from service.web import views
from tests.web.page_examples_accreditation import CRITERIA, HERE, NOW, SEED, SHELL, TITLE, place

PRESS_SHELL = views.press_shell(path="/press/events/1/draw", current="", signed_in=None)
_IDS = tuple(UUID(f"0198c0de-0000-7000-8000-{number:012x}") for number in range(0xA1B2C3D1, 0xA1B2C3D6))
_NAMES = ("Trần Thị Ánh Mẫu", "Nguyễn Đặng Quỳnh Thử Nghiệm", "Đoàn Thí Dụ", "Đặng Ếch", "Ekaterina O'Connor-Sánchez")


def _candidate(number: int, best: int, worst: int, chance: str, why: str = "") -> view.CandidateRow:
    return view.CandidateRow(
        href=f"/console/applications/{number}",
        reference=_IDS[number].hex[-8:].upper(),
        name=_NAMES[number],
        outlet="Báo Ví Dụ Thành phố",
        class_vi="Phóng viên trong nước",
        class_en="Domestic press",
        state="in_review" if number else "waitlisted",
        submitted_at=NOW - timedelta(days=3),
        best=best,
        worst=worst,
        chance=chance,
        why=why,
    )


ALLOCATION = view.AllocationPage(
    place=place("allocation"),
    href=f"{HERE}/allocation",
    action=f"{HERE}/allocation",
    criteria=("outlet_turn", "earliest_day", "", "", ""),
    published=CRITERIA,
    differs=True,
    classes=(
        view.OrderedClass("domestic", "Phóng viên trong nước", "Domestic press", "1"),
        view.OrderedClass("one_day", "Thẻ một ngày", "One-day pass", "2"),
    ),
    others="waitlisted",
    mark="0" * 32,
    commitment=commitment(SEED),
    draw_href="/press/events/1/draw",
    places=(
        view.PlacesRow("domestic", "Phóng viên trong nước", "Domestic press", 300, 298, 2, 5),
        view.PlacesRow("one_day", "Thẻ một ngày", "One-day pass", None, 10, None, 0),
        view.PlacesRow("", "", "", 400, 308, 92, 5),
    ),
    rows=(
        _candidate(0, 1, 1, "sure"),
        _candidate(1, 2, 3, "draw"),
        _candidate(2, 2, 3, "draw"),
        _candidate(3, 4, 4, "none", "outlet_quota"),
        _candidate(4, 5, 5, "none", "class_full"),
    ),
    sure=1,
    drawn=2,
    none=2,
    left_out=(
        view.LeftOutRow(
            "/console/applications/9", "0A1B2C3D", "Vũ Ước", "Tạp chí Ví Dụ", "Thẻ một ngày", "One-day pass", "no_zone"
        ),
    ),
    past=(view.PastRow("/console/allocations/1", 1, NOW - timedelta(days=1), 1204, 300),),
    overtaken=True,
    errors=(),
)
EMPTY_ALLOCATION = replace(
    ALLOCATION, action="", rows=(), left_out=(), past=(), overtaken=False, differs=False, sure=0, drawn=0, none=0
)
RESULT = view.ResultPage(
    place=place("allocation"),
    number=1,
    made_at=NOW,
    criteria=CRITERIA,
    seed=SEED,
    commitment=commitment(SEED),
    counts=(("granted", 2), ("class_full", 1), ("role_quota", 1)),
    failed=1,
    rows=tuple(
        view.ResultRow(
            href=f"/console/applications/{number}",
            letter_href="/console/applications/9/letter.pdf" if place != "granted" else "",
            reference=_IDS[number].hex[-8:].upper(),
            name=_NAMES[number],
            outlet="Báo Ví Dụ Thành phố",
            class_vi="Phóng viên trong nước",
            class_en="Domestic press",
            rank=number + 1,
            place=place,
            failed="conditions_apply" if number == 1 else "",
            state=state,
        )
        for number, (place, state) in enumerate(
            (
                ("granted", "approved"),
                ("granted", "in_review"),
                ("granted", "approved_with_conditions"),
                ("class_full", "waitlisted"),
                ("role_quota", "rejected"),
            )
        )
    ),
    letters_href="/console/allocations/1/letters.pdf",
    draw_href="/press/events/1/draw#draw-1",
    passes_href=f"{HERE}/passes",
)
DRAWN = view.Drawn(
    number=1,
    made_at=NOW,
    criteria=CRITERIA,
    class_order=(views.Option("domestic", "Phóng viên trong nước"), views.Option("one_day", "Thẻ một ngày")),
    caps=(view.CapRow("Phóng viên trong nước", "Domestic press", 300, 298), view.CapRow("", "", None, 0)),
    seed=SEED,
    commitment=commitment(SEED),
    granted=3,
    rows=tuple(
        view.DrawnRow(
            rank=number,
            reference=one.hex[-8:].upper(),
            class_vi="Phóng viên trong nước",
            class_en="Domestic press",
            outlet=number,
            lot=lot(SEED, one),
            place="granted" if number < 4 else "cap_full",
        )
        for number, one in enumerate(_IDS, 1)
    ),
    csv_href="/press/events/1/draws/1.csv",
    taken_csv_href="/press/events/1/draws/1/taken.csv",
)
DRAW = view.DrawPage(*TITLE, "/press/events/1", commitment("next"), CRITERIA, (replace(DRAWN, number=2), DRAWN))

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "allocation": ("console/allocation.html", {"shell": SHELL, "page": ALLOCATION}),
    "allocation-empty": ("console/allocation.html", {"shell": SHELL, "page": EMPTY_ALLOCATION}),
    "allocation-result": ("console/allocation_result.html", {"shell": SHELL, "page": RESULT}),
    "draw": ("press/draw.html", {"shell": PRESS_SHELL, "page": DRAW}),
    "draw-none": ("press/draw.html", {"shell": PRESS_SHELL, "page": replace(DRAW, draws=(), criteria=())}),
}
