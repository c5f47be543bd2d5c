"""A small city's work, made through the use cases, for the tests of pages. People are invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.domain.accounts import Access, Organisation, OrganisationKind, Role
from service.domain.accreditation import Application, ApplicationState, MediaRole, OutletKind
from service.domain.door import Direction, TallyCategory
from service.domain.events import Event, EventState, Gate, Occurrence
from service.domain.localtime import local_day
from service.domain.passes import Category
from service.domain.scans import ScanIn
from service.store import accreditation as press_store
from service.store import events as event_store
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, accreditation, audit, devices, door, events, passes, places
from service.usecases.accreditation import OutletFacts, Registration
from service.usecases.batching import Admission
from service.usecases.events import Stop
from service.usecases.passes import Wish

PASSWORD = "mật khẩu thử 2026"
ORGANISER, REVIEWER, OUTSIDER = "to.chuc@example.vn", "xet.duyet@example.vn", "don.vi.khac@example.vn"
SUMMIT = ("Hội nghị cấp cao Hợp tác biển", "Maritime Cooperation Summit")
TOUR = ("Tổ quốc nhìn từ biển", "The Fatherland seen from the sea")
HOLDERS = ("Trần Thị Ánh Mẫu", "Nguyễn Đặng Quỳnh Thử Nghiệm", "Đoàn Thí Dụ")


@dataclass(frozen=True)
class Story:
    """What the tests ask for again."""

    summit: UUID
    tour: UUID
    press_pass: UUID
    group_pass: UUID
    everywhere: Access


@dataclass
class Teller:
    """Tells the story in one transaction after the other, as an administrator of all organisations."""

    database: Database
    vault: Vault
    now: datetime
    access: Access

    async def tell(self, organisation: Organisation) -> Story:
        stops = await self._venues()
        summit = await self._event(
            organisation,
            "political_diplomatic",
            SUMMIT,
            [(stops[0], -1, 2)],
            accreditation_closes_at=self.now + timedelta(days=1),
            summary_vi="Hội nghị bốn ngày với đại biểu 24 nước.",
            summary_en="Four days with delegates from 24 countries.",
        )
        tour = await self._event(organisation, "exhibition", TOUR, [(stops[1], -20, -16), (stops[2], -2, 4)])
        press_pass = await self._press(summit)
        group = Wish(HOLDERS[2], "", Category.DELEGATE, ("A",), heads=5, attention="Có cán bộ lễ tân đi cùng.")
        async with self.database.transaction() as session:
            event = await event_store.get(session, Event, summit, "event")
            group_pass = await passes.issue_direct(
                session, access=self.access, event=event, wish=group, vault=self.vault, now=self.now
            )
        await self._door(summit, [press_pass, group_pass], tour)
        return Story(summit, tour, press_pass.id, group_pass.id, self.access)

    async def _venues(self) -> list[UUID]:
        named = (
            ("Hội trường Ví Dụ", "Example Hall", "26740", [("A", "Hội trường chính", "Main hall", 6)]),
            ("Nhà văn hóa Thí Dụ", "Sample Cultural House", "27664", [("A", "Phòng trưng bày", "Gallery", None)]),
            ("Bảo tàng Giả Định", "Supposed Museum", "26740", []),
        )
        made = []
        async with self.database.transaction() as session:
            for name_vi, name_en, code, zones in named:
                unit = await places.find_unit_by_code(session, code=code, on=local_day(self.now))
                layout: list[dict[str, Any]] = [
                    {
                        "code": zone,
                        "name_vi": vi,
                        "name_en": en,
                        "capacity": capacity,
                        "gates": [{"name": "Cửa chính", "policy": "reentry"}],
                    }
                    for zone, vi, en, capacity in zones
                ]
                facts = {
                    "name_vi": name_vi,
                    "name_en": name_en,
                    "kind": "hall",
                    "unit_id": unit.id,
                    "address": "1 Đường Ví Dụ",
                    "layout": layout,
                }
                venue = await places.add_venue(session, actor=audit.SYSTEM, facts=facts, now=self.now)
                made.append(venue.id)
        return made

    async def _event(
        self,
        organisation: Organisation,
        kind: str,
        titles: tuple[str, str],
        stops: list[tuple[UUID, int, int]],
        **facts: Any,
    ) -> UUID:
        today = local_day(self.now)
        async with self.database.transaction() as session:
            whole = {
                "organisation_id": organisation.id,
                "kind": kind,
                "title_vi": titles[0],
                "title_en": titles[1],
                **facts,
            }
            event = await events.add_event(session, access=self.access, facts=whole, now=self.now)
            for venue_id, first, last in stops:
                stop = Stop(venue_id, today + timedelta(days=first), today + timedelta(days=last))
                await events.add_occurrence(
                    session,
                    access=self.access,
                    event_id=event.id,
                    stop=stop,
                    facts={"daily_from": time(8), "daily_to": time(17)},
                    copy_layout=True,
                    now=self.now,
                )
            await events.move_event(
                session, access=self.access, event_id=event.id, state=EventState.OPEN, vault=self.vault, now=self.now
            )
        return event.id

    async def _press(self, event_id: UUID) -> Any:
        """Two journalists apply: one is approved and gets a pass, the other waits."""
        applications: list[Application] = []
        async with self.database.transaction() as session:
            for number, name in enumerate(HOLDERS[:2]):
                facts = Registration(
                    full_name=name,
                    email=f"phong.vien.{number}@example.vn",
                    password_hash="of nobody who signs in here",
                    phone="",
                    outlet=OutletFacts("Báo Ví Dụ", OutletKind.PRINT, "VN"),
                    press_card_number=f"VD {number}",
                    press_card_expires_on=local_day(self.now) + timedelta(days=300),
                )
                journalist = await accreditation.register(session, facts=facts, secrets=self.vault, now=self.now)
                applications.append(
                    await accreditation.apply(
                        session,
                        journalist=journalist,
                        event_id=event_id,
                        media_role=MediaRole.WRITER,
                        zones=["A"],
                        note="",
                        now=self.now,
                    )
                )
        async with self.database.transaction() as session:
            await accreditation.decide(
                session,
                access=self.access,
                application_id=applications[0].id,
                wish=accreditation.DecisionWish(ApplicationState.APPROVED, zones=("A",)),
                now=self.now,
            )
            found = await press_store.get_application(session, applications[0].id)
            wish = passes.wish_of(*found[:3])
            (issued,) = await passes.issue_many(
                session,
                event=found[3],
                wishes=[wish],
                actor=audit.staff(self.access),
                vault=self.vault,
                now=self.now,
            )
        return issued

    async def _door(self, summit: UUID, admitted: list[Any], tour: UUID) -> None:
        """The press pass and three of the group go in, the press pass once too often; visitors of the tour are counted."""
        async with self.database.transaction() as session:
            gates = {event_id: (await self._gates(session, event_id))[0] for event_id in (summit, tour)}
            _, code = await devices.offer_enrolment(
                session, access=self.access, device_name="Máy cửa 1", gate_ids=list(gates.values()), now=self.now
            )
            device, _ = await devices.enrol(session, code=code, public_jwk=None, now=self.now)
        admission = Admission(self.database, skew_seconds=120)
        wanted = [(admitted[0], 1), (admitted[1], 3), (admitted[0], 1)]
        for number, (one, heads) in enumerate(wanted):
            at = self.now + timedelta(milliseconds=number)
            scan = ScanIn(
                id=uuid4(),
                device_id=device.id,
                gate_id=gates[summit],
                code=one.code,
                direction=Direction.ENTRY,
                heads=heads,
                scanned_at=at,
            )
            await admission.submit([scan], received_at=at)
        await admission.close()
        tally = door.TallyIn(uuid4(), gates[tour], TallyCategory.PUPIL, 35, self.now - timedelta(days=18), "")
        await door.keep_tallies(self.database, device_id=device.id, wanted=[tally], received_at=self.now)

    async def _gates(self, session: Any, event_id: UUID) -> list[UUID]:
        found = await session.exec(
            event_store.select(Gate)
            .join(Occurrence, Occurrence.id == Gate.occurrence_id)
            .where(Occurrence.event_id == event_id)
            .order_by(Occurrence.opens_on)
        )
        return [gate.id for gate in found.scalars()]


async def tell(database: Database, secret: str, organisation: Organisation, now: datetime) -> Story:
    """Organisations, people who sign in with PASSWORD, a summit and a tour."""
    async with database.transaction() as session:
        other = await accounts.add_organisation(
            session,
            actor=audit.SYSTEM,
            name_vi="Bảo tàng Giả Định",
            name_en="Supposed Museum",
            kind=OrganisationKind.MUSEUM,
            now=now,
        )
        grants: dict[str, list[tuple[UUID | None, Role]]] = {
            ORGANISER: [(organisation.id, Role.ORGANISER)],
            REVIEWER: [(organisation.id, Role.REVIEWER)],
            OUTSIDER: [(other.id, Role.ORGANISER)],
            "quan.tri@example.vn": [(None, Role.ADMIN)],
        }
        staff = {
            email: await accounts.add_staff(
                session,
                actor=audit.SYSTEM,
                email=email,
                name="Nguyễn Thị Minh Ví Dụ",
                password=PASSWORD,
                grants=granted,
                now=now,
            )
            for email, granted in grants.items()
        }
    admin = staff["quan.tri@example.vn"]
    access = Access(admin.id, admin.name, admin.email, "vi", uuid4(), ((None, Role.ADMIN),))
    return await Teller(database, Vault(secret), now, access).tell(organisation)
