"""What one authority is shown, no other reaches: not by any page, any operation, any search, any file.

Every field of every application holds a mark of its own, and so do verdicts, questions and answers. Somebody of one
authority then asks for everything that can be asked for, with everybody's ids, and what comes back is searched.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.domain.accounts import Access
from service.domain.accreditation import ClassRule, EvidenceKind, VerdictKind, reference_of
from service.domain.accreditation.answers import ASKED, FILE
from service.domain.base import new_id
from service.store.database import Database
from service.usecases import accreditation
from service.usecases.accreditation import evidence
from service.web.api import routers as api_routers
from service.web.console import routers as console_routers
from service.web.door import routers as door_routers
from service.web.holder import routers as holder_routers
from service.web.pages import Pages
from service.web.press import routers as press_routers
from service.web.words import WORDS
from tests.conftest import NOW
from tests.press_story import PressStory, files_of, make_journalist, make_submitted, reviews_of, say
from tests.web.browsing import browser, sign_in, text_of
from tests.web.desk_pages import press

__all__ = ["browser", "press"]
CLASSES = ("domestic", "visiting_foreign")
MARKS = {
    "pen_name": "dấu-bút-danh-{}",
    "birth_year": "19{}7",
    "nationality": "{}",
    "identity_number": "MARKID{}0",
    "assignment": "dấu-nhiệm-vụ-{}",
    "arrives_on": "2026-12-0{}",
    "equipment": "dấu-thiết-bị-{}",
    "frequencies": "dấu-tần-số-{}",
    "vehicle": "dấu-xe-{}",
}
COUNTRIES = ("NZ", "IS", "PE")
WEAK = frozenset({"birth_year", "nationality", "arrives_on", "days_wanted", "media_role", "zones_wanted"})
"""Fields whose values say nothing by themselves: a number, a code, a day stand on many pages for other reasons."""


@dataclass
class Marked:
    """One application: the mark of each field, the files, the reviews, and what was said, by authority."""

    id: str
    rule: ClassRule
    marks: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def hidden_from(self, authority: str) -> Iterator[str]:
        """Every mark that this authority must not meet."""
        mine = self.rule.authority(authority).sees if authority in self.reviews else ()
        yield from (mark for code, mark in self.marks.items() if code not in mine and code not in WEAK)
        yield from (word for other, words in self.said.items() if other != authority for word in words)


@pytest.fixture
async def marked(press: PressStory, database: Database) -> list[Marked]:
    """An application of each class, about which every authority whose turn it is has said something."""
    made = []
    for number, class_code in enumerate(CLASSES, 1):
        async with database.transaction() as session:
            made.append(await _mark(session, press, number, class_code))
    return made


async def _mark(session: Any, press: PressStory, number: int, class_code: str) -> Marked:
    rule = press.rules.of(class_code)
    person = {
        "full_name": f"Dấu Họ Tên {number}",
        "passport_line": f"MARKLINE{'X' * number}<<DAU",
        "email": f"dau.thu.{number}@toasoan.example",
        "phone": f"0911 000 00{number}",
    }
    journalist = await make_journalist(session, number, outlet=f"Dấu Tòa soạn {number}", **person)
    answers = {code: MARKS[code].format(number) for code in MARKS} | {"nationality": COUNTRIES[number]}
    application, _ = await make_submitted(session, press, number, class_code, journalist=journalist, **answers)
    asked = {one.code for one in rule.asks}
    marks = person | {"outlet": f"Dấu Tòa soạn {number}", "press_card_number": f"{number:06d}"}
    marks |= {code: value for code, value in answers.items() if code in asked}
    found = Marked(str(application.id), rule, marks)
    found.files = {FILE + kind.value: str(one.id) for kind, one in (await files_of(session, application)).items()}
    for code in [one.code for one in rule.stages[0].authorities]:
        words = (f"dấu-ý-kiến-{code}-{number}", f"dấu-câu-hỏi-{code}-{number}", f"dấu-trả-lời-{code}-{number}")
        await say(session, press, application, code, VerdictKind.REJECT, ground=words[0])
        await say(session, press, application, code, VerdictKind.ASK, ground=words[1])
        await accreditation.answer(
            session, journalist=journalist, application_id=application.id, text=words[2], now=NOW
        )
        found.said[code] = words
    found.reviews = {code: str(one.id) for code, one in (await reviews_of(session, application)).items()}
    return found


def routes() -> list[APIRoute]:
    """All that can be asked for by GET, pages and operations of every audience."""
    audiences = (api_routers, console_routers, door_routers, holder_routers, press_routers)
    found = [one for routers in audiences for router in routers for one in router.routes]
    return [one for one in found if isinstance(one, APIRoute) and "GET" in one.methods]


def addresses(press: PressStory, marked: list[Marked], me: Access) -> list[str]:
    """Every route with every id that fits; where a file is named, with a good mark of whoever asks."""
    ids: Mapping[str, list[str]] = {
        "application_id": [one.id for one in marked],
        "review_id": [review for one in marked for review in one.reviews.values()],
        "evidence_id": [file for one in marked for file in one.files.values()],
        "event_id": [str(press.event.id)],
        "organisation_id": [str(one.id) for one in press.bodies.values()],
        "staff_id": [str(press.desks["security"].staff_id)],
        "kind": [kind.value for kind in EvidenceKind],
        "code": ["vn-press"],
        "version": ["1"],
        "format": ["a6"],
    }
    found = []
    for route in routes():
        names = list(route.param_convertors)
        for values in product(*(ids.get(name) or [str(new_id())] for name in names)):
            given = dict(zip(names, values, strict=True))
            path = route.path_format.format(**given)
            if "evidence_id" in given:
                link = evidence.link_of(UUID(given["evidence_id"]), access=me, secrets=press.vault, now=NOW)
                path += f"?{link.partition('?')[2]}"
            found.append(path)
    return found


def files_of_review(one: Marked, authority: str, kind: EvidenceKind) -> str:
    """Where a program opens a file of a review."""
    return f"/api/v1/reviews/{one.reviews[authority]}/files/{kind.value}"


@pytest.mark.parametrize("authority", ["press_management", "security", "foreign_ministry"])
async def test_an_authority_meets_nothing_of_another_by_any_address(
    browser: httpx.AsyncClient, press: PressStory, marked: list[Marked], authority: str
) -> None:
    hidden = [mark for one in marked for mark in one.hidden_from(authority)]
    assert len(hidden) > 10
    own = {one.reviews[authority] for one in marked if authority in one.reviews}
    theirs = {review for one in marked for code, review in one.reviews.items() if code != authority}
    applications = {one.id for one in marked}
    await sign_in(browser, press.emails[authority])
    statuses: dict[str, int] = {}
    for address in addresses(press, marked, press.desks[authority]):
        answer = await browser.get(address)
        statuses[address] = answer.status_code
        assert [mark for mark in hidden if mark in answer.text] == [], address
    closed = {path: status for path, status in statuses.items() if any(one in path for one in theirs | applications)}
    # The portal's and the door's addresses ask for another sign-in.
    assert {path: status for path, status in closed.items() if status not in (303, 401, 403, 404)} == {}
    assert len(closed) > 10
    assert len(statuses) > 100
    assert {statuses[f"/console/reviews/{one}"] for one in own} <= {200}
    for one in (one for one in marked if authority in one.reviews):
        sees = one.rule.authority(authority).sees
        opened = {kind for kind in EvidenceKind if statuses[files_of_review(one, authority, kind)] == 200}
        assert {FILE + kind for kind in opened} == {code for code in one.files if code in sees}
    assert statuses["/console/accreditation"] == 200


@pytest.mark.parametrize("authority", ["press_management", "security", "foreign_ministry", "external_affairs"])
async def test_a_search_finds_only_what_its_authority_is_shown(
    browser: httpx.AsyncClient, press: PressStory, marked: list[Marked], authority: str
) -> None:
    await sign_in(browser, press.emails[authority])
    for one in marked:
        rule = one.rule
        seen = rule.authority(authority).sees if authority in one.reviews else ()
        tabs = ("todo", "paused", "waiting", "done")
        for code, mark in one.marks.items():
            if code in WEAK:
                continue
            pages = [await browser.get(f"/console/accreditation?tab={tab}&q={quote(mark)}") for tab in tabs]
            hits = sum(reference_of(UUID(one.id)) in page.text for page in pages)
            assert (code, hits) == (code, 1 if code in seen and code in ("full_name", "outlet") else 0)


@pytest.mark.parametrize("authority", ["press_management", "host", "foreign_ministry"])
async def test_fields_that_a_rule_does_not_name_are_not_even_named(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, marked: list[Marked], authority: str
) -> None:
    pages: Pages = app.state.pages
    await sign_in(browser, press.emails[authority])
    for one in marked:
        if authority not in one.reviews:
            continue
        sees = one.rule.authority(authority).sees
        told = text_of(without_reasons(await browser.get(f"/console/reviews/{one.reviews[authority]}")))
        names = {code: pages.translate("vi", word) for code, word in WORDS["field"].items()}
        shown = [names[code] for code in sees]
        assert any(word in told for word in shown)
        unnamed = [word for code, word in names.items() if code not in sees and not any(word in one for one in shown)]
        assert [word for word in unnamed if word in told] == []
        assert len(unnamed) > len(ASKED) // 2


def without_reasons(page: httpx.Response) -> httpx.Response:
    """The page without the choice of canned reasons: they are the same for everybody, whatever they speak of."""
    text = re.sub(r'<select id="reason_code".*?</select>', "", page.text, flags=re.DOTALL)
    return httpx.Response(page.status_code, text=text)


@pytest.mark.parametrize("authority", ["press_management", "foreign_ministry"])
async def test_files_open_only_for_those_whose_rule_names_them(
    browser: httpx.AsyncClient, press: PressStory, marked: list[Marked], authority: str
) -> None:
    await sign_in(browser, press.emails[authority])
    me, other = press.desks[authority], press.desks["security"]
    for one in marked:
        sees = one.rule.authority(authority).sees if authority in one.reviews else ()
        for kind, file_id in one.files.items():
            for who in (me, other):
                link = evidence.link_of(UUID(file_id), access=who, secrets=press.vault, now=NOW)
                answer = await browser.get(link)
                wanted = 200 if kind in sees and who is me else (403 if who is me else 404)
                assert (kind, who is me, answer.status_code) == (kind, who is me, wanted)
