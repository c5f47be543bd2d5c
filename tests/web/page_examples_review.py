"""Believable contexts for the pages that review and decide. People are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from service.web import review_views as view
from service.web import views

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
SHELL = views.console_shell(
    path="/console/accreditation",
    current="accreditation",
    signed_in=views.SignedIn("Nguyễn Thị Minh Ví Dụ", "Cơ quan an ninh (Ví Dụ)", "Example Security"),
)
EVENT: dict[str, Any] = {"event_vi": "Hội nghị cấp cao Hợp tác biển 2026", "event_en": "Maritime Summit 2026"}
CLASS = {"class_vi": "Phóng viên trong nước", "class_en": "Domestic press"}
_DESK = {"authority_vi": "Cơ quan an ninh", "authority_en": "Security"}


def clock(face: str, due_on: date | None = None, days: int = 0, year: int | None = None) -> view.ClockPart:
    return view.ClockPart(face, due_on, days, year, NOW if face == "done" else None)


LATE = clock("late", date(2026, 11, 20), 3)
_ROW = view.QueueRow(
    id="1",
    href="/console/reviews/1",
    reference="7H3KX9QW",
    name="Trần Thị Ánh Mẫu",
    outlet="Báo Ví Dụ",
    role="writer",
    state="open",
    verdict="",
    clock=LATE,
    may_choose=True,
    **EVENT,
    **CLASS,
    **_DESK,
)
_FILTER = view.QueueFilter("todo", "", "", "", "")
QUEUE = view.QueuePage(
    href="/console/accreditation",
    bulk_action="/console/accreditation/verdicts",
    tabs=tuple(
        view.Tab(code, count, f"/console/accreditation?tab={code}")
        for code, count in (("todo", 37), ("late", 3), ("paused", 2), ("waiting", 12), ("done", 1204))
    ),
    filter=_FILTER,
    events=(views.Option("1", EVENT["event_vi"]), views.Option("2", "Họp báo")),
    classes=(views.Option("domestic", "Phóng viên trong nước"), views.Option("technician", "Kỹ thuật viên")),
    authorities=(views.Option("security", "Cơ quan an ninh"), views.Option("host", "Đơn vị chủ trì")),
    rows=(
        _ROW,
        replace(_ROW, name="Nguyễn Đặng Quỳnh Thử Nghiệm", clock=clock("soon", date(2026, 11, 23))),
        replace(_ROW, clock=clock("soon", date(2026, 11, 25), 1)),
        replace(_ROW, clock=clock("running", date(2026, 11, 27), 3)),
        replace(_ROW, name="", outlet="", role="", clock=clock("unknown", year=2027)),
        replace(_ROW, clock=clock("unknown")),
        replace(_ROW, state="paused", clock=clock("paused"), may_choose=False),
        replace(_ROW, state="waiting", clock=clock("waiting"), may_choose=False),
        replace(_ROW, state="done", verdict="conditions", clock=clock("done")),
        replace(_ROW, state="closed", clock=clock("over"), may_choose=False),
    ),
    pager=views.Pager("/console/accreditation?cursor=a", None),
    news="Đã ghi nhận 12 ý kiến.",
)
QUEUE_EMPTY = replace(QUEUE, rows=(), events=(), classes=(), authorities=(), news="")
QUEUE_NONE_FOUND = replace(QUEUE_EMPTY, filter=replace(_FILTER, q="không có ai"))
QUEUE_TAB_EMPTY = replace(QUEUE_EMPTY, filter=replace(_FILTER, tab="late"))

FORESEEN = (
    view.Foreseen("1", "Trần Thị Ánh Mẫu", "7H3KX9QW", "/console/reviews/1", "reject", ""),
    view.Foreseen("2", "", "8H3KX9QW", "/console/reviews/2", "", "Bạn đã chọn không tham gia hồ sơ này."),
)
VERDICTS = view.BulkPage(
    action="/console/accreditation/verdicts",
    back_href="/console/accreditation",
    trail=(("Cho ý kiến hồ sơ", "/console/accreditation"),),
    field="reviews",
    ids=("1", "2"),
    kind="reject",
    needs_ground=True,
    reasons=(views.Option("no_letter", "Thiếu giấy giới thiệu."),),
    reason_code="no_letter",
    ground="",
    rows=FORESEEN,
    errors=(),
)
VERDICTS_ASKING = replace(VERDICTS, rows=None, errors=(views.FieldError("ground", "Nêu lý do"),))
VERDICTS_SIMPLE = replace(VERDICTS, kind="approve", needs_ground=False, reasons=(), rows=FORESEEN[:1])
VERDICTS_NONE = replace(VERDICTS, ids=(), rows=None, errors=(views.FieldError("reviews", "Chọn ít nhất một dòng"),))
DECISIONS = replace(VERDICTS, kind="rejected", rows=(replace(FORESEEN[0], becomes="rejected"), FORESEEN[1]))

FILE = view.FilePart(
    kind="portrait",
    name="anh.jpg",
    href="/console/evidence/1?t=abc",
    is_picture=True,
    pages=1,
    added_at=NOW,
    seen_by="",
    seen_at=None,
    tick=None,
)
LETTER = replace(FILE, kind="assignment_letter", name="giay-gioi-thieu.pdf", is_picture=False, pages=3)
FIELDS = (
    view.FieldRow("full_name", "Trần Thị Ánh Mẫu"),
    view.FieldRow("passport_line", "TRAN<<THI<ANH<MAU", "Cần tra cứu cả TRAN THI ANH MAU và THI ANH MAU TRAN"),
    view.FieldRow("equipment", "Máy ảnh, số hiệu VD-001\nChân máy"),
)
FORM = view.VerdictForm(
    action="/console/reviews/1",
    kind="",
    zones=(views.Option("A", "A · Sảnh chính"), views.Option("B", "B · Trung tâm báo chí")),
    chosen_zones=(),
    days=(views.Option("2026-11-23", "Thứ Hai, 23/11/2026"),),
    chosen_days=(),
    escort=False,
    reasons=(views.Option("no_letter", "Thiếu giấy giới thiệu."),),
    reason_code="",
    ground="",
    fields=(views.Option("equipment", "Thiết bị"),),
    chosen_fields=(),
    has_next=True,
    given=False,
    errors=(),
)
HISTORY = (
    views.TimelineStep(NOW, "Đã yêu cầu bổ sung", "theo ủy quyền", "Gửi lại giấy giới thiệu có dấu.", "warn"),
    views.TimelineStep(NOW, "Trả lời của nhà báo", "", "Đã gửi lại.", "accent"),
)
REVIEW = view.ReviewPage(
    reference="7H3KX9QW",
    name="Trần Thị Ánh Mẫu",
    power="veto",
    state="open",
    clock=LATE,
    round=2,
    fields=FIELDS,
    files=(FILE, LETTER),
    history=HISTORY,
    form=FORM,
    queue_href="/console/accreditation",
    previous_href="/console/reviews/0",
    next_href="/console/reviews/2",
    news="Đã ghi nhận ý kiến.",
    **EVENT,
    **CLASS,
    **_DESK,
)
_WRONG = tuple(views.FieldError(name, "Ghi cho đúng chỗ này") for name in ("kind", "zones", "ground"))
REVIEW_REFUSED = replace(
    REVIEW,
    form=replace(FORM, kind="conditions", escort=True, chosen_zones=("A",), zones=(), given=True, errors=_WRONG),
    news="",
)
REVIEW_STILL = {
    state: replace(REVIEW, name="", state=state, form=None, files=(), history=(), round=1, previous_href=None)
    for state in ("waiting", "paused", "closed")
}


def _named(template: str, **contexts: object) -> dict[str, tuple[str, dict[str, Any]]]:
    return {key: (f"console/{template}.html", {"shell": SHELL, "page": value}) for key, value in contexts.items()}


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **_named(
        "queue",
        queue=QUEUE,
        queue_empty=QUEUE_EMPTY,
        queue_none_found=QUEUE_NONE_FOUND,
        queue_tab_empty=QUEUE_TAB_EMPTY,
    ),
    **_named(
        "verdicts",
        verdicts=VERDICTS,
        verdicts_asking=VERDICTS_ASKING,
        verdicts_simple=VERDICTS_SIMPLE,
        verdicts_none=VERDICTS_NONE,
    ),
    **_named("decisions", decisions=DECISIONS),
    **_named(
        "review",
        review=REVIEW,
        review_refused=REVIEW_REFUSED,
        **{f"review_{state}": page for state, page in REVIEW_STILL.items()},
    ),
    "review_recused": ("console/review_recused.html", {"shell": SHELL, "queue_href": "/console/accreditation"}),
}
