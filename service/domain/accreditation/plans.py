"""How an event takes applications: under which rules, who acts for each authority, how many there may be."""

from sqlalchemy import UniqueConstraint

from service.domain.base import UUID, Field, Row, datetime, document, instant, key, reference, rule, text, texts


class AccreditationPlan(Row, table=True):
    """An event's accreditation: the rule set in use and the classes that are open.

    `caps`: the most accreditations per class, "" for all classes together. `criteria`: those by which places are
    shared out when there are too few, in their order, as applicants are told. `draw_seed_sealed` is drawn when the
    accreditation opens and published only with the allocation; until then `draw_commitment`, its SHA-256 in hex,
    proves that nobody chose it afterwards. `appeal_days`: working days in which an appeal may be filed.
    """

    event_id: UUID = reference("event.id", index=False, primary_key=True)
    rule_set_id: UUID = reference("rule_set.id", index=False)
    classes: list[str] = texts()
    caps: dict[str, int] = document(default_factory=dict)
    criteria: list[str] = document(default_factory=list)
    draw_seed_sealed: bytes
    draw_commitment: str = text()
    appeal_days: int = 5
    contact: str = text(default="")
    opened_at: datetime = instant()
    purged_at: datetime | None = instant(default=None)


class Panel(Row, table=True):
    """The organisation that acts as an authority at one event, and who is told when a clock runs out."""

    __table_args__ = (UniqueConstraint("event_id", "authority"),)

    id: UUID = key()
    event_id: UUID = reference("event.id", index=False)
    authority: str = Field(max_length=40)
    organisation_id: UUID = reference("organisation.id")
    lead_email: str = text(default="")
    language: str = Field(default="vi", max_length=2)


class Delegation(Row, table=True):
    """Somebody of another desk who acts for an authority's organisation while its own people are away."""

    __table_args__ = (rule("since < until", "period"),)

    id: UUID = key()
    organisation_id: UUID = reference("organisation.id")
    staff_id: UUID = reference("staff.id")
    given_by_id: UUID = reference("staff.id", index=False)
    reason: str = text(default="")
    since: datetime = instant()
    until: datetime = instant()
    ended_at: datetime | None = instant(default=None)
