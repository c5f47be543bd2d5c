"""Believable contexts of the pages about an event's accreditation, rule sets and draws. People are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.domain.accreditation import read_rules
from service.domain.accreditation.allocation import commitment
from service.domain.accreditation.packaged import packaged_rules
from service.web import accreditation_views as view
from service.web import views
from service.web.console.rule_words import class_in_words

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
TITLE = ("Hội nghị cấp cao Hợp tác biển 2026", "Maritime Cooperation Summit 2026")
HERE = "/console/events/1"
_SIGNED_IN = views.SignedIn("Nguyễn Thị Minh Ví Dụ", "Sở Ví Dụ", "Example Department")
SHELL = views.console_shell(path=f"{HERE}/accreditation", current="events", signed_in=_SIGNED_IN)
RULES = read_rules(packaged_rules())
SEED = "3f9a1c5e7b2d4860a1b2c3d4e5f60718"
CRITERIA = ("Hãng thông tấn và đài chủ nhà trước", "Mỗi cơ quan báo chí một người trước, rồi mới đến người thứ hai")


def place(current: str, news: str = "") -> Any:
    return view.press_place(TITLE, HERE, current, news)


def _class_row(code: str, names: tuple[str, str], counts: tuple[int, ...], cap: int | None) -> view.ClassRow:
    granted = counts[3]
    return view.ClassRow(code, *names, *counts, cap, None if cap is None else max(0, cap - granted))


OVERVIEW = view.Overview(
    rules_vi=RULES.name.vi,
    rules_en=RULES.name.en,
    version=1,
    rules_href="/console/rules/vn-press?version=1",
    closes_at=NOW + timedelta(days=4),
    commitment=commitment(SEED),
    draw_href="/press/events/1/draw",
    classes=(
        _class_row("domestic", ("Phóng viên trong nước", "Domestic press"), (1204, 310, 512, 300, 50, 32), 300),
        _class_row("one_day", ("Thẻ một ngày", "One-day pass"), (12, 2, 0, 10, 0, 0), None),
    ),
    whole=_class_row("", ("", ""), (1216, 312, 512, 310, 50, 32), 400),
    outlets=(view.QuotaRow("Báo Ví Dụ Thành phố", "Phóng viên trong nước", "Domestic press", 4, 2, 4),),
    more_outlets=121,
    clocks=(
        view.ClockRow("Cơ quan an ninh", "Security", "Đơn vị Ví Dụ", "Example Unit", 120, 8, 3, 0, date(2026, 11, 20)),
        view.ClockRow("Bộ Ngoại giao", "Ministry of Foreign Affairs", "", "", 2, 0, 0, 2, None),
    ),
)
FORM = view.SetUpForm(
    action=f"{HERE}/accreditation",
    page_href=f"{HERE}/accreditation",
    rule_set="1",
    rule_sets=(views.Option("1", "Bộ quy tắc, phiên bản 1"), views.Option("2", "Bộ quy tắc, phiên bản 2")),
    rules_href="/console/rules/vn-press?version=1",
    newer_href=f"{HERE}/accreditation?rules=2#set-up",
    opened=True,
    under_way=824,
    classes=tuple(
        view.ClassChoice(
            code=rule.code,
            name_vi=rule.name.vi,
            name_en=rule.name.en,
            description_vi=rule.description.vi,
            description_en=rule.description.en,
            chosen=rule.code == "domestic",
            asks=tuple(one.code for one in rule.asks),
            stages_vi=tuple(one.name.vi for one in rule.authorities),
            stages_en=tuple(one.name.en for one in rule.authorities),
            days=rule.days,
            safe_on=date(2026, 11, 27),
            cap="300" if rule.code == "domestic" else "",
        )
        for rule in RULES.classes
    ),
    authorities=(
        view.AuthorityChoice(
            "security",
            "Cơ quan an ninh",
            "Security",
            ("Phóng viên trong nước",),
            ("Domestic press",),
            True,
            "",
            "",
            "vi",
        ),
        view.AuthorityChoice(
            "foreign_ministry",
            "Bộ Ngoại giao",
            "Foreign Ministry",
            ("Tháp tùng",),
            ("Official media",),
            False,
            "2",
            "a@b.example",
            "en",
        ),
    ),
    organisations=(views.Option("1", "Đơn vị Ví Dụ"), views.Option("2", "Bộ Ví Dụ")),
    closes_on="2026-11-27",
    closes_at="17:00",
    cap="400",
    contact="Phòng Báo chí, 028 0000 0000",
    appeal_days="5",
    criteria=("agency_or_host", "outlet_turn", "earliest_day", "", ""),
)
WRONG_FORM = replace(
    FORM,
    opened=False,
    newer_href="",
    errors=(
        views.FieldError("classes", "Chọn ít nhất một loại thẻ"),
        views.FieldError("org_security", "Chọn đơn vị làm: Cơ quan an ninh"),
        views.FieldError("cap_domestic", "Nhập số nguyên từ 0 đến 100.000"),
    ),
)

_VERSIONS = (
    view.VersionRow("/console/rules/vn-press?version=2", 2, "Ba thẻ cho một cơ quan", NOW, "Trần Ví Dụ", 0, False),
    view.VersionRow("/console/rules/vn-press?version=1", 1, "", NOW - timedelta(days=9), "", 14, True),
)
RULE_SET = view.RuleSetPage(
    code="vn-press",
    name_vi=RULES.name.vi,
    name_en=RULES.name.en,
    version=1,
    newest=2,
    newest_href="/console/rules/vn-press",
    note="Có sẵn trong hệ thống",
    made_at=NOW - timedelta(days=9),
    made_by="Trần Ví Dụ",
    edit_href="/console/rules/vn-press/edit",
    classes=tuple(class_in_words(RULES, one) for one in RULES.classes),
    versions=_VERSIONS,
    news="Đã lưu phiên bản 2",
)
RULE_EDIT = view.RuleEditPage(
    code="vn-press",
    name_vi=RULES.name.vi,
    name_en=RULES.name.en,
    action="/console/rules/vn-press/edit",
    back_href="/console/rules/vn-press",
    based_on=2,
    source='{\n  "format": 1\n}',
    lines=3,
    note="Ba thẻ cho một cơ quan",
    tried=True,
    overtaken=False,
    overtaken_by="",
    changes=(
        view.ChangedPart(
            "domestic",
            "Phóng viên trong nước",
            "Domestic press",
            "changed",
            (view.ChangeRow("quota › per_outlet", "4", "3"),),
        ),
        view.ChangedPart("one_day", "Thẻ một ngày", "One-day pass", "removed", ()),
        view.ChangedPart(
            "", "", "", "changed", (view.ChangeRow("reasons › escort › text › vi", "", "Có cán bộ đi cùng"),)
        ),
    ),
    faults=(),
    errors=(),
)
OVERTAKEN = replace(RULE_EDIT, tried=False, overtaken=True, overtaken_by="Lê Thí Dụ", changes=())
WRONG_RULES = replace(
    RULE_EDIT,
    tried=False,
    changes=(),
    faults=(
        view.LineFault(2, 13, "/format", "Input should be 1", '  "format": 1'),
        view.LineFault(0, 0, "", "nested too deeply", ""),
    ),
    errors=(views.FieldError("source", "Dòng 2, cột 13: Input should be 1"), views.FieldError("note", "Ghi điểm mới")),
)

_PAGE = view.AccreditationPage(place("accreditation", "Đã lưu thay đổi"), NOW, OVERVIEW, FORM)
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "accreditation": ("console/accreditation.html", {"shell": SHELL, "page": _PAGE}),
    "accreditation-new": (
        "console/accreditation.html",
        {"shell": SHELL, "page": view.AccreditationPage(place("accreditation"), NOW, None, WRONG_FORM)},
    ),
    "accreditation-none": (
        "console/accreditation.html",
        {"shell": SHELL, "page": view.AccreditationPage(place("accreditation"), NOW, None, None)},
    ),
    "rules": (
        "console/rules.html",
        {
            "shell": SHELL,
            "page": view.RulesPage(
                (view.RuleSetRow("/console/rules/vn-press", "vn-press", RULES.name.vi, RULES.name.en, 2, NOW, 6),)
            ),
        },
    ),
    "rule-set": ("console/rule_set.html", {"shell": SHELL, "page": RULE_SET}),
    "rule-edit": ("console/rule_edit.html", {"shell": SHELL, "page": RULE_EDIT}),
    "rule-edit-wrong": ("console/rule_edit.html", {"shell": SHELL, "page": WRONG_RULES}),
    "rule-edit-overtaken": ("console/rule_edit.html", {"shell": SHELL, "page": OVERTAKEN}),
}
