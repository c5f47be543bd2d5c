"""Planning: programmes, events, and their occurrences with zones and gates."""

from service.usecases.events.occurrences import (
    Dated,
    Named,
    Stop,
    add_gate,
    add_occurrence,
    add_zone,
    change_gate,
    change_occurrence,
    change_zone,
    list_calendar,
    list_named,
    remove_occurrence,
)
from service.usecases.events.planning import (
    add_event,
    add_programme,
    change_event,
    change_programme,
    move_event,
    require_event,
)

__all__ = [
    "Dated",
    "Named",
    "Stop",
    "add_event",
    "add_gate",
    "add_occurrence",
    "add_programme",
    "add_zone",
    "change_event",
    "change_gate",
    "change_occurrence",
    "change_programme",
    "change_zone",
    "list_calendar",
    "list_named",
    "move_event",
    "remove_occurrence",
    "require_event",
]
