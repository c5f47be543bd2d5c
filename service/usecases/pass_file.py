"""The passes of an event as a list, and the file of one pass: what each reader may see and do, and that they looked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.events import Event
from service.domain.messages import OutgoingMail
from service.domain.passes import BadgeState, Category, EntryPass
from service.store import badges as badge_store
from service.store import events
from service.store import messages as mail_store
from service.store import pass_file as store
from service.store import passes as pass_store
from service.store.event_file import Rows
from service.store.pass_file import WantedPasses
from service.store.vault import Vault
from service.usecases import audit, badges, passes
from service.usecases.badges.faces import class_words
from service.usecases.overview import Leaf, Turn, leaf_of

VIEWED = "viewed"
LOOKS = (VIEWED, "portrait_viewed", "badge_opened", "badges_opened", "receipt_opened")
"""Actions of the record that only say that somebody looked; histories leave them away."""
_MOST_STEPS = 20


@dataclass(frozen=True)
class May:
    """What a reader may do with the passes of one event."""

    issue: bool
    revoke: bool
    print: bool

    @property
    def replace(self) -> bool:
        """A replacement ends one pass and issues another."""
        return self.issue and self.revoke


def may(access: Access, event: Event) -> May:
    """What `access` allows in the organisation of the event."""
    here = event.organisation_id
    return May(
        issue=access.allows(Permission.PASSES_ISSUE, here),
        revoke=access.allows(Permission.PASSES_REVOKE, here),
        print=access.allows(Permission.BADGES_PRINT, here),
    )


@dataclass(frozen=True)
class PassRows:
    """One page of the passes wanted; how many are wanted, and how many there are."""

    leaf: Leaf[EntryPass]
    found: int
    total: int


async def page_of_passes(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    wanted: WantedPasses,
    turn: Turn[str],
    limit: int,
    now: datetime,
) -> PassRows:
    """A page of an event's passes by name, for a reader who was asked for; showing names of holders is recorded."""
    rows = await store.list_passes(session, event_id, wanted, edge=turn.edge, upwards=turn.upwards, limit=limit + 1)
    found, total = await store.count_passes(session, event_id, wanted)
    page = PassRows(leaf_of(rows, turn, limit), found, total)
    if page.leaf.rows:
        audit.record(
            session,
            actor=audit.staff(access),
            action=VIEWED,
            noun="pass_list",
            object_id=event_id,
            event_id=event_id,
            now=now,
            rows=len(page.leaf.rows),
        )
    return page


@dataclass(frozen=True)
class PassList:
    """An event's passes: where their badges are, what waits, and a page of those wanted."""

    event: Event
    may: May
    badges: dict[BadgeState, int]
    to_issue: int
    to_print: dict[Category, int]
    passes: PassRows


async def open_list(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    wanted: WantedPasses,
    turn: Turn[str],
    limit: int,
    now: datetime,
) -> PassList:
    """The passes of an event, for those who may read passes in its organisation."""
    event = await events.get(session, Event, event_id, "event")
    access.require(Permission.PASSES_READ, event.organisation_id)
    return PassList(
        event=event,
        may=may(access, event),
        badges=await badge_store.count_badges(session, event_id),
        to_issue=await pass_store.count_granted(session, event_id),
        to_print=await badge_store.count_printable(session, event_id, now),
        passes=await page_of_passes(
            session, access=access, event_id=event_id, wanted=wanted, turn=turn, limit=limit, now=now
        ),
    )


@dataclass(frozen=True)
class PassFile:
    """A pass with its event and all that happened to it.

    `words` are its class in two languages, `zones` the names of the event's zones by their code. `records` is the
    print log, `heads_in` counts the heads of a group that came in, `older` and `newer` are the passes before and
    after it in a chain of replacements.
    """

    entry_pass: EntryPass
    event: Event
    may: May
    words: tuple[str, str]
    zones: dict[str, tuple[str, str]]
    scans: Rows
    changes: Rows
    records: Rows
    mails: list[OutgoingMail]
    heads_in: int
    older: EntryPass | None
    newer: EntryPass | None


async def open_pass(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> PassFile:
    """The file of one pass, for those who may read passes in its event's organisation; looking is recorded."""
    one, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    _record(session, access, one, VIEWED, now)
    words = class_words(await badge_store.list_classes(session, event.id))
    neighbours = await store.list_neighbours(session, one)
    return PassFile(
        entry_pass=one,
        event=event,
        may=may(access, event),
        words=words(one.category, one.class_code)[:2],
        zones=await badge_store.list_zones(session, event.id),
        scans=await store.list_pass_scans(session, pass_id, limit=_MOST_STEPS),
        changes=await store.list_pass_changes(session, pass_id, quiet=LOOKS, limit=_MOST_STEPS),
        records=await badge_store.list_records(session, pass_id),
        mails=await mail_store.list_mails(session, object_id=pass_id, limit=_MOST_STEPS),
        heads_in=await store.count_heads(session, pass_id),
        older=next((other for other in neighbours if other.id == one.replaces_id), None),
        newer=next((other for other in neighbours if other.replaces_id == one.id), None),
    )


async def read_code(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> str:
    """The signed code that the pass's QR holds, for those who may read passes in its event's organisation.

    Whoever has it may enter: that it was shown is kept in the audit.
    """
    return (await passes.read_pass(session, access=access, pass_id=pass_id, now=now)).code


async def preview_badge(session: AsyncSession, *, access: Access, pass_id: UUID, vault: Vault, now: datetime) -> bytes:
    """A picture (PNG) of the pass's badge in the size that most are printed in; nothing is printed."""
    _, event = await pass_store.get_pass(session, pass_id)
    return await badges.preview(
        session,
        access=access,
        event_id=event.id,
        form=BadgeFormat.A6,
        source=None,
        pass_id=pass_id,
        vault=vault,
        now=now,
    )


def _record(session: AsyncSession, access: Access, entry_pass: EntryPass, action: str, now: datetime) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="pass",
        object_id=entry_pass.id,
        event_id=entry_pass.event_id,
        now=now,
    )
