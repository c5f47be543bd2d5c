"""What a batch of scans has changed so far: the counts that its next scan is judged by, and what is to be written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from service.domain.attendance import Method
from service.domain.judging import Counts, GateFacts, PassFacts, ScanFacts, admit, leave
from service.domain.passes import Category

CountKey = tuple[UUID, date, int, UUID, str, str]
"""(occurrence, day, hour, gate, category, method)"""


@dataclass
class Ledger:
    """Starts from what the database holds and follows every scan of the batch in order.

    `zones`: people inside; `uses`: (inside, entries) by (pass, zone); `entries`: a pass's entries of a day by
    (occurrence, day, pass) and zone; `visits`: its visits of that day in the whole occurrence.
    """

    zones: dict[UUID, int] = field(default_factory=dict)
    uses: dict[tuple[UUID, UUID], tuple[int, int]] = field(default_factory=dict)
    entries: dict[tuple[UUID, date, UUID], dict[UUID, int]] = field(default_factory=dict)
    visits: dict[tuple[UUID, date, UUID], int] = field(default_factory=dict)

    changed_uses: set[tuple[UUID, UUID]] = field(default_factory=set)
    zone_moves: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    presences: dict[tuple[UUID, date, UUID, UUID, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    counts: dict[CountKey, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def remember(self, presences: Iterable[tuple[UUID, date, UUID, UUID, int, int]]) -> None:
        """Takes in (occurrence, day, pass, zone, entries, visits) as the database holds them."""
        for occurrence_id, on, pass_id, zone_id, entries, visits in presences:
            day = (occurrence_id, on, pass_id)
            self.entries.setdefault(day, {})[zone_id] = entries
            self.visits[day] = self.visits.get(day, 0) + visits

    def look(self, gate: GateFacts, pass_id: UUID | None, on: date) -> Counts:
        """The counts by which a scan of `pass_id` at `gate` is judged."""
        inside = self.zones.get(gate.zone_id, 0)
        if pass_id is None:
            return Counts(zone_inside=inside)
        day = (gate.occurrence_id, on, pass_id)
        pass_inside, pass_entries = self.uses.get((pass_id, gate.zone_id), (0, 0))
        return Counts(
            pass_inside,
            pass_entries,
            self.entries.get(day, {}).get(gate.zone_id, 0),
            self.visits.get(day, 0),
            inside,
        )

    def enter(self, scan: ScanFacts, gate: GateFacts, entry_pass: PassFacts, counts: Counts) -> None:
        """Follows an admission; `counts` are those that it was judged by."""
        visits = admit(counts, heads=scan.heads, pass_heads=entry_pass.heads)
        self._keep(scan, gate, entry_pass, counts, entries=scan.heads, visits=visits, moved=scan.heads)
        self._count(scan, gate, entry_pass.category, visits, scan.heads, 0)

    def take_back(self, scan: ScanFacts, gate: GateFacts, entry_pass: PassFacts, counts: Counts) -> None:
        """Follows an undo: an admission that turned out not to be one leaves no trace in the counts."""
        on = scan.counted_on
        gone = leave(counts, heads=scan.heads)
        entries = min(scan.heads, counts.day_entries)
        counts.pass_entries = max(0, counts.pass_entries - scan.heads)
        counts.day_entries -= entries
        left = sum(self.entries.get((gate.occurrence_id, on, entry_pass.id), {}).values()) - entries
        visits = max(0, counts.occurrence_visits - min(entry_pass.heads, left))
        counts.occurrence_visits -= visits
        self._keep(scan, gate, entry_pass, counts, entries=-entries, visits=-visits, moved=-gone)
        self._count(scan, gate, entry_pass.category, -visits, -entries, 0)

    def exit(self, scan: ScanFacts, gate: GateFacts, entry_pass: PassFacts, counts: Counts) -> None:
        """Follows somebody out; only those who were inside are taken off."""
        gone = leave(counts, heads=scan.heads)
        self._keep(scan, gate, entry_pass, counts, entries=0, visits=0, moved=-gone)
        self._count(scan, gate, entry_pass.category, 0, 0, scan.heads)

    def enter_unknown(self, scan: ScanFacts, gate: GateFacts) -> None:
        """Follows a supervisor's override for somebody whose pass is not known: counted as a visitor."""
        self._move(gate.zone_id, scan.heads)
        self._count(scan, gate, Category.VISITOR.value, scan.heads, scan.heads, 0)

    def take_back_unknown(self, scan: ScanFacts, gate: GateFacts) -> None:
        """Follows the undo of such an override."""
        self._move(gate.zone_id, -min(scan.heads, self.zones.get(gate.zone_id, 0)))
        self._count(scan, gate, Category.VISITOR.value, -scan.heads, -scan.heads, 0)

    def _move(self, zone_id: UUID, heads: int) -> None:
        self.zones[zone_id] = max(0, self.zones.get(zone_id, 0) + heads)
        self.zone_moves[zone_id] += heads

    def _keep(
        self,
        scan: ScanFacts,
        gate: GateFacts,
        entry_pass: PassFacts,
        counts: Counts,
        *,
        entries: int,
        visits: int,
        moved: int,
    ) -> None:
        on, use = scan.counted_on, (entry_pass.id, gate.zone_id)
        day = (gate.occurrence_id, on, entry_pass.id)
        self.uses[use] = (counts.pass_inside, counts.pass_entries)
        self.changed_uses.add(use)
        if moved:
            self._move(gate.zone_id, moved)
        if entries or visits:
            self.entries.setdefault(day, {})[gate.zone_id] = counts.day_entries
            self.visits[day] = counts.occurrence_visits
            change = self.presences[(*day, gate.zone_id, entry_pass.category)]
            change[0] += entries
            change[1] += visits

    def _count(self, scan: ScanFacts, gate: GateFacts, category: str, visits: int, entries: int, exits: int) -> None:
        """Staff pass the door and are never counted as visitors."""
        if category == Category.STAFF:
            return
        key = (gate.occurrence_id, scan.counted_on, scan.counted_hour, gate.id, category, Method.SCAN.value)
        change = self.counts[key]
        change[0] += visits
        change[1] += entries
        change[2] += exits
