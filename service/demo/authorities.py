"""The bodies that have a say in accreditation, each with a member of staff, and opening an event to the press."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.demo.stage import Stage
from service.domain.accounts import OrganisationKind, Role
from service.domain.accreditation import AccreditationPlan, Criterion, Rules
from service.domain.events import Event
from service.usecases import accounts, accreditation, audit
from service.usecases.accreditation import Acting, PlanWish


@dataclass(frozen=True)
class Desk:
    """One authority, by its code in the packaged rules; every body is invented."""

    code: str
    name_vi: str
    name_en: str
    member: str

    @property
    def sign_in(self) -> str:
        """How the demo's sign-ins call it."""
        return self.code.replace("_", " ")

    @property
    def email(self) -> str:
        """The address of its member of staff, who is its lead too."""
        return f"{self.code.replace('_', '-')}@demo.biendao.vn"


DESKS = (
    Desk("press_management", "Cơ quan quản lý báo chí (mẫu)", "Press Management (sample)", "Báo Chí Triều"),
    Desk("host", "Đơn vị chủ trì Diễn đàn (mẫu)", "Host of the Forum (sample)", "Chủ Trì Vịnh"),
    Desk("security", "Cơ quan an ninh (mẫu)", "Security (sample)", "An Ninh Đảo"),
    Desk("external_affairs", "Cơ quan ngoại vụ (mẫu)", "External Affairs (sample)", "Ngoại Vụ Cảng"),
    Desk("foreign_ministry", "Cơ quan đối ngoại (mẫu)", "Foreign Ministry (sample)", "Đối Ngoại Khơi"),
)
CONTACT = "Trung tâm Báo chí Thành phố (mẫu), baochi@demo.biendao.vn"


async def add(stage: Stage, password: str) -> None:
    """The organisations of DESKS, and whoever looks at applications for each."""
    for desk in DESKS:
        body = await accounts.add_organisation(
            stage.session,
            actor=audit.SYSTEM,
            name_vi=desk.name_vi,
            name_en=desk.name_en,
            kind=OrganisationKind.AUTHORITY,
            now=stage.now,
        )
        member = await accounts.add_staff(
            stage.session,
            actor=audit.SYSTEM,
            email=desk.email,
            name=desk.member,
            password=password,
            grants=[(body.id, Role.AUTHORITY)],
            now=stage.now,
        )
        stage.organisations[desk.code] = body.id
        stage.desks[desk.code] = member.id


async def open_to_the_press(
    stage: Stage, event: Event, classes: tuple[str, ...], caps: Mapping[str, int], closes_at: datetime, now: datetime
) -> tuple[AccreditationPlan, Rules]:
    """The event takes applications of these classes under the packaged rules, with every desk in its place."""
    rule_set = await accreditation.ensure_packaged(stage.session, now=now)
    wish = PlanWish(
        rule_set_id=rule_set.id,
        classes=classes,
        acting={desk.code: Acting(stage.organisations[desk.code], desk.email) for desk in DESKS},
        caps=caps,
        closes_at=closes_at,
        contact=CONTACT,
        criteria=(Criterion.AGENCY_OR_HOST, Criterion.OUTLET_TURN, Criterion.EARLIEST_DAY),
    )
    plan = await accreditation.open_accreditation(
        stage.session, access=stage.access(), event_id=event.id, wish=wish, secrets=stage.vault, now=now
    )
    return plan, rule_set.rules
