"""Pages: templates, their two languages, and the files that Vite built for them."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from service.web.language import LANGUAGES
from service.web.views import Option, Problem, public_shell
from service.web.words import PROBLEM_TODO, WORDS, tone, word

WEB = Path(__file__).parent
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_SHORT_WEEKDAYS_VI = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def local_date(value: date | datetime) -> date:
    """The calendar day of an aware instant in Ho Chi Minh City; a date stays itself."""
    return value.astimezone(LOCAL).date() if isinstance(value, datetime) else value


def date_vn(value: date | datetime) -> str:
    """23/11/2026, in both languages; an instant counts for its local day."""
    return local_date(value).strftime("%d/%m/%Y")


def time_vn(value: time | datetime) -> str:
    """14:05; an instant is shown in local time."""
    return (value.astimezone(LOCAL) if isinstance(value, datetime) else value).strftime("%H:%M")


def datetime_vn(value: datetime) -> str:
    """23/11/2026, 14:05 in local time."""
    return f"{date_vn(value)}, {time_vn(value)}"


def weekday(value: date, language: str, width: Literal["long", "short"] = "long") -> str:
    """Thứ Hai or T2; Monday or Mon."""
    if width == "short" and language == "vi":
        return _SHORT_WEEKDAYS_VI[value.weekday()]
    return str(format_date(value, "EEEE" if width == "long" else "EEE", locale=language))


def month_name(value: date, language: str) -> str:
    """Tháng 11/2026; November 2026."""
    return f"Tháng {value.month}/{value.year}" if language == "vi" else str(format_date(value, "MMMM y", locale="en"))


def iso(value: date | time | datetime) -> str:
    """What the `datetime` attribute of <time> wants; instants in UTC."""
    return (value.astimezone(UTC) if isinstance(value, datetime) else value).isoformat()


def number(value: float | Decimal, language: str) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English."""
    return str(format_decimal(value, locale="vi" if language == "vi" else "en_US"))


def round_scale(value: float) -> int:
    """The next 1, 2, 3, 5 or 10 times a power of ten: where the scale of a chart ends."""
    power: int = 10 ** (len(str(int(value))) - 1)
    return next(step * power for step in (1, 2, 3, 5, 10) if step * power >= value)


def pick(thing: Any, name: str, language: str) -> str:
    """`thing.name_vi` or `thing.name_en`; Vietnamese where there is no English."""
    return str(getattr(thing, f"{name}_{language}") or getattr(thing, f"{name}_vi"))


class Pages:
    """Renders the templates of `templates/` in Vietnamese or English."""

    def __init__(self, *, version: str, static_dir: Path = WEB / "static", static_url: str = "/static") -> None:
        self._version = version
        self._static_dir = static_dir
        self._static_url = static_url
        with (WEB / "locale" / "vi.po").open("rb") as file:
            self._vietnamese: Catalog = read_po(file, locale="vi")
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def render(self, template: str, language: str, **context: Any) -> str:
        """The page as HTML; a name that the template needs and `context` lacks is an error."""
        return self._environments[language].get_template(template).render(**context)

    def translate(self, language: str, message: str, **values: Any) -> str:
        """A msgid in `language`, with `%(name)s` filled in: for texts that routes give to views."""
        return self._gettext(language)(message) % values if values else self._gettext(language)(message)

    def problem(self, *, language: str, status: int, code: str, title: str, detail: str, trace_id: str) -> str:
        """The page that tells a refusal: what happened, what to do, and the id under which the log knows it."""
        todo = PROBLEM_TODO.get(code) or PROBLEM_TODO.get(status) or ""
        problem = Problem(status, title, detail, todo and self.translate(language, todo), trace_id)
        return self.render("problem.html", language, shell=public_shell(path="/"), problem=problem)

    def asset(self, source: str) -> str:
        """The address of the file that Vite built from `source`, such as `scripts/main.ts`."""
        return f"{self._static_url}/{self._built(source)}"

    def file(self, source: str) -> Path:
        """The same file in the file system, for what has to stand at an address of its own."""
        return self._static_dir / self._built(source)

    def _built(self, source: str) -> str:
        try:
            return str(self._manifest[source]["file"])
        except KeyError:
            raise RuntimeError(f"the built front end has no {source!r}: build it again") from None

    @cached_property
    def _manifest(self) -> dict[str, dict[str, Any]]:
        path = self._static_dir / ".vite" / "manifest.json"
        if not path.is_file():
            raise RuntimeError("the front end is not built: run `npm ci` and `npm run build` in service/web/frontend")
        manifest: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return manifest

    def _gettext(self, language: str) -> Callable[[str], str]:
        def in_vietnamese(message: str) -> str:
            entry = self._vietnamese.get(message)
            return str(entry.string or message) if entry else message

        return in_vietnamese if language == "vi" else str

    def _ngettext(self, language: str) -> Callable[[str, str, int], str]:
        def in_vietnamese(singular: str, plural: str, count: int) -> str:  # noqa: ARG001 (gettext's signature)
            # Vietnamese has one form for every number.
            entry = self._vietnamese.get((singular, plural))
            return entry.string[0] if entry and isinstance(entry.string, (tuple, list)) else plural

        def in_english(singular: str, plural: str, count: int) -> str:
            return singular if count == 1 else plural

        return in_vietnamese if language == "vi" else in_english

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(WEB / "templates"),
            # Plain-text mail is no HTML.
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        gettext = self._gettext(language)
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            gettext, self._ngettext(language), newstyle=True
        )
        environment.globals.update(
            language=language,
            version=self._version,
            asset=self.asset,
            options=lambda group: [Option(code, gettext(label)) for code, label in WORDS[group].items()],
        )
        environment.filters.update(
            date_vn=date_vn,
            time_vn=time_vn,
            datetime_vn=datetime_vn,
            iso=iso,
            number=lambda value: number(value, language),
            weekday=lambda value, width="long": weekday(value, language, width),
            month_name=lambda value: month_name(value, language),
            local_date=local_date,
            round_scale=round_scale,
            pick=lambda thing, name: pick(thing, name, language),
            word=lambda code, group: gettext(word(code, group)),
            tone=tone,
        )
        return environment
