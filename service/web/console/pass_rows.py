"""Passes as rows of a list."""

from datetime import datetime, timedelta

from service.domain.passes import EntryPass
from service.domain.standing import standing_of
from service.web.console.access import START
from service.web.event_view import PassRow


def pass_href(pass_id: object) -> str:
    """The page of a pass."""
    return f"{START}/passes/{pass_id}"


def last_moment(entry_pass: EntryPass) -> datetime:
    """The last second at which the pass is good: its end is midnight as a rule, which would read as the next day."""
    return entry_pass.valid_until - timedelta(seconds=1)


def row_of(one: EntryPass, now: datetime) -> PassRow:
    """A pass as lists show it."""
    return PassRow(
        href=pass_href(one.id),
        holder_name=one.holder_name,
        organisation=one.organisation_name,
        category=one.category.value,
        zones=tuple(one.zones),
        human_code=one.human_code,
        state=standing_of(one, now).value,
        badge=one.badge.value,
        valid_until=last_moment(one),
        qr_href=f"{pass_href(one.id)}/qr.svg",
    )
