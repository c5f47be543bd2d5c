"""What an Apple Wallet pass says: pass.json of an event ticket, and its texts in Vietnamese and English.

Source: Apple, Wallet Passes (Pass, PassFields, PassFieldContent) and the PassKit Package Format Reference.
"""

from datetime import datetime
from typing import Any

from service.domain.faces import PassFace, PlaceFace
from service.domain.localtime import local
from service.store.calendars import Visit, visits

LANGUAGES = ("vi", "en")
_MOST_PLACES = 10
"""Apple allows ten locations; so many dates are enough, too."""
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
_LINEAR = 0.04045
"""Up to here sRGB is a straight line (IEC 61966-2-1)."""
_Field = dict[str, str]


class Texts:
    """The texts of one pass that have two languages. Wallet looks each one up by the text in pass.json itself."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str]] = {}

    def add(self, vi: str, en: str) -> str:
        """What stands in pass.json: the Vietnamese text, which readers without our languages show as it is."""
        pair = (vi, en or vi)
        name = vi
        # Two English texts for one Vietnamese one: a space that nobody sees keeps their names apart.
        while self._known.setdefault(name, pair) != pair:
            name += " "
        return name

    def strings(self, language: str) -> bytes:
        """The file pass.strings of one language (`vi` or `en`), in UTF-8."""
        at = LANGUAGES.index(language)
        return "".join(f'"{_escaped(name)}" = "{_escaped(pair[at])}";\n' for name, pair in self._known.items()).encode()


def contents(face: PassFace, texts: Texts, *, link: str, now: datetime) -> dict[str, Any]:
    """pass.json but for the signer's own keys. Instants are W3C date-times on the city's clock.

    Relevant is the visit of `now` or the next one: the phone offers the pass then, and near its places.
    """
    coming = [visit for visit in visits(face) if visit.ends > now] or list(visits(face))
    return {
        "formatVersion": 1,
        "serialNumber": face.serial,
        "organizationName": texts.add(face.organiser_vi, face.organiser_en),
        "description": texts.add(f"Thẻ vào cổng: {face.event_vi}", f"Entry pass: {face.event_en}"),
        "logoText": "Biển Đảo",
        **_colours(face.colour),
        **_relevance(coming, texts),
        "expirationDate": _w3c(face.valid_until),
        "sharingProhibited": True,
        "barcodes": [
            {
                "format": "PKBarcodeFormatQR",
                "message": face.code,
                "messageEncoding": "iso-8859-1",
                "altText": face.human_code,
            }
        ],
        "eventTicket": {
            "headerFields": [_field("class", ("Loại thẻ", "Pass"), (face.class_vi, face.class_en), texts)],
            "primaryFields": [_field("event", ("Sự kiện", "Event"), (face.event_vi, face.event_en), texts)],
            "secondaryFields": _plain(
                texts,
                ("holder", "Họ và tên", "Name", face.holder_name),
                ("outlet", "Cơ quan", "Organisation", face.organisation_name),
            ),
            "auxiliaryFields": _plain(
                texts,
                ("days", "Ngày", "Days", face.days_text),
                ("hours", "Giờ", "Hours", _hours(face)),
                ("zones", "Khu vực", "Zones", ", ".join(zone.code for zone in face.zones)),
                ("heads", "Số người", "People", str(face.heads) if face.heads > 1 else ""),
            ),
            "backFields": _back(face, texts, link),
        },
    }


def _back(face: PassFace, texts: Texts, link: str) -> list[_Field]:
    """The other side; Apple wants the organisation and a way to reach it there."""
    zones = tuple(
        ", ".join(f"{zone.code} – {name}" if name else zone.code for zone, name in zip(face.zones, names, strict=True))
        for names in ([zone.name_vi for zone in face.zones], [zone.name_en for zone in face.zones])
    )
    return [
        *(
            _field(f"place{number}", ("Địa điểm", "Venue"), _where(place), texts)
            for number, place in enumerate(face.places, 1)
        ),
        _field("zone_names", ("Các khu vực", "Zones"), (zones[0], zones[1]), texts),
        *_plain(texts, ("native_name", "Tên bản ngữ", "Name in own script", face.native_name)),
        _field("organiser", ("Đơn vị tổ chức", "Organiser"), (face.organiser_vi, face.organiser_en), texts),
        *_plain(texts, ("link", "Trang thẻ", "Pass page", link), ("serial", "Số thẻ", "Serial", face.serial)),
    ]


def _field(key: str, label: tuple[str, str], value: tuple[str, str], texts: Texts) -> _Field:
    return {"key": key, "label": texts.add(*label), "value": texts.add(*value)}


def _plain(texts: Texts, *rows: tuple[str, str, str, str]) -> list[_Field]:
    """Fields whose values have one form only; those without a value are left out."""
    return [{"key": key, "label": texts.add(vi, en), "value": value} for key, vi, en, value in rows if value]


def _where(place: PlaceFace) -> tuple[str, str]:
    days = f"{place.opens_on:%d/%m/%Y}"
    if place.closes_on != place.opens_on:
        days += f"–{place.closes_on:%d/%m/%Y}"
    rest = ", ".join(part for part in (place.address, days) if part)
    return f"{place.venue_vi}, {rest}", f"{place.venue_en or place.venue_vi}, {rest}"


def _hours(face: PassFace) -> str:
    """The hours of the pass, else those that all its places have in common."""
    common = {(place.daily_from, place.daily_to) for place in face.places}
    if face.hours_text or len(common) != 1:
        return face.hours_text
    [(begin, end)] = common
    return f"{begin:%H:%M}–{end:%H:%M}" if begin and end else ""


def _relevance(coming: list[Visit], texts: Texts) -> dict[str, Any]:
    """When and where the pass is of use; `relevantDates` is read by iOS 18 and later, `relevantDate` by all."""
    if not coming:
        return {}
    spots = {
        (visit.place.latitude, visit.place.longitude): visit.place
        for visit in coming
        if visit.place.latitude is not None and visit.place.longitude is not None
    }
    found: dict[str, Any] = {
        "relevantDate": _w3c(coming[0].begins),
        "relevantDates": [
            {"startDate": _w3c(visit.begins), "endDate": _w3c(visit.ends)} for visit in coming[:_MOST_PLACES]
        ],
    }
    if spots:
        found["locations"] = [
            {"latitude": spot[0], "longitude": spot[1], "relevantText": texts.add(place.venue_vi, place.venue_en)}
            for spot, place in list(spots.items())[:_MOST_PLACES]
        ]
    return found


def _colours(colour: str) -> dict[str, str]:
    """The colour of the class behind black or white letters, whichever stands out more (WCAG 2.2, 1.4.3)."""
    behind = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    letters = max((_WHITE, _BLACK), key=lambda ink: contrast(ink, behind))
    return {"backgroundColor": _rgb(behind), "foregroundColor": _rgb(letters), "labelColor": _rgb(letters)}


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast of two sRGB colours, from 1 to 21 (WCAG 2.2); one of black and white always has 4.5 or more."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= _LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: tuple[int, int, int]) -> str:
    return "rgb({}, {}, {})".format(*colour)


def _w3c(at: datetime) -> str:
    return local(at).isoformat(timespec="seconds")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
