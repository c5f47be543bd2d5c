"""The pages without a server: catalog, templates, tokens, filters."""

import json
import re
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from service.domain.errors import TITLES
from service.web import pages as pages_module
from service.web.month import Entry, month_of
from service.web.pages import Pages, date_vn, datetime_vn, month_name, number, time_vn, weekday
from service.web.styleguide import render_styleguide
from service.web.words import TONES, WORDS
from tests.web.page_examples import ENTRIES, PAGES, PUBLIC, TODAY

WEB = Path(pages_module.__file__).parent
SERVICE = WEB.parent
SOURCES = (
    "scripts/main.ts",
    "scripts/docs.ts",
    "scripts/holder.ts",
    "scripts/check.ts",
    "scripts/sign.ts",
    "scripts/portrait.ts",
    "scripts/queue.ts",
    "styles/main.css",
    "styles/docs.css",
    "images/mark.svg",
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Pages on a manifest as Vite writes it, so that this file needs no Node."""
    static = tmp_path_factory.mktemp("static")
    (static / ".vite").mkdir()
    manifest = {source: {"file": f"assets/{source.replace('/', '-')}", "src": source} for source in SOURCES}
    (static / ".vite" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Pages(version="0.1.0", static_dir=static)


def rendered(pages: Pages, language: str) -> dict[str, str]:
    found = {name: pages.render(template, language, **context) for name, (template, context) in PAGES.items()}
    return found | {"styleguide": render_styleguide(pages, language, PUBLIC)}


def test_every_msgid_has_its_vietnamese() -> None:
    methods = [
        ("web/static/**", "ignore"),
        ("web/frontend/**", "ignore"),
        ("**.py", "python"),
        ("**.html", "jinja2"),
        ("**/mail/*.txt", "jinja2"),
    ]
    wanted = {message for _, _, message, _, _ in extract_from_dir(SERVICE, method_map=methods)} | set(TITLES.values())
    with (WEB / "locale" / "vi.po").open("rb") as file:
        catalog = read_po(file, locale="vi")
    translated = {entry.id for entry in catalog if entry.id and all(_forms(entry.string)) and not entry.fuzzy}
    missing = {message for message in wanted if message not in translated}
    unused = {message for message in translated if message not in wanted}
    assert (missing, unused) == (set(), set())


def _forms(string: object) -> tuple[object, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (string,)


def test_translations_keep_the_placeholders() -> None:
    with (WEB / "locale" / "vi.po").open("rb") as file:
        catalog = read_po(file, locale="vi")
    holes = re.compile(r"%\(\w+\)s")
    wrong = [
        entry.id
        for entry in catalog
        if entry.id
        for form in _forms(entry.string)
        if set(holes.findall(str(form))) != set(holes.findall(str(_forms(entry.id)[-1])))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_with_its_example(pages: Pages, language: str) -> None:
    whole = {name for name, page in rendered(pages, language).items() if f'<html lang="{language}">' in page}
    assert whole == {*PAGES, "styleguide"} - {"inside", "print-progress"}


def test_every_template_is_in_use(pages: Pages) -> None:
    templates = WEB / "templates"
    names = {path.relative_to(templates).as_posix() for path in templates.rglob("*.html")}
    text = "\n".join(path.read_text(encoding="utf-8") for path in templates.rglob("*.html"))
    used = {template for template, _ in PAGES.values()} | {"styleguide.html"}
    used |= set(re.findall(r'{%-? (?:from|import|include|extends) "([^"]+)"', text))
    # Mail is no page: web/mail.py renders it, and tests/usecases/test_messages.py reads it as it arrives.
    assert {name for name in names if not name.startswith(("press/", "mail/"))} - used == set()


class Loads(HTMLParser):
    """Collects what a strict Content-Security-Policy would stop."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name in {"src", "href", "action", "hx-get"} and re.match(r"(https?:)?//", value or ""):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_carry_nothing_inline_and_load_nothing_from_elsewhere(pages: Pages, language: str) -> None:
    found = {}
    for name, page in rendered(pages, language).items():
        parser = Loads()
        parser.feed(page)
        twice = sorted({one for one in parser.ids if parser.ids.count(one) > 1})
        found[name] = (parser.found, twice)
    assert found == dict.fromkeys(found, ([], []))


def test_a_front_end_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    bare = Pages(version="0.1.0", static_dir=tmp_path)
    with pytest.raises(RuntimeError, match="npm run build"):
        bare.asset("scripts/main.ts")


def test_every_toned_code_has_a_word() -> None:
    assert {group: set(codes) - set(WORDS[group]) for group, codes in TONES.items()} == {g: set() for g in TONES}


# Tokens ------------------------------------------------------------------------------------------------------

PAIRS = [
    *((text, ground) for text in ("ink", "ink-soft", "accent") for ground in ("ground", "surface", "sunken")),
    *(("bad", ground) for ground in ("ground", "surface", "bad-soft")),
    *(("warn", ground) for ground in ("ground", "surface", "warn-soft")),
    *(("good", ground) for ground in ("ground", "surface", "good-soft")),
    ("accent", "accent-soft"),
    ("ink", "accent-soft"),
    ("ink", "bad-soft"),
    ("on-accent", "accent"),
    ("on-deep", "deep"),
    ("on-deep-soft", "deep"),
]


def tokens() -> dict[str, tuple[str, str]]:
    css = (WEB / "frontend" / "styles" / "tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_text_tokens_have_a_contrast_of_at_least_4_5() -> None:
    found = tokens()
    weak = {
        (text, ground, scheme): round(contrast(found[text][n], found[ground][n]), 2)
        for text, ground in PAIRS
        for n, scheme in enumerate(("light", "dark"))
        if contrast(found[text][n], found[ground][n]) < 4.5
    }
    assert weak == {}


def test_borders_of_controls_have_a_contrast_of_at_least_3() -> None:
    found = tokens()
    weak = [n for n in (0, 1) if contrast(found["line-strong"][n], found["surface"][n]) < 3]
    assert weak == []


# Filters -----------------------------------------------------------------------------------------------------


def test_dates_and_times_are_local_and_in_the_countrys_form() -> None:
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert (date_vn(late), time_vn(late), datetime_vn(late)) == ("23/11/2026", "00:30", "23/11/2026, 00:30")
    assert (date_vn(date(2026, 2, 1)), time_vn(time(7, 5))) == ("01/02/2026", "07:05")


def test_numbers_follow_the_language() -> None:
    assert [number(1234.5, "vi"), number(1234.5, "en"), number(0, "vi")] == ["1.234,5", "1,234.5", "0"]


def test_weekdays_and_months_follow_the_language() -> None:
    sunday = date(2026, 11, 22)
    assert [weekday(sunday, "vi"), weekday(sunday, "vi", "short"), month_name(sunday, "vi")] == [
        "Chủ Nhật",
        "CN",
        "Tháng 11/2026",
    ]
    assert [weekday(sunday, "en"), weekday(sunday, "en", "short"), month_name(sunday, "en")] == [
        "Sunday",
        "Sun",
        "November 2026",
    ]


def test_plurals(pages: Pages) -> None:
    assert pages.translate("vi", "Pass of %(name)s", name="Đặng Ếch") == "Thẻ của Đặng Ếch"
    assert "1,234 events found" in pages.render("console/events.html", "en", **PAGES["events"][1])
    assert "Tìm thấy 1.234 sự kiện" in pages.render("console/events.html", "vi", **PAGES["events"][1])


# The month ---------------------------------------------------------------------------------------------------


def test_a_month_lays_its_bars_out_in_lanes() -> None:
    month = month_of(ENTRIES, year=2026, month=11, today=TODAY)
    week = next(week for week in month.weeks if any(day.is_today for day in week.days))
    laid = [(bar.entry.title_en, bar.column, bar.span, bar.lane, bar.from_before, bar.goes_on) for bar in week.bars]
    assert laid == [
        ("Hoàng Sa and Trường Sa of Việt Nam: Historical evidence", 1, 5, 1, True, False),
        ("The Fatherland seen from the sea", 1, 7, 2, True, False),
        ("Beloved Trường Sa", 1, 6, 3, False, False),
        ("Maritime Cooperation Summit 2026", 1, 4, 4, False, False),
        ("Talk: External information on seas and islands", 1, 1, 5, False, False),
        ("Guides' training", 2, 2, 5, False, False),
    ]
    assert [day.more for day in week.days] == [0, 0, 1, 0, 0, 0, 0]


def test_what_lies_outside_a_month_is_not_in_its_agenda() -> None:
    outside = [entry for entry in ENTRIES if entry.opens_on.month == 11 and entry.closes_on.month == 11]
    assert month_of(outside, year=2026, month=12, today=TODAY).agenda == ()


def test_one_entry_over_new_year_is_in_both_months() -> None:
    entry = Entry("/e", "exhibition", "T", "T", "V", "V", "U", "U", date(2026, 12, 28), date(2027, 1, 3))
    assert [month_of([entry], year=y, month=m, today=TODAY).agenda for y, m in ((2026, 12), (2027, 1))] == [
        (entry,),
        (entry,),
    ]
