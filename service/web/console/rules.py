"""Rule sets: read in words, tried as text, kept as a new version."""

import json
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.accreditation import Rules
from service.domain.accreditation.rule_text import Part, RuleFault, Unreadable, parse_rules, write_rules
from service.domain.errors import Conflict
from service.usecases import accounts
from service.usecases.accreditation import rule_file, rules
from service.usecases.accreditation.rule_file import RuleFile
from service.web import accreditation_views as view
from service.web.console import reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.rule_words import class_in_words
from service.web.deps import Now, SessionDep
from service.web.forms import Checked, Form, FormDep, attempt
from service.web.views import FieldError
from service.web.words import N_

router = APIRouter(prefix="/console/rules", include_in_schema=False, route_class=ConsolePage)

Code = Annotated[str, Path(max_length=40)]
_MOST_DIGITS = 6
_SHOWN = 120
_LONGEST_NOTE = 300
_KEPT = N_("Version %(number)s is kept. Events that are opened from now on can use it; open ones keep theirs.")
_EMPTY = N_("Write the rules, or go back")
_NO_NOTE = N_("Write what is new: others read it in the list of versions")
_AT = N_("Line %(line)s, column %(column)s: %(problem)s")
_PACKAGED = N_("Came with the service")


@dataclass(frozen=True)
class _Sent:
    """A text that was sent, or is to be changed: what it changes, or what is wrong with it."""

    source: str
    based_on: int
    note: str = ""
    tried: bool = False
    overtaken: bool = False
    changes: tuple[Part, ...] = ()
    faults: tuple[RuleFault, ...] = ()
    errors: tuple[FieldError, ...] = ()


def rules_href(code: str) -> str:
    """The page of a rule set."""
    return f"/console/rules/{code}"


@router.get("")
async def list_sets(
    session: SessionDep, now: Now, visit: Visit = page(Permission.ACCREDITATION_READ, "events")
) -> Response:
    """The rule sets, each with its newest version."""
    found = await rule_file.list_sets(session, access=visit.access, now=now)
    rows = tuple(
        view.RuleSetRow(
            href=rules_href(one.code),
            code=one.code,
            name_vi=one.rules.name.vi,
            name_en=one.rules.name.en,
            version=one.version,
            made_at=one.made_at,
            classes=len(one.rules.classes),
        )
        for one in found
    )
    return visit.show("console/rules.html", page=view.RulesPage(rows))


@router.get("/{code}")
async def open_set(
    code: Code,
    session: SessionDep,
    visit: Visit = page(Permission.ACCREDITATION_READ, "events"),
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    done: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """A version in words, and the list of all of them."""
    found = await rule_file.open_rules(session, access=visit.access, code=code, version=version)
    news = visit.say(_KEPT, number=visit.number(done)) if done else ""
    return visit.show("console/rule_set.html", page=_page(visit, found, news))


def _page(visit: Visit, found: RuleFile, news: str) -> view.RuleSetPage:
    shown = found.shown.rule_set
    here = rules_href(shown.code)
    return view.RuleSetPage(
        code=shown.code,
        name_vi=found.rules.name.vi,
        name_en=found.rules.name.en,
        version=shown.version,
        newest=found.newest.version,
        newest_href=here,
        note=_note(visit, shown.note),
        made_at=shown.made_at,
        made_by=found.shown.made_by,
        edit_href=f"{here}/edit" if found.may_change else "",
        classes=tuple(class_in_words(found.rules, one) for one in found.rules.classes),
        versions=tuple(
            view.VersionRow(
                href=reading.address(here, version=str(one.rule_set.version)),
                version=one.rule_set.version,
                note=_note(visit, one.rule_set.note),
                made_at=one.rule_set.made_at,
                made_by=one.made_by,
                events=one.events,
                current=one.rule_set.id == shown.id,
            )
            for one in found.versions
        ),
        news=news,
    )


def _note(visit: Visit, note: str) -> str:
    return visit.say(_PACKAGED) if note == "packaged" else note


@router.get("/{code}/edit")
async def edit(
    code: Code, session: SessionDep, visit: Visit = page(Permission.ACCREDITATION_SET_UP, "events")
) -> Response:
    """The newest version as text."""
    accounts.require_everywhere(visit.access, Permission.ACCREDITATION_SET_UP)
    found = await rule_file.open_rules(session, access=visit.access, code=code)
    return _edit_page(visit, found, _Sent(write_rules(found.rules), found.newest.version))


@router.post("/{code}/edit")
async def send(
    code: Code,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.ACCREDITATION_SET_UP, "events"),
) -> Response:
    """Tries what was typed, or keeps it as a new version; what can't be kept comes back whole, with its faults."""
    accounts.require_everywhere(visit.access, Permission.ACCREDITATION_SET_UP)
    found = await rule_file.open_rules(session, access=visit.access, code=code)
    sent = _read(visit, form)
    if sent.errors and not sent.source.strip():
        return _edit_page(visit, found, sent)
    try:
        changes = await rule_file.try_rules(session, access=visit.access, code=code, text=sent.source)
    except Unreadable as wrong:
        first = wrong.faults[0]
        told = visit.say(_AT, line=first.line, column=first.column, problem=first.message)
        error = FieldError("source", told if first.line else first.message)
        return _edit_page(visit, found, replace(sent, errors=(*sent.errors, error), faults=wrong.faults))
    sent = replace(sent, changes=tuple(changes))
    if form.one("do") != "keep" or sent.errors:
        return _edit_page(visit, found, replace(sent, tried=True))
    try:
        async with attempt(session):
            made = await rules.add_version(
                session,
                access=visit.access,
                code=code,
                based_on=sent.based_on,
                body=parse_rules(sent.source)[0],
                note=sent.note,
                now=now,
            )
    except Conflict:
        return await _overtaken(session, visit, code, sent)
    return RedirectResponse(reading.address(rules_href(code), done=str(made.version)), 303)


def _read(visit: Visit, form: Form) -> _Sent:
    """What was typed, and what is wrong with it before it is read as rules."""
    checked = Checked(visit, form)
    source = form.one("source").replace("\r\n", "\n")
    note = checked.text("note", wanted=_NO_NOTE if form.one("do") == "keep" else "", most=_LONGEST_NOTE)
    if not source.strip():
        checked.wrong("source", _EMPTY)
    return _Sent(source, _based_on(form.one("based_on")), note, errors=tuple(checked.errors))


async def _overtaken(session: SessionDep, visit: Visit, code: str, sent: _Sent) -> Response:
    """Somebody else made a version meanwhile: what was typed is kept, and compared with theirs."""
    found = await rule_file.open_rules(session, access=visit.access, code=code)
    changes = await rule_file.try_rules(session, access=visit.access, code=code, text=sent.source)
    kept = replace(sent, based_on=found.newest.version, changes=tuple(changes), overtaken=True)
    return _edit_page(visit, found, kept)


def _based_on(text: str) -> int:
    """The version that the text was made from; what nobody sent is older than every version."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def _edit_page(visit: Visit, found: RuleFile, sent: _Sent) -> Response:
    code = found.newest.code
    lines = sent.source.split("\n")
    shown = view.RuleEditPage(
        code=code,
        name_vi=found.rules.name.vi,
        name_en=found.rules.name.en,
        action=f"{rules_href(code)}/edit",
        back_href=rules_href(code),
        based_on=sent.based_on,
        source=sent.source,
        lines=len(lines),
        note=sent.note,
        tried=sent.tried,
        overtaken=sent.overtaken,
        overtaken_by=found.shown.made_by,
        changes=tuple(_part(one, found.rules, sent.source) for one in sent.changes),
        faults=tuple(_fault(one, lines) for one in sent.faults),
        errors=sent.errors,
    )
    status = 409 if sent.overtaken else 422 if sent.errors else 200
    return visit.show("console/rule_edit.html", status=status, page=shown)


def _fault(one: RuleFault, lines: list[str]) -> view.LineFault:
    text = lines[one.line - 1] if 0 < one.line <= len(lines) else ""
    return view.LineFault(one.line, one.column, one.pointer, one.message, text)


def _part(one: Part, before: Rules, source: str) -> view.ChangedPart:
    names = {rule.code: rule.name for found in (parse_rules(source)[1], before) for rule in found.classes}
    name = names.get(one.code)
    return view.ChangedPart(
        code=one.code,
        name_vi=name.vi if name else "",
        name_en=name.en if name else "",
        kind=one.kind,
        rows=tuple(
            view.ChangeRow(" › ".join(change.path), _short(change.before), _short(change.after))
            for change in one.changes
        ),
    )


def _short(value: Any) -> str:
    """A value as it stands in the text, cut where it is long."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
