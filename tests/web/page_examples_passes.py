"""Believable contexts of the pages about passes and the desk. People are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from service.web import handover_views as desk
from service.web import pass_views as view
from service.web import views
from service.web.badge_views import Place
from service.web.event_view import PassRow

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
SHELL = views.console_shell(
    path="/console/events/1/passes",
    current="events",
    signed_in=views.SignedIn("Nguyễn Thị Minh Ví Dụ", "Sở Ví Dụ", "Example Department"),
)
_HERE = "/console/events/1"
_EVENT = ("Hội nghị cấp cao Hợp tác biển 2026", "Maritime Cooperation Summit 2026")
_TITLES = {"title_vi": _EVENT[0], "title_en": _EVENT[1]}
_ENDS = datetime(2026, 11, 26, 16, 59, tzinfo=UTC)


def _place(current: str, news: str = "") -> Place:
    pages = tuple(
        views.NavItem(code, f"{_HERE}/{code}") for code in ("passes", "badges", "print-jobs", "handover", "keys")
    )
    return Place(**_TITLES, href=_HERE, pages=pages, current=current, news=news)


def _row(number: int, name: str, outlet: str, zones: tuple[str, ...], state: str, badge: str) -> PassRow:
    return PassRow(
        href=f"/console/passes/{number}",
        holder_name=name,
        organisation=outlet,
        category="press" if outlet else "delegate",
        zones=zones,
        human_code=f"7K3QMX9T{number}A",
        state=state,
        badge=badge,
        valid_until=_ENDS,
        qr_href=f"/console/passes/{number}/qr.svg",
    )


LIST = view.PassListPage(
    place=_place("passes", "12 thẻ mới đã được cấp."),
    href=f"{_HERE}/passes",
    new_href=f"{_HERE}/passes/new",
    handover_href=f"{_HERE}/handover",
    to_issue=1438,
    issue_action=f"{_HERE}/passes/granted",
    print=view.PrintForm(
        f"{_HERE}/print-jobs", 112, (views.Option("press", "Báo chí (100)"), views.Option("delegate", "Đại biểu (12)"))
    ),
    badges=tuple(
        view.BadgeCount(state, count, f"{_HERE}/passes?badge={state}")
        for state, count in (("none", 112), ("printed", 1049), ("handed_over", 302), ("returned", 4), ("lost", 1))
    ),
    filter=view.PassFilter("", "", "", "printed"),
    categories=(views.Option("press", "Báo chí"), views.Option("delegate", "Đại biểu")),
    rows=(
        _row(1, "Trần Thị Ánh Mẫu", "Báo Ví Dụ", ("A", "B"), "active", "handed_over"),
        _row(2, "Nguyễn Đặng Quỳnh Thử Nghiệm", "Đài Truyền hình Thí Dụ", ("A", "B", "C"), "suspended", "lost"),
        _row(3, "Đoàn Thí Dụ", "", ("A", "C", "VIP"), "not_yet_valid", "none"),
    ),
    found=1049,
    total=1490,
    pager=views.Pager(f"{_HERE}/passes?cursor=b", None),
)
NO_PASSES = replace(
    LIST,
    place=_place("passes"),
    to_issue=0,
    print=None,
    filter=view.PassFilter("", "", "", ""),
    rows=(),
    found=0,
    total=0,
    pager=views.Pager(None, None),
)
NONE_FOUND = replace(NO_PASSES, filter=view.PassFilter("ai đó", "", "", ""), total=3)
READ_ONLY = replace(NO_PASSES, new_href="", handover_href="")

NEW = view.PassForm(
    action=f"{_HERE}/passes/new",
    event_vi=_EVENT[0],
    event_en=_EVENT[1],
    event_href=_HERE,
    back_href=f"{_HERE}/passes",
    kinds=(
        views.Option("delegate", "Đại biểu"),
        views.Option("delegate/vip", "Đại biểu: Trưởng đoàn"),
        views.Option("pupil", "Học sinh, sinh viên"),
    ),
    zones=(views.Option("A", "A – Hội trường chính"), views.Option("B", "B – Trung tâm báo chí")),
    days=tuple(views.Option(f"2026-11-{n}", f"Thứ Hai, {n}/11/2026") for n in (23, 24, 25)),
    first_on=date(2026, 11, 23),
    last_on=date(2026, 11, 25),
    may_group=True,
)
NEW_REFUSED = replace(
    NEW,
    kind="pupil",
    validity="days",
    group=True,
    errors=tuple(
        views.FieldError(field, "Ghi cho đúng chỗ này")
        for field in ("holder_name", "heads", "zones", "days", "daily_to", "group")
    ),
)
NOWHERE = replace(NEW, zones=(), days=(), first_on=None, last_on=None)
CHANGE = replace(
    NEW,
    action="/console/passes/1/change",
    back_href="/console/passes/1",
    kinds=(views.Option("press", "Báo chí"),),
    holder_name="Trần Thị Ánh Mẫu",
    validity="keep",
    kept="Giữ như hiện nay: 23/11/2026, 24/11/2026",
    may_group=False,
)
CHANGE_REFUSED = replace(CHANGE, errors=(views.FieldError("ground", "Ghi căn cứ"), views.FieldError("", "Chưa có gì")))
REPLACE = view.ReplaceForm(
    action="/console/passes/1/replace",
    printed=True,
    holder_name="Trần Thị Ánh Mẫu",
    event_vi=_EVENT[0],
    event_en=_EVENT[1],
    event_href=_HERE,
    back_href="/console/passes/1",
    ground="",
    authority="",
    errors=(views.FieldError("ground", "Ghi căn cứ"),),
)

PASS = view.PassPage(
    event_title_vi=_EVENT[0],
    event_title_en=_EVENT[1],
    event_href=_HERE,
    list_href=f"{_HERE}/passes",
    holder_name="Trần Thị Ánh Mẫu",
    native_name="陳氏映",
    organisation="Báo Ví Dụ",
    category="press",
    class_vi="Đài chủ nhà",
    class_en="Host broadcaster",
    serial="7H3KX9QW2M",
    human_code="7K3QMX9T1A",
    qr_svg_href="/console/passes/1/qr.svg",
    qr_png_href="/console/passes/1/qr.png",
    state="active",
    state_ground="",
    heads=1,
    heads_in=0,
    zones=(view.ZoneName("A", "Hội trường chính", "Main hall"), view.ZoneName("B", "", "")),
    valid_from=datetime(2026, 11, 22, 17, 0, tzinfo=UTC),
    valid_until=_ENDS,
    valid_days=(date(2026, 11, 23), date(2026, 11, 24)),
    daily_from=time(7),
    daily_to=time(18),
    attention="Vào khu A phải có cán bộ đi cùng.",
    version=2,
    older=view.Neighbour("/console/passes/0", 1),
    newer=None,
    timeline=(
        views.TimelineStep(NOW - timedelta(days=5), "Cấp thẻ", "Nguyễn Thị Minh Ví Dụ", "", "good"),
        views.TimelineStep(NOW - timedelta(days=1), "Trao thẻ", "Lê Thị Thử", "Trần Thị Ánh Mẫu", "good"),
        views.TimelineStep(NOW - timedelta(hours=6), "Vào Cửa Nam Kỳ Khởi Nghĩa", "Máy cửa 1", "", "accent"),
    ),
    portrait=view.PortraitPart("/console/passes/1/portrait.jpg?of=1", "/console/passes/1/portrait", "/x/remove"),
    badge=view.BadgePart(
        state="handed_over",
        handed_to="Lê Văn Khơi · Báo Ví Dụ",
        receipt="/console/handovers/1",
        preview="/console/passes/1/badge.png",
        print_action="/console/passes/1/print",
        unprintable="",
        move_action="/console/passes/1/badge",
        moves=("returned", "lost"),
        note="",
    ),
    holder=view.HolderPart(
        link="http://127.0.0.1/p/abc",
        open="/p/abc",
        email="vi.du@example.vn",
        send="/console/passes/1/send",
        mails=(
            view.MailRow("pass_issued", "sent", NOW, "", None),
            view.MailRow("pass_replaced", "failed", NOW, "550 no such user", "/console/passes/1/mails/1/again"),
        ),
    ),
    replace="/console/passes/1/replace",
    change="/console/passes/1/change",
    resume=None,
    stop=view.StopForm("/console/passes/1/revoke", "/console/passes/1/suspend", "", ""),
    errors=(),
)
REFUSED = replace(
    PASS,
    portrait=view.PortraitPart(None, "/console/passes/1/portrait", None),
    stop=view.StopForm("/console/passes/1/revoke", "/console/passes/1/suspend", "", "Sở Ví Dụ"),
    errors=tuple(views.FieldError(field, "Ghi cho đúng chỗ này") for field in ("ground", "file", "note")),
)
LOST = replace(
    PASS,
    state="suspended",
    state_ground="Mất tại khu B · Lê Thị Thử",
    badge=replace(
        PASS.badge, state="lost", handed_to="", receipt=None, print_action=None, unprintable="Mất", moves=("found",)
    ),
    resume="/console/passes/1/resume",
    stop=view.StopForm("/console/passes/1/revoke", None, "", ""),
)
ENDED_GROUP = replace(
    PASS,
    state="replaced",
    state_ground="Thêm khu B",
    heads=40,
    heads_in=38,
    newer=view.Neighbour("/console/passes/2", 3),
    portrait=None,
    badge=replace(PASS.badge, move_action=None, print_action=None, receipt=None),
    holder=view.HolderPart("http://127.0.0.1/p/abc", "/p/abc", None, None, ()),
    replace=None,
    change=None,
    stop=None,
)
NO_ADDRESS = replace(
    PASS,
    badge=replace(PASS.badge, state="none", handed_to="", receipt=None, moves=()),
    holder=replace(PASS.holder, email="", send=None, mails=()),
)

_FORM = desk.HandoverForm("", "representative", "Báo Ví Dụ", "", on_paper=False, errors=())
DESK = desk.HandoverPage(
    place=_place("handover"),
    href=f"{_HERE}/handover",
    q="",
    outlet=None,
    total=1049,
    outlets=(
        desk.OutletRow("Báo Ví Dụ", 37, f"{_HERE}/handover?outlet=a"),
        desk.OutletRow("", 3, f"{_HERE}/handover?outlet="),
    ),
    groups=(),
    more=False,
    gone=(),
    form=_FORM,
)
DESK_OUTLET = replace(
    DESK,
    outlet="Báo Ví Dụ",
    groups=(
        desk.DeskOutlet(
            "Báo Ví Dụ",
            tuple(
                desk.DeskBadge(str(n), f"/console/passes/{n}", name, "press", f"7K3QMX9T{n}A", state, ticked=n < 3)
                for n, (name, state) in enumerate(
                    (("Trần Thị Ánh Mẫu", "printed"), ("Lê Văn Khơi", "returned"), ("Đặng Thử", "printed")), 1
                )
            ),
        ),
        desk.DeskOutlet(
            "", (desk.DeskBadge("9", "/console/passes/9", "Đoàn Thí Dụ", "guest", "A", "printed", ticked=False),)
        ),
    ),
)
DESK_REFUSED = replace(
    DESK_OUTLET,
    q="mẫu",
    more=True,
    gone=("Võ Thị Ví Dụ",),
    form=replace(
        _FORM,
        signature="data:image/png;base64,iVBORw0KGgo=",
        errors=tuple(
            views.FieldError(field, "Ghi cho đúng chỗ này")
            for field in ("badges", "taker", "organisation_name", "to_name", "signature")
        ),
    ),
)
DESK_EMPTY = replace(DESK, total=0, outlets=())
DESK_NOT_FOUND = replace(DESK, q="không có ai")
HANDED = desk.HandedOverPage(
    place=_place("handover"),
    desk_href=f"{_HERE}/handover",
    receipt_href="/console/handovers/1/receipt.pdf",
    to_name="Lê Văn Khơi",
    representative_of="Báo Ví Dụ",
    handed_at=NOW,
    handed_by="Nguyễn Thị Minh Ví Dụ",
    signed=False,
    badges=(
        desk.HandedBadge("/console/passes/1", "Trần Thị Ánh Mẫu", "Báo Ví Dụ", "Báo chí", "Press", "7H3KX9QW2M"),
        desk.HandedBadge("/console/passes/2", "Đoàn Thí Dụ", "", "Đại biểu", "Delegate", "8H3KX9QW2N"),
    ),
)
HANDED_SIGNED = replace(HANDED, signed=True, representative_of="", badges=HANDED.badges[:1])


def _named(template: str, name: str, **contexts: object) -> dict[str, tuple[str, dict[str, Any]]]:
    return {key: (f"console/{template}.html", {"shell": SHELL, name: value}) for key, value in contexts.items()}


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **_named(
        "passes", "page", passes=LIST, passes_empty=NO_PASSES, passes_none_found=NONE_FOUND, passes_read_only=READ_ONLY
    ),
    **_named("pass_new", "form", pass_new=NEW, pass_new_refused=NEW_REFUSED, pass_new_nowhere=NOWHERE),
    **_named("pass_change", "form", pass_change=CHANGE, pass_change_refused=CHANGE_REFUSED),
    **_named("pass_replace", "form", pass_replace=REPLACE),
    **_named(
        "pass",
        "page",
        pass_page=PASS,
        pass_refused=REFUSED,
        pass_lost=LOST,
        pass_ended_group=ENDED_GROUP,
        pass_without_address=NO_ADDRESS,
    ),
    **_named(
        "handover",
        "page",
        desk=DESK,
        desk_outlet=DESK_OUTLET,
        desk_refused=DESK_REFUSED,
        desk_empty=DESK_EMPTY,
        desk_not_found=DESK_NOT_FOUND,
    ),
    **_named("handed_over", "page", handed_over=HANDED, handed_over_signed=HANDED_SIGNED),
}
