"""Badges as PDF and as pictures: the faces of passes, set by the built-in design or by an organiser's own template."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.domain.badge_formats import BadgeFormat
from service.domain.faces import PassFace
from service.store import qr
from service.store.printing.fonts import missing_letters
from service.store.printing.typesetting import Limits, typeset_pdf, typeset_png

_TEMPLATES = Path(__file__).parent / "templates"
_OWN = "badge.typ"
_GROUP = 5
_LIGHT, _DARK = "#FFFFFF", "#000000"
_SIZES = {BadgeFormat.CR80: (53.98, 85.6), BadgeFormat.A6: (105, 148), BadgeFormat.WRISTBAND: (250, 25)}
"""Width and height of a badge in millimetres."""
_SHEETS: dict[BadgeFormat, dict[str, Any]] = {
    BadgeFormat.SHEET_CR80: {"columns": 2, "rows": 5, "gap": 2, "turned": True},
    BadgeFormat.SHEET_A6: {"columns": 2, "rows": 2, "gap": 0, "turned": False},
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge to be made: what its pass says, and its portrait as an upright JPEG, if there is one."""

    face: PassFace
    photo: bytes | None


async def render_badges(
    badges: Sequence[Badge],
    *,
    form: BadgeFormat,
    logo: bytes | None,
    template: str | None,
    now: datetime,
    limits: Limits = Limits(),
) -> bytes:
    """The badges as one PDF: a page each, or as many on a page as the sheet holds; same input, same bytes.

    `logo` is a PNG or JPEG of the event. `template` is an organiser's own source for the base format; None or
    empty: the built-in one. Raises TemplateFault with a place in `badge.typ`, and FontsMissing.
    """
    files = await asyncio.to_thread(_files, badges, form, logo, template)
    return await typeset_pdf(files, main=_main(form), now=now, own=_OWN, limits=limits)


async def render_pictures(
    badges: Sequence[Badge],
    *,
    form: BadgeFormat,
    logo: bytes | None,
    template: str | None,
    now: datetime,
    ppi: int,
    limits: Limits = Limits(),
) -> list[bytes]:
    """The same pages as PNG pictures of `ppi` dots an inch."""
    files = await asyncio.to_thread(_files, badges, form, logo, template)
    return await typeset_png(files, main=_main(form), now=now, ppi=ppi, own=_OWN, limits=limits)


def built_in_template(form: BadgeFormat) -> str:
    """The source from which an organiser's own template starts; a sheet's is that of the badges on it."""
    return (_TEMPLATES / f"{form.base}.typ").read_text()


def on_colour(colour: str) -> str:
    """Black or white, whichever contrasts more with the colour `#RRGGBB` (WCAG 2.2, relative luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]  # noqa: PLR2004 (the standard's)
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return _LIGHT if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else _DARK


def _main(form: BadgeFormat) -> str:
    return "sheet.typ" if form in _SHEETS else "main.typ"


def _files(
    badges: Sequence[Badge], form: BadgeFormat, logo: bytes | None, template: str | None, *, clip: bool = True
) -> dict[str, bytes]:
    """All that Typst gets to see for these badges."""
    files = {f"{name}.typ": (_TEMPLATES / f"{name}.typ").read_bytes() for name in ("fitting", "lib", "frame")}
    files[_main(form)] = (_TEMPLATES / _main(form)).read_bytes()
    files[_OWN] = (template or built_in_template(form)).encode()
    logo_name = _picture_name("logo", logo) if logo else None
    if logo and logo_name:
        files[logo_name] = logo
    faces = []
    for number, badge in enumerate(badges, 1):
        files[f"qr-{number}.png"] = qr.png(badge.face.code, size=1)
        photo_name = _picture_name(f"photo-{number}", badge.photo) if badge.photo else None
        if badge.photo and photo_name:
            files[photo_name] = badge.photo
        faces.append({**_face(badge.face), "qr": f"qr-{number}.png", "photo": photo_name, "logo": logo_name})
    width, height = _SIZES[form.base]
    data = {"title": badges[0].face.event_vi, "width": width, "height": height, "clip": clip, "faces": faces}
    files["data.json"] = json.dumps({**data, "sheet": _SHEETS.get(form)}, ensure_ascii=False).encode()
    return files


def _picture_name(name: str, picture: bytes) -> str:
    return f"{name}.png" if picture.startswith(b"\x89PNG") else f"{name}.jpg"


def _face(face: PassFace) -> dict[str, Any]:
    """What a template gets to know of a pass. The signed code itself is only in the picture of the QR code."""
    code = face.human_code
    return {
        "holder_name": face.holder_name,
        # A name in a script that no font here has would be nothing but gaps.
        "native_name": "" if missing_letters(face.native_name) else face.native_name,
        "organisation_name": face.organisation_name,
        "class_vi": face.class_vi,
        "class_en": face.class_en,
        "colour": face.colour,
        "on_colour": on_colour(face.colour),
        "zones": [{"code": zone.code, "name_vi": zone.name_vi, "name_en": zone.name_en} for zone in face.zones],
        "heads": face.heads,
        "days_text": face.days_text,
        "hours_text": face.hours_text,
        "whole_event": _is_whole_event(face),
        "event_vi": face.event_vi,
        "event_en": face.event_en,
        "organiser_vi": face.organiser_vi,
        "organiser_en": face.organiser_en,
        "places": [
            {
                "venue_vi": place.venue_vi,
                "venue_en": place.venue_en,
                "address": place.address,
                "opens_on": f"{place.opens_on:%d/%m/%Y}",
                "closes_on": f"{place.closes_on:%d/%m/%Y}",
            }
            for place in face.places
        ],
        "serial": face.serial,
        "version": face.version,
        "human_code": code,
        "human_code_groups": " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP)),
    }


def _is_whole_event(face: PassFace) -> bool:
    """Whether the pass holds on every day of the event, at every hour."""
    if face.valid_days is not None or face.daily_from is not None:
        return False
    opens = min((place.opens_on for place in face.places), default=face.first_on)
    closes = max((place.closes_on for place in face.places), default=face.last_on)
    return face.first_on <= opens and closes <= face.last_on
