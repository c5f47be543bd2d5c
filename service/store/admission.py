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


@dataclass(frozen=True, slots=True)
class KnownPass:
    """A pass as the door needs it: what is judged, and what staff are shown."""

    facts: PassFacts
    code_hash: bytes
    holder_name: str
    ground: str
    authority: str
    attention: str


_KNOWN = """
SELECT p.id, p.event_id, p.category, p.zones, p.state, p.valid_from, p.valid_until, p.valid_days, p.heads,
       p.issued_at, k.state = 'struck' AS struck, p.code_hash, p.holder_name,
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
        code_hash,
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
    )
    return KnownPass(facts, code_hash, holder_name, ground, authority, attention)


async def find_pass_ids(
    connection: asyncpg.Connection, *, code_hashes: list[bytes], human_codes: list[str], serials: list[str]
) -> list[asyncpg.Record]:
    """The (id, code_hash, human_code, serial) of every pass that one of the three names; locks nothing."""
    parts, arguments = [], []
    for column, kind, values in (
        ("code_hash", "bytea", code_hashes),
        ("human_code", "text", human_codes),
        ("serial", "text", serials),
    ):
        if values:
            arguments.append(values)
            parts.append(
                "SELECT id, code_hash, human_code, serial FROM entry_pass "
                f"WHERE {column} = ANY(${len(arguments)}::{kind}[])"
            )
    if not parts:
        return []
    return list(await connection.fetch(" UNION ".join(parts), *arguments))


async def find_keys(connection: asyncpg.Connection, kids: list[str]) -> dict[str, tuple[dict[str, Any], str]]:
    """(public JWK, state) of each key that is ours."""
    rows = await connection.fetch(
        "SELECT kid, public_jwk::text AS public_jwk, state FROM signing_key WHERE kid = ANY($1::text[])", kids
    )
    return {row["kid"]: (json.loads(row["public_jwk"]), row["state"]) for row in rows}


async def lock_passes(connection: asyncpg.Connection, pass_ids: list[UUID]) -> dict[UUID, KnownPass]:
    """The passes, locked in the order of their ids until the transaction ends."""
    rows = await connection.fetch(
        f"{_KNOWN} WHERE p.id = ANY($1::uuid[]) ORDER BY p.id FOR NO KEY UPDATE OF p", pass_ids
    )
    return {row["id"]: _known(row) for row in rows}


async def find_verdicts(connection: asyncpg.Connection, scan_ids: list[UUID]) -> dict[UUID, asyncpg.Record]:
    """What was first said to scans that are known already, with the pass that it was about."""
    rows = await connection.fetch(
        "SELECT id, pass_id, decision, reason, note, list_version FROM scan WHERE id = ANY($1::uuid[])", scan_ids
    )
    return {row["id"]: row for row in rows}


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


async def list_uses(
    connection: asyncpg.Connection, pairs: set[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    """(inside, entries) of each (pass, zone) that was used before; the passes are locked already."""
    passes, zones = _columns(pairs, 2)
    rows = await connection.fetch(
        "SELECT u.pass_id, u.zone_id, u.inside, u.entries FROM pass_use u "
        "JOIN unnest($1::uuid[], $2::uuid[]) AS w(pass_id, zone_id) USING (pass_id, zone_id)",
        passes,
        zones,
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


async def list_presences(
    connection: asyncpg.Connection, keys: set[tuple[UUID, date, UUID]]
) -> list[tuple[UUID, date, UUID, UUID, int, int]]:
    """(occurrence, day, pass, zone, entries, visits) for each wanted (occurrence, day, pass)."""
    occurrences, days, passes = _columns(keys, 3)
    rows = await connection.fetch(
        "SELECT p.occurrence_id, p.counted_on, p.pass_id, p.zone_id, p.entries, p.visits FROM presence p "
        "JOIN unnest($1::uuid[], $2::date[], $3::uuid[]) AS w(occurrence_id, counted_on, pass_id) "
        "USING (occurrence_id, counted_on, pass_id)",
        occurrences,
        days,
        passes,
    )
    return [tuple(row) for row in rows]


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


async def add_scans(connection: asyncpg.Connection, scans: list[ScanRow]) -> bool:
    """Keeps all scans; False when another transaction has kept one of the ids meanwhile (ours is then over).

    COPY is the cheapest way in for both sides: half the price of an INSERT from arrays.
    """
    try:
        await connection.copy_records_to_table("scan", records=scans, columns=ScanRow._fields)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def write_uses(connection: asyncpg.Connection, uses: dict[tuple[UUID, UUID], tuple[int, int]]) -> None:
    """Sets (inside, entries) of each (pass, zone)."""
    rows = sorted((*key, *value) for key, value in uses.items())
    await connection.execute(
        "INSERT INTO pass_use (pass_id, zone_id, inside, entries) "
        "SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[]) "
        "ON CONFLICT (pass_id, zone_id) DO UPDATE SET inside = excluded.inside, entries = excluded.entries",
        *_columns(rows, 4),
    )


async def write_presences(connection: asyncpg.Connection, rows: list[tuple[Any, ...]]) -> None:
    """Adds (occurrence, day, pass, zone, category, entries, visits) to what is known of the day."""
    await connection.execute(
        "INSERT INTO presence (occurrence_id, counted_on, pass_id, zone_id, category, entries, visits) "
        "SELECT * FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::uuid[], $5::text[], $6::int4[], $7::int4[]) "
        "ON CONFLICT (occurrence_id, counted_on, pass_id, zone_id) DO UPDATE "
        "SET entries = presence.entries + excluded.entries, visits = presence.visits + excluded.visits",
        *_columns(sorted(rows), 7),
    )


async def move_zones(connection: asyncpg.Connection, moves: dict[UUID, int]) -> None:
    """Adds to the people inside each zone; never below zero."""
    await connection.execute(
        "INSERT INTO zone_use (zone_id, inside) SELECT * FROM unnest($1::uuid[], $2::int4[]) "
        "ON CONFLICT (zone_id) DO UPDATE SET inside = greatest(0, zone_use.inside + excluded.inside)",
        *_columns(sorted(moves.items()), 2),
    )


async def add_counts(connection: asyncpg.Connection, counts: dict[tuple[Any, ...], tuple[int, int, int]]) -> None:
    """Adds (visits, entries, exits) under (occurrence, day, hour, gate, category, method)."""
    rows = sorted((*key, *value) for key, value in counts.items())
    await connection.execute(
        "INSERT INTO attendance_count "
        "(occurrence_id, counted_on, hour, gate_id, category, method, visits, entries, exits) "
        "SELECT * FROM unnest($1::uuid[], $2::date[], $3::int4[], $4::uuid[], $5::text[], $6::text[], "
        "$7::int4[], $8::int4[], $9::int4[]) "
        "ON CONFLICT (occurrence_id, counted_on, hour, gate_id, category, method) DO UPDATE SET "
        "visits = attendance_count.visits + excluded.visits, "
        "entries = attendance_count.entries + excluded.entries, "
        "exits = attendance_count.exits + excluded.exits",
        *_columns(rows, 9),
    )


def _columns(rows: Any, width: int) -> list[list[Any]]:
    """Rows turned into the columns that unnest takes."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
