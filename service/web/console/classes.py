"""The classes of an event's passes: a page to add one, and a page to change or remove one."""

import re
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.errors import Conflict, NotFound
from service.domain.events import Event
from service.domain.passes import Category
from service.domain.texts import tidy
from service.usecases import badges
from service.usecases.badges import ClassFacts
from service.web.badge_views import ClassForm
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.design import badges_href
from service.web.console.place import place_of
from service.web.deps import Now, SessionDep
from service.web.forms import UNREADABLE, Form, FormDep, attempt
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console/events/{event_id}/badges", include_in_schema=False, route_class=ConsolePage)

_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_LONGEST = 300
_FIRST_PICK = "#0A4F7A"
_CATEGORIES = frozenset(category.value for category in Category)
_WRONG = {
    "code": N_("Write a code of up to twenty small letters, digits and underscores; it begins with a letter"),
    "taken": N_("A class with this code is there already: change that one"),
    "category": N_("Choose what holders of this class are counted as"),
    "category_used": N_("Passes of this class are counted so already: choose the category that it had"),
    "name_vi": N_("Write the word in Vietnamese that stands on the badge"),
    "name_en": N_("Write the word in English that stands on the badge"),
    "colour": N_("Choose a colour: a class is never without one"),
    "colour_form": N_("Write the colour as # and six digits or letters from A to F, such as #0A4F7A"),
    "unreadable": UNREADABLE,
}
Wrong = list[tuple[str, str]]
"""(field, word of _WRONG) pairs."""


@dataclass(frozen=True)
class Written:
    """What the form brought, as it was typed; `colour_was` and `picked_was` are what it showed before."""

    code: str = ""
    category: str = ""
    name_vi: str = ""
    name_en: str = ""
    colour: str = ""
    picked: str = ""
    colour_was: str = ""
    picked_was: str = ""

    @classmethod
    def in_form(cls, form: Form) -> "Written":
        """What was sent."""
        return cls(**{field.name: form.one(field.name).strip() for field in fields(cls)})

    @classmethod
    def of(cls, one: ClassFacts) -> "Written":
        """A class as it is kept."""
        return cls(one.code, one.category.value, one.name_vi, one.name_en, one.colour)

    @property
    def chosen(self) -> str:
        """Two ways lead to one colour: the one that was changed counts, the written one first."""
        was_picked = self.picked.lower() != self.picked_was.lower()
        return self.picked if self.colour == self.colour_was and was_picked else self.colour

    def facts(self) -> tuple[dict[str, Any], Wrong]:
        """What is to be kept, and what is wrong with it."""
        facts: dict[str, Any] = {"colour": self.chosen.upper()}
        wrong: Wrong = []
        if self.category in _CATEGORIES:
            facts["category"] = Category(self.category)
        else:
            wrong.append(("category", "category"))
        for name, value in (("name_vi", self.name_vi), ("name_en", self.name_en)):
            try:
                facts[name] = tidy(value)
            except ValueError:
                wrong.append((name, "unreadable"))
                continue
            if not 1 <= len(facts[name]) <= _LONGEST:
                wrong.append((name, name))
        if not _COLOUR.fullmatch(self.chosen):
            wrong.append(("colour", "colour_form" if self.chosen else "colour"))
        return facts, wrong


@router.get("/new-class")
async def ask_new(
    event_id: UUID, session: SessionDep, visit: Visit = page(Permission.BADGES_DESIGN, "events")
) -> Response:
    """The form for a further class."""
    event, _ = await badges.open_classes(session, access=visit.access, event_id=event_id)
    return _form(visit, event, None, Written(), [])


@router.post("/new-class")
async def add(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_DESIGN, "events"),
) -> Response:
    """Adds a class; one that is there already isn't overwritten."""
    event, known = await badges.open_classes(session, access=visit.access, event_id=event_id)
    written = Written.in_form(form)
    code, (facts, wrong) = written.code, written.facts()
    if not _CODE.fullmatch(code):
        wrong.insert(0, ("code", "code"))
    elif code in known:
        wrong.insert(0, ("code", "taken"))
    if wrong:
        return _form(visit, event, None, written, wrong)
    await badges.keep_class(session, access=visit.access, event_id=event_id, code=code, facts=facts, now=now)
    return _back(event_id, "class_kept")


@router.get("/classes/{code}")
async def ask(
    event_id: UUID, code: str, session: SessionDep, visit: Visit = page(Permission.BADGES_DESIGN, "events")
) -> Response:
    """The form with a class as it is."""
    event, one = await _known(session, visit, event_id, code)
    return _form(visit, event, one, Written.of(one), [])


@router.post("/classes/{code}")
async def change(
    event_id: UUID,
    code: str,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_DESIGN, "events"),
) -> Response:
    """Changes a class; badges that are printed already stay as they are."""
    event, one = await _known(session, visit, event_id, code)
    written = Written.in_form(form)
    if code in _CATEGORIES:
        written = replace(written, category=one.category.value)
    facts, wrong = written.facts()
    if not wrong:
        try:
            async with attempt(session):
                await badges.keep_class(
                    session, access=visit.access, event_id=event_id, code=code, facts=facts, now=now
                )
        except Conflict:
            wrong.append(("category", "category_used"))
    return _form(visit, event, one, written, wrong) if wrong else _back(event_id, "class_kept")


@router.post("/classes/{code}/remove")
async def remove(
    event_id: UUID, code: str, session: SessionDep, now: Now, visit: Visit = page(Permission.BADGES_DESIGN, "events")
) -> Response:
    """Removes a class of the event; that of a category becomes the built-in one again."""
    await badges.remove_class(session, access=visit.access, event_id=event_id, code=code, now=now)
    return _back(event_id, "class_removed")


async def _known(session: SessionDep, visit: Visit, event_id: UUID, code: str) -> tuple[Event, ClassFacts]:
    event, known = await badges.open_classes(session, access=visit.access, event_id=event_id)
    if code not in known:
        raise NotFound("class")
    return event, known[code]


def _back(event_id: UUID, done: str) -> Response:
    return RedirectResponse(reading.address(badges_href(event_id), "classes", done=done), 303)


def _form(visit: Visit, event: Event, one: ClassFacts | None, written: Written, wrong: Wrong) -> Response:
    """The form, with the status that says whether something in it is wrong."""
    here = badges_href(event.id)
    action = f"{here}/classes/{one.code}" if one else f"{here}/new-class"
    shown = ClassForm(
        place=place_of(visit, event, "badges"),
        action=action,
        remove_action=f"{action}/remove" if one and one.own and not one.passes else "",
        back_href=f"{here}#classes",
        known=one is not None,
        fixed=one is not None and one.code in _CATEGORIES,
        passes=one.passes if one else 0,
        code=one.code if one else written.code,
        category=written.category,
        name_vi=written.name_vi,
        name_en=written.name_en,
        colour=written.chosen,
        picked=written.chosen if _COLOUR.fullmatch(written.chosen) else _FIRST_PICK,
        errors=tuple(FieldError(field, visit.say(_WRONG[word])) for field, word in wrong),
    )
    return visit.show("console/badge_class.html", status=422 if wrong else 200, page=shown)
