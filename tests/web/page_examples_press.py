"""Believable contexts of the portal's entry pages. People are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from service.web import views
from service.web.press import entry_views as view

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
OUT = views.press_shell(path="/press", current="press_events", signed_in=None)
IN = views.press_shell(
    path="/press",
    current="press_events",
    signed_in=views.SignedIn("Trần Thị Ánh Mẫu", "Báo Ví Dụ", "Báo Ví Dụ"),
)
_EVENT = "Hội nghị cấp cao Hợp tác biển 2026"
_OWN = view.OwnRow("/press/applications/1", "5A3F90C2", _EVENT, "Phóng viên trong nước", "in_review", "authorities")
_ASKED = replace(_OWN, reference="77AA01BC", state="needs_information", turn="yours", event="Họp báo Ví Dụ")
_ERROR = views.FieldError

HOME = view.HomePage(
    name="Trần Thị Ánh Mẫu",
    applications=(_OWN, _ASKED, replace(_OWN, state="approved", turn="nobody")),
    events=(
        view.OpenRow(
            "/press/events/1",
            _EVENT,
            "political_diplomatic",
            date(2026, 12, 7),
            date(2026, 12, 10),
            NOW + timedelta(days=7),
            applied=True,
        ),
        view.OpenRow(
            "/press/events/2", "Họp báo", "press_conference", None, None, NOW + timedelta(hours=3), applied=False
        ),
    ),
    now=NOW,
    has_agreed=False,
    is_focal_point=True,
)
NOBODY = replace(HOME, name="", applications=(), events=(), has_agreed=False, is_focal_point=False)

SIGN_IN = view.SignInPage("", "", "/press", sent=False, errors=())
SIGN_IN_WRONG = view.SignInPage(
    "", "anh.mau@toasoan.example", "/press", sent=False, errors=(_ERROR("account", "Nhập mật khẩu"),)
)

_CONSENTS = tuple(
    view.ConsentRow(
        code=code,
        title=title,
        asks=f"Tôi đồng ý: {title.lower()}.",
        what="Họ tên, thư điện tử.",
        why="Để xét hồ sơ.",
        who="Ban tổ chức sự kiện.",
        how_long="90 ngày sau sự kiện.",
        taking_back="Tại trang Dữ liệu của tôi.",
        needed=code == "accreditation",
        ticked=False,
        given_at=NOW if code == "accreditation" else None,
    )
    for code, title in (
        ("accreditation", "Xét cấp thẻ"),
        ("portrait_on_badge", "Ảnh trên thẻ"),
        ("press_news", "Tin báo chí"),
    )
)
PROFILE = view.ProfileForm(
    action="/press/profile",
    email="anh.mau@toasoan.example",
    full_name="Trần Thị Ánh Mẫu",
    passport_family="TRAN",
    passport_given="THI ANH MAU",
    passport_line="TRAN<<THI<ANH<MAU",
    outlet="Báo Ví Dụ",
    outlet_kind="print",
    outlet_country="VN",
    phone="+84 28 3822 0000",
    press_card_number="000123",
    press_card_expires_on="2030-12-31",
    language="vi",
    outlets=("Báo Ví Dụ", "Đài Truyền hình Thí Dụ"),
    countries=(views.Option("VN", "Việt Nam"), views.Option("FR", "Pháp")),
    consents=_CONSENTS,
    has_password=True,
    saved=True,
    errors=(),
)
REGISTER = replace(
    PROFILE,
    action="/press/register",
    full_name="",
    passport_line="",
    has_password=False,
    saved=False,
    errors=(
        _ERROR("full_name", "Nhập họ và tên của bạn"),
        _ERROR("consent-accreditation", "Đánh dấu nếu bạn đồng ý"),
    ),
)

_SEEN = (
    view.SeenBy("Cơ quan quản lý báo chí", ("full_name", "outlet", "press_card_number", "file:press_card")),
    view.SeenBy("Cơ quan an ninh", ("full_name", "birth_year", "identity_number")),
)
PRIVACY = view.PrivacyPage(
    signed_in=True,
    has_agreed=True,
    consents=_CONSENTS,
    own=(view.ClassData(f"{_EVENT}: Phóng viên trong nước", 90, _SEEN),),
    classes=(view.ClassData("Phóng viên trong nước", 90, _SEEN), view.ClassData("Thẻ một ngày", 30, _SEEN[:1])),
    news="Đã ghi nhận sự đồng ý của bạn.",
    errors=(_ERROR("sure", "Đánh dấu nếu bạn chắc chắn"),),
)

_CLASS = view.ClassBox(
    code="domestic",
    name="Phóng viên trong nước",
    description="Nhà báo, phóng viên của cơ quan báo chí Việt Nam.",
    days=6,
    decision_days=1,
    safe_on=date(2026, 11, 26),
    asks=(view.AskedRow("press_card_number", required=True), view.AskedRow("pen_name", required=False)),
    files=(
        view.AskedRow("file:portrait", required=True, hint="Ảnh chụp trong 6 tháng gần đây, nền sáng."),
        view.AskedRow("file:equipment_list", required=False, hint="", roles=("camera", "technician")),
    ),
    stages=(
        (
            view.AuthorityRow("Cơ quan quản lý báo chí", 3, advises=False, sees=("full_name", "file:press_card")),
            view.AuthorityRow("Sở Ví Dụ", 2, advises=True),
        ),
        (view.AuthorityRow("Cơ quan an ninh", 2, advises=False),),
    ),
    per_outlet=4,
    roles=(("writer", 2), ("photographer", 2)),
    kinds=(("magazine", 1),),
    cap=30,
    legal=(
        view.LegalRow("Nhà báo xuất trình thẻ khi tác nghiệp.", "Luật Báo chí 126/2025/QH15", date(2026, 7, 1), None),
    ),
    retention_days=90,
)
EVENT = view.EventPage(
    href="/press/events/1",
    title=_EVENT,
    kind="political_diplomatic",
    state="open",
    summary="Hội nghị bốn ngày với đại biểu 24 nước.",
    host="Sở Văn hóa và Thể thao",
    contact="Phòng Báo chí, 028 0000 0000",
    places=(
        view.PlaceRow(
            "Phiên khai mạc",
            "Hội trường Thống Nhất",
            "135 Nam Kỳ Khởi Nghĩa",
            "Phường Bến Thành",
            date(2026, 12, 7),
            date(2026, 12, 10),
            time(8),
            None,
        ),
    ),
    closes_at=NOW + timedelta(days=7),
    now=NOW,
    today=date(2026, 11, 23),
    is_open=True,
    signed_in=True,
    classes=(
        _CLASS,
        replace(_CLASS, code="visiting_foreign", name="Phóng viên nước ngoài", safe_on=date(2026, 11, 19)),
        replace(_CLASS, code="technician", safe_on=None, per_outlet=None, roles=(), kinds=(), cap=None, legal=()),
    ),
    cap=140,
    commitment="c3b53d7f5763e90c70c71160dde7a22bc13d621d7d682937d5455171689161e4",
    appeal_days=5,
    own=None,
    standing=view.StandingForm(
        "/press/events/1/confirm",
        "Phóng viên trong nước",
        date(2027, 6, 30),
        "photographer",
        (views.Option("A", "A: Hội trường"), views.Option("B", "B: Trung tâm báo chí")),
        ("A",),
    ),
    errors=(_ERROR("zones", "Chọn ít nhất một khu vực"),),
)
EVENT_OVER = replace(
    EVENT,
    state="cancelled",
    is_open=False,
    places=(),
    closes_at=None,
    cap=None,
    own=replace(_OWN, state="withdrawn"),
    standing=None,
    errors=(),
)

PEOPLE = view.PeoplePage(
    outlet="Báo Ví Dụ",
    people=(
        view.PersonRow(
            "1",
            "Trần Thị Ánh Mẫu",
            "anh.mau@toasoan.example",
            has_agreed=True,
            is_me=True,
            applications=(_OWN,),
            to_start=(),
        ),
        view.PersonRow(
            "2",
            "Nguyễn Đặng Quỳnh Thử Nghiệm",
            "quynh@toasoan.example",
            has_agreed=False,
            is_me=False,
            applications=(),
            to_start=(views.Option("1:domestic", f"{_EVENT}: Phóng viên trong nước"),),
        ),
    ),
    full_name="",
    email="không phải thư",
    news="Đã thêm đồng nghiệp.",
    errors=(_ERROR("email", "Viết địa chỉ thư điện tử"),),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "press-home": ("press/home.html", {"shell": IN, "page": HOME}),
    "press-home-signed-out": ("press/home.html", {"shell": OUT, "page": NOBODY}),
    "press-sign-in": ("press/sign_in.html", {"shell": OUT, "form": SIGN_IN}),
    "press-sign-in-sent": ("press/sign_in.html", {"shell": OUT, "form": replace(SIGN_IN, sent=True)}),
    "press-sign-in-wrong": ("press/sign_in.html", {"shell": OUT, "form": SIGN_IN_WRONG}),
    "press-link": (
        "press/link.html",
        {"shell": OUT, "page": view.LinkPage("/press/link/x", "anh.mau@toasoan.example", known=True, gone=False)},
    ),
    "press-link-new": (
        "press/link.html",
        {"shell": OUT, "page": view.LinkPage("/press/link/x", "moi@toasoan.example", known=False, gone=False)},
    ),
    "press-link-gone": ("press/link.html", {"shell": OUT, "page": view.LinkPage("", "", known=False, gone=True)}),
    "press-register": ("press/register.html", {"shell": OUT, "form": REGISTER}),
    "press-profile": ("press/profile.html", {"shell": IN, "form": PROFILE}),
    "press-privacy": ("press/privacy.html", {"shell": IN, "page": PRIVACY}),
    "press-privacy-signed-out": (
        "press/privacy.html",
        {"shell": OUT, "page": replace(PRIVACY, signed_in=False, own=(), news="", errors=())},
    ),
    "press-event": ("press/event.html", {"shell": IN, "page": EVENT}),
    "press-event-over": ("press/event.html", {"shell": OUT, "page": EVENT_OVER}),
    "press-people": ("press/people.html", {"shell": IN, "page": PEOPLE}),
}
