"""The door's hot path on the driver's own connection: each function is one set-based statement.

Locks are taken in one order by everyone: passes by id, then zones with a capacity by id; counts come last.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from service.domain.events import EntryPolicy
from service.domain.judging import GateFacts, PassFacts
from service.domain.passes import PassState


@dataclass(slots=True)
class KnownPass:
    """A pass as the door needs it: what is judged, and what staff are shown."""

    facts: PassFacts
    code_hash: bytes
    human_code: str
    holder_name: str
    ground: str
    authority: str
    attention: str


_KNOWN = """
SELECT p.id, p.event_id, p.category, p.zones, p.state, p.valid_from, p.valid_until, p.valid_days, p.heads,
       p.issued_at, k.state = 'struck' AS struck, p.daily_from, p.daily_to, p.code_hash, p.human_code,
       p.holder_name,
       p.state_ground, p.state_authority, p.attention
FROM entry_pass p JOIN signing_key k ON k.id = p.key_id
"""
_STATES = {state.value: state for state in PassState}
_POLICIES = {policy.value: policy for policy in EntryPolicy}


def _known(row: asyncpg.Record) -> KnownPass:
    (
        pass_id,
        event_id,
        category,
        zones,
        state,
        valid_from,
        valid_until,
        valid_days,
        heads,
        issued_at,
        struck,
        daily_from,
        daily_to,
        code_hash,
        human_code,
        holder_name,
        ground,
        authority,
        attention,
    ) = row
    facts = PassFacts(
        pass_id,
        event_id,
        category,
        tuple(zones),
        _STATES[state],
        valid_from,
        valid_until,
        None if valid_days is None else tuple(valid_days),
        heads,
        issued_at,
        struck,
        daily_from,
        daily_to,
    )
    return KnownPass(facts, code_hash, human_code, holder_name, ground, authority, attention)


_LOCKED = "ORDER BY p.id FOR NO KEY UPDATE OF p"


async def find_passes_by_code(
    connection: asyncpg.Connection, *, code_hashes: list[bytes], human_codes: list[str], lock: bool
) -> list[KnownPass]:
    """The passes that codes name; `lock` holds them, in the order of their ids, until the transaction ends."""
    rows = await connection.fetch(
        f"{_KNOWN} WHERE p.code_hash = ANY($1::bytea[]) OR p.human_code = ANY($2::text[]) {_LOCKED if lock else ''}",
        code_hashes,
        human_codes,
    )
    return [_known(row) for row in rows]


async def find_pass_ids(connection: asyncpg.Connection, serials: list[str]) -> dict[str, UUID]:
    """The id of each pass by its serial; locks nothing."""
    rows = await connection.fetch("SELECT id, serial FROM entry_pass WHERE serial = ANY($1::text[])", serials)
    return {row["serial"]: row["id"] for row in rows}


async def find_keys(connection: asyncpg.Connection, kids: list[str]) -> dict[str, tuple[dict[str, Any], str]]:
    """(public JWK, state) of each key that is ours."""
    rows = await connection.fetch(
        "SELECT kid, public_jwk::text AS public_jwk, state FROM signing_key WHERE kid = ANY($1::text[])", kids
    )
    return {row["kid"]: (json.loads(row["public_jwk"]), row["state"]) for row in rows}


async def find_passes(connection: asyncpg.Connection, pass_ids: list[UUID], *, lock: bool) -> dict[UUID, KnownPass]:
    """The passes; `lock` holds them, in the order of their ids, until the transaction ends."""
    rows = await connection.fetch(f"{_KNOWN} WHERE p.id = ANY($1::uuid[]) {_LOCKED if lock else ''}", pass_ids)
    return {row["id"]: _known(row) for row in rows}


async def list_gates(
    connection: asyncpg.Connection, *, device_ids: list[UUID], gate_ids: list[UUID]
) -> tuple[dict[UUID, tuple[GateFacts, int]], set[tuple[UUID, UUID]]]:
    """The gates with the version of their event's pass list, and the (device, gate) pairs that may scan."""
    rows = await connection.fetch(
        """
        SELECT g.id, g.zone_id, g.occurrence_id, o.event_id, z.code, z.capacity, g.policy, g.opens_time,
               g.closes_time, o.opens_on, o.closes_on, z.max_list_age_minutes, coalesce(l.version, 0) AS version,
               ARRAY(SELECT dg.device_id FROM device_gate dg JOIN device d ON d.id = dg.device_id
                     WHERE dg.gate_id = g.id AND dg.device_id = ANY($2::uuid[]) AND d.revoked_at IS NULL) AS devices
        FROM gate g JOIN zone z ON z.id = g.zone_id JOIN occurrence o ON o.id = g.occurrence_id
        LEFT JOIN pass_list l ON l.event_id = o.event_id
        WHERE g.id = ANY($1::uuid[])
        """,
        gate_ids,
        device_ids,
    )
    gates = {}
    allowed: set[tuple[UUID, UUID]] = set()
    for row in rows:
        gate_id, zone_id, occurrence_id, event_id, code, capacity, policy, *rest, version, devices = row
        gates[gate_id] = (
            GateFacts(gate_id, zone_id, occurrence_id, event_id, code, capacity, _POLICIES[policy], *rest),
            version,
        )
        allowed.update((device_id, gate_id) for device_id in devices)
    return gates, allowed


async def lock_zones(connection: asyncpg.Connection, zone_ids: list[UUID]) -> dict[UUID, int]:
    """How many are inside each zone; locked in the order of ids until the transaction ends."""
    statement = "SELECT zone_id, inside FROM zone_use WHERE zone_id = ANY($1::uuid[]) ORDER BY zone_id FOR UPDATE"
    rows = await connection.fetch(statement, zone_ids)
    if len(rows) < len(set(zone_ids)):
        await connection.execute(
            "INSERT INTO zone_use (zone_id, inside) SELECT id, 0 FROM unnest($1::uuid[]) AS id ORDER BY id "
            "ON CONFLICT DO NOTHING",
            zone_ids,
        )
        rows = await connection.fetch(statement, zone_ids)
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Past:
    """What the database knows of scans, passes and days before a batch is judged.

    `verdicts`: (pass, decision, reason, note, list version) of scans that are known already; `uses`: (inside,
    entries) by (pass, zone); `presences`: (occurrence, day, pass, zone, entries, visits).
    """

    verdicts: dict[UUID, tuple[UUID | None, str, str | None, str | None, int]]
    uses: dict[tuple[UUID, UUID], tuple[int, int]]
    presences: list[tuple[UUID, date, UUID, UUID, int, int]]


async def read_past(
    connection: asyncpg.Connection,
    *,
    scan_ids: list[UUID],
    uses: set[tuple[UUID, UUID]],
    days: set[tuple[UUID, date, UUID]],
) -> Past:
    """All that a batch needs to know, in one round trip; the passes are locked already.

    `uses` are (pass, zone), `days` are (occurrence, day, pass).
    """
    rows = await connection.fetch(_PAST, scan_ids, *_columns(uses, 2), *_columns(days, 3))
    past = Past({}, {}, [])
    for kind, one, two, three, on, first, second, decision, reason, note in rows:
        if kind == "v":
            past.verdicts[one] = (two, decision, reason, note, first)
        elif kind == "u":
            past.uses[one, two] = (first, second)
        else:
            past.presences.append((one, on, two, three, first, second))
    return past


_PAST = """
SELECT 'v', id, pass_id, NULL::uuid, NULL::date, list_version, 0, decision, reason, note
FROM scan WHERE id = ANY($1::uuid[])
UNION ALL
SELECT 'u', u.pass_id, u.zone_id, NULL, NULL, u.inside, u.entries, NULL, NULL, NULL
FROM pass_use u JOIN unnest($2::uuid[], $3::uuid[]) AS w(pass_id, zone_id) USING (pass_id, zone_id)
UNION ALL
SELECT 'p', p.occurrence_id, p.pass_id, p.zone_id, p.counted_on, p.entries, p.visits, NULL, NULL, NULL
FROM presence p JOIN unnest($4::uuid[], $5::date[], $6::uuid[]) AS w(occurrence_id, counted_on, pass_id)
  USING (occurrence_id, counted_on, pass_id)
"""


class ScanRow(NamedTuple):
    """One scan to be kept: the columns of the table by their names."""

    id: UUID
    device_id: UUID
    gate_id: UUID | None
    pass_id: UUID | None
    code_hash: bytes
    direction: str
    heads: int
    scanned_at: datetime
    received_at: datetime
    counted_on: date | None
    decision: str
    reason: str | None
    list_version: int
    device_decision: str | None
    device_reason: str | None
    device_list_version: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a batch writes besides its scans.

    `uses`: (inside, entries) to be set by (pass, zone); `presences`: (occurrence, day, pass, zone, category,
    entries, visits) to be added; `moves`: people to be added to each zone; `counts`: (visits, entries, exits) to
    be added under (occurrence, day, hour, gate, category, method).
    """

    uses: dict[tuple[UUID, UUID], tuple[int, int]]
    presences: list[tuple[Any, ...]]
    moves: dict[UUID, int]
    counts: dict[tuple[Any, ...], tuple[int, int, int]]


async def write(connection: asyncpg.Connection, scans: list[ScanRow], changes: Changes) -> bool:
    """Keeps scans and counts; False when another transaction has kept one of the ids meanwhile (ours is over then).

    What everybody changes, zones and counts, is changed last: others wait for it from here to the commit.
    """
    uses = sorted((*key, *value) for key, value in changes.uses.items())
    counts = sorted((*key, *value) for key, value in changes.counts.items())
    try:
        await connection.execute(
            _WRITE_ROWS, *_columns(scans, 17), *_columns(uses, 4), *_columns(sorted(changes.presences), 7)
        )
    except asyncpg.UniqueViolationError:
        return False
    if changes.moves or counts:
        await connection.execute(_WRITE_COUNTS, *_columns(sorted(changes.moves.items()), 2), *_columns(counts, 9))
    return True


async def add_counts(connection: asyncpg.Connection, counts: dict[tuple[Any, ...], tuple[int, int, int]]) -> None:
    """Adds (visits, entries, exits) under (occurrence, day, hour, gate, category, method)."""
    await write(connection, [], Changes({}, [], {}, counts))


def _arrays(first: int, types: str) -> str:
    """`unnest` over the parameters from number `first` on, one per type."""
    return "unnest(" + ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types.split(), first)) + ")"


_WRITE_ROWS = f"""
WITH used AS (
  INSERT INTO pass_use (pass_id, zone_id, inside, entries) SELECT * FROM {_arrays(18, "uuid uuid int4 int4")}
  ON CONFLICT (pass_id, zone_id) DO UPDATE SET inside = excluded.inside, entries = excluded.entries
), present AS (
  INSERT INTO presence (occurrence_id, counted_on, pass_id, zone_id, category, entries, visits)
  SELECT * FROM {_arrays(22, "uuid date uuid uuid text int4 int4")}
  ON CONFLICT (occurrence_id, counted_on, pass_id, zone_id) DO UPDATE
  SET entries = presence.entries + excluded.entries, visits = presence.visits + excluded.visits
)
INSERT INTO scan ({", ".join(ScanRow._fields)}) SELECT * FROM {
    _arrays(1, "uuid uuid uuid uuid bytea text int4 timestamptz timestamptz date text text int4 text text int4 text")
}
"""

_WRITE_COUNTS = f"""
WITH moved AS (
  INSERT INTO zone_use (zone_id, inside) SELECT * FROM {_arrays(1, "uuid int4")}
  ON CONFLICT (zone_id) DO UPDATE SET inside = greatest(0, zone_use.inside + excluded.inside)
)
INSERT INTO attendance_count
  (occurrence_id, counted_on, hour, gate_id, category, method, visits, entries, exits)
SELECT * FROM {_arrays(3, "uuid date int4 uuid text text int4 int4 int4")}
ON CONFLICT (occurrence_id, counted_on, hour, gate_id, category, method) DO UPDATE SET
  visits = attendance_count.visits + excluded.visits,
  entries = attendance_count.entries + excluded.entries,
  exits = attendance_count.exits + excluded.exits
"""


def _columns(rows: Any, width: int) -> list[list[Any]]:
    """Rows turned into the columns that unnest takes."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
