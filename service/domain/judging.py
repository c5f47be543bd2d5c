"""The decision at the door: pure, the same for one scan and for five hundred, online and uploaded later.

`judge` looks and says; `admit` and `leave` change the counts that the next judgement sees. The scanner's
TypeScript twin is held to the same cases (tests/domain/judge_cases.json).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from service.domain.door import Direction, Verdict
from service.domain.events import EntryPolicy
from service.domain.localtime import local
from service.domain.passes import PassState


class Reason(StrEnum):
    """Why a scan isn't a plain admission. Part of the API: add, never rename."""

    BAD_CODE = "bad_code"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    STRUCK_KEY = "struck_key"
    UNKNOWN_PASS = "unknown_pass"  # noqa: S105 (a pass, not a password)
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WRONG_DAY = "wrong_day"
    WRONG_TIME = "wrong_time"
    WRONG_EVENT = "wrong_event"
    WRONG_ZONE = "wrong_zone"
    ALREADY_INSIDE = "already_inside"
    ALREADY_USED = "already_used"
    USED_TODAY = "used_today"
    ZONE_FULL = "zone_full"
    GATE_CLOSED = "gate_closed"
    DEVICE_NOT_ALLOWED = "device_not_allowed"
    STALE_LISTS = "stale_lists"
    INCOMPLETE_DATA = "incomplete_data"
    CLOCK_SKEW = "clock_skew"


UNSURE = frozenset({Reason.STALE_LISTS, Reason.INCOMPLETE_DATA, Reason.CLOCK_SKEW})


class Note(StrEnum):
    """What is kept beside an exit that could not be matched with an entry."""

    EXIT_WITHOUT_ENTRY = "exit_without_entry"
    EXIT_UNKNOWN = "exit_unknown"


@dataclass(slots=True)
class PassFacts:
    """What is known of a pass; `key_struck` tells that the key which signed it was struck.

    `daily_from` and `daily_to` are the hours of each of its days on the city's clock, both or none.
    """

    id: UUID
    event_id: UUID
    category: str
    zones: tuple[str, ...]
    state: PassState
    valid_from: datetime
    valid_until: datetime
    valid_days: tuple[date, ...] | None
    heads: int
    issued_at: datetime
    key_struck: bool = False
    daily_from: time | None = None
    daily_to: time | None = None


@dataclass(frozen=True, slots=True)
class GateFacts:
    """A gate with its zone and occurrence, as the device was enrolled for it."""

    id: UUID
    zone_id: UUID
    occurrence_id: UUID
    event_id: UUID
    zone_code: str
    capacity: int | None
    policy: EntryPolicy
    opens_time: time | None
    closes_time: time | None
    opens_on: date
    closes_on: date
    max_list_age_minutes: int


@dataclass(slots=True)
class ScanFacts:
    """One scan as judged: what was read and when. `skewed` tells that the device's clock is known to be off.

    `counted_on` and `counted_hour` are the city's day and hour that the scan counts for: of its own time, but
    never later than its arrival, so that a clock that runs a little ahead doesn't make it tomorrow.
    """

    direction: Direction
    heads: int
    scanned_at: datetime
    received_at: datetime
    skewed: bool
    scanned_local: datetime
    counted_on: date
    counted_hour: int

    @classmethod
    def of(
        cls, direction: Direction, heads: int, scanned_at: datetime, received_at: datetime, *, skewed: bool = False
    ) -> "ScanFacts":
        """The facts with the city's time worked out once."""
        here = local(scanned_at)
        counted = here if scanned_at <= received_at else local(received_at)
        return cls(direction, heads, scanned_at, received_at, skewed, here, counted.date(), counted.hour)


@dataclass(slots=True)
class Counts:
    """The counts that a judgement looks at and an admission changes.

    `pass_inside`, `pass_entries`: heads of this pass in this zone; `day_entries`: of this day in this zone;
    `occurrence_visits`: its visits of this day in any zone of the occurrence; `zone_inside`: everyone.
    """

    pass_inside: int = 0
    pass_entries: int = 0
    day_entries: int = 0
    occurrence_visits: int = 0
    zone_inside: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the one reason that stands behind it, and a note beside an odd exit."""

    decision: Verdict
    reason: Reason | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """What the judge holds: a server holds everything now, a phone what it fetched `age_minutes` ago."""

    complete: bool = True
    age_minutes: int = 0


ADMITTED = Judgement(Verdict.ADMIT)
SERVER = Lists()


def no(reason: Reason) -> Judgement:
    """A refusal, or `unsure` for the reasons that only say that one cannot tell."""
    return Judgement(Verdict.UNSURE if reason in UNSURE else Verdict.REFUSE, reason)


def judge(
    *,
    scan: ScanFacts,
    gate: GateFacts | None,
    fault: Reason | None,
    entry_pass: PassFacts | None,
    counts: Counts,
    skew: timedelta,
    lists: Lists = SERVER,
) -> Judgement:
    """The verdict on one scan that was not seen before; the order of its questions is docs/door.md's.

    `gate` is None when the device may not scan there; `fault` is what the code itself showed, if anything.
    The device comes first: a phone that may not stand here learns nothing about anybody's pass.
    """
    if gate is None:
        return no(Reason.DEVICE_NOT_ALLOWED)
    if scan.direction is Direction.EXIT:
        return _judge_exit(scan, entry_pass, gate, counts)
    reason = (
        fault
        or _judge_pass(scan, entry_pass, skew, lists)
        or _judge_gate(scan, entry_pass, gate)
        or _judge_policy(scan, entry_pass, gate, counts)
        or _judge_capacity(scan, gate, counts)
        or (Reason.STALE_LISTS if lists.age_minutes > gate.max_list_age_minutes else None)
    )
    return ADMITTED if reason is None else no(reason)


def _judge_exit(scan: ScanFacts, entry_pass: PassFacts | None, gate: GateFacts, counts: Counts) -> Judgement:
    """Leaving always opens the door; what doesn't fit an entry is noted."""
    if entry_pass is None or entry_pass.event_id != gate.event_id:
        return Judgement(Verdict.ADMIT, note=Note.EXIT_UNKNOWN)
    if counts.pass_inside < scan.heads:
        return Judgement(Verdict.ADMIT, note=Note.EXIT_WITHOUT_ENTRY)
    return ADMITTED


_STATE_REASONS = {
    PassState.REVOKED: Reason.REVOKED,
    PassState.SUSPENDED: Reason.SUSPENDED,
    PassState.REPLACED: Reason.REPLACED,
}


def _judge_pass(scan: ScanFacts, entry_pass: PassFacts | None, skew: timedelta, lists: Lists) -> Reason | None:
    if entry_pass is None:
        return Reason.UNKNOWN_PASS if lists.complete else Reason.INCOMPLETE_DATA
    if entry_pass.key_struck:
        return Reason.STRUCK_KEY
    if entry_pass.state is not PassState.ACTIVE:
        return _STATE_REASONS[entry_pass.state]
    # A clock that is off makes every question of time meaningless, so it comes before all of them.
    early, late = entry_pass.issued_at - skew, scan.received_at + skew
    if scan.skewed or not early <= scan.scanned_at <= late:
        return Reason.CLOCK_SKEW
    if scan.scanned_at < entry_pass.valid_from:
        return Reason.NOT_YET_VALID
    if scan.scanned_at >= entry_pass.valid_until:
        return Reason.EXPIRED
    if entry_pass.valid_days is not None and scan.scanned_local.date() not in entry_pass.valid_days:
        return Reason.WRONG_DAY
    if entry_pass.daily_from is not None and entry_pass.daily_to is not None:
        here = scan.scanned_local.time()
        return None if entry_pass.daily_from <= here < entry_pass.daily_to else Reason.WRONG_TIME
    return None


def _judge_gate(scan: ScanFacts, entry_pass: PassFacts | None, gate: GateFacts) -> Reason | None:
    assert entry_pass is not None  # noqa: S101 (asked before)
    if entry_pass.event_id != gate.event_id:
        return Reason.WRONG_EVENT
    if gate.zone_code not in entry_pass.zones:
        return Reason.WRONG_ZONE
    return None if is_open(gate, scan.scanned_local) else Reason.GATE_CLOSED


def is_open(gate: GateFacts, here: datetime) -> bool:
    """Whether the gate's hours hold `here`, a time on the city's clock; hours may pass midnight."""
    if not gate.opens_on <= here.date() <= gate.closes_on:
        return False
    if gate.opens_time is None or gate.closes_time is None:
        return True
    if gate.opens_time <= gate.closes_time:
        return gate.opens_time <= here.time() < gate.closes_time
    return here.time() >= gate.opens_time or here.time() < gate.closes_time


def _judge_policy(scan: ScanFacts, entry_pass: PassFacts | None, gate: GateFacts, counts: Counts) -> Reason | None:
    """The gate's entry policy, for one person and for n of m alike."""
    assert entry_pass is not None  # noqa: S101 (asked before)
    room = entry_pass.heads - scan.heads
    if gate.policy is EntryPolicy.ONCE and counts.pass_entries > room:
        return Reason.ALREADY_USED
    if gate.policy is EntryPolicy.ONCE_PER_DAY and counts.day_entries > room:
        return Reason.USED_TODAY
    if gate.policy is EntryPolicy.REENTRY and counts.pass_inside > room:
        return Reason.ALREADY_INSIDE
    return Reason.ALREADY_USED if room < 0 else None


def _judge_capacity(scan: ScanFacts, gate: GateFacts, counts: Counts) -> Reason | None:
    if gate.capacity is not None and counts.zone_inside + scan.heads > gate.capacity:
        return Reason.ZONE_FULL
    return None


def admit(counts: Counts, *, heads: int, pass_heads: int) -> int:
    """Lets `heads` in and returns how many of them are visits: heads not seen at this occurrence today."""
    counts.pass_inside += heads
    counts.pass_entries += heads
    counts.day_entries += heads
    counts.zone_inside += heads
    visited = min(pass_heads, counts.day_entries)
    visits = max(0, visited - counts.occurrence_visits)
    counts.occurrence_visits += visits
    return visits


def leave(counts: Counts, *, heads: int) -> int:
    """Lets `heads` out and returns how many of them had been inside; no count falls below zero."""
    gone = min(heads, counts.pass_inside)
    counts.pass_inside -= gone
    counts.zone_inside = max(0, counts.zone_inside - gone)
    return gone
