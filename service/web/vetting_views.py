"""What the pages for vetting by lists show."""

from dataclasses import dataclass

from service.web.views import FieldError


@dataclass(frozen=True)
class DeskCard:
    """One authority for which the reader acts, with the addresses of its list."""

    code: str
    name_vi: str
    name_en: str
    waiting: int
    csv_href: str
    xlsx_href: str


# console/vetting.html ------------------------------------------------------------------------------


@dataclass(frozen=True)
class VettingPage:
    """Taking a list along, and sending it back. `words`: what may be written as a verdict."""

    event_vi: str
    event_en: str
    action: str
    queue_href: str
    desks: tuple[DeskCard, ...]
    authority: str
    words: tuple[tuple[str, str], ...]
    news: str
    errors: tuple[FieldError, ...]


# console/vetting_check.html ------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckedRow:
    """One row that came back: its number in the file, and what will happen (`verdict`) or why not (`fault`)."""

    row: int
    reference: str
    href: str
    verdict: str
    ground: str
    zones: tuple[str, ...]
    days: tuple[str, ...]
    fault: str


@dataclass(frozen=True)
class VettingCheck:
    """What would become of a list; `sealed` is what is confirmed, empty when nothing can be given."""

    event_vi: str
    event_en: str
    authority: str
    authority_vi: str
    authority_en: str
    action: str
    queue_href: str
    back_href: str
    sealed: str
    rows: tuple[CheckedRow, ...]
    empty: int

    @property
    def going(self) -> int:
        """How many verdicts can be given."""
        return sum(not row.fault for row in self.rows)

    @property
    def staying(self) -> int:
        """How many rows stay as they are."""
        return sum(bool(row.fault) for row in self.rows)
