"""The form of a journalist's profile: shown empty, with what is kept, or with what was typed; read and judged."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import ConsentPurpose, Journalist, OutletKind
from service.domain.errors import FieldError as Fault
from service.domain.errors import Invalid
from service.store import accreditation as store
from service.store import portal as portal_store
from service.store.vault import Vault
from service.usecases.accreditation import OutletFacts
from service.usecases.accreditation.journalists import card_number
from service.usecases.accreditation.profiles import (
    LONGEST_NAME,
    Profile,
    line_of,
    names_of,
    offer_names,
)
from service.web.consents import CONSENTS
from service.web.countries import country_options
from service.web.forms import Checked, Form
from service.web.press.access import Reader
from service.web.press.entry_views import ConsentRow, ProfileForm
from service.web.views import FieldError
from service.web.words import N_

_MOST_OUTLETS = 300
_LONGEST_PASSWORD = 200
_PHONE = re.compile(r"[+0-9 ().-]{0,30}")
_TOLD = {
    ("/full_name", "missing"): ("full_name", N_("Enter your full name")),
    ("/full_name", "too_long"): ("full_name", N_("Write at most %(number)s characters")),
    ("/passport_line", "missing"): (
        "passport_family",
        N_("Write your family name in letters from A to Z, as at the foot of your passport's page"),
    ),
    ("/outlet", "missing"): ("outlet", N_("Enter the name of your press organisation")),
    ("/press_card_number", "invalid"): ("press_card_number", N_("Enter the number as it stands on the card")),
    ("/press_card_number", "missing"): ("press_card_number", N_("Enter the number, or take out the day")),
    ("/press_card_expires_on", "missing"): ("press_card_expires_on", N_("Enter the day until which the card is valid")),
    ("/press_card_expires_on", "expired"): (
        "press_card_expires_on",
        N_("This card has expired. Enter a valid one, or none."),
    ),
    ("/password", "too_short"): ("password", N_("Choose a password of at least 10 characters, or leave it empty")),
    ("/accreditation", "missing"): (
        "consent-accreditation",
        N_("Tick this if you agree: without it nobody can be accredited"),
    ),
}
_NO_PHONE = N_("Write a telephone number in digits, such as +84 28 3822 0000")
_PASSWORD_TOO_LONG = N_("Choose a password of at most 200 characters")


def read_profile(checked: Checked, reader: Reader) -> tuple[Profile, str]:
    """The profile and the password as they were typed; what is wrong stands in `checked`."""
    form = checked.form
    full_name = checked.text("full_name", wanted=_TOLD["/full_name", "missing"][1], most=LONGEST_NAME)
    family, given = checked.text("passport_family", most=100), checked.text("passport_given", most=100)
    if not family and not given and reader.language == "vi":
        family, given = offer_names(full_name)
    phone = checked.text("phone")
    if not _PHONE.fullmatch(phone):
        checked.wrong("phone", _NO_PHONE)
    if len(form.one("password")) > _LONGEST_PASSWORD:
        checked.wrong("password", _PASSWORD_TOO_LONG)
    facts = Profile(
        full_name=full_name,
        passport_line=line_of(family, given),
        outlet=OutletFacts(
            checked.text("outlet", most=200), form.kind("outlet_kind", OutletKind), _country(form, reader.language)
        ),
        phone=phone,
        press_card_number=checked.text("press_card_number", most=60),
        press_card_expires_on=checked.day("press_card_expires_on"),
        language="en" if form.one("language") == "en" else "vi",
    )
    return facts, form.one("password")


def _country(form: Form, language: str) -> str:
    code = form.one("outlet_country")
    if code not in {one.value for one in country_options(language)}:
        raise Invalid.at("/outlet_country", "invalid", "outlet_country")
    return code


def note_faults(checked: Checked, faults: Sequence[Fault], reader: Reader) -> None:
    """Tells at their fields what is wrong; a field that was told of already isn't told of twice."""
    known = {one.field for one in checked.errors}
    for error in faults:
        field, message = _TOLD[error.pointer, error.code]
        if field not in known:
            values = {"number": reader.number(LONGEST_NAME)} if error.code == "too_long" else {}
            checked.wrong(field, message, **values)


async def blank_profile(session: AsyncSession, reader: Reader, *, action: str, email: str) -> ProfileForm:
    """The form of somebody who has no profile yet."""
    return ProfileForm(
        action=action,
        email=email,
        full_name="",
        passport_family="",
        passport_given="",
        passport_line="",
        outlet="",
        outlet_kind=OutletKind.PRINT.value,
        outlet_country="VN",
        phone="",
        press_card_number="",
        press_card_expires_on="",
        language=reader.language,
        outlets=tuple(await portal_store.list_outlet_names(session, limit=_MOST_OUTLETS)),
        countries=country_options(reader.language),
        consents=consent_rows(reader, ()),
        has_password=False,
        saved=False,
        errors=(),
    )


async def kept_profile(
    session: AsyncSession, reader: Reader, journalist: Journalist, *, action: str, secrets: Vault
) -> ProfileForm:
    """The form with what is kept."""
    blank = await blank_profile(session, reader, action=action, email=journalist.email)
    outlet = await store.get_outlet(session, journalist.outlet_id)
    family, given = names_of(journalist.passport_line)
    expires_on = journalist.press_card_expires_on
    return replace(
        blank,
        full_name=journalist.full_name,
        passport_family=family,
        passport_given=given,
        passport_line=journalist.passport_line,
        outlet=outlet.name,
        outlet_kind=outlet.kind.value,
        outlet_country=outlet.country,
        phone=journalist.phone,
        press_card_number=card_number(journalist, secrets),
        press_card_expires_on=expires_on.isoformat() if expires_on else "",
        language=journalist.language,
        has_password=bool(journalist.password_hash),
    )


def typed_profile(blank: ProfileForm, form: Form, errors: Sequence[FieldError], reader: Reader) -> ProfileForm:
    """The form with what was typed, and what is wrong with it."""
    return replace(
        blank,
        full_name=form.one("full_name"),
        passport_family=form.one("passport_family"),
        passport_given=form.one("passport_given"),
        outlet=form.one("outlet"),
        outlet_kind=form.one("outlet_kind"),
        outlet_country=form.one("outlet_country"),
        phone=form.one("phone"),
        press_card_number=form.one("press_card_number"),
        press_card_expires_on=form.one("press_card_expires_on"),
        language=form.one("language"),
        consents=consent_rows(reader, form.many("consent")),
        errors=tuple(errors),
    )


def ticked(form: Form) -> frozenset[ConsentPurpose]:
    """The purposes that were agreed to."""
    return frozenset(purpose for purpose in ConsentPurpose if purpose.value in form.many("consent"))


def consent_rows(reader: Reader, chosen: Collection[str]) -> tuple[ConsentRow, ...]:
    """Each purpose with its text; nothing is ticked that its reader didn't tick."""
    return tuple(
        ConsentRow(
            code=purpose.value,
            title=reader.say(text.title),
            asks=reader.say(text.asks),
            what=reader.say(text.what),
            why=reader.say(text.why),
            who=reader.say(text.who),
            how_long=reader.say(text.how_long),
            taking_back=reader.say(text.taking_back),
            needed=text.needed,
            ticked=purpose.value in chosen,
            given_at=None,
        )
        for purpose, text in CONSENTS.items()
    )
