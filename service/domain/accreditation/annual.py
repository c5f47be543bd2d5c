"""Standing accreditation: given for a year, confirmed for each event in one step."""

from service.domain.base import UUID, Field, Row, date, datetime, day, instant, key, reference, rule, text


class StandingAccreditation(Row, table=True):
    """A journalist's accreditation for a period, in one class, with one organisation that gave it.

    It opens no door by itself: for each event its holder confirms, and the office decides without the
    authorities looking again.
    """

    __table_args__ = (rule("valid_from <= valid_until", "period"),)

    id: UUID = key()
    journalist_id: UUID = reference("journalist.id")
    organisation_id: UUID = reference("organisation.id")
    class_code: str = Field(max_length=40)
    valid_from: date = day()
    valid_until: date = day()
    ground: str = text(default="")
    given_by_id: UUID = reference("staff.id", index=False)
    given_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    end_ground: str = text(default="")
