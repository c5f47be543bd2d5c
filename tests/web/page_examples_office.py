"""Believable contexts of the office's pages about the press: outlets, standing accreditation, delegations. People are
invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from service.web import press_office_views as view
from service.web import views

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
_SIGNED_IN = views.SignedIn("Nguyễn Thị Minh Ví Dụ", "Sở Ví Dụ", "Example Department")
OUTLETS_SHELL = views.console_shell(path="/console/outlets", current="outlets", signed_in=_SIGNED_IN)
STANDING_SHELL = views.console_shell(path="/console/standing", current="standing", signed_in=_SIGNED_IN)
DESK_SHELL = views.console_shell(path="/console/delegations", current="accreditation", signed_in=_SIGNED_IN)
_WRONG = "Ghi cho đúng chỗ này"


def _row(number: int, name: str, kind: str, people: int, applications: int, *, host: bool = False) -> view.OutletRow:
    country = "FR" if kind == "agency" else "VN"
    return view.OutletRow(f"/console/outlets/{number}", name, kind, country, host, people, applications)


OUTLETS = view.OutletsPage(
    href="/console/outlets",
    q="",
    rows=(
        _row(1, "Báo Sóng Xanh", "print", 37, 1204),
        _row(2, "Đài Truyền hình Thí Dụ Miền Duyên hải và Hải đảo", "television", 112, 96, host=True),
        _row(3, "Agence de l'Exemple", "agency", 2, 1),
    ),
    found=630,
    total=630,
    pager=views.Pager("/console/outlets?cursor=b", None),
)
NONE_FOUND = replace(OUTLETS, q="không có", rows=(), found=0, pager=views.Pager(None, None))
NO_OUTLETS = replace(NONE_FOUND, q="", total=0)

OUTLET = view.OutletPage(
    href="/console/outlets/1",
    list_href="/console/outlets",
    name="Báo Sóng Xanh",
    kind="print",
    people_count=3,
    applications=1204,
    form=view.OutletForm("Báo Sóng Xanh", "print", "VN", "en, vi", host_broadcaster=False),
    aliases=(
        view.Alias("Tuần báo Sóng Xanh", "/console/outlets/1/names/1/remove"),
        view.Alias("BSX", "/console/outlets/1/names/2/remove"),
    ),
    alias="",
    people=(
        view.OutletPerson("Lê Văn Khơi", "khoi@bao.example", is_focal_point=True, action="/x/focal-points/1/end"),
        view.OutletPerson("Nguyễn Đặng Quỳnh Thử Nghiệm", "quynh@bao.example", is_focal_point=False, action="/x/2"),
        view.OutletPerson("Trần Thị Ánh Mẫu", "mau@bao.example", is_focal_point=False, action="/x/3"),
    ),
    merged=("Sóng Xanh Online",),
    heir="",
    heir_href="",
    into_q="",
    choices=(),
    preview=None,
    news="Đã chỉ định đầu mối",
    errors=(),
)
REFUSED = replace(
    OUTLET,
    news="",
    alias="Đài Thí Dụ",
    into_q="thí dụ",
    choices=(view.MergeChoice("Đài Truyền hình Thí Dụ", 112, "/console/outlets/1?into=2#merge"),),
    errors=tuple(views.FieldError(field, _WRONG) for field in ("name", "country", "languages", "alias")),
)
PREVIEW = replace(OUTLET, news="", preview=view.MergePreview("Đài Truyền hình Thí Dụ", "2", 37, 3, 1))
BARE = replace(OUTLET, news="", aliases=(), people=(), people_count=0, merged=(), into_q="không có")
MERGED = replace(OUTLET, news="", heir="Đài Truyền hình Thí Dụ", heir_href="/console/outlets/2")


def _standing(name: str, state: str, ends: date, end_ground: str = "") -> view.StandingRow:
    return view.StandingRow(
        name=name,
        email="khoi@bao.example",
        outlet="Báo Sóng Xanh",
        class_vi="Phóng viên trong nước",
        class_en="Domestic press",
        organisation_vi="Trung tâm Báo chí Ví Dụ",
        organisation_en="Example Press Centre",
        valid_from=date(2026, 1, 1),
        valid_until=ends,
        state=state,
        ground="Công văn 12/CV-BC ngày 05/01/2026 của Báo Sóng Xanh.",
        end_ground=end_ground,
        end_href="" if state in ("over", "ended") else "/console/standing/1/end",
    )


STANDING = view.StandingPage(
    href="/console/standing",
    give_href="/console/standing/give",
    q="",
    state="all",
    rows=(
        _standing("Lê Văn Khơi", "in_force", date(2026, 12, 31)),
        _standing("Nguyễn Đặng Quỳnh Thử Nghiệm", "not_yet", date(2027, 12, 31)),
        _standing("Trần Thị Ánh Mẫu", "ended", date(2026, 12, 31), "Đã thôi việc tại báo."),
        _standing("Võ Thị Ví Dụ", "over", date(2026, 6, 30)),
    ),
    found=4,
    total=4,
    pager=views.Pager(None, None),
    news="Đã cấp thẻ thường niên",
)
STANDING_NONE_FOUND = replace(STANDING, q="ai đó", rows=(), found=0, news="")
STANDING_EMPTY = replace(STANDING_NONE_FOUND, q="", total=0)
GIVE = view.StandingForm(
    action="/console/standing/give",
    list_href="/console/standing",
    who="",
    people=(),
    journalist_id="",
    classes=(views.Option("domestic", "Phóng viên trong nước"),),
    class_code="domestic",
    organisations=(views.Option("1", "Trung tâm Báo chí Ví Dụ"),),
    organisation_id="1",
    valid_from="23/11/2026",
    valid_until="31/12/2026",
    ground="",
    errors=(),
)
GIVE_REFUSED = replace(
    GIVE,
    who="khơi",
    people=(
        views.Option("1", "Lê Văn Khơi · Báo Sóng Xanh · khoi@bao.example"),
        views.Option("2", "Phạm Biển Khơi · Đài Thí Dụ · bien.khoi@dai.example"),
    ),
    organisations=(*GIVE.organisations, views.Option("2", "Sở Ví Dụ")),
    errors=tuple(
        views.FieldError(field, _WRONG) for field in ("who", "journalist_id", "valid_from", "valid_until", "ground")
    ),
)
END = view.StandingEnd(
    action="/console/standing/1/end",
    list_href="/console/standing",
    name="Lê Văn Khơi",
    class_vi="Phóng viên trong nước",
    class_en="Domestic press",
    valid_until=date(2026, 12, 31),
    ground="",
    errors=(),
)
END_REFUSED = replace(END, errors=(views.FieldError("ground", "Ghi lý do chấm dứt"),))


def _delegation(name: str, state: str, first: int, last: int) -> view.DelegationRow:
    return view.DelegationRow(
        name=name,
        email="thay@so.example",
        organisation_vi="Phòng An ninh Ví Dụ",
        organisation_en="Example Security Office",
        given_by="Nguyễn Thị Minh Ví Dụ",
        reason="Đi công tác tại Côn Đảo.",
        since=date(2026, 11, first),
        until=date(2026, 11, last),
        ended_at=NOW if state == "ended" else None,
        state=state,
        end_action="/console/delegations/1/end" if state in ("in_force", "not_yet") else "",
    )


DELEGATIONS = view.DelegationsPage(
    href="/console/delegations",
    queue_href="/console/accreditation",
    rows=(
        _delegation("Lê Thị Thay", "in_force", 20, 27),
        _delegation("Phạm Văn Giúp", "not_yet", 28, 30),
        _delegation("Đặng Thị Mẫu", "ended", 1, 20),
        _delegation("Đặng Thị Mẫu", "over", 1, 5),
    ),
    organisations=(views.Option("1", "Phòng An ninh Ví Dụ"),),
    organisation_id="1",
    email="",
    since="23/11/2026",
    until="",
    reason="",
    news="Đã ủy quyền",
    errors=(),
)
DELEGATIONS_REFUSED = replace(
    DELEGATIONS,
    rows=(),
    news="",
    email="thay@so.example",
    organisations=(*DELEGATIONS.organisations, views.Option("2", "Sở Ví Dụ")),
    errors=tuple(views.FieldError(field, _WRONG) for field in ("email", "since", "until", "reason")),
)


def _named(template: str, shell: views.Shell, name: str, **contexts: object) -> dict[str, tuple[str, dict[str, Any]]]:
    return {key: (f"console/{template}.html", {"shell": shell, name: value}) for key, value in contexts.items()}


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **_named(
        "outlets", OUTLETS_SHELL, "page", outlets=OUTLETS, outlets_none_found=NONE_FOUND, outlets_empty=NO_OUTLETS
    ),
    **_named(
        "outlet",
        OUTLETS_SHELL,
        "page",
        outlet=OUTLET,
        outlet_refused=REFUSED,
        outlet_preview=PREVIEW,
        outlet_bare=BARE,
        outlet_merged=MERGED,
    ),
    **_named(
        "standing",
        STANDING_SHELL,
        "page",
        standing=STANDING,
        standing_none_found=STANDING_NONE_FOUND,
        standing_empty=STANDING_EMPTY,
    ),
    **_named("standing_give", STANDING_SHELL, "form", standing_give=GIVE, standing_give_refused=GIVE_REFUSED),
    **_named("standing_end", STANDING_SHELL, "form", standing_end=END, standing_end_refused=END_REFUSED),
    **_named("delegations", DESK_SHELL, "page", delegations=DELEGATIONS, delegations_refused=DELEGATIONS_REFUSED),
}
