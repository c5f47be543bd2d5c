"""Believable contexts of the pages about badges, print jobs, keys and revocations. People are invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from service.web import badge_views as badge
from service.web import key_views as key
from service.web import views

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
SHELL = views.console_shell(
    path="/console/events/1/badges",
    current="events",
    signed_in=views.SignedIn("Nguyễn Thị Minh Ví Dụ", "Sở Ví Dụ", "Example Department"),
)
_HERE = "/console/events/1"
_NO_PAGER = views.Pager(None, None)


def _place(current: str, news: str = "") -> badge.Place:
    return badge.Place(
        title_vi="Hội nghị cấp cao Hợp tác biển 2026",
        title_en="Maritime Cooperation Summit 2026",
        href=_HERE,
        pages=tuple(
            views.NavItem(code, f"{_HERE}/{code}") for code in ("passes", "badges", "print-jobs", "handover", "keys")
        ),
        current=current,
        news=news,
    )


def _class(code: str, category: str, names: tuple[str, str], colour: str, passes: int = 0) -> badge.ClassRow:
    own = code != category
    return badge.ClassRow(code, category, *names, colour, own, passes, f"{_HERE}/badges/classes/{code}")


BADGES = badge.BadgesPage(
    place=_place("badges", news="Đã lưu hạng thẻ"),
    classes=(
        _class("press", "press", ("Báo chí", "Press"), "#0A4F7A"),
        _class("delegate", "delegate", ("Đại biểu", "Delegate"), "#7A1F1F"),
        _class("host_broadcaster", "press", ("Đài chủ nhà", "Host broadcaster"), "#8A3B00", 1234),
    ),
    add_href=f"{_HERE}/badges/new-class",
    logo=badge.Logo(f"{_HERE}/badges/logo.png", f"{_HERE}/badges", ()),
    formats=tuple(
        badge.FormatCard(
            format=form,
            href=f"{_HERE}/badges/{form}",
            preview_href=f"{_HERE}/badges/{form}/preview.png",
            built_in=form != "a6",
            version=3 if form == "a6" else 0,
            changed_at=NOW - timedelta(days=2) if form == "a6" else None,
        )
        for form in ("a6", "cr80", "wristband")
    ),
)
READ_ONLY_BADGES = replace(
    BADGES,
    classes=tuple(replace(row, href="") for row in BADGES.classes),
    add_href="",
    logo=badge.Logo("", "", ()),
)
WRONG_LOGO = replace(
    BADGES, logo=badge.Logo("", f"{_HERE}/badges", (views.FieldError("file", "Không dùng được ảnh này."),))
)
NEW_CLASS = badge.ClassForm(
    place=_place("badges"),
    action=f"{_HERE}/badges/new-class",
    remove_action="",
    back_href=f"{_HERE}/badges#classes",
    known=False,
    fixed=False,
    passes=0,
    code="host broadcaster",
    category="press",
    name_vi="Đài chủ nhà",
    name_en="",
    colour="",
    picked="#0A4F7A",
    errors=(
        views.FieldError("code", "Ghi mã gồm chữ thường không dấu"),
        views.FieldError("colour", "Chọn màu: hạng thẻ nào cũng phải có màu"),
    ),
)
OWN_CLASS = replace(
    NEW_CLASS,
    action=f"{_HERE}/badges/classes/host_broadcaster",
    remove_action=f"{_HERE}/badges/classes/host_broadcaster/remove",
    known=True,
    code="host_broadcaster",
    name_en="Host broadcaster",
    colour="#8A3B00",
    picked="#8A3B00",
    errors=(),
)
CATEGORY_CLASS = replace(
    OWN_CLASS, remove_action="", fixed=True, passes=3, code="press", name_vi="Báo chí", name_en="Press"
)

SOURCE = '#import "lib.typ": *\n\n#let badge(face) = {\n  at(6mm, 5mm, event-title(face, width: 90mm\n}\n'
TEMPLATE = badge.TemplatePage(
    place=_place("badges"),
    badges_href=f"{_HERE}/badges",
    format="a6",
    href=f"{_HERE}/badges/a6",
    action=f"{_HERE}/badges/a6",
    built_in_action=f"{_HERE}/badges/a6/built-in",
    built_in=False,
    version=3,
    changed_at=NOW - timedelta(days=2),
    source=SOURCE,
    lines=6,
    tried=True,
    picture="data:image/png;base64,iVBORw0KGgo=",
    sheet=badge.Sheet("sheet_a6", f"{_HERE}/badges/sheet_a6/preview.png"),
    q="ánh mẫu",
    choices=(views.Option("", "Dữ liệu mẫu"), views.Option("2", "Trần Thị Ánh Mẫu, Báo Ví Dụ")),
    chosen="2",
    fault=None,
    errors=(),
)
WRONG_TEMPLATE = replace(
    TEMPLATE,
    picture=f"{_HERE}/badges/a6/preview.png",
    fault=badge.Fault(4, 5, "unclosed delimiter", "  at(6mm, 5mm, event-title(face, width: 90mm"),
    errors=(views.FieldError("source", "Dòng 4, cột 5: unclosed delimiter"),),
)
READ_ONLY_TEMPLATE = replace(
    TEMPLATE,
    format="wristband",
    action="",
    built_in_action="",
    built_in=True,
    tried=False,
    sheet=None,
    q="không có ai",
    choices=(views.Option("", "Dữ liệu mẫu"),),
    chosen="",
)

JOBS = badge.JobsPage(
    place=_place("print-jobs"),
    action=f"{_HERE}/print-jobs",
    format="a6",
    category="press",
    categories=(views.Option("press", "Báo chí (412)"), views.Option("guest", "Khách mời (30)")),
    waiting=442,
    nothing=False,
    rows=tuple(
        badge.JobRow(f"/console/print-jobs/{number}", form, state, 565, done, NOW - timedelta(hours=number))
        for number, (form, state, done) in enumerate(
            (("a6", "running", 100), ("cr80", "done", 565), ("sheet_a6", "failed", 0), ("wristband", "cancelled", 200))
        )
    ),
    pager=views.Pager(f"{_HERE}/print-jobs?cursor=b", None),
)
NO_JOBS = replace(JOBS, waiting=0, categories=(), nothing=True, rows=(), pager=_NO_PAGER)
JOB = badge.JobPage(
    place=_place("print-jobs"),
    jobs_href=f"{_HERE}/print-jobs",
    format="a6",
    started_by="Nguyễn Thị Minh Ví Dụ",
    created_at=NOW - timedelta(minutes=3),
)
RUNNING = badge.JobProgress(
    href="/console/print-jobs/1/progress",
    state="running",
    as_of=NOW,
    total=265,
    done=200,
    skipped=102,
    without_portrait=40,
    problem="",
    fault_href="",
    idle=True,
    parts=(
        badge.PartRow(1, 98, "/console/print-jobs/1/parts/1.pdf", NOW),
        badge.PartRow(2, 0, "", NOW),
        badge.PartRow(3, 65, "", None),
    ),
    whole_href="",
    left_away=(
        badge.SkippedRow("7K3QMX9T2A", "/console/passes/1", "revoked", "none"),
        badge.SkippedRow("7K3QMX9T3A", "/console/passes/2", "active", "printed"),
    ),
    stop_action="/console/print-jobs/1/stop",
    jobs_href=f"{_HERE}/print-jobs",
    ended_at=None,
)
DONE = replace(
    RUNNING,
    state="done",
    idle=False,
    done=265,
    skipped=0,
    left_away=(),
    whole_href="/console/print-jobs/1/badges.pdf",
    stop_action="",
    ended_at=NOW,
)
STOPPED = replace(DONE, state="cancelled", done=100)
FAILED = replace(DONE, state="failed", whole_href="", problem="OSError")
FAULTY = replace(FAILED, problem="line 4, column 5: unclosed delimiter", fault_href=f"{_HERE}/badges/a6")

KEYS = key.KeysPage(
    place=_place("keys", news="Đã hủy khóa."),
    href=f"{_HERE}/keys",
    keys=(
        key.KeyRow("N8ufXQ", "struck", NOW, NOW, 0, 412, "", f"{_HERE}/keys/1/reissue"),
        key.KeyRow("kQ2_aB", "retired", NOW, None, 90, 0, "/console/keys/2/strike", ""),
        key.KeyRow("Zz81-c", "active", NOW, None, 1234, 0, "/console/keys/3/strike", ""),
    ),
    rotate_action=f"{_HERE}/keys/rotate",
    revocations=key.RevocationsView(
        version=1426,
        issued_at=NOW,
        counts=(("suspended", 1), ("revoked", 418), ("replaced", 2)),
        rows=(
            key.EndedRow("7K3QMX9T2A", f"{_HERE}/passes?q=7K3QMX9T2A", "revoked", "Lộ khóa", "Sở Ví Dụ", 1426),
            key.EndedRow("7K3QMX9T3A", f"{_HERE}/passes?q=7K3QMX9T3A", "suspended", "Báo mất thẻ", "", 1400),
        ),
        total=421,
        pager=views.Pager(f"{_HERE}/keys?skip=50#revocations", None),
    ),
    doors=key.DoorsKnew(
        on="2026-11-23",
        at="14:05",
        moment=NOW,
        version=1426,
        issued_at=NOW,
        rows=(
            key.HeldRow("Máy cửa 1", 1426, "current", NOW, NOW, revoked=False),
            key.HeldRow("Máy cửa 2", 1400, "older", NOW, NOW, revoked=False),
            key.HeldRow("Máy dự phòng", None, "none", None, None, revoked=True),
        ),
        errors=(),
    ),
)
READ_ONLY_KEYS = replace(
    KEYS,
    place=_place("keys"),
    keys=(),
    rotate_action="",
    revocations=key.RevocationsView(0, None, (), (), 0, _NO_PAGER),
    doors=None,
)
WRONG_MOMENT = replace(
    READ_ONLY_KEYS,
    revocations=replace(KEYS.revocations, rows=(), total=0, pager=_NO_PAGER),
    doors=key.DoorsKnew("hôm qua", "", None, 0, None, (), (views.FieldError("on", "Ghi ngày, ví dụ 23/11/2026"),)),
)
NO_DEVICES = replace(READ_ONLY_KEYS, doors=key.DoorsKnew("2026-11-23", "14:05", NOW, 0, None, (), ()))
STRIKE = key.StrikePage(
    place=_place("keys"),
    back_href=f"{_HERE}/keys",
    action="/console/keys/3/strike",
    kid="Zz81-c",
    state="active",
    ending=1234,
    sure=False,
    reason="",
    errors=(views.FieldError("reason", "Ghi lý do"),),
)
SURE = replace(STRIKE, sure=True, reason="Lộ khóa bí mật của hệ thống", errors=())

PARTS = {"print-progress"}
"""Examples that are a part of a page, not a whole one."""
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        name: (f"console/{template}.html", {"shell": SHELL, "page": page})
        for name, template, page in (
            ("badges", "badges", BADGES),
            ("badges-read-only", "badges", READ_ONLY_BADGES),
            ("badges-wrong", "badges", WRONG_LOGO),
            ("badge-class-new", "badge_class", NEW_CLASS),
            ("badge-class", "badge_class", OWN_CLASS),
            ("badge-class-category", "badge_class", CATEGORY_CLASS),
            ("badge-template", "badge_template", TEMPLATE),
            ("badge-template-wrong", "badge_template", WRONG_TEMPLATE),
            ("badge-template-read-only", "badge_template", READ_ONLY_TEMPLATE),
            ("print-jobs", "print_jobs", JOBS),
            ("print-jobs-empty", "print_jobs", NO_JOBS),
            ("keys", "keys", KEYS),
            ("keys-read-only", "keys", READ_ONLY_KEYS),
            ("keys-wrong", "keys", WRONG_MOMENT),
            ("keys-no-devices", "keys", NO_DEVICES),
            ("key-strike", "key_strike", STRIKE),
            ("key-strike-sure", "key_strike", SURE),
        )
    },
    **{
        f"print-job-{name}": ("console/print_job.html", {"shell": SHELL, "page": JOB, "job": job})
        for name, job in (
            ("running", RUNNING),
            ("done", DONE),
            ("stopped", STOPPED),
            ("failed", FAILED),
            ("faulty", FAULTY),
        )
    },
    "print-progress": ("console/print_progress.html", {"job": RUNNING}),
}
