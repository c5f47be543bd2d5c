"""Believable contexts for every page. Venues are real, people and figures are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from service.web import event_view as event
from service.web import views
from service.web.month import Entry, month_of
from tests.web import (
    page_examples_accreditation,
    page_examples_allocation,
    page_examples_applications,
    page_examples_badges,
    page_examples_holder,
    page_examples_office,
    page_examples_passes,
    page_examples_press,
    page_examples_press_apply,
    page_examples_review,
    page_examples_vetting,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
SIGNED_IN = views.SignedIn(
    "Nguyễn Thị Minh Ví Dụ", "Sở Văn hóa và Thể thao Thành phố Hồ Chí Minh", "Department of Culture and Sports"
)
ISLANDS = ("Tổ quốc nhìn từ biển", "The Fatherland seen from the sea")
EVIDENCE = (
    "Hoàng Sa, Trường Sa của Việt Nam: Những bằng chứng lịch sử",
    "Hoàng Sa and Trường Sa of Việt Nam: Historical evidence",
)
TALK = ("Tọa đàm: Thông tin đối ngoại về biển, đảo", "Talk: External information on seas and islands")
SUMMIT = ("Hội nghị cấp cao Hợp tác biển 2026", "Maritime Cooperation Summit 2026")
VENUES = {
    "museum": ("Bảo tàng Thành phố Hồ Chí Minh", "Ho Chi Minh City Museum", "Phường Sài Gòn", "Sai Gon Ward"),
    "hall": ("Hội trường Thống Nhất (Dinh Độc Lập)", "Reunification Hall", "Phường Bến Thành", "Ben Thanh Ward"),
    "cangio": (
        "Trung tâm Văn hóa - Thể thao huyện Cần Giờ",
        "Can Gio Culture and Sports Centre",
        "Xã Cần Giờ",
        "Can Gio Commune",
    ),
    "press": ("Trung tâm Báo chí Thành phố", "HCMC Press Centre", "Phường Cầu Ông Lãnh", "Cau Ong Lanh Ward"),
    "cuchi": ("Trung tâm Văn hóa huyện Củ Chi", "Cu Chi Cultural Centre", "Xã Tân An Hội", "Tan An Hoi Commune"),
    "tdt": ("Trường ĐH Tôn Đức Thắng", "Ton Duc Thang University", "Phường Tân Hưng", "Tan Hung Ward"),
}


def place(code: str) -> dict[str, str]:
    vi, en, unit_vi, unit_en = VENUES[code]
    return {"venue_vi": vi, "venue_en": en, "unit_vi": unit_vi, "unit_en": unit_en}


def venue(code: str) -> dict[str, str]:
    return {"venue_vi": VENUES[code][0], "venue_en": VENUES[code][1]}


def titled(titles: tuple[str, str]) -> dict[str, str]:
    return {"title_vi": titles[0], "title_en": titles[1]}


def _entry(kind: str, titles: tuple[str, str], where: str, first: date, last: date) -> Entry:
    return Entry(href="/console/events/1", kind=kind, opens_on=first, closes_on=last, **titled(titles), **place(where))


def _november(day: int) -> date:
    return date(2026, 11, day)


ENTRIES = (
    _entry("exhibition", ISLANDS, "museum", date(2026, 10, 26), _november(8)),
    _entry("exhibition", ISLANDS, "cangio", _november(12), _november(18)),
    _entry("exhibition", ISLANDS, "cuchi", _november(21), _november(29)),
    _entry("exhibition", EVIDENCE, "tdt", _november(16), _november(27)),
    _entry("exhibition", EVIDENCE, "hall", _november(3), _november(6)),
    _entry("exhibition", EVIDENCE, "museum", _november(30), date(2026, 12, 13)),
    _entry("seminar", TALK, "press", _november(23), _november(23)),
    _entry("seminar", TALK, "tdt", _november(25), _november(25)),
    _entry("political_diplomatic", SUMMIT, "hall", _november(23), _november(26)),
    _entry(
        "press_conference",
        ("Họp báo về Hội nghị cấp cao", "Summit press conference"),
        "press",
        _november(20),
        _november(20),
    ),
    _entry("exhibition", ("Trường Sa thân yêu", "Beloved Trường Sa"), "cangio", _november(23), _november(28)),
    _entry("seminar", ("Tập huấn thuyết minh viên", "Guides' training"), "museum", _november(24), _november(25)),
)
UNITS = (views.Option("1", "Phường Sài Gòn"), views.Option("2", "Phường Bến Thành"), views.Option("3", "Xã Cần Giờ"))
DAILY = tuple(
    views.DayCount(TODAY - timedelta(days=29 - n), 0 if n in {6, 13} else 210 + (n * 67) % 190, 60 + (n * 131) % 420)
    for n in range(30)
)


def _today(
    kind: str, titles: tuple[str, str], where: str, hours: tuple[time, time], scan: int, tally: int
) -> views.TodayRow:
    return views.TodayRow(
        href="/console/events/1",
        kind=kind,
        daily_from=hours[0],
        daily_to=hours[1],
        visits=views.MethodCount(scan, tally),
        **titled(titles),
        **place(where),
    )


START = views.StartPage(
    today=TODAY,
    as_of=NOW,
    on_today=(
        _today("political_diplomatic", SUMMIT, "hall", (time(7), time(18)), 412, 0),
        _today("exhibition", EVIDENCE, "tdt", (time(7, 30), time(17)), 96, 318),
        _today("exhibition", ISLANDS, "cuchi", (time(8), time(20)), 0, 1204),
        _today("seminar", TALK, "press", (time(14), time(17)), 0, 0),
    ),
    waiting=(
        views.Duty("Hồ sơ phóng viên cần xét duyệt", "/console/events/1#people", 37, date(2026, 11, 19)),
        views.Duty("Thẻ chờ cấp", "/console/events/1#passes", 112, None),
    ),
    late=(
        views.Duty("Trường Sa thân yêu, Cần Giờ: đã mở mà chưa có cửa", "/console/events/2#door", None, _november(23)),
        views.Duty("Hồ sơ quá hạn trả lời", "/console/events/1#people", 3, _november(20)),
    ),
    visits_today=views.MethodCount(508, 1522),
    visits_last_7=views.MethodCount(2871, 9640),
    visits_before_7=views.MethodCount(1904, 10377),
    daily=DAILY,
    month=month_of(ENTRIES, year=2026, month=11, today=TODAY),
    filter=views.CalendarFilter(kind="", unit="", month="2026-11", units=UNITS),
    previous_href="/console?month=2026-10#calendar",
    next_href="/console?month=2026-12#calendar",
    this_month_href="/console#calendar",
)
EMPTY_START = replace(
    START, on_today=(), waiting=(), late=(), daily=(), month=month_of((), year=2026, month=2, today=TODAY)
)

EVENTS = views.EventsPage(
    filter=views.EventFilter(q="biển", kind="", state="open", unit="", on=None, units=UNITS),
    rows=tuple(
        views.EventRow(
            href="/console/events/1",
            kind=kind,
            state=state,
            organisation_vi=SIGNED_IN.organisation_vi,
            organisation_en=SIGNED_IN.organisation_en,
            opens_on=first,
            closes_on=last,
            occurrences=stops,
            visits=views.MethodCount(scan, tally),
            **titled(titles),
        )
        for kind, state, titles, first, last, stops, scan, tally in (
            ("exhibition", "open", ISLANDS, date(2026, 10, 26), date(2026, 12, 20), 9, 1290, 21480),
            ("exhibition", "open", EVIDENCE, _november(3), date(2026, 12, 13), 4, 3120, 6120),
            ("political_diplomatic", "open", SUMMIT, _november(23), _november(26), 1, 412, 0),
            ("seminar", "draft", TALK, None, None, 0, 0, 0),
        )
    ),
    total=1234,
    pager=views.Pager("/console/events?cursor=b", None),
)
NO_EVENTS = replace(EVENTS, rows=(), total=0, pager=views.Pager(None, None))

HISTORY = (
    views.TimelineStep(NOW - timedelta(days=40), "Tạo sự kiện", "Nguyễn Thị Minh Ví Dụ", "", "quiet"),
    views.TimelineStep(NOW - timedelta(days=32), "Thêm khu vực A, B, C, D và 6 cửa", "Trần Văn Mẫu", "", "quiet"),
    views.TimelineStep(NOW - timedelta(days=30), "Mở đăng ký báo chí", "Nguyễn Thị Minh Ví Dụ", "", "good"),
    views.TimelineStep(NOW - timedelta(days=2), "Thu hồi 1 thẻ", "Lê Thị Thử", "Công văn 215 ngày 21/11/2026", "bad"),
)


def _pass(number: int, name: str, outlet: str, zones: tuple[str, ...], state: str) -> event.PassRow:
    return event.PassRow(
        href=f"/console/passes/{number}",
        holder_name=name,
        organisation=outlet,
        category="press" if outlet else "delegate",
        zones=zones,
        human_code=f"7K3QMX9T{number}A",
        state=state,
        badge="printed",
        valid_until=datetime(2026, 11, 26, 16, 59, tzinfo=UTC),
        qr_href=f"/console/passes/{number}/qr.svg",
    )


EVENT = event.EventPage(
    href="/console/events/1",
    kind="political_diplomatic",
    state="open",
    **titled(SUMMIT),
    summary_vi="Hội nghị bốn ngày với đại biểu 24 nước; khoảng 600 phóng viên trong và ngoài nước đăng ký tác nghiệp.",
    summary_en="A four-day meeting of delegates from 24 countries; about 600 journalists have applied.",
    organisation_vi=SIGNED_IN.organisation_vi,
    organisation_en=SIGNED_IN.organisation_en,
    programme_vi="Kế hoạch thông tin đối ngoại năm 2026",
    programme_en="External information plan 2026",
    opens_on=_november(23),
    closes_on=_november(26),
    units=3,
    accreditation_closes_at=NOW + timedelta(days=1),
    now=NOW,
    occurrences=tuple(
        event.OccurrenceRow(
            number=number,
            label_vi=label_vi,
            label_en=label_en,
            address=address,
            opens_on=first,
            closes_on=last,
            daily_from=time(7),
            daily_to=time(18),
            state=state,
            visits=views.MethodCount(scan, tally),
            **place(where),
        )
        for number, label_vi, label_en, where, address, first, last, state, scan, tally in (
            (
                1,
                "Họp báo trước hội nghị",
                "Press conference",
                "press",
                "255 Trần Hưng Đạo",
                _november(20),
                _november(20),
                "over",
                188,
                0,
            ),
            (
                2,
                "Khai mạc và phiên toàn thể",
                "Opening and plenary",
                "hall",
                "135 Nam Kỳ Khởi Nghĩa",
                _november(23),
                _november(24),
                "today",
                412,
                0,
            ),
            (3, "Phiên chuyên đề", "Thematic sitting", "tdt", "", _november(25), _november(26), "planned", 0, 0),
        )
    ),
    applications=(
        event.StateCount("submitted", 21),
        event.StateCount("in_review", 16),
        event.StateCount("needs_information", 9),
        event.StateCount("approved", 438),
        event.StateCount("approved_with_conditions", 52),
        event.StateCount("waitlisted", 24),
        event.StateCount("rejected", 31),
        event.StateCount("withdrawn", 9),
    ),
    passes=event.PassSearch(
        q="",
        total=1490,
        rows=(
            _pass(1, "Trần Thị Ánh Mẫu", "Báo Ví Dụ", ("A", "B"), "active"),
            _pass(2, "Nguyễn Đặng Quỳnh Thử Nghiệm", "Đài Truyền hình Thí Dụ", ("A", "B", "C"), "revoked"),
            _pass(3, "Maria-Luisa Sample", "Example News Agency", ("B",), "suspended"),
            _pass(4, "Đoàn Thí Dụ", "", ("A", "C", "VIP"), "replaced"),
        ),
        pager=views.Pager("/console/events/1?cursor=b#passes", None),
    ),
    inside=event.Inside(
        href="/console/events/1/inside",
        as_of=NOW,
        zones=(
            event.ZoneRow("A", "Hội trường chính", "Main hall", **venue("hall"), inside=487, capacity=500),
            event.ZoneRow("B", "Trung tâm báo chí", "Press centre", **venue("hall"), inside=212, capacity=1200),
            event.ZoneRow("C", "Khu nghi lễ", "Ceremony line", **venue("hall"), inside=40, capacity=40),
            event.ZoneRow("D", "Sảnh", "Foyer", **venue("hall"), inside=133, capacity=None),
        ),
    ),
    gates=(
        event.GateRow(
            "Cửa Nam Kỳ Khởi Nghĩa",
            "A",
            **venue("hall"),
            policy="reentry",
            opens_time=time(6, 30),
            closes_time=time(18),
            devices=3,
        ),
        event.GateRow(
            "Cửa Nguyễn Du", "B", **venue("hall"), policy="once_per_day", opens_time=None, closes_time=None, devices=0
        ),
    ),
    devices=(
        event.DeviceRow("Máy cửa 1", ("Cửa Nam Kỳ Khởi Nghĩa",), "connected", NOW - timedelta(minutes=1)),
        event.DeviceRow("Máy cửa 2", ("Cửa Nam Kỳ Khởi Nghĩa", "Cửa Nguyễn Du"), "silent", NOW - timedelta(hours=3)),
        event.DeviceRow("Máy dự phòng", ("Cửa Nguyễn Du",), "revoked", None),
    ),
    daily=DAILY[-4:],
    counts=tuple(
        event.CountRow(
            on=TODAY - timedelta(days=n),
            **venue("hall"),
            visits=412 - n * 37,
            entries=903 - n * 80,
            holders=398 - n * 31,
            tally=n * 12,
        )
        for n in range(4)
    ),
    counts_as_of=NOW,
    papers=(
        event.PaperRow(
            "Quyết định cho phép tổ chức",
            "1049/QĐ-UBND",
            "UBND Thành phố",
            date(2026, 9, 18),
            date(2026, 11, 30),
            "in_force",
        ),
        event.PaperRow("Phương án bảo vệ", "", "", None, None, "missing"),
    ),
    history=HISTORY,
)
EMPTY_EVENT = replace(
    EVENT,
    kind="exhibition",
    state="draft",
    opens_on=None,
    closes_on=None,
    accreditation_closes_at=None,
    programme_vi="",
    summary_vi="",
    occurrences=(),
    applications=(),
    passes=event.PassSearch("", 0, (), views.Pager(None, None)),
    inside=replace(EVENT.inside, zones=()),
    gates=(),
    devices=(),
    daily=(),
    counts=(),
    papers=(),
    history=(),
)

CONSOLE = views.console_shell(path="/console?month=2026-11", current="start", signed_in=SIGNED_IN)
EVENTS_SHELL = replace(CONSOLE, current="events")
PUBLIC = views.public_shell(path="/")
SIGN_IN = views.SignInForm(email="", next="/console", errors=())
WRONG_SIGN_IN = views.SignInForm(
    email="vi.du@example.vn",
    next="/console",
    errors=(views.FieldError("email", "Thư điện tử và mật khẩu không khớp. Kiểm tra cả hai rồi thử lại."),),
)
PROBLEM = views.Problem(
    status=409,
    title="Không thể thực hiện bước này từ trạng thái hiện tại.",
    detail="Hồ sơ đã được duyệt.",
    todo="Quay lại, tải lại trang và xem trạng thái hiện tại.",
    reference="5f1e0c9d2b7a4c55",
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "home": ("home.html", {"shell": PUBLIC}),
    "sign-in": ("sign_in.html", {"shell": PUBLIC, "form": SIGN_IN}),
    "sign-in-wrong": ("sign_in.html", {"shell": PUBLIC, "form": WRONG_SIGN_IN}),
    "start": ("console/start.html", {"shell": CONSOLE, "page": START}),
    "start-empty": ("console/start.html", {"shell": CONSOLE, "page": EMPTY_START}),
    "events": ("console/events.html", {"shell": EVENTS_SHELL, "page": EVENTS}),
    "events-empty": ("console/events.html", {"shell": EVENTS_SHELL, "page": NO_EVENTS}),
    "event": ("console/event.html", {"shell": EVENTS_SHELL, "page": EVENT}),
    "event-empty": ("console/event.html", {"shell": EVENTS_SHELL, "page": EMPTY_EVENT}),
    "inside": ("console/inside.html", {"inside": EVENT.inside}),
    "problem": ("problem.html", {"shell": PUBLIC, "problem": PROBLEM}),
    "docs": ("docs.html", {"shell": PUBLIC, "openapi_href": "/openapi.json"}),
    **page_examples_holder.PAGES,
    **page_examples_badges.PAGES,
    **page_examples_passes.PAGES,
    **page_examples_accreditation.PAGES,
    **page_examples_allocation.PAGES,
    **page_examples_office.PAGES,
    **page_examples_press.PAGES,
    **page_examples_press_apply.PAGES,
    **page_examples_review.PAGES,
    **page_examples_applications.PAGES,
    **page_examples_vetting.PAGES,
}
