"""Believable contexts of the pages for vetting by lists and of a link that has expired. People are invented."""

from dataclasses import replace
from typing import Any

from service.web import vetting_views as view
from service.web import views

SHELL = views.console_shell(
    path="/console/events/1/vetting",
    current="accreditation",
    signed_in=views.SignedIn("Lê Thị Thử Nghiệm", "Cơ quan An ninh Ví Dụ", "Example Security Authority"),
)
_HERE = "/console/events/1/vetting"


def _desk(code: str, vi: str, en: str, waiting: int) -> view.DeskCard:
    return view.DeskCard(
        code,
        vi,
        en,
        waiting,
        f"{_HERE}/list?authority={code}&kind=csv",
        f"{_HERE}/list?authority={code}&kind=xlsx",
    )


PAGE = view.VettingPage(
    event_vi="Hội nghị cấp cao Hợp tác biển 2026",
    event_en="Maritime Cooperation Summit 2026",
    action=_HERE,
    queue_href="/console/accreditation",
    desks=(_desk("security", "Cơ quan bảo đảm an ninh", "Security authority", 1438),),
    authority="",
    words=(
        ("approve", "Duyệt"),
        ("conditions", "Duyệt có điều kiện"),
        ("reject", "Không duyệt"),
        ("ask", "Yêu cầu bổ sung"),
        ("abstain", "Không tham gia"),
    ),
    news="",
    errors=(),
)
SENT = replace(PAGE, news="1.402 ý kiến đã được ghi nhận.")
WRONG = replace(
    PAGE,
    desks=(*PAGE.desks, _desk("host", "Đơn vị chủ trì", "Host", 0)),
    authority="host",
    errors=(views.FieldError("file", "Thiếu dòng tên cột. Giữ nguyên hai dòng đầu của tệp"),),
)


def _row(number: int, reference: str, verdict: str, **facts: Any) -> view.CheckedRow:
    known = {"href": f"/console/reviews/{number}", "ground": "", "zones": (), "days": (), "fault": ""}
    return view.CheckedRow(row=number, reference=reference, verdict=verdict, **{**known, **facts})


CHECK = view.VettingCheck(
    event_vi=PAGE.event_vi,
    event_en=PAGE.event_en,
    authority="security",
    authority_vi="Cơ quan bảo đảm an ninh",
    authority_en="Security authority",
    action=f"{_HERE}/confirm",
    queue_href="/console/accreditation",
    back_href=_HERE,
    sealed="c2VhbGVk",
    rows=(
        _row(4, "9F02C7A1", "reject", fault="Thiếu lý do"),
        _row(9, "", "", href="", fault="Không có hồ sơ nào của cơ quan mang mã này"),
        _row(3, "5B7D10E4", "approve"),
        _row(
            5,
            "1A93FF20",
            "conditions",
            ground="Chỉ tác nghiệp tại sảnh chính, có cán bộ đi cùng.",
            zones=("A", "B"),
            days=("05/12/2026", "06/12/2026"),
        ),
        _row(6, "77C0D3B8", "reject", ground="Giấy giới thiệu không đúng mẫu; ngày cấp sau ngày nộp hồ sơ."),
    ),
    empty=12,
)
NOTHING = replace(CHECK, sealed="", rows=CHECK.rows[:2], empty=0)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "vetting": ("console/vetting.html", {"shell": SHELL, "page": PAGE}),
    "vetting-sent": ("console/vetting.html", {"shell": SHELL, "page": SENT}),
    "vetting-wrong": ("console/vetting.html", {"shell": SHELL, "page": WRONG}),
    "vetting-check": ("console/vetting_check.html", {"shell": SHELL, "page": CHECK}),
    "vetting-check-nothing": ("console/vetting_check.html", {"shell": SHELL, "page": NOTHING}),
    "evidence-expired": ("console/evidence_expired.html", {"shell": SHELL, "back_href": "/console/reviews/1"}),
}
