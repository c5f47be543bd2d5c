"""An event that takes applications of the press by several authorities, made through the use cases.

Everything is a row of a real database: organisations that act as authorities, their staff, journalists, drafts with
files, applications that were sent in. People are invented.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, OrganisationKind, Role, SignIn
from service.domain.accreditation import (
    CONSENT_VERSION,
    AccreditationPlan,
    Application,
    ApplicationState,
    ConsentPurpose,
    Evidence,
    EvidenceKind,
    Journalist,
    MediaRole,
    Outlet,
    OutletKind,
    Review,
    ReviewState,
    Rules,
    VerdictKind,
)
from service.domain.files import FilePurpose
from service.domain.localtime import local_day
from service.domain.texts import fold
from service.settings import Settings
from service.store import accreditation as application_store
from service.store import consents as consent_store
from service.store import evidence as evidence_store
from service.store import files
from service.store import outlets as outlet_store
from service.store import reviews as review_store
from service.store.vault import Vault, new_token, token_hash
from service.usecases import accounts, accreditation, audit
from service.usecases.accreditation import Acting, Changes, PlanWish, VerdictWish
from service.usecases.accreditation.journalists import PRESS_CARD
from tests.conftest import NOW, PASSWORD, SECRET
from tests.rows import MadeEvent, make_event

VAULT = Vault(SECRET)
CLASSES = ("domestic", "resident_foreign", "visiting_foreign", "technician", "official_media", "one_day")
ANSWERS: dict[str, Any] = {
    "pen_name": "Sóng Xanh",
    "birth_year": "1990",
    "nationality": "VN",
    "identity_number": "079 190 001 234",
    "assignment": "Đưa tin phiên khai mạc và phỏng vấn bên lề.",
    "days_wanted": [],
    "arrives_on": "2026-12-03",
    "equipment": "Máy ảnh, số hiệu VD-001",
    "frequencies": "",
    "vehicle": "",
}
"""Answers to all that classes ask; a class takes its own. `days_wanted` empty: the event's first day."""


@dataclass(frozen=True)
class PressStory:
    """An event that takes applications, who runs it, and who acts as each authority.

    `desks`, `bodies` and `emails` go by authority code; `emails` also has "organiser", "reviewer" and "outsider"
    (an organiser elsewhere). Whoever has an e-mail address signs in with conftest.PASSWORD.
    """

    host: Organisation
    event: MadeEvent
    plan: AccreditationPlan
    rules: Rules
    organiser: Access
    reviewer: Access
    outsider: Access
    desks: Mapping[str, Access]
    bodies: Mapping[str, Organisation]
    emails: Mapping[str, str]
    vault: Vault

    @property
    def days(self) -> list[date]:
        """The days of the event."""
        return [
            self.event.opens_on + timedelta(days=n)
            for n in range((self.event.closes_on - self.event.opens_on).days + 1)
        ]


async def open_press(
    session: AsyncSession,
    *,
    host: Organisation | None = None,
    classes: tuple[str, ...] = CLASSES,
    caps: Mapping[str, int] | None = None,
    days: tuple[int, int] = (14, 16),
    zones: tuple[str, ...] = ("A", "B"),
    closes_in: timedelta = timedelta(days=7),
    appeal_days: int = 5,
    vault: Vault = VAULT,
    now: datetime = NOW,
    **facts: Any,
) -> PressStory:
    """An open event under the packaged rules, every authority of which is an organisation of its own.

    The event goes from `days[0]` to `days[1]` days after `now`; `facts` are the event's. The host acts as authority
    "host" too, with a member of staff of its own for that.
    """
    host = host or await _organisation(session, "Sở Chủ trì Ví Dụ", "Example Host Department", now)
    rule_set = await accreditation.ensure_packaged(session, now=now)
    event = await make_event(session, host, zones=zones, days=days, now=now, **facts)
    named = {one.code: one.name for rule in rule_set.rules.classes for one in rule.authorities}
    bodies = {
        code: host if code == "host" else await _organisation(session, f"{name.vi} (Ví Dụ)", f"Example {name.en}", now)
        for code, name in named.items()
    }
    other = await _organisation(session, "Đơn vị Ngoài Cuộc", "Body without a Part", now)
    people = {
        "organiser": (host, Role.ORGANISER),
        "reviewer": (host, Role.REVIEWER),
        "outsider": (other, Role.ORGANISER),
        **{code: (body, Role.AUTHORITY) for code, body in bodies.items()},
    }
    emails = {key: f"{key.replace('_', '.')}@authority.example" for key in people}
    staff = {
        key: await _staff(session, emails[key], name.name_vi, name.id, role, now)
        for key, (name, role) in people.items()
    }
    wish = PlanWish(
        rule_set_id=rule_set.id,
        classes=classes,
        acting={code: Acting(body.id, f"lead.{code}@authority.example") for code, body in bodies.items()},
        caps=caps or {},
        closes_at=now + closes_in,
        contact="Phòng Báo chí, 028 0000 0000",
        appeal_days=appeal_days,
    )
    plan = await accreditation.open_accreditation(
        session, access=staff["organiser"], event_id=event.id, wish=wish, secrets=vault, now=now
    )
    return PressStory(
        host=host,
        event=event,
        plan=plan,
        rules=rule_set.rules,
        organiser=staff["organiser"],
        reviewer=staff["reviewer"],
        outsider=staff["outsider"],
        desks={code: staff[code] for code in bodies},
        bodies=bodies,
        emails=emails,
        vault=vault,
    )


async def _organisation(session: AsyncSession, name_vi: str, name_en: str, now: datetime) -> Organisation:
    return await accounts.add_organisation(
        session, actor=audit.SYSTEM, name_vi=name_vi, name_en=name_en, kind=OrganisationKind.AUTHORITY, now=now
    )


async def _staff(
    session: AsyncSession, email: str, desk: str, organisation_id: UUID, role: Role, now: datetime
) -> Access:
    made = await accounts.add_staff(
        session,
        actor=audit.SYSTEM,
        email=email,
        name=f"Cán bộ {desk}",
        password=PASSWORD,
        grants=[(organisation_id, role)],
        now=now,
    )
    return Access(made.id, made.name, made.email, "vi", uuid4(), ((organisation_id, role),))


# Journalists --------------------------------------------------------------------------------------------------


async def make_journalist(
    session: AsyncSession,
    number: int = 1,
    *,
    outlet: str | UUID = "Báo Sóng Xanh",
    kind: OutletKind = OutletKind.PRINT,
    consents: tuple[ConsentPurpose, ...] = (ConsentPurpose.ACCREDITATION, ConsentPurpose.PORTRAIT_ON_BADGE),
    vault: Vault = VAULT,
    now: datetime = NOW,
    **facts: Any,
) -> Journalist:
    """A journalist with a press card and consents; another number is another person. They sign in with PASSWORD."""
    number_of_card = f"{number:06d}"
    known: dict[str, Any] = {
        "full_name": f"Nguyễn Thị Biển {number}",
        "passport_line": "NGUYEN<<THI<BIEN",
        "email": f"phong.vien.{number}@toasoan.example",
        "phone": "0900 000 000",
        "password_hash": await accounts.hash_password(PASSWORD),
        "press_card_sealed": vault.seal(number_of_card.encode(), purpose=PRESS_CARD),
        "press_card_hash": vault.look_up(f"press card {number_of_card}"),
        "press_card_expires_on": date(2099, 12, 31),
    } | facts
    outlet_id = outlet if isinstance(outlet, UUID) else (await make_outlet(session, outlet, kind, now=now)).id
    made = Journalist(outlet_id=outlet_id, folded=fold(known["full_name"]), created_at=now, **known)
    session.add(made)
    await session.flush()
    for purpose in consents:
        await consent_store.agree(
            session, journalist_id=made.id, purpose=purpose, text_version=CONSENT_VERSION, now=now
        )
    return made


async def make_outlet(
    session: AsyncSession, name: str, kind: OutletKind = OutletKind.PRINT, *, now: datetime = NOW
) -> Outlet:
    """The outlet of that name."""
    found = await outlet_store.find_by_name(session, fold(name))
    if found is None:
        found = Outlet(name=name, folded=fold(name), kind=kind, country="VN", created_at=now)
        session.add(found)
        await session.flush()
    return found


async def open_session(
    session: AsyncSession, journalist: Journalist, settings: Settings | None = None, now: datetime = NOW
) -> str:
    """The token of a journalist who is signed in: the cookie `biendao_press`, or a bearer token.

    It lasts as long as `settings` say, without them a year.
    """
    lasts = timedelta(hours=settings.session_hours) if settings else timedelta(days=365)
    token = new_token("bdj")
    session.add(
        SignIn(
            token_hash=token_hash(token),
            journalist_id=journalist.id,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    await session.flush()
    return token


# Applications -------------------------------------------------------------------------------------------------


async def begin(
    session: AsyncSession, story: PressStory, journalist: Journalist, class_code: str = "domestic", now: datetime = NOW
) -> Application:
    """An empty draft."""
    return await accreditation.start(
        session, journalist=journalist, event_id=story.event.id, class_code=class_code, now=now
    )


async def fill(
    session: AsyncSession,
    story: PressStory,
    journalist: Journalist,
    application: Application,
    *,
    now: datetime = NOW,
    media_role: MediaRole = MediaRole.WRITER,
    zones: tuple[str, ...] = ("A",),
    **answers: Any,
) -> Application:
    """Everything that the draft's class asks, files included; `answers` win over ANSWERS."""
    rule = story.rules.of(application.class_code)
    known = {**ANSWERS, "days_wanted": [story.event.opens_on.isoformat()], **answers}
    changes = Changes(
        media_role=media_role, zones_wanted=zones, answers={one.code: known[one.code] for one in rule.asks}
    )
    written = await accreditation.write(
        session,
        journalist=journalist,
        application_id=application.id,
        version=application.version,
        changes=changes,
        secrets=story.vault,
        now=now,
    )
    for one in rule.evidence_of(media_role):
        await attach(session, application, one.kind, vault=story.vault, now=now)
    return written


async def attach(
    session: AsyncSession,
    application: Application,
    kind: EvidenceKind,
    content: bytes = b"",
    *,
    media_type: str = "image/jpeg",
    vault: Vault = VAULT,
    now: datetime = NOW,
) -> Evidence:
    """A file of an application, its content sealed in the database: a picture, unless another is given."""
    content = content or picture()
    kept = await files.add_file(
        session, purpose=FilePurpose.EVIDENCE, media_type=media_type, content=content, vault=vault, now=now
    )
    made = Evidence(
        application_id=application.id,
        kind=kind,
        file_id=kept.id,
        media_type=media_type,
        name=f"{kind.value}.jpg",
        size=len(content),
        added_at=now,
    )
    session.add(made)
    await session.flush()
    return made


def picture(width: int = 480, height: int = 640, kind: str = "JPEG", colour: str = "steelblue") -> bytes:
    """A plain picture, as a file."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, kind)
    return kept.getvalue()


async def submit(
    session: AsyncSession,
    journalist: Journalist,
    application: Application,
    *,
    vault: Vault = VAULT,
    now: datetime = NOW,
) -> Application:
    """Sends a complete draft in."""
    return await accreditation.submit(
        session,
        journalist=journalist,
        application_id=application.id,
        version=application.version,
        secrets=vault,
        now=now,
    )


async def make_submitted(
    session: AsyncSession,
    story: PressStory,
    number: int = 1,
    class_code: str = "domestic",
    *,
    journalist: Journalist | None = None,
    now: datetime = NOW,
    **facts: Any,
) -> tuple[Application, Journalist]:
    """A complete application that was sent in, by a journalist of its own; `facts` as in `fill`."""
    journalist = journalist or await make_journalist(session, number, vault=story.vault, now=now)
    draft = await begin(session, story, journalist, class_code, now)
    whole = await fill(session, story, journalist, draft, now=now, **facts)
    return await submit(session, journalist, whole, vault=story.vault, now=now), journalist


async def reviews_of(session: AsyncSession, application: Application) -> dict[str, Review]:
    """The reviews of an application by authority."""
    return {one.authority: one for one in await review_store.list_reviews(session, application.id, fresh=True)}


async def say(
    session: AsyncSession,
    story: PressStory,
    application: Application,
    authority: str,
    kind: VerdictKind = VerdictKind.APPROVE,
    *,
    now: datetime = NOW,
    **wish: Any,
) -> Review:
    """An authority's verdict; whatever needs a ground gets one."""
    review = (await reviews_of(session, application))[authority]
    wanted = VerdictWish(kind, **wish)
    if kind is not VerdictKind.APPROVE and not (wanted.ground or wanted.reason_code):
        wanted = replace(wanted, ground="Đề nghị giải trình thêm.")
    return await accreditation.give_verdict(
        session, access=story.desks[authority], review_id=review.id, wish=wanted, now=now
    )


async def approve_all(session: AsyncSession, story: PressStory, application: Application, now: datetime = NOW) -> None:
    """Every authority approves, stage after stage."""
    while waiting := [
        code for code, one in (await reviews_of(session, application)).items() if one.state is ReviewState.OPEN
    ]:
        for code in waiting:
            await say(session, story, application, code, now=now)


async def decide(
    session: AsyncSession,
    story: PressStory,
    application: Application,
    to_state: ApplicationState,
    *,
    now: datetime = NOW,
    **wish: Any,
) -> Application:
    """The office's decision; a grant gives the zones that were wanted, whatever needs a reason gets one."""
    granted = to_state in (ApplicationState.APPROVED, ApplicationState.APPROVED_WITH_CONDITIONS)
    known: dict[str, Any] = {
        "reason": "" if to_state is ApplicationState.APPROVED else "Lý do thử nghiệm.",
        "zones": tuple(application.zones_wanted) if granted else (),
    }
    return await accreditation.decide(
        session,
        access=story.reviewer,
        application_id=application.id,
        wish=accreditation.DecisionWish(to_state, **(known | wish)),
        now=now,
    )


async def fresh(session: AsyncSession, application: Application) -> Application:
    """The application as the database holds it now."""
    return await application_store.get_fresh(session, application.id)


async def files_of(session: AsyncSession, application: Application) -> dict[EvidenceKind, Evidence]:
    """The files that an application holds now."""
    return {one.kind: one for one in await evidence_store.list_evidence(session, application.id)}


def today(now: datetime = NOW) -> date:
    """The day of `now` in the city."""
    return local_day(now)
