"""Registering in the portal, under an address that was proven by a link."""

import re

import httpx
import pytest
from sqlalchemy import func, select

from service.domain.accreditation import Consent, ConsentPurpose, Journalist, Outlet, OutletAlias
from service.domain.texts import fold
from service.store.database import Database
from service.usecases.accreditation import signing
from tests import press_story
from tests.conftest import NOW, Clock
from tests.press_story import VAULT
from tests.web.browsing import errors_of, text_of
from tests.web.pressing import ask_link, reader

__all__ = ["reader"]

NEW = "nguoi.moi@toasoan.example"
FORM = {
    "full_name": "Nguyễn Thị Biển",
    "passport_family": "",
    "passport_given": "",
    "outlet": "Báo Sóng Xanh",
    "outlet_kind": "print",
    "outlet_country": "VN",
    "phone": "+84 28 3822 0000",
    "press_card_number": "",
    "press_card_expires_on": "",
    "language": "vi",
    "password": "",
    "consent": ["accreditation"],
}
"""A registration that is whole."""


async def prove(reader: httpx.AsyncClient, database: Database, email: str = NEW) -> None:
    answer = await reader.post(await ask_link(reader, database, email, "/press/privacy"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/press/register")


async def test_an_unknown_address_registers_with_what_it_proved(reader: httpx.AsyncClient, database: Database) -> None:
    await prove(reader, database)
    page = await reader.get("/press/register")
    assert (page.status_code, NEW in page.text, "checked" in page.text.split('name="consent"', 1)[1]) == (
        200,
        True,
        False,
    )
    assert 'name="email"' not in page.text
    answer = await reader.post("/press/register", data=FORM | {"email": "khac@toasoan.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/press/privacy")
    assert "Nguyễn Thị Biển" in text_of(await reader.get("/press"))
    async with database.session() as session:
        (made,) = await session.scalars(select(Journalist))
        consents = [(one.purpose, one.text_version) for one in await session.scalars(select(Consent))]
    assert (made.email, made.passport_line, made.password_hash) == (NEW, "NGUYEN<<THI<BIEN", "")
    assert consents == [(ConsentPurpose.ACCREDITATION, "press-2")]
    assert (await reader.get("/press/register")).headers["location"].startswith("/press/sign-in")


async def test_what_is_wrong_with_a_registration_comes_back_with_all_that_was_typed(
    reader: httpx.AsyncClient, database: Database
) -> None:
    await prove(reader, database)
    typed = FORM | {
        "full_name": "Nguyễn\u202eBiển",
        "outlet": "",
        "phone": "gọi sau",
        "press_card_number": "12",
        "press_card_expires_on": "2020-01-01",
        "password": "mk q7x",
        "consent": ["press_news"],
    }
    answer = await reader.post("/press/register", data=typed)
    assert (answer.status_code, set(errors_of(answer))) == (
        422,
        {
            "full_name",
            "outlet",
            "phone",
            "press_card_number",
            "press_card_expires_on",
            "password",
            "consent-accreditation",
        },
    )
    for value in ("gọi sau", 'value="12"', "2020-01-01"):
        assert value in answer.text
    assert "mk q7x" not in answer.text
    ticks = re.findall(r'name="consent" value="(\w+)" checked', answer.text)
    assert ticks == ["press_news"]
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Journalist)) == 0


@pytest.mark.parametrize(("name", "status"), [("A", 303), ("Ư" * 200, 303), ("Ư" * 201, 422), ("123", 422)])
async def test_names_of_every_length_are_names(
    reader: httpx.AsyncClient, database: Database, name: str, status: int
) -> None:
    await prove(reader, database)
    assert (await reader.post("/press/register", data=FORM | {"full_name": name})).status_code == status


async def test_who_reads_english_says_which_name_is_the_family_name(
    reader: httpx.AsyncClient, database: Database
) -> None:
    await prove(reader, database)
    reader.cookies.set("lang", "en")
    typed = FORM | {"full_name": "José Müller"}
    answer = await reader.post("/press/register", data=typed)
    assert (answer.status_code, set(errors_of(answer))) == (422, {"passport_family"})
    whole = typed | {"passport_family": "Müller", "passport_given": "José", "outlet": "Beispiel-Zeitung"}
    assert (await reader.post("/press/register", data=whole)).status_code == 303
    async with database.session() as session:
        (made,) = await session.scalars(select(Journalist))
    assert (made.full_name, made.passport_line) == ("José Müller", "MULLER<<JOSE")


async def test_an_outlet_is_found_by_any_of_its_names(reader: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        known = await press_story.make_outlet(session, "Báo Sóng Xanh")
        alias = "Sóng Xanh News"
        session.add(OutletAlias(outlet_id=known.id, name=alias, folded=fold(alias), created_at=NOW))
    await prove(reader, database)
    assert "Báo Sóng Xanh" in (await reader.get("/press/register")).text.split("<datalist", 1)[1]
    assert (await reader.post("/press/register", data=FORM | {"outlet": "SONG XANH news"})).status_code == 303
    async with database.session() as session:
        (made,) = await session.scalars(select(Journalist))
        assert await session.scalar(select(func.count()).select_from(Outlet)) == 1
    assert made.outlet_id == known.id


async def test_a_proof_is_nobody_elses_and_ends(reader: httpx.AsyncClient, database: Database, clock: Clock) -> None:
    await prove(reader, database)
    clock.at = NOW + signing.PROVEN
    assert [
        (await reader.get("/press/register")).status_code,
        (await reader.post("/press/register", data=FORM)).status_code,
    ] == [410, 410]
    forged = signing.prove(NEW, "/press", vault=VAULT, now=clock.at)
    for value in (forged[:-4] + "AAAA", "A" * 40, "x"):
        reader.cookies.clear()
        reader.cookies.set("biendao_proof", value)
        assert (await reader.post("/press/register", data=FORM)).status_code == 410
