"""A journalist's profile: made under an address that was proven, changed so that whoever looked at it looks again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import CONSENT_VERSION, Application, ConsentPurpose, Journalist
from service.domain.accreditation.answers import passport_line
from service.domain.errors import Conflict, FieldError, Invalid
from service.domain.localtime import local_day
from service.domain.texts import fold
from service.store import accreditation as store
from service.store import consents as consent_store
from service.store import portal as portal_store
from service.store.vault import Vault
from service.usecases import accounts, audit
from service.usecases.accreditation import drafts
from service.usecases.accreditation.journalists import (
    PRESS_CARD,
    OutletFacts,
    actor_of,
    card_number,
    find_or_add_outlet,
    plain_card,
)
from service.usecases.accreditation.reviewing import UNDER_WAY
from service.usecases.accreditation.rules import rule_of

LONGEST_NAME = 200
SHORTEST_PASSWORD = 10
SHORTEST_CARD, LONGEST_CARD = 3, 30


@dataclass(frozen=True)
class Profile:
    """What journalists tell of themselves, tidy. `passport_line` as `line_of` makes it; no card: both empty."""

    full_name: str
    passport_line: str
    outlet: OutletFacts
    phone: str
    press_card_number: str
    press_card_expires_on: date | None
    language: str


def offer_names(full_name: str) -> tuple[str, str]:
    """Family and given names of a Vietnamese name without accents: its first word is the family name."""
    family, _, given = full_name.partition(" ")
    return _plain(family), _plain(given)


def line_of(family_name: str, given_names: str) -> str:
    """The passport line of what was typed into its two fields."""
    return passport_line(family_name, given_names)


def names_of(line: str) -> tuple[str, str]:
    """The two fields of a passport line."""
    family, _, given = line.partition("<<")
    return family.replace("<", " "), given.replace("<", " ")


def _plain(words: str) -> str:
    return passport_line(words, "").replace("<", " ")


async def register_proven(
    session: AsyncSession,
    *,
    email: str,
    facts: Profile,
    password: str,
    consents: Collection[ConsentPurpose],
    secrets: Vault,
    now: datetime,
) -> Journalist:
    """A new profile under an address that its owner has proven to read; no password: signs in by mail alone.

    Raises Invalid with a pointer for each thing that is wrong, `missing` at `/accreditation` without that consent,
    and Conflict `already_exists` when a profile has the address by now.
    """
    _refuse(judge_registration(facts, password, consents, now=now))
    outlet = await find_or_add_outlet(session, facts=facts.outlet, now=now)
    journalist = Journalist(
        outlet_id=outlet.id,
        full_name=facts.full_name,
        folded=fold(facts.full_name),
        passport_line=facts.passport_line,
        email=email,
        phone=facts.phone,
        password_hash=await accounts.hash_password(password) if password else "",
        language=facts.language,
        created_at=now,
    )
    _name_card(journalist, facts, secrets)
    try:
        async with session.begin_nested():
            session.add(journalist)
    except IntegrityError as known:
        raise Conflict("already_exists") from known
    for purpose in consents:
        await consent_store.agree(
            session, journalist_id=journalist.id, purpose=purpose, text_version=CONSENT_VERSION, now=now
        )
    audit.record(
        session,
        actor=actor_of(journalist),
        action="registered",
        noun="journalist",
        object_id=journalist.id,
        now=now,
        consent=CONSENT_VERSION,
    )
    return journalist


async def update_profile(
    session: AsyncSession, *, journalist: Journalist, facts: Profile, password: str, secrets: Vault, now: datetime
) -> frozenset[str]:
    """Changes a profile and answers which fields of it; no password: that stays as it is.

    Authorities that see a changed field look again at every application that is under way. Raises Invalid with a
    pointer for each thing that is wrong.
    """
    # Applications first, as everywhere: whoever gives a verdict holds one and then reads its owner.
    applications = await portal_store.lock_applications(session, journalist.id, UNDER_WAY)
    owner = await portal_store.lock_journalist(session, journalist.id)
    _refuse(judge_profile(facts, password, owner=owner, now=now))
    outlet = await find_or_add_outlet(session, facts=facts.outlet, now=now)
    changed = _differing(owner, facts, outlet.id, secrets)
    owner.full_name, owner.folded = facts.full_name, fold(facts.full_name)
    owner.passport_line, owner.phone, owner.language = facts.passport_line, facts.phone, facts.language
    owner.outlet_id = outlet.id
    _name_card(owner, facts, secrets)
    if password:
        owner.password_hash = await accounts.hash_password(password)
    if "outlet" in changed:
        await portal_store.end_focal_points(session, owner.id, now)
    await session.flush()
    await _look_again(session, applications, changed, now)
    audit.record(
        session,
        actor=actor_of(owner),
        action="changed",
        noun="journalist",
        object_id=owner.id,
        now=now,
        fields=sorted(changed | ({"password"} if password else frozenset())),
    )
    return changed


async def _look_again(
    session: AsyncSession, applications: list[Application], changed: frozenset[str], now: datetime
) -> None:
    if not changed:
        return
    for one in applications:
        # Pages that show the application as it was can't decide on it any more.
        one.version += 1
        rule = await rule_of(session, one)
        if rule is not None:
            await drafts.note_changed(session, one, rule, changed, now)
    await session.flush()


def _differing(owner: Journalist, facts: Profile, outlet_id: UUID, secrets: Vault) -> frozenset[str]:
    """The codes of the fields in which a profile is not as it is to be."""
    pairs = {
        "full_name": (facts.full_name, owner.full_name),
        "passport_line": (facts.passport_line, owner.passport_line),
        "outlet": (outlet_id, owner.outlet_id),
        "phone": (facts.phone, owner.phone),
        "press_card_number": (plain_card(facts.press_card_number), card_number(owner, secrets)),
        "press_card_expires_on": (facts.press_card_expires_on, owner.press_card_expires_on),
    }
    return frozenset(name for name, (wanted, kept) in pairs.items() if wanted != kept)


def _name_card(journalist: Journalist, facts: Profile, secrets: Vault) -> None:
    """The press card as it is to be kept; none: nothing."""
    number = plain_card(facts.press_card_number)
    journalist.press_card_expires_on = facts.press_card_expires_on
    if number == card_number(journalist, secrets):
        return
    journalist.press_card_sealed = secrets.seal(number.encode(), purpose=PRESS_CARD) if number else b""
    journalist.press_card_hash = secrets.look_up(f"press card {number}") if number else b""


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise Invalid("invalid", errors[0].detail, errors=tuple(errors))


def judge_registration(
    facts: Profile, password: str, consents: Collection[ConsentPurpose], *, now: datetime
) -> list[FieldError]:
    """What is wrong with a registration; the consent to accreditation is what it can't do without."""
    errors = judge_profile(facts, password, owner=None, now=now)
    if ConsentPurpose.ACCREDITATION not in consents:
        errors.append(FieldError("/accreditation", "missing", "nobody can be accredited without it"))
    return errors


def judge_profile(facts: Profile, password: str, *, owner: Journalist | None, now: datetime) -> list[FieldError]:
    """What is wrong with a profile; a card that has expired since its owner named it may stay."""
    errors = []
    is_named = any(letter.isalpha() for letter in facts.full_name)
    if not is_named:
        errors.append(FieldError("/full_name", "missing", "a name has a letter"))
    if len(facts.full_name) > LONGEST_NAME:
        errors.append(FieldError("/full_name", "too_long", f"at most {LONGEST_NAME} signs"))
    if is_named and not facts.passport_line:
        errors.append(FieldError("/passport_line", "missing", "family and given names in letters from A to Z"))
    if not fold(facts.outlet.name):
        errors.append(FieldError("/outlet", "missing", "the name of the outlet"))
    number, expires_on = plain_card(facts.press_card_number), facts.press_card_expires_on
    if facts.press_card_number and not SHORTEST_CARD <= len(number) <= LONGEST_CARD:
        errors.append(FieldError("/press_card_number", "invalid", f"{SHORTEST_CARD} to {LONGEST_CARD} signs"))
    if bool(number) is not (expires_on is not None):
        missing = "press_card_expires_on" if number else "press_card_number"
        errors.append(FieldError(f"/{missing}", "missing", missing))
    stays = owner is not None and expires_on == owner.press_card_expires_on
    if expires_on is not None and expires_on < local_day(now) and not stays:
        errors.append(FieldError("/press_card_expires_on", "expired", "the press card has expired"))
    if password and len(password) < SHORTEST_PASSWORD:
        errors.append(FieldError("/password", "too_short", f"at least {SHORTEST_PASSWORD} signs"))
    return errors


async def is_registered(session: AsyncSession, *, email: str) -> bool:
    """Whether a profile has this address: to be told only to whoever has proven to read its mail."""
    return await store.find_journalist_by_email(session, email) is not None
