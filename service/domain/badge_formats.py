"""The formats in which badges are printed."""

from enum import StrEnum


class BadgeFormat(StrEnum):
    """`cr80`: a card of ISO/IEC 7810 ID-1 size, standing, 53.98 × 85.6 mm; `a6`: 105 × 148 mm with a lanyard slot;
    `wristband`: 25 × 250 mm, lying; `sheet_…`: as many of them as fit on A4, with crop marks: ten cards, four A6."""

    CR80 = "cr80"
    A6 = "a6"
    WRISTBAND = "wristband"
    SHEET_CR80 = "sheet_cr80"
    SHEET_A6 = "sheet_a6"

    @property
    def base(self) -> "BadgeFormat":
        """The format of the single badges: a sheet's is that of the badges on it."""
        return {BadgeFormat.SHEET_CR80: BadgeFormat.CR80, BadgeFormat.SHEET_A6: BadgeFormat.A6}.get(self, self)
