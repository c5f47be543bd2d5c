"""Believable contexts of a journalist's own application. People are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.web import press_views as view
from service.web import views

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
SHELL = views.press_shell(
    path="/press/applications/1",
    current="press_events",
    signed_in=views.SignedIn("Nguyễn Thị Minh Ví Dụ", "Báo Ví Dụ", "Báo Ví Dụ"),
)
_HERE = "/press/applications/1"
HEAD = view.ApplicationHead(
    href=_HERE,
    event_href="/press/events/1",
    event_vi="Hội nghị cấp cao Hợp tác biển 2026",
    event_en="Maritime Cooperation Summit 2026",
    reference="9D1C2E3A",
    class_name="Phóng viên nước ngoài không thường trú",
    for_name="",
)
_ZONES = (views.Option("A", "A – Hội trường chính"), views.Option("B", "B – Trung tâm báo chí"))
_ERRORS = (
    views.FieldError("birth_year", "Ghi năm có bốn chữ số, ví dụ 1990"),
    views.FieldError("nationality", "Chọn một quốc gia"),
)
_ROLES = (views.Option("writer", "Phóng viên viết"), views.Option("photographer", "Phóng viên ảnh"))

WORK = view.StepPage(
    head=HEAD,
    action=f"{_HERE}/work",
    back_href=_HERE,
    back="",
    heading="Bạn làm công việc gì, ở khu vực nào?",
    lead="",
    version=4,
    fields=(
        view.FieldView(
            "media_role",
            "radio",
            "Bạn làm công việc gì tại sự kiện?",
            "Chọn công việc chính.",
            "Số chỗ tính theo công việc.",
            chosen=("writer",),
            options=_ROLES,
        ),
        view.FieldView(
            "zones_wanted",
            "checkbox",
            "Bạn cần vào những khu vực nào?",
            "Chỉ chọn khu vực cần cho công việc.",
            chosen=("B",),
            options=_ZONES,
            saved="A – Hội trường chính",
        ),
        view.FieldView(
            "note", "lines", "Bạn cần lưu ý điều gì thêm?", required=False, value="Đi cùng ê kíp.", saved=""
        ),
    ),
    sent_in=False,
    conflict=True,
)
ABOUT = view.StepPage(
    head=replace(HEAD, for_name="Trần Thị Ánh Mẫu"),
    action=f"{_HERE}/about",
    back_href=f"{_HERE}/check",
    back="check",
    heading="Về bạn",
    lead="Chỉ những gì loại thẻ này cần.",
    version=5,
    fields=(
        view.FieldView("pen_name", "text", "Bạn ký bút danh nào?", "Ví dụ: Sóng Xanh", "Giúp tìm bài.", required=False),
        view.FieldView("birth_year", "year", "Bạn sinh năm nào?", "Ví dụ: 1990", value="chín mươi"),
        view.FieldView("nationality", "select", "Bạn mang quốc tịch nào?", options=(views.Option("VN", "Việt Nam"),)),
        view.FieldView(
            "identity_number",
            "identity",
            "Số căn cước hoặc hộ chiếu của bạn là gì?",
            kept="•••••••••234",
            again="Cơ quan an ninh",
        ),
        view.FieldView("arrives_on", "day", "Bạn đến Việt Nam ngày nào?", value="2026-12-03"),
    ),
    sent_in=True,
    errors=_ERRORS,
)
CLASS = view.StepPage(
    head=HEAD,
    action=f"{_HERE}/class",
    back_href=_HERE,
    back="",
    heading="Bạn đăng ký loại thẻ nào?",
    lead="",
    version=1,
    fields=(view.FieldView("class_code", "radio", "", chosen=("domestic",), saved="Kỹ thuật viên"),),
    sent_in=False,
    conflict=True,
    classes=(
        view.ClassChoice("domestic", "Phóng viên trong nước", "Nhà báo, phóng viên.", 6, date(2026, 11, 26)),
        view.ClassChoice("technician", "Kỹ thuật viên", "Người phụ trách thiết bị.", 4, None),
    ),
)
TASKS = view.TaskPage(
    head=HEAD,
    groups=(
        (
            "Công việc tại sự kiện",
            (
                view.Task("Loại thẻ", f"{_HERE}/class", "done", "Phóng viên nước ngoài không thường trú"),
                view.Task("Công việc, khu vực và ngày", f"{_HERE}/work", "todo"),
            ),
        ),
        (
            "Tệp đính kèm",
            (
                view.Task("Ảnh chân dung", f"{_HERE}/files/portrait", "done", "anh-the.jpg"),
                view.Task("Sản phẩm báo chí", f"{_HERE}/files/work_samples", "optional"),
            ),
        ),
        ("Gửi", (view.Task("Kiểm tra và gửi", f"{_HERE}/check", "todo", "Còn thiếu một số nội dung"),)),
    ),
    done=2,
    total=3,
    now=NOW,
    closes_at=NOW + timedelta(days=7),
    closed=False,
    safe_on=date(2026, 11, 26),
    late=False,
    days=10,
    contact="Phòng Báo chí, 028 0000 0000",
    withdraw_href=f"{_HERE}/withdraw",
)
_FILE = view.FileView("e1", "anh-the.jpg", "/press/evidence/e1", True, 48_213, 1, NOW)
_PDF = view.FileView("e2", "giay-gioi-thieu.pdf", "/press/evidence/e2", False, 2_412_880, 3, NOW)
PORTRAIT = view.FilePage(
    head=HEAD,
    action=f"{_HERE}/files/portrait",
    back_href=_HERE,
    back="",
    heading="Ảnh chân dung",
    hint="Ảnh chân dung chụp trong 6 tháng gần đây, nền sáng, không đội mũ.",
    asked=True,
    required=True,
    portrait=True,
    limit="10",
    file=_FILE,
    again="Cơ quan an ninh",
    sent_in=True,
    errors=(views.FieldError("content", "Chọn tệp"),),
)
LETTER = replace(
    PORTRAIT,
    heading="Giấy giới thiệu",
    portrait=False,
    file=None,
    errors=(),
    sent_in=False,
)
GROUPS = (
    (
        "Công việc tại sự kiện",
        (
            view.AnswerRow("class_code", "Loại thẻ", HEAD.class_name, f"{_HERE}/class?back=check"),
            view.AnswerRow(
                "zones_wanted", "Khu vực đề nghị", "", f"{_HERE}/work?back=check#zones_wanted", lacking=True
            ),
            view.AnswerRow("note", "Ghi chú", ""),
        ),
    ),
    (
        "Tệp đính kèm",
        (
            view.AnswerRow(
                "file:assignment_letter", "Giấy giới thiệu", _PDF.name, f"{_HERE}/files/assignment_letter", _PDF
            ),
        ),
    ),
)
CHECK = view.CheckPage(
    head=HEAD,
    action=f"{_HERE}/check",
    back_href=_HERE,
    version=7,
    groups=GROUPS,
    consents=(view.ConsentChoice("accreditation", "Tôi đồng ý cho dùng dữ liệu của tôi.", "Để xét hồ sơ.", True),),
    owner_asked=False,
    privacy_href="/press/privacy",
    links=(("Chưa trả lời: Khu vực đề nghị", f"{_HERE}/work#zones_wanted"), ("Trần Thị Ánh Mẫu cần đồng ý.", "")),
)
_WAY = (
    views.TimelineStep(NOW, "Đã gửi hồ sơ", "Nguyễn Thị Minh Ví Dụ", "", "accent"),
    views.TimelineStep(NOW, "Được yêu cầu bổ sung", "Cơ quan quản lý báo chí", "Đề nghị bổ sung giấy.", "warn"),
    views.TimelineStep(None, "Sau đó: Cơ quan an ninh xét", "tối đa 2 ngày làm việc", "", "quiet"),
)
_QUESTION = view.QuestionView(
    code="answer-1",
    who="Cơ quan quản lý báo chí",
    asked_at=NOW,
    wording="Đề nghị bổ sung giấy giới thiệu có chữ ký của lãnh đạo.",
    links=(views.Option(f"{_HERE}/files/assignment_letter", "Giấy giới thiệu"),),
)
ASKED = view.StatusPage(
    head=HEAD,
    state="needs_information",
    told="Trả lời các câu hỏi dưới đây.",
    reason="",
    answer_by=None,
    working_days_left=None,
    conditions=None,
    entry_pass=None,
    questions=(_QUESTION, replace(_QUESTION, code="answer-2", answer="Hai người.", answered_at=NOW)),
    answer_action=f"{_HERE}/answer",
    timeline=_WAY,
    groups=GROUPS,
    appeal_href="",
    appeal_until=None,
    withdraw_href=f"{_HERE}/withdraw",
    contact="Phòng Báo chí, 028 0000 0000",
    unsent=("Từ cửa sổ thứ hai.",),
    typed=(("answer-1", "Đã gửi giấy mới."),),
    errors=(views.FieldError("answer-1", "Trả lời câu hỏi này"),),
)
GRANTED = replace(
    ASKED,
    state="approved_with_conditions",
    told="Bạn được cấp thẻ tác nghiệp tại sự kiện này, kèm các điều kiện dưới đây.",
    reason="Chỉ tác nghiệp tại khu A.",
    conditions=view.ConditionsView(_ZONES[:1], (date(2026, 12, 7), date(2026, 12, 8)), escort=True),
    entry_pass=view.PassView("/p/abc", "/p/abc/qr.png", "7K3QMX9T2A", usable=True),
    questions=ASKED.questions[1:],
    answer_action="",
    news="Đã gửi câu trả lời",
    unsent=(),
    errors=(),
)
REFUSED = replace(
    ASKED,
    state="rejected",
    told="Bạn không được cấp thẻ.",
    reason="Thẻ nhà báo đã hết hạn.",
    questions=(),
    answer_action="",
    appeal_href=f"{_HERE}/appeal",
    appeal_until=date(2026, 12, 1),
    answer_by=date(2026, 12, 2),
    working_days_left=1,
    withdraw_href="",
    unsent=(),
    errors=(),
)
WITHDRAW = view.WithdrawPage(HEAD, f"{_HERE}/withdraw", has_pass=True, draft=False)
APPEAL = view.AppealPage(
    HEAD,
    f"{_HERE}/appeal",
    "Thẻ nhà báo đã hết hạn.",
    date(2026, 12, 1),
    5,
    errors=(views.FieldError("text", "Ghi lý do đề nghị thay đổi quyết định"),),
)

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    name: (template, {"shell": SHELL, "page": page})
    for name, template, page in (
        ("press-tasks", "press/tasks.html", TASKS),
        ("press-tasks-late", "press/tasks.html", replace(TASKS, late=True)),
        ("press-tasks-closed", "press/tasks.html", replace(TASKS, closed=True, contact="", safe_on=None)),
        ("press-class", "press/class.html", CLASS),
        ("press-work", "press/step.html", WORK),
        ("press-about", "press/step.html", ABOUT),
        ("press-portrait", "press/file.html", PORTRAIT),
        ("press-letter", "press/file.html", LETTER),
        ("press-letter-unasked", "press/file.html", replace(LETTER, asked=False, file=_PDF, conflict=True)),
        ("press-check", "press/check.html", CHECK),
        ("press-check-colleague", "press/check.html", replace(CHECK, owner_asked=True, consents=(), conflict=True)),
        ("press-asked", "press/status.html", ASKED),
        ("press-granted", "press/status.html", GRANTED),
        ("press-refused", "press/status.html", REFUSED),
        ("press-withdraw", "press/withdraw.html", WITHDRAW),
        ("press-discard", "press/withdraw.html", replace(WITHDRAW, draft=True, has_pass=False)),
        ("press-appeal", "press/appeal.html", APPEAL),
    )
}
