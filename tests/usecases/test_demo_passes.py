"""The demo city, loaded once: its passes can be printed and read, there is one of each kind, and nobody gets mail."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from sqlalchemy import func, select

from service import demo
from service.demo import pictures
from service.domain.accounts import Access, Role, Staff
from service.domain.badge_formats import BadgeFormat
from service.domain.messages import OutgoingMail
from service.domain.passes import Category, PassState
from service.store import images
from service.store.vault import Vault
from service.usecases import badges, revocations
from tests.conftest import NOW, SECRET
from tests.demo_city import City

_PRINTABLE = 10


async def organiser(city: City) -> Access:
    async with city.database.session() as session:
        staff = await session.scalar(select(Staff).where(Staff.email == demo.SIGN_INS[0][1]))
    assert staff is not None
    return Access(staff.id, staff.name, staff.email, "vi", uuid4(), ((None, Role.ADMIN),))


def version_of(code: str) -> int:
    drawing = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    drawing.add_data(code, optimize=0)
    return int(drawing.best_fit(start=1))


async def test_every_code_fits_a_qr_code_that_a_badge_has_room_for(city: City) -> None:
    too_dense = {one.serial: version_of(one.code) for one in city.passes if version_of(one.code) > _PRINTABLE}
    assert too_dense == {}
    assert len(city.passes) > 1000


async def test_nobody_gets_mail_from_the_demo(city: City) -> None:
    async with city.database.session() as session:
        assert await session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    assert sum(one.holder_email != "" for one in city.of_summit()) > 400


async def test_the_bar_of_the_first_start_ends_full(city: City) -> None:
    assert [done for done, _ in city.told] == list(range(1, len(city.told) + 1))
    assert city.told[-1] == (len(city.told), len(city.told))


async def test_the_summit_has_passes_of_every_kind(city: City) -> None:
    passes = city.of_summit()
    of_class = Counter(one.class_code for one in passes if one.class_code)
    assert of_class == {"host_broadcaster": 1, "delegation_head": 3}
    by_state = Counter(one.state for one in passes)
    assert (by_state[PassState.REVOKED], by_state[PassState.SUSPENDED], by_state[PassState.REPLACED]) == (7, 1, 2)
    heirs = {one.replaces_id for one in passes if one.replaces_id}
    assert heirs == {one.id for one in passes if one.state is PassState.REPLACED}
    days = [one for one in passes if one.valid_days and one.heads == 1 and one.category is not Category.PRESS]
    assert [(one.valid_days, str(one.daily_from), str(one.daily_to)) for one in days] == [
        ([NOW.date()], "07:00:00", "12:00:00")
    ]
    groups = [one for one in passes if one.heads > 1]
    assert sorted(one.heads for one in groups) == [35, 38, 42]
    # A voucher names the school and who leads the group, and nobody else.
    assert {(one.category, one.organisation_name.split()[0], one.portrait_id) for one in groups} == {
        (Category.PUPIL, "Trường", None)
    }


async def test_forty_of_the_press_have_portraits_and_the_badge_shows_one_with_the_logo(city: City) -> None:
    with_portrait = [one for one in city.of_summit() if one.portrait_id and one.state is PassState.ACTIVE]
    assert len(with_portrait) == 40
    assert {one.category for one in with_portrait} == {Category.PRESS}
    access, vault = await organiser(city), Vault(SECRET)
    async with city.database.transaction() as session:
        logo = await badges.open_logo(session, city.summit, vault)
        picture = await badges.preview(
            session,
            access=access,
            event_id=city.summit,
            form=BadgeFormat.A6,
            source=None,
            pass_id=with_portrait[0].id,
            vault=vault,
            now=NOW,
        )
    assert logo is not None
    assert (logo[:4], picture[:4]) == (b"\x89PNG", b"\x89PNG")


async def test_one_device_of_the_summit_has_an_older_list(city: City) -> None:
    async with city.database.session() as session:
        found = await revocations.known_at(
            session, access=await organiser(city), event_id=city.summit, at=NOW + timedelta(minutes=1)
        )
    assert sorted(found.standing_of(one).value for one in found.devices) == ["current", "older"]


def test_pictures_are_the_same_each_time_and_differ_from_each_other() -> None:
    drawn = [images.portrait(pictures.portrait(number)) for number in range(8)]
    assert drawn[3] == images.portrait(pictures.portrait(3))
    assert len(set(drawn)) == len(drawn)
    assert images.logo(pictures.logo()) == images.logo(pictures.logo())
