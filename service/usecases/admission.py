"""Admitting people: one path for a single scan, for scans that arrive together, and for an upload of five hundred."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from service.domain import codes
from service.domain.door import Direction, Verdict
from service.domain.judging import (
    Counts,
    GateFacts,
    Judgement,
    Note,
    PassFacts,
    Reason,
    ScanFacts,
    judge,
)
from service.domain.ledger import Ledger
from service.domain.scans import ScanAnswer, ScanIn
from service.store import admission as store
from service.store import signing
from service.store.admission import KnownPass, ScanRow
from service.store.database import Database

_TRIES = 5
_RACES = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_LONGEST_HUMAN_CODE = 20


class _Raced(Exception):  # noqa: N818 (a race is nobody's error)
    """Another transaction kept one of our scans' ids between our look and our insert."""


@dataclass(slots=True)
class _Resolved:
    """What a code turned out to be: a pass, or the fault that the code itself shows."""

    pass_id: UUID | None = None
    fault: Reason | None = None


async def admit_scans(
    database: Database, *, scans: list[ScanIn], received_at: datetime, skew: timedelta
) -> list[ScanAnswer]:
    """Judges and keeps `scans` in their order, in one transaction, and answers each one.

    When this returns, everything it says is committed. A scan whose id is known gets its first answer and
    changes nothing; `simulate` scans are judged and not kept.
    """
    async with database.driver() as connection:
        for attempt in range(_TRIES):
            try:
                async with connection.transaction():
                    return await admit_within(connection, scans=scans, received_at=received_at, skew=skew)
            except (_Raced, *_RACES):
                if attempt == _TRIES - 1:
                    raise
    raise AssertionError


async def admit_within(
    connection: asyncpg.Connection, *, scans: list[ScanIn], received_at: datetime, skew: timedelta
) -> list[ScanAnswer]:
    """The same within a transaction that the caller commits."""
    gates, allowed = await store.list_gates(
        connection,
        device_ids=list({scan.device_id for scan in scans}),
        gate_ids=list({scan.gate_id for scan in scans}),
    )
    resolved, passes = await resolve(connection, {scan.code for scan in scans})
    door = _Door(gates, allowed, resolved, passes, received_at)
    cases = [door.case(scan) for scan in scans]
    # Only now, with the passes locked, is it sure which scans are known: whoever holds the same passes has
    # committed, or waits for us.
    known = [scan.id for scan in scans if not scan.simulate]
    ledger, verdicts = await load_ledger(
        connection, [(one.facts, one.gate, one.entry_pass) for one in cases], scan_ids=known
    )
    answers = {scan_id: _first_answer(scan_id, verdict, passes) for scan_id, verdict in verdicts.items()}
    rows: list[ScanRow] = []
    results = []
    for scan, case in zip(scans, cases, strict=True):
        if scan.id in answers and not scan.simulate:
            results.append(answers[scan.id].again())
            continue
        judgement = case.judge(ledger, skew)
        answer = case.answer(judgement)
        results.append(answer)
        if not scan.simulate:
            answers[scan.id] = answer
            rows.append(case.row(judgement, received_at))
    if rows and not await write_ledger(connection, ledger, rows):
        raise _Raced
    return results


def _first_answer(
    scan_id: UUID, verdict: tuple[UUID | None, str, str | None, str | None, int], passes: dict[UUID, KnownPass]
) -> ScanAnswer:
    """The answer to a scan that is known, as it was given."""
    pass_id, decision, reason, note, version = verdict
    judgement = Judgement(Verdict(decision), Reason(reason) if reason else None, Note(note) if note else None)
    return _answer(scan_id, judgement, passes.get(pass_id) if pass_id else None, version)


def code_hash(code: str) -> bytes:
    """The SHA-256 of a code's UTF-8 bytes: what the database knows a code by."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()


async def resolve(
    connection: asyncpg.Connection, wanted: set[str], *, lock: bool = True
) -> tuple[dict[str, _Resolved], dict[UUID, KnownPass]]:
    """What each code is, and the passes that they name, locked unless somebody only looks.

    A code that is byte for byte one that we issued needs no second check of its signature; every other one
    that looks signed is verified, to say why it is refused.
    """
    hashes = {code_hash(code): code for code in wanted}
    typed = {code: codes.read_human_code(code) for code in wanted if len(code) <= _LONGEST_HUMAN_CODE}
    found = await store.find_passes_by_code(
        connection, code_hashes=list(hashes), human_codes=[human for human in typed.values() if human], lock=lock
    )
    passes = {one.facts.id: one for one in found}
    by_hash = {one.code_hash: one.facts.id for one in found}
    by_human = {one.human_code: one.facts.id for one in found}
    resolved: dict[str, _Resolved] = {}
    signed = []
    for hashed, code in hashes.items():
        human = typed.get(code)
        if hashed in by_hash:
            resolved[code] = _Resolved(by_hash[hashed])
        elif human is not None:
            resolved[code] = _Resolved(by_human.get(human))
        elif code in typed:
            resolved[code] = _Resolved(fault=Reason.BAD_CODE)
        else:
            signed.append(code)
    if signed:
        resolved.update(await _verify(connection, signed))
        # Hardly ever: a pass whose code we have signed twice. A deadlock that this may cause is tried again.
        missing = sorted({one.pass_id for one in resolved.values() if one.pass_id} - passes.keys())
        if missing:
            passes.update(await store.find_passes(connection, missing, lock=lock))
    return resolved, passes


async def _verify(connection: asyncpg.Connection, signed: list[str]) -> dict[str, _Resolved]:
    """Checks signatures of codes that we don't know by heart: forged, damaged, foreign, or ours in another form."""
    kids = {code: signing.kid_of(code) for code in signed}
    keys = await store.find_keys(connection, [kid for kid in kids.values() if kid is not None])
    resolved = {}
    serials = {}
    for code, kid in kids.items():
        if kid is None:
            resolved[code] = _Resolved(fault=Reason.BAD_CODE)
        elif kid not in keys:
            resolved[code] = _Resolved(fault=Reason.UNKNOWN_KEY)
        elif keys[kid][1] == "struck":
            resolved[code] = _Resolved(fault=Reason.STRUCK_KEY)
        elif (serial := signing.verified_serial(code, keys[kid][0])) is None:
            resolved[code] = _Resolved(fault=Reason.BAD_SIGNATURE)
        else:
            serials[code] = serial
    if serials:
        by_serial = await store.find_pass_ids(connection, list(serials.values()))
        resolved.update({code: _Resolved(by_serial.get(serial)) for code, serial in serials.items()})
    return resolved


async def load_ledger(
    connection: asyncpg.Connection,
    cases: list[tuple[ScanFacts, GateFacts | None, PassFacts | None]],
    *,
    scan_ids: list[UUID],
) -> tuple[Ledger, dict[UUID, tuple[UUID | None, str, str | None, str | None, int]]]:
    """The counts that these scans are judged by, and the verdicts on those of `scan_ids` that are known.

    Zones with a capacity are locked, after the passes.
    """
    capped, uses, days = set(), set(), set()
    for scan, gate, entry_pass in cases:
        if gate is None:
            continue
        if gate.capacity is not None:
            capped.add(gate.zone_id)
        if entry_pass is not None:
            uses.add((entry_pass.id, gate.zone_id))
            days.add((gate.occurrence_id, scan.counted_on, entry_pass.id))
    past = await store.read_past(connection, scan_ids=scan_ids, uses=uses, days=days)
    ledger = Ledger(uses=past.uses)
    ledger.remember(past.presences)
    if capped:
        ledger.zones = await store.lock_zones(connection, sorted(capped))
    return ledger, past.verdicts


async def write_ledger(connection: asyncpg.Connection, ledger: Ledger, scans: list[ScanRow]) -> bool:
    """Writes scans and every count that the ledger has changed; False when one of the ids was kept meanwhile."""
    changes = store.Changes(
        uses={key: ledger.uses[key] for key in ledger.changed_uses},
        presences=[(*key, *change) for key, change in ledger.presences.items()],
        moves=ledger.zone_moves,
        counts={key: (visits, entries, exits) for key, (visits, entries, exits) in ledger.counts.items()},
    )
    return await store.write(connection, scans, changes)


@dataclass(frozen=True, slots=True)
class _Door:
    """All that is known while a batch is judged."""

    gates: dict[UUID, tuple[GateFacts, int]]
    allowed: set[tuple[UUID, UUID]]
    resolved: dict[str, _Resolved]
    passes: dict[UUID, KnownPass]
    received_at: datetime

    def case(self, scan: ScanIn) -> "_Case":
        """One scan with what is known of its gate and its pass.

        A device that may not scan here is told nothing about anybody's pass.
        """
        facts = ScanFacts.of(scan.direction, scan.heads, scan.scanned_at, self.received_at, skewed=scan.skewed)
        gate_id = scan.gate_id if scan.gate_id in self.gates else None
        if (scan.device_id, scan.gate_id) not in self.allowed:
            return _Case(scan, facts, gate_id, None, 0, None, None)
        gate, version = self.gates[scan.gate_id]
        code = self.resolved[scan.code]
        known = self.passes.get(code.pass_id) if code.pass_id else None
        return _Case(scan, facts, gate_id, gate, version, known, code.fault)


@dataclass(slots=True)
class _Case:
    """One scan before the judge."""

    scan: ScanIn
    facts: ScanFacts
    gate_id: UUID | None
    gate: GateFacts | None
    version: int
    known: KnownPass | None
    fault: Reason | None

    @property
    def entry_pass(self) -> PassFacts | None:
        return self.known.facts if self.known else None

    @property
    def pass_id(self) -> UUID | None:
        return self.known.facts.id if self.known else None

    def judge(self, ledger: Ledger, skew: timedelta) -> Judgement:
        """The verdict; the ledger follows an admission or an exit that is to be kept."""
        gate, entry_pass = self.gate, self.entry_pass
        counts = _NONE if gate is None else ledger.look(gate, self.pass_id, self.facts.counted_on)
        judgement = judge(scan=self.facts, gate=gate, fault=self.fault, entry_pass=entry_pass, counts=counts, skew=skew)
        if judgement.decision is not Verdict.ADMIT or self.scan.simulate or gate is None or entry_pass is None:
            return judgement
        if entry_pass.event_id == gate.event_id:
            follow = ledger.enter if self.scan.direction is Direction.ENTRY else ledger.exit
            follow(self.facts, gate, entry_pass, counts)
        return judgement

    def answer(self, judgement: Judgement) -> ScanAnswer:
        """What the door is told."""
        return _answer(self.scan.id, judgement, self.known, self.version)

    def row(self, judgement: Judgement, received_at: datetime) -> ScanRow:
        """What is kept."""
        scan, admitted = self.scan, judgement.decision is Verdict.ADMIT
        return ScanRow(
            scan.id,
            scan.device_id,
            self.gate_id,
            self.pass_id,
            self.known.code_hash if self.known else code_hash(scan.code),
            scan.direction.value,
            scan.heads,
            scan.scanned_at,
            received_at,
            self.facts.counted_on if admitted and self.known else None,
            judgement.decision.value,
            judgement.reason.value if judgement.reason else None,
            self.version,
            scan.device_decision,
            scan.device_reason,
            scan.device_list_version,
            judgement.note.value if judgement.note else None,
        )


_NONE = Counts()
_STATE_REASONS = frozenset({Reason.REVOKED, Reason.SUSPENDED, Reason.REPLACED})


def _answer(scan_id: UUID, judgement: Judgement, known: KnownPass | None, version: int) -> ScanAnswer:
    decision, reason, note = judgement.decision.value, judgement.reason, judgement.note
    if known is None:
        return ScanAnswer(
            scan_id, decision, reason and reason.value, None, (), None, None, None, None, note and note.value, version
        )
    ended = reason in _STATE_REASONS
    return ScanAnswer(
        scan_id,
        decision,
        reason and reason.value,
        known.facts.category,
        known.facts.zones,
        known.facts.heads,
        known.ground if ended else None,
        known.authority or None if ended else None,
        known.attention or None,
        note and note.value,
        version,
        known.holder_name,
    )
