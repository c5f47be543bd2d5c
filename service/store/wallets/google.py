"""Passes for Google Wallet: a link that carries the whole pass as a signed JWT.

Source: Google Wallet API, "Google Wallet API JWT", EventTicketClass and EventTicketObject.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Self
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from service.domain.faces import PassFace, PlaceFace
from service.domain.localtime import CITY_ZONE, local
from service.settings import Settings
from service.store import signing
from service.store.wallets.configured import content

SAVE = "https://pay.google.com/gp/v/save/"
SAFE_LENGTH = 1800
ROOMY = 4000
"""Characters of a link that every browser and mail reader leaves whole, by Google's advice; and that today's browsers
follow from a page. With so many nothing is left out of a pass with names of usual length."""
_SHORTEST_KEY = 2048
_HEADER_LENGTH = 36
_MOST_PLACES = 10
_ID_BYTES = 12
_ISSUER = re.compile(r"[0-9]{1,20}", re.ASCII)
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9._-]", re.ASCII)
_Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoogleSigner:
    """What signs links: an issuer of Google Wallet and a service account that may act for it.

    `key_bits` is the length of the account's RSA key, of which the length of a signature follows.
    """

    issuer: str
    account: str
    key_bits: int
    private_pem: bytes = field(repr=False)

    @classmethod
    def read(cls, settings: Settings) -> Self | None:
        """The signer that the settings name, or None when Google Wallet is not set up.

        Raises ValueError, one line, when the account's file can't be read or isn't one.
        """
        if not settings.google_wallet_issuer:
            return None
        if not _ISSUER.fullmatch(settings.google_wallet_issuer):
            raise ValueError("BIENDAO_GOOGLE_WALLET_ISSUER is a number of up to 20 digits, as Google shows it")
        setting, path = "BIENDAO_GOOGLE_WALLET_ACCOUNT", settings.google_wallet_account
        try:
            held = json.loads(content(setting, path).decode())
            account, pem = str(held["client_email"]), str(held["private_key"]).encode()
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as problem:
            raise ValueError(f"{setting}: {path} is not a service account's key in JSON") from problem
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
            raise ValueError(f"{setting}: the private_key in {path} can't be read") from problem
        if isinstance(key, RSAPrivateKey) and key.key_size >= _SHORTEST_KEY:
            return cls(settings.google_wallet_issuer, account, key.key_size, pem)
        raise ValueError(f"{setting}: the private_key in {path} is not an RSA key of {_SHORTEST_KEY} bits or more")


def save_link(face: PassFace, *, signer: GoogleSigner, link: str, now: datetime, room: int = SAFE_LENGTH) -> str:
    """The address that puts the pass into Google Wallet: an event ticket, its class and its object in one JWT.

    Always in it: the event's name, the holder's name, both codes, the end of validity, the colour. What else there is
    to say is added by its worth as long as the link stays below `room` characters, so that only very long names make
    it longer. A button on a page may have more `room` (ROOMY) than a link that travels by mail. `link` leads to the
    holder's page, and its origin is the one that may show a button.
    """
    ticket_class, ticket = _class(face, signer), _object(face, signer)
    claims = {
        "iss": signer.account,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(now.timestamp()),
        "origins": ["{0.scheme}://{0.netloc}".format(urlsplit(link))],
        "payload": {"eventTicketClasses": [ticket_class], "eventTicketObjects": [ticket]},
    }
    for of_class, part in _more(face, link):
        told = ticket_class if of_class else ticket
        before = dict(told)
        told |= {name: told.get(name, []) + value if isinstance(value, list) else value for name, value in part.items()}
        if length(claims, signer) >= room:
            told.clear()
            told |= before
    ticket_class["id"] = ticket["classId"] = _class_id(face, signer, ticket_class)
    return SAVE + signing.sign_wallet(claims, private_pem=signer.private_pem)


def length(claims: dict[str, Any], signer: GoogleSigner) -> int:
    """The characters of the link with these claims, told without signing them."""
    payload = len(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
    return len(SAVE) + _HEADER_LENGTH + 1 + _base64(payload) + 1 + _base64(-(-signer.key_bits // 8))


def _base64(size: int) -> int:
    """The letters that `size` bytes take in base64 without padding (RFC 4648, 5)."""
    return -(-size * 4 // 3)


def _class(face: PassFace, signer: GoogleSigner) -> _Part:
    """What tickets of an event share."""
    return {
        "id": _class_id(face, signer, {}),
        "issuerName": face.organiser_vi,
        "reviewStatus": "UNDER_REVIEW",
        "eventName": _localized(face.event_vi),
    }


def _object(face: PassFace, signer: GoogleSigner) -> _Part:
    return {
        "id": f"{signer.issuer}.{_NOT_IN_IDS.sub('-', face.serial)}",
        "classId": _class_id(face, signer, {}),
        "state": "ACTIVE",
        "ticketHolderName": face.holder_name,
        "hexBackgroundColor": face.colour,
        "validTimeInterval": {"end": {"date": _iso(face.valid_until)}},
        "barcode": {"type": "QR_CODE", "value": face.code, "alternateText": face.human_code},
    }


def _class_id(face: PassFace, signer: GoogleSigner, told: _Part) -> str:
    """The issuer and sixteen letters made of the event and of what its class tells.

    Google keeps the first class that it sees under an id and overlooks later ones. So what is told has to have its
    share in the id: an event that was renamed, and passes of one event that open other places, get another class.
    """
    content = json.dumps({**told, "id": ""}, sort_keys=True).encode()
    hashed = hashlib.sha256(face.event_id.bytes + content).digest()[:_ID_BYTES]
    return f"{signer.issuer}.{base64.urlsafe_b64encode(hashed).decode()}"


def _more(face: PassFace, link: str) -> Iterator[tuple[bool, _Part]]:
    """What can be told besides, the most useful first; with each whether it belongs to the class."""
    yield True, {"eventName": _localized(face.event_vi, face.event_en)}
    yield False, {"ticketType": _localized(face.class_vi, face.class_en)}
    yield False, _module("zones", "Khu vực · Zones", ", ".join(zone.code for zone in face.zones))
    if len(face.places) == 1:
        yield True, {"venue": _venue(face.places[0])}
    elif face.places:
        venues = dict.fromkeys(place.venue_vi for place in face.places)
        yield False, _module("venues", "Địa điểm · Venues", "; ".join(venues))
    yield False, _module("days", "Ngày · Days", " · ".join(part for part in (face.days_text, face.hours_text) if part))
    if face.places:
        yield True, {"dateTime": _period(face.places)}
    spots = [
        {"latitude": place.latitude, "longitude": place.longitude}
        for place in face.places
        if place.latitude is not None and place.longitude is not None
    ]
    if spots:
        yield True, {"merchantLocations": spots[:_MOST_PLACES]}
    if face.organisation_name:
        yield False, _module("outlet", "Cơ quan · Organisation", face.organisation_name)
    begins, ends = {"date": _iso(face.valid_from)}, {"date": _iso(face.valid_until)}
    yield False, {"validTimeInterval": {"start": begins, "end": ends}}
    yield False, {"linksModuleData": {"uris": [{"id": "pass", "uri": link, "description": "Trang thẻ · Pass page"}]}}


def _module(name: str, header: str, body: str) -> _Part:
    """A text on the card; its header says both languages at once, which is shorter than a translation."""
    return {"textModulesData": [{"id": name, "header": header, "body": body}]}


def _period(places: tuple[PlaceFace, ...]) -> _Part:
    """When the event is at these places, in the city's time: its whole period, which tickets of many days share."""
    begins = min(datetime.combine(place.opens_on, place.daily_from or time(), CITY_ZONE) for place in places)
    ends = max(datetime.combine(place.closes_on, _closing(place), CITY_ZONE) for place in places)
    return {"start": _iso(begins), "end": _iso(ends)}


def _closing(place: PlaceFace) -> time:
    """Hours that pass midnight end with the last day."""
    if place.daily_from is None or place.daily_to is None or place.daily_to <= place.daily_from:
        return time.max
    return place.daily_to


def _venue(place: PlaceFace) -> _Part:
    return {"name": _localized(place.venue_vi, place.venue_en), "address": _localized(place.address)}


def _localized(vi: str, en: str = "") -> _Part:
    told: _Part = {"defaultValue": {"language": "vi", "value": vi}}
    if en and en != vi:
        told["translatedValues"] = [{"language": "en", "value": en}]
    return told


def _iso(at: datetime) -> str:
    return local(at).isoformat(timespec="seconds")
