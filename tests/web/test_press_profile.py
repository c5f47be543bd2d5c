"""A journalist's profile and data: authorities look again, consents are given and taken back, focal points."""

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import select

from service.domain.accreditation import (
    CONSENT_VERSION,
    Application,
    ApplicationState,
    Consent,
    ConsentPurpose,
    FocalPoint,
    Journalist,
    ReviewState,
)
from service.domain.errors import Invalid
from service.store.database import Database
from service.usecases.accreditation.journalists import card_number
from service.web.consents import CONSENTS
from tests import factories, press_story
from tests.conftest import NOW, Clock
from tests.press_story import VAULT, PressStory
from tests.web.browsing import errors_of, text_of
from tests.web.pressing import enter, kept, make, press, reader, recorded

__all__ = ["press", "reader"]

FORM = {
    "full_name": "Nguyễn Thị Biển 1",
    "passport_family": "NGUYEN",
    "passport_given": "THI BIEN",
    "outlet": "Báo Sóng Xanh",
    "outlet_kind": "print",
    "outlet_country": "VN",
    "phone": "0900 000 000",
    "press_card_number": "000001",
    "press_card_expires_on": "2099-12-31",
    "language": "vi",
    "password": "",
}
"""The profile of press_story's first journalist, as its form sends it."""


async def save(reader: httpx.AsyncClient, **changes: str) -> httpx.Response:
    return await reader.post("/press/profile", data=FORM | changes)


def test_another_text_of_the_consents_is_another_version() -> None:
    said = json.dumps({purpose.value: asdict(text) for purpose, text in CONSENTS.items()}, sort_keys=True)
    fingerprint = hashlib.sha256(said.encode()).hexdigest()[:16]
    assert (CONSENT_VERSION, fingerprint) == ("press-2", "4592140d33fc09eb")
    assert set(CONSENTS) == set(ConsentPurpose)


# The profile -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({}, set()),
        ({"language": "en", "password": "một câu dài mới"}, set()),
        ({"full_name": "Nguyễn Thị Sóng"}, {"press_management", "host", "security"}),
        ({"press_card_number": "000777"}, {"press_management"}),
        ({"outlet": "Báo Khác"}, {"press_management", "host", "security"}),
        ({"phone": "0911 111 111"}, set()),
    ],
)
async def test_whoever_sees_a_changed_field_looks_again(
    reader: httpx.AsyncClient,
    database: Database,
    press: PressStory,
    changes: dict[str, str],
    again: set[str],
) -> None:
    async with database.transaction() as session:
        application, journalist = await press_story.make_submitted(session, press)
        await press_story.approve_all(session, press, application)
    await enter(reader, database, journalist)
    answer = await save(reader, **changes)
    assert (answer.status_code, answer.headers["location"]) == (303, "/press/profile?saved=yes")
    async with database.session() as session:
        reviews = await press_story.reviews_of(session, application)
        now = await press_story.fresh(session, application)
    rule = press.rules.of("domestic")
    wanted = {"full_name", "press_card_number", "outlet", "phone"} & changes.keys()
    seen = {one.code for one in rule.authorities if wanted.intersection(one.sees)}
    assert seen == again
    assert {code for code, one in reviews.items() if one.round == 2} == again
    assert {code for code, one in reviews.items() if one.state is ReviewState.DONE} == set(reviews) - again
    assert now.version - application.version == bool(wanted)


async def test_a_profile_is_kept_and_its_number_stands_nowhere_in_clear(
    reader: httpx.AsyncClient, database: Database
) -> None:
    journalist = await make(database)
    await enter(reader, database, journalist)
    await save(
        reader, press_card_number="vd 00-4.711/nb", press_card_expires_on="31/12/2030", password="một câu dài mới"
    )
    found = await kept(database, journalist.id)
    assert (card_number(found, VAULT), found.press_card_expires_on) == ("VD004711/NB", date(2030, 12, 31))
    assert found.email == journalist.email
    page = await reader.get("/press/profile?saved=yes")
    assert ("VD004711/NB" in page.text, "Đã lưu thông tin" in page.text) == (True, True)
    await save(reader, press_card_number="", press_card_expires_on="")
    bare = await kept(database, journalist.id)
    assert (bare.press_card_sealed, bare.press_card_hash, bare.press_card_expires_on) == (b"", b"", None)
    typed = {"account": journalist.email, "password": "một câu dài mới", "way": "password"}
    assert (await reader.post("/press/sign-in", data=typed)).status_code == 303
    assert (await recorded(database, "journalist", journalist.id)) == ["changed", "changed", "signed_in"]


async def test_what_is_wrong_with_a_profile_is_told_and_nothing_changes(
    reader: httpx.AsyncClient, database: Database
) -> None:
    journalist = await make(database)
    await enter(reader, database, journalist)
    wrong = {
        "full_name": {"full_name": "\u200b"},
        "passport_family": {"passport_family": "王", "passport_given": "伟"},
        "press_card_expires_on": {"press_card_expires_on": "2020-01-01"},
        "press_card_number": {"press_card_number": "1" * 31},
        "password": {"password": "mk q7x"},
        "outlet": {"outlet": ""},
    }
    for field, changes in wrong.items():
        answer = await save(reader, **changes)
        assert (answer.status_code, set(errors_of(answer))) == (422, {field}), field
    assert (await save(reader, outlet_kind="blog")).status_code == 422
    assert (await kept(database, journalist.id)).model_dump() == journalist.model_dump()


async def test_a_card_that_has_expired_meanwhile_hinders_no_other_change(
    reader: httpx.AsyncClient, database: Database
) -> None:
    yesterday = press_story.today() - timedelta(days=1)
    journalist = await make(database, press_card_expires_on=yesterday)
    await enter(reader, database, journalist)
    answer = await save(reader, phone="0922 222 222", press_card_expires_on=yesterday.isoformat())
    assert (answer.status_code, (await kept(database, journalist.id)).phone) == (303, "0922 222 222")


async def test_a_card_is_as_its_class_wants_it(database: Database, press: PressStory) -> None:
    async with database.transaction() as session:
        journalist = await press_story.make_journalist(session)
        number = "A" * 21
        journalist.press_card_sealed = VAULT.seal(number.encode(), purpose="journalist.press_card")
        draft = await press_story.begin(session, press, journalist)
        whole = await press_story.fill(session, press, journalist, draft)
        with pytest.raises(Invalid) as refused:
            await press_story.submit(session, journalist, whole)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/press_card_number", "press_card_format")]


# Consents ----------------------------------------------------------------------------------------------------


async def test_registering_over_the_api_keeps_the_consent(client: httpx.AsyncClient, database: Database) -> None:
    await factories.register_journalist(client)
    async with database.session() as session:
        found = [(one.purpose, one.text_version, one.withdrawn_at) for one in await session.scalars(select(Consent))]
    assert found == [(ConsentPurpose.ACCREDITATION, CONSENT_VERSION, None)]


async def test_consents_are_given_and_taken_back_one_by_one(reader: httpx.AsyncClient, database: Database) -> None:
    journalist = await make(database)
    await enter(reader, database, journalist)
    for address, purpose in (("agree", "press_news"), ("agree", "press_news"), ("take-back", "portrait_on_badge")):
        answer = await reader.post(f"/press/privacy/{address}", data={"purpose": purpose})
        assert answer.status_code == 303
    async with database.session() as session:
        found = list(await session.scalars(select(Consent).order_by(Consent.id)))
    assert [(one.purpose.value, one.withdrawn_at) for one in found] == [
        ("accreditation", None),
        ("portrait_on_badge", NOW),
        ("press_news", None),
    ]
    assert (await recorded(database, "consent", journalist.id)) == ["agreed", "taken_back"]
    assert (await reader.post("/press/privacy/agree", data={"purpose": "everything"})).status_code == 422


async def test_without_the_consent_to_accreditation_applications_end(
    reader: httpx.AsyncClient, database: Database, press: PressStory, clock: Clock
) -> None:
    async with database.transaction() as session:
        application, journalist = await press_story.make_submitted(session, press)
    await enter(reader, database, journalist)
    unsure = await reader.post("/press/privacy/take-back", data={"purpose": "accreditation"})
    assert (unsure.status_code, set(errors_of(unsure))) == (422, {"sure"})
    clock.at = NOW + timedelta(hours=1)
    sure = {"purpose": "accreditation", "sure": "yes"}
    assert (await reader.post("/press/privacy/take-back", data=sure)).status_code == 303
    async with database.transaction() as session:
        assert (await press_story.fresh(session, application)).state is ApplicationState.WITHDRAWN
        draft = await press_story.begin(session, press, journalist, now=clock.at)
        whole = await press_story.fill(session, press, journalist, draft, now=clock.at)
        with pytest.raises(Invalid) as refused:
            await press_story.submit(session, journalist, whole, now=clock.at)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/consent", "missing")]
    assert "Bạn chưa đồng ý" in text_of(await reader.get("/press"))


async def test_everybody_may_read_what_is_kept(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    out = text_of(await reader.get("/press/privacy"))
    assert ("lưu 90 ngày sau sự kiện" in out, "Cơ quan an ninh" in out, "Rút lại: " in out) == (True, True, False)
    async with database.transaction() as session:
        _, journalist = await press_story.make_submitted(session, press)
    await enter(reader, database, journalist)
    own = text_of(await reader.get("/press/privacy"))
    assert "Sự kiện Thử: Phóng viên trong nước" in own


# Focal points ------------------------------------------------------------------------------------------------


async def name_focal_point(database: Database, press: PressStory, journalist: Journalist) -> None:
    async with database.transaction() as session:
        session.add(
            FocalPoint(
                outlet_id=journalist.outlet_id,
                journalist_id=journalist.id,
                named_by_id=press.organiser.staff_id,
                named_at=NOW,
            )
        )


async def test_a_focal_point_applies_for_the_people_of_the_outlet(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    focal, colleague = await make(database), await make(database, 2)
    stranger = await make(database, 3, outlet="Báo Khác")
    await enter(reader, database, focal)
    assert (await reader.get("/press/people")).status_code == 403
    assert (
        await reader.post("/press/people", data={"full_name": "A", "email": "a@toasoan.example"})
    ).status_code == 403
    await name_focal_point(database, press, focal)
    page = await reader.get("/press/people")
    assert [one in page.text for one in (focal.email, colleague.email, stranger.email)] == [True, True, False]
    what = {"what": f"{press.event.id}:domestic"}
    started = await reader.post(f"/press/people/{colleague.id}/applications", data=what)
    assert started.status_code == 303
    async with database.session() as session:
        (made,) = await session.scalars(select(Application))
    assert (made.journalist_id, made.made_by_id) == (colleague.id, focal.id)
    assert started.headers["location"] == f"/press/applications/{made.id}"
    assert (await reader.post(f"/press/people/{stranger.id}/applications", data=what)).status_code == 404
    assert (await reader.post(f"/press/people/{colleague.id}/applications", data={"what": "x"})).status_code == 422


async def test_a_colleague_is_added_without_a_password_and_agrees_themselves(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    focal = await make(database)
    await name_focal_point(database, press, focal)
    await enter(reader, database, focal)
    typed = {"full_name": "Trần Văn Mới", "email": "Moi@toasoan.example"}
    assert (await reader.post("/press/people", data=typed)).status_code == 303
    again = await reader.post("/press/people", data=typed)
    assert (again.status_code, set(errors_of(again)), "Trần Văn Mới" in again.text) == (422, {"email"}, True)
    async with database.session() as session:
        made = await session.scalar(select(Journalist).where(Journalist.email == "moi@toasoan.example"))
        assert made is not None
        consents = list(await session.scalars(select(Consent).where(Consent.journalist_id == made.id)))
    assert (made.outlet_id, made.password_hash, made.passport_line, consents) == (
        focal.outlet_id,
        "",
        "TRAN<<VAN<MOI",
        [],
    )
    assert "Chưa đồng ý cho dùng dữ liệu" in text_of(await reader.get("/press/people"))
    wrong = await reader.post("/press/people", data={"full_name": "7", "email": ""})
    assert set(errors_of(wrong)) == {"full_name", "email"}


async def test_who_leaves_an_outlet_speaks_for_it_no_longer(
    reader: httpx.AsyncClient, database: Database, press: PressStory
) -> None:
    focal = await make(database)
    await name_focal_point(database, press, focal)
    await enter(reader, database, focal)
    await save(reader, outlet="Báo Khác")
    assert (await reader.get("/press/people")).status_code == 403
    await save(reader)
    assert (await reader.get("/press/people")).status_code == 403
