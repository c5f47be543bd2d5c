"""What the entry pages of the journalists' portal show. Texts are ready in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime, time

from service.web.views import FieldError, Option


@dataclass(frozen=True)
class OwnRow:
    """One's own application; `turn` as in words.py."""

    href: str
    reference: str
    event: str
    class_name: str
    state: str
    turn: str


@dataclass(frozen=True)
class OpenRow:
    """An event that takes applications."""

    href: str
    title: str
    kind: str
    first_on: date | None
    last_on: date | None
    closes_at: datetime
    applied: bool


@dataclass(frozen=True)
class HomePage:
    """Context `page` of press/home.html; `name` empty: nobody is signed in."""

    name: str
    applications: tuple[OwnRow, ...]
    events: tuple[OpenRow, ...]
    now: datetime
    has_agreed: bool
    is_focal_point: bool


@dataclass(frozen=True)
class SignInPage:
    """Context `form` of press/sign_in.html; `sent`: a link is on its way, if the address is right.

    `in_output`: there is no mail server, and the link stands in the output of the service.
    """

    email: str
    account: str
    next: str
    sent: bool
    errors: tuple[FieldError, ...]
    in_output: bool = False


@dataclass(frozen=True)
class LinkPage:
    """Context `page` of press/link.html: whom the link signs in, or, `gone`, that it is no longer good."""

    action: str
    email: str
    known: bool
    gone: bool


@dataclass(frozen=True)
class ConsentRow:
    """One purpose with its text. `given_at` none: not agreed to now."""

    code: str
    title: str
    asks: str
    what: str
    why: str
    who: str
    how_long: str
    taking_back: str
    needed: bool
    ticked: bool
    given_at: datetime | None


@dataclass(frozen=True)
class ProfileForm:
    """Context `form` of press/register.html and press/profile.html: what was typed, except the password."""

    action: str
    email: str
    full_name: str
    passport_family: str
    passport_given: str
    passport_line: str
    outlet: str
    outlet_kind: str
    outlet_country: str
    phone: str
    press_card_number: str
    press_card_expires_on: str
    language: str
    outlets: tuple[str, ...]
    countries: tuple[Option, ...]
    consents: tuple[ConsentRow, ...]
    has_password: bool
    saved: bool
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class SeenBy:
    """An authority, and the codes of the fields that it is shown."""

    authority: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ClassData:
    """A class: how many days its applications are kept after the event, and who sees what of them."""

    title: str
    days: int
    seen_by: tuple[SeenBy, ...]


@dataclass(frozen=True)
class PrivacyPage:
    """Context `page` of press/privacy.html."""

    signed_in: bool
    has_agreed: bool
    consents: tuple[ConsentRow, ...]
    own: tuple[ClassData, ...]
    classes: tuple[ClassData, ...]
    news: str
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class PlaceRow:
    """Where and when an event is."""

    label: str
    venue: str
    address: str
    unit: str
    first_on: date
    last_on: date
    daily_from: time | None
    daily_to: time | None


@dataclass(frozen=True)
class AskedRow:
    """A field or file that a class asks for, by its code; `roles` empty: of everyone."""

    code: str
    required: bool
    hint: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuthorityRow:
    """Who gives a verdict, within how many working days, and the codes of the fields that they are shown."""

    name: str
    days: int
    advises: bool
    sees: tuple[str, ...] = ()


@dataclass(frozen=True)
class LegalRow:
    """What a class rests on."""

    text: str
    source: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class ClassBox:
    """One class that is open. `roles`: (role, most of one outlet); `kinds` the same by kind of outlet."""

    code: str
    name: str
    description: str
    days: int
    decision_days: int
    safe_on: date | None
    asks: tuple[AskedRow, ...]
    files: tuple[AskedRow, ...]
    stages: tuple[tuple[AuthorityRow, ...], ...]
    per_outlet: int | None
    roles: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    cap: int | None
    legal: tuple[LegalRow, ...]
    retention_days: int


@dataclass(frozen=True)
class StandingForm:
    """The one step for whoever has a standing accreditation."""

    action: str
    class_name: str
    valid_until: date
    media_role: str
    zones: tuple[Option, ...]
    chosen: tuple[str, ...]


@dataclass(frozen=True)
class EventPage:
    """Context `page` of press/event.html."""

    href: str
    title: str
    kind: str
    state: str
    summary: str
    host: str
    contact: str
    places: tuple[PlaceRow, ...]
    closes_at: datetime | None
    now: datetime
    today: date
    is_open: bool
    signed_in: bool
    classes: tuple[ClassBox, ...]
    cap: int | None
    commitment: str
    appeal_days: int
    own: OwnRow | None
    standing: StandingForm | None
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class PersonRow:
    """Somebody of the outlet; `to_start`: events for which they have no application yet."""

    id: str
    name: str
    email: str
    has_agreed: bool
    is_me: bool
    applications: tuple[OwnRow, ...]
    to_start: tuple[Option, ...]


@dataclass(frozen=True)
class PeoplePage:
    """Context `page` of press/people.html; `full_name` and `email` as they were typed."""

    outlet: str
    people: tuple[PersonRow, ...]
    full_name: str
    email: str
    news: str
    errors: tuple[FieldError, ...]
