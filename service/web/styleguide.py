"""The examples of /styleguide: every part in every state. Names and figures are invented."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from service.web.month import Entry, Month, month_of
from service.web.pages import Pages
from service.web.views import DayCount, FieldError, MethodCount, Option, Pager, Shell, TimelineStep
from service.web.words import N_, TONES

_DAY = date(2026, 11, 23)
_NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Examples:
    """Context `examples` of styleguide.html."""

    now: datetime
    deadlines: tuple[datetime, ...]
    errors: tuple[FieldError, ...]
    zones: tuple[Option, ...]
    timeline: tuple[TimelineStep, ...]
    daily: tuple[DayCount, ...]
    visits: MethodCount
    pager: Pager
    month: Month
    tags: dict[str, tuple[str, ...]]


def render_styleguide(pages: Pages, language: str, shell: Shell) -> str:
    """The page /styleguide; served in development only."""
    return pages.render("styleguide.html", language, shell=shell, examples=_examples(pages, language))


def _examples(pages: Pages, language: str) -> Examples:
    def say(message: str) -> str:
        return pages.translate(language, message)

    return Examples(
        now=_NOW,
        deadlines=tuple(_NOW + timedelta(days=days) for days in (12, 1, 0, -3)),
        errors=(
            FieldError("holder", say(N_("Enter the name as it stands in the passport"))),
            FieldError("note", say(N_("Say in one sentence why"))),
        ),
        zones=(
            Option("A", say(N_("A, main hall"))),
            Option("B", say(N_("B, press centre"))),
            Option("C", say(N_("C, ceremony line"))),
        ),
        timeline=(
            TimelineStep(_NOW - timedelta(days=6), say(N_("Application submitted")), "Trần Thị Ví Dụ", "", "accent"),
            TimelineStep(
                _NOW - timedelta(days=4),
                say(N_("Information needed")),
                "Nguyễn Văn Mẫu",
                say(N_("The assignment letter has no date.")),
                "warn",
            ),
            TimelineStep(_NOW - timedelta(days=1), say(N_("Approved for zones A, B")), "Nguyễn Văn Mẫu", "", "good"),
            TimelineStep(None, say(N_("Pass to be collected")), say(N_("The journalist's turn")), "", "quiet"),
        ),
        daily=tuple(
            DayCount(_DAY - timedelta(days=29 - n), 180 + (n * 67) % 240, 90 + (n * 131) % 310) for n in range(30)
        ),
        visits=MethodCount(12345, 6789),
        pager=Pager("#older", "#newer"),
        month=month_of(_entries(), year=_DAY.year, month=_DAY.month, today=_DAY),
        tags={group: tuple(codes) for group, codes in TONES.items()},
    )


def _entries() -> tuple[Entry, ...]:
    def entry(kind: str, titles: tuple[str, str], unit: str, first: int, last: int) -> Entry:
        return Entry(
            href="#calendar",
            kind=kind,
            title_vi=titles[0],
            title_en=titles[1],
            venue_vi="Nhà văn hóa Ví Dụ",
            venue_en="Example Cultural House",
            unit_vi=unit,
            unit_en=unit,
            opens_on=date(2026, 11, first),
            closes_on=date(2026, 11, last),
        )

    islands = ("Tổ quốc nhìn từ biển", "The Fatherland seen from the sea")
    return (
        entry("exhibition", islands, "Phường Bến Thành", 3, 12),
        entry("exhibition", islands, "Xã Cần Giờ", 17, 26),
        entry("seminar", ("Tọa đàm về biển, đảo", "Talk on seas and islands"), "Phường Sài Gòn", 24, 24),
        entry("political_diplomatic", ("Hội nghị cấp cao", "Summit"), "Phường Tân Hưng", 23, 27),
        entry("press_conference", ("Họp báo quý IV", "Quarterly press conference"), "Phường Cầu Ông Lãnh", 20, 20),
    )
