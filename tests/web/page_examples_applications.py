"""Believable contexts of the office's pages about the applications for an event. People are invented."""

from dataclasses import replace
from datetime import date
from typing import Any

from service.web import application_views as office
from service.web import review_views as view
from service.web import views
from tests.web.page_examples_review import (
    CLASS,
    EVENT,
    FIELDS,
    FILE,
    FORESEEN,
    FORM,
    HISTORY,
    LATE,
    LETTER,
    NOW,
    SHELL,
    clock,
)

_ITEM = office.ApplicationRow(
    id="1",
    href="/console/applications/1",
    reference="7H3KX9QW",
    name="Trần Thị Ánh Mẫu",
    outlet="Báo Ví Dụ",
    role="photographer",
    state="in_review",
    readiness="waiting",
    desks=(
        office.DeskState("Đơn vị chủ trì", "Host", "done", "approve", late=False),
        office.DeskState("Cơ quan an ninh", "Security", "open", "", late=True),
    ),
    submitted_at=NOW,
    **CLASS,
)
_LIST_FILTER = office.ApplicationFilter("", "", "", "", "")
APPLICATIONS = office.ApplicationsPage(
    event_href="/console/events/1",
    href="/console/events/1/applications",
    csv_href="/console/events/1/applications.csv",
    bulk_action="/console/events/1/applications/decisions",
    readiness=tuple(
        view.Tab(code, count, f"/console/events/1/applications?readiness={code}")
        for code, count in (("ready", 21), ("waiting", 1049), ("asked", 7), ("refused", 2))
    ),
    states=(view.Tab("submitted", 12, "/console/events/1/applications?state=submitted"),),
    filter=_LIST_FILTER,
    classes=(views.Option("domestic", "Phóng viên trong nước"),),
    outlets=(views.Option("1", "Báo Ví Dụ (4)"),),
    rows=(
        _ITEM,
        replace(_ITEM, name="Nguyễn Đặng Quỳnh Thử Nghiệm", readiness="", state="approved", desks=()),
        replace(_ITEM, class_vi="", class_en="", readiness="asked", state="needs_information", submitted_at=None),
    ),
    appeals=(office.AppealRow("/console/applications/4", "Lê Văn Khơi", "9H3KX9QW", NOW),),
    total=1091,
    pager=views.Pager(None, "/console/events/1/applications?cursor=a"),
    **EVENT,
)
APPLICATIONS_EMPTY = replace(APPLICATIONS, rows=(), appeals=(), states=(), total=0, bulk_action="")
APPLICATIONS_NONE_FOUND = replace(APPLICATIONS_EMPTY, filter=replace(_LIST_FILTER, q="không có ai"), total=3)

_DECISION = office.DecisionForm(
    action="/console/applications/1/decision",
    kinds=("approved", "approved_with_conditions", "waitlisted", "rejected", "needs_information"),
    kind="",
    zones=FORM.zones,
    chosen_zones=("A",),
    days=FORM.days,
    chosen_days=(),
    escort=False,
    reasons=FORM.reasons,
    reason_code="",
    reason="",
    full=True,
    beyond_quota=False,
)
_PART = office.DeskPart(
    name_vi="Cơ quan an ninh",
    name_en="Security",
    body_vi="Cơ quan an ninh (Ví Dụ)",
    body_en="Example Security",
    power="veto",
    stage=2,
    state="done",
    clock=clock("done"),
    verdict="conditions",
    ground="Hẹp chỗ.",
    conditions="chỉ khu vực A",
    said_by="Lê Văn Khơi",
)
APPLICATION = office.ApplicationPage(
    reference="7H3KX9QW",
    name="Trần Thị Ánh Mẫu",
    event_href="/console/events/1",
    list_href="/console/events/1/applications",
    outlet="Báo Ví Dụ",
    state="in_review",
    readiness="ready",
    submitted_at=NOW,
    fields=FIELDS,
    identity_hidden=True,
    files=(
        replace(FILE, tick="/console/applications/1/evidence/1/seen"),
        replace(LETTER, seen_by="Lê Văn Khơi", seen_at=NOW, tick="/console/applications/1/evidence/2/seen"),
        replace(FILE, kind="passport", href=None),
    ),
    same_press_card=2,
    desks=(_PART, replace(_PART, state="open", verdict="", ground="", conditions="", said_by="", clock=LATE)),
    conditions="chỉ khu vực A; chỉ khi có người đi cùng",
    limits=(office.LimitPart("outlet", 4, 4), office.LimitPart("event", 120, 300)),
    granted=None,
    form=_DECISION,
    set_aside=None,
    ground="",
    appeals=(),
    pass_href="",
    issue=None,
    history=HISTORY,
    looks=(views.TimelineStep(NOW, "Mở hồ sơ", "Lê Văn Khơi", "Mục: Họ và tên", "quiet"),),
    news="",
    errors=(),
    **EVENT,
    **CLASS,
)
APPLICATION_REFUSED = replace(
    APPLICATION,
    form=replace(_DECISION, kind="approved", beyond_quota=True, escort=True),
    errors=tuple(
        views.FieldError(name, "Ghi cho đúng chỗ này") for name in ("kind", "zones", "days", "beyond_quota", "reason")
    ),
)
APPLICATION_GRANTED = replace(
    APPLICATION,
    state="approved",
    readiness="",
    granted=office.GrantPart(("A",), (date(2026, 11, 23),), escort=True),
    form=replace(_DECISION, kinds=("revoked",), full=False),
    issue="/console/applications/1/pass",
    limits=(),
    conditions="",
    news="Đã ghi nhận quyết định.",
)
APPLICATION_ISSUED = replace(
    APPLICATION_GRANTED, pass_href="/console/passes/1", granted=office.GrantPart(("A", "B"), (), escort=False)
)
_APPEAL = office.AppealPart("Có nhầm lẫn.", "filed", NOW, "", None, "/console/applications/1/appeals/1", "", "")
APPLICATION_APPEALED = replace(
    APPLICATION,
    state="rejected",
    readiness="",
    form=None,
    set_aside="/console/applications/1/set-aside",
    appeals=(_APPEAL, replace(_APPEAL, state="dismissed", answer="Quyết định đúng.", answered_at=NOW, action=None)),
    errors=tuple(views.FieldError(name, "Ghi cho đúng chỗ này") for name in ("upheld", "answer", "ground")),
)
APPLICATION_BARE = replace(
    APPLICATION,
    class_vi="",
    class_en="",
    readiness="waiting",
    identity_hidden=False,
    files=(),
    same_press_card=0,
    desks=(),
    limits=(),
    conditions="",
)
BATCH = office.BatchPage(
    event_href="/console/events/1",
    list_href="/console/events/1/applications",
    decided_at=NOW,
    rows=(replace(FORESEEN[0], becomes="rejected"),),
    left=(replace(FORESEEN[0], becomes="approved", fault="Muốn rút lại chấp thuận thì phải thu hồi."),),
    undo="/console/batches/1/undo",
    ground="",
    news="Đã ban hành 2 quyết định.",
    errors=(),
    **EVENT,
)
BATCH_REFUSED = replace(BATCH, news="", errors=(views.FieldError("ground", "Nêu lý do"),))
BATCH_OVER = replace(BATCH, rows=(), undo=None)


def _named(template: str, **contexts: object) -> dict[str, tuple[str, dict[str, Any]]]:
    return {key: (f"console/{template}.html", {"shell": SHELL, "page": value}) for key, value in contexts.items()}


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **_named(
        "applications",
        applications=APPLICATIONS,
        applications_empty=APPLICATIONS_EMPTY,
        applications_none_found=APPLICATIONS_NONE_FOUND,
    ),
    **_named(
        "application",
        application=APPLICATION,
        application_refused=APPLICATION_REFUSED,
        application_granted=APPLICATION_GRANTED,
        application_issued=APPLICATION_ISSUED,
        application_appealed=APPLICATION_APPEALED,
        application_bare=APPLICATION_BARE,
    ),
    **_named("batch", batch=BATCH, batch_refused=BATCH_REFUSED, batch_over=BATCH_OVER),
}
