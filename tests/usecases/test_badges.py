"""Badges on a real database with the real typesetter: portraits, one badge, many badges, and where they are."""

import asyncio
import io
from datetime import timedelta
from uuid import UUID

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlmodel import col

from service.domain.accounts import Access
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeAction, BadgeRecord, JobState, PrintPart
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.events import Event
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.store.database import Database
from service.usecases import badges, passes
from service.usecases.badges import JobFile
from service.usecases.badges import jobs as jobs_module
from service.usecases.passes import Wish
from tests.conftest import NOW
from tests.rows import MadeEvent
from tests.usecases.test_passes import VAULT, issue, made, organiser

__all__ = ["made", "organiser"]
A6 = BadgeFormat.A6
PART = jobs_module.PART


def photo(width: int = 600, height: int = 800, *, kind: str = "JPEG", turned: int = 0) -> bytes:
    """A picture whose upper half is red and lower half blue; `turned` is its EXIF orientation."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width, height // 2))
    if turned == 6:
        # Stored lying on its side, to be turned a quarter clockwise by whoever shows it.
        image = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = turned or 1
    exif[0x010F] = "A camera that says who held it"
    kept = io.BytesIO()
    image.save(kept, kind, exif=exif)
    return kept.getvalue()


async def guests(database: Database, made: MadeEvent, number: int) -> list[EntryPass]:
    wishes = [Wish(f"Khách {n:03}", f"Báo {n % 3}", Category.GUEST, ("A",)) for n in range(number)]
    return await issue(database, made, *wishes)


async def again(database: Database, one: EntryPass) -> EntryPass:
    async with database.session() as session:
        return await session.get_one(EntryPass, one.id)


async def keep_portrait(database: Database, organiser: Access, one: EntryPass, content: bytes) -> None:
    async with database.transaction() as session:
        await badges.keep_portrait(session, access=organiser, pass_id=one.id, content=content, vault=VAULT, now=NOW)


async def see_portrait(database: Database, organiser: Access, one: EntryPass) -> Image.Image:
    async with database.transaction() as session:
        shown = await badges.open_portrait(session, access=organiser, pass_id=one.id, vault=VAULT, now=NOW)
    return Image.open(io.BytesIO(shown))


async def print_one(database: Database, organiser: Access, one: EntryPass, *, now: object = NOW) -> bytes:
    async with database.transaction() as session:
        return await badges.print_badge(session, access=organiser, pass_id=one.id, form=A6, vault=VAULT, now=now)


async def note(database: Database, organiser: Access, one: EntryPass, action: BadgeAction) -> EntryPass:
    async with database.transaction() as session:
        return await badges.note_badge(session, access=organiser, pass_id=one.id, action=action, text="", now=NOW)


async def start(
    database: Database, organiser: Access, made: MadeEvent, *, pass_ids: list[UUID] | None = None
) -> JobFile:
    async with database.transaction() as session:
        return await badges.start_job(
            session, access=organiser, event_id=made.id, form=A6, pass_ids=pass_ids, category=None, now=NOW
        )


async def look(database: Database, organiser: Access, job: JobFile) -> JobFile:
    async with database.session() as session:
        return await badges.open_job(session, access=organiser, job_id=job.job.id)


async def work(database: Database) -> bool:
    return await badges.work_one_part(database, vault=VAULT, now=NOW)


async def records(database: Database, *ones: EntryPass) -> list[str]:
    async with database.session() as session:
        found = await session.scalars(
            select(BadgeRecord)
            .where(col(BadgeRecord.pass_id).in_([one.id for one in ones]))
            .order_by(col(BadgeRecord.id))
        )
        return [one.action.value for one in found]


# Portraits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [photo(), photo(1200, 1600, kind="PNG"), photo(600, 800, kind="WEBP"), photo(turned=6), photo(5480, 7300)],
    ids=["JPEG", "PNG", "WebP", "sideways", "40 megapixels"],
)
async def test_a_portrait_comes_out_upright_small_and_stripped(
    database: Database, made: MadeEvent, organiser: Access, content: bytes
) -> None:
    (one,) = await guests(database, made, 1)
    await keep_portrait(database, organiser, one, content)
    shown = await see_portrait(database, organiser, one)
    assert (shown.size, shown.format, dict(shown.getexif())) == ((480, 640), "JPEG", {})
    red, blue = shown.getpixel((240, 100)), shown.getpixel((240, 540))
    assert red[0] - red[2] > 150
    assert blue[2] - blue[0] > 150


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "JPEG, PNG or WebP"),
        ("không phải ảnh".encode(), "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "JPEG, PNG or WebP"),
        (photo()[:2000], "damaged"),
        (photo(100, 120), "at least 150 × 200"),
        (photo(9000, 8000), "at most 64 megapixels"),
        (photo(5000, 4000, kind="PNG"), "at most 16 megapixels"),
    ],
    ids=["empty", "text", "SVG", "cut off", "too small", "72 megapixels", "PNG of 20 megapixels"],
)
async def test_what_is_no_portrait_is_refused_and_the_older_one_stays(
    database: Database, made: MadeEvent, organiser: Access, content: bytes, told: str
) -> None:
    (one,) = await guests(database, made, 1)
    await keep_portrait(database, organiser, one, photo())
    with pytest.raises(Invalid) as refused:
        await keep_portrait(database, organiser, one, content)
    assert told in refused.value.errors[0].detail
    assert refused.value.errors[0].pointer == "/file"
    assert (await see_portrait(database, organiser, one)).size == (480, 640)


async def test_a_portrait_lies_sealed_and_goes_along_with_a_new_pass(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (one,) = await guests(database, made, 1)
    with pytest.raises(NotFound):
        await see_portrait(database, organiser, one)
    await keep_portrait(database, organiser, one, photo())
    async with database.session() as session:
        sealed = (await session.execute(text("SELECT sealed, key_id FROM stored_file"))).one()
    assert b"JFIF" not in sealed.sealed
    assert sealed.key_id == VAULT.key_id
    async with database.transaction() as session:
        new = await passes.replace_pass(
            session, access=organiser, pass_id=one.id, ground="Thẻ rách", authority="", vault=VAULT, now=NOW
        )
    assert (await see_portrait(database, organiser, new)).size == (480, 640)


async def test_a_group_has_no_face(database: Database, made: MadeEvent, organiser: Access) -> None:
    (group,) = await issue(database, made, Wish("Cô Mai", "Trường Hải Âu", Category.PUPIL, ("A",), heads=40))
    with pytest.raises(Conflict):
        await keep_portrait(database, organiser, group, photo())


# One badge ------------------------------------------------------------------------------------------------------


async def test_the_first_opening_is_the_printing_and_a_second_one_is_not(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (one,) = await guests(database, made, 1)
    for _ in range(2):
        made_pdf = await print_one(database, organiser, one)
        assert len(pikepdf.open(io.BytesIO(made_pdf)).pages) == 1
    assert (await again(database, one)).badge is BadgeState.PRINTED
    assert await records(database, one) == ["printed"]


async def test_no_badge_is_made_of_a_pass_that_lets_nobody_in(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    revoked, suspended, lost, over = await guests(database, made, 4)
    async with database.transaction() as session:
        for one, state in ((revoked, PassState.REVOKED), (suspended, PassState.SUSPENDED)):
            await passes.move_pass(
                session, access=organiser, pass_id=one.id, to_state=state, ground="x", authority="", now=NOW
            )
    await print_one(database, organiser, lost)
    await note(database, organiser, lost, BadgeAction.LOST)
    for one, now in ((revoked, NOW), (suspended, NOW), (lost, NOW), (over, NOW + timedelta(days=30))):
        with pytest.raises(Conflict, match="illegal_move"):
            await print_one(database, organiser, one, now=now)


async def test_a_lost_badge_opens_no_door_until_it_is_found(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (one,) = await guests(database, made, 1)
    with pytest.raises(Conflict, match="none → lost"):
        await note(database, organiser, one, BadgeAction.LOST)
    await print_one(database, organiser, one)
    lost = await note(database, organiser, one, BadgeAction.LOST)
    assert (lost.badge, lost.state, lost.state_ground) == (BadgeState.LOST, PassState.SUSPENDED, "Báo mất thẻ")
    found = await note(database, organiser, one, BadgeAction.FOUND)
    assert (found.badge, found.state) == (BadgeState.RETURNED, PassState.ACTIVE)
    with pytest.raises(Conflict, match="illegal_move"):
        await note(database, organiser, one, BadgeAction.HANDED_OVER)
    assert await records(database, one) == ["printed", "lost", "found"]


async def test_a_badge_that_is_found_lifts_no_other_suspension(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (one,) = await guests(database, made, 1)
    await print_one(database, organiser, one)
    async with database.transaction() as session:
        await passes.move_pass(
            session,
            access=organiser,
            pass_id=one.id,
            to_state=PassState.SUSPENDED,
            ground="An ninh",
            authority="Công an",
            now=NOW - timedelta(hours=1),
        )
    await note(database, organiser, one, BadgeAction.LOST)
    found = await note(database, organiser, one, BadgeAction.FOUND)
    assert (found.badge, found.state, found.state_ground) == (BadgeState.RETURNED, PassState.SUSPENDED, "An ninh")


async def test_a_portrait_that_nobody_shows_any_more_is_gone(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (one,) = await guests(database, made, 1)
    for _ in range(2):
        await keep_portrait(database, organiser, one, photo())

    async def kept() -> int:
        async with database.session() as session:
            return int(await session.scalar(text("SELECT count(*) FROM stored_file")) or 0)

    assert await kept() == 1
    async with database.transaction() as session:
        new = await passes.replace_pass(
            session, access=organiser, pass_id=one.id, ground="Rách", authority="", vault=VAULT, now=NOW
        )
    async with database.transaction() as session:
        await badges.remove_portrait(session, access=organiser, pass_id=new.id, now=NOW)
    assert await kept() == 1
    async with database.transaction() as session:
        await badges.remove_portrait(session, access=organiser, pass_id=one.id, now=NOW)
    assert await kept() == 0


# Many badges ----------------------------------------------------------------------------------------------------


async def test_a_job_makes_every_badge_once_in_parts_sorted_for_the_desk(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    issued = await guests(database, made, PART + 5)
    await keep_portrait(database, organiser, issued[0], photo())
    job = await start(database, organiser, made)
    assert (job.job.total, job.job.without_portrait, job.done) == (PART + 5, PART + 4, 0)
    ids = [pass_id for part in job.parts for pass_id in part.pass_ids]
    names = {one.id: (one.organisation_name, one.holder_name) for one in issued}
    assert [names[one] for one in ids] == sorted(names.values())
    assert [await work(database) for _ in range(3)] == [True, True, False]
    ended = await look(database, organiser, job)
    assert (ended.job.state, ended.done, ended.skipped, ended.job.ended_at) == (JobState.DONE, PART + 5, 0, NOW)
    async with database.transaction() as session:
        whole = await badges.whole_job(session, access=organiser, job_id=job.job.id, vault=VAULT, now=NOW)
        second = await badges.open_part(session, access=organiser, job_id=job.job.id, number=2, vault=VAULT, now=NOW)
    assert len(pikepdf.open(io.BytesIO(whole)).pages) == PART + 5
    assert len(pikepdf.open(io.BytesIO(second)).pages) == 5
    assert await records(database, *issued) == ["printed"] * (PART + 5)
    with pytest.raises(Conflict, match="nothing_to_print"):
        await start(database, organiser, made)


async def test_what_ended_meanwhile_is_left_away(database: Database, made: MadeEvent, organiser: Access) -> None:
    kept, revoked, printed = await guests(database, made, 3)
    job = await start(database, organiser, made)
    await print_one(database, organiser, printed)
    async with database.transaction() as session:
        await passes.move_pass(
            session,
            access=organiser,
            pass_id=revoked.id,
            to_state=PassState.REVOKED,
            ground="x",
            authority="",
            now=NOW,
        )
    assert await work(database)
    ended = await look(database, organiser, job)
    assert (ended.job.state, ended.done, ended.skipped) == (JobState.DONE, 3, 2)
    assert (await again(database, kept)).badge is BadgeState.PRINTED
    assert (await again(database, revoked)).badge is BadgeState.NONE
    assert await records(database, printed) == ["printed"]


async def test_workers_at_once_share_the_parts_and_make_none_twice(
    database: Database, made: MadeEvent, organiser: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "PART", 2)
    issued = await guests(database, made, 7)
    job = await start(database, organiser, made)
    assert [len(part.pass_ids) for part in job.parts] == [2, 2, 2, 1]
    worked = await asyncio.gather(*(work(database) for _ in range(6)))
    assert sum(worked) == 4
    assert (await look(database, organiser, job)).job.state is JobState.DONE
    assert await records(database, *issued) == ["printed"] * 7


async def test_a_template_that_fails_on_live_data_fails_the_job_and_says_where(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    await guests(database, made, 1)
    source = '#let badge(face) = [\n  #if face.holder_name.contains("Khách") { panic("no guests here") }\n]\n'
    async with database.transaction() as session:
        await badges.change_template(
            session, access=organiser, event_id=made.id, form=A6, source=source, vault=VAULT, now=NOW
        )
    job = await start(database, organiser, made)
    await work(database)
    failed = await look(database, organiser, job)
    assert failed.job.state is JobState.FAILED
    assert failed.job.problem.startswith("line 2, column")
    assert "no guests here" in failed.job.problem
    assert not await work(database)


async def test_a_part_that_breaks_is_tried_again_and_a_stopped_job_keeps_what_is_made(
    database: Database, made: MadeEvent, organiser: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "PART", 1)
    await guests(database, made, 2)
    job = await start(database, organiser, made)
    # The logo can't be opened any more: as after a change of the secret key.
    async with database.transaction() as session:
        await badges.keep_logo(session, access=organiser, event_id=made.id, content=photo(), vault=VAULT, now=NOW)
        await session.execute(
            text("UPDATE stored_file SET sealed = decode(repeat('00', 40), 'hex') WHERE purpose = 'logo'")
        )
    with pytest.raises(ValueError, match="BIENDAO_SECRET_KEY"):
        await work(database)
    async with database.transaction() as session:
        assert (await session.get_one(PrintPart, (job.job.id, 1))).attempts == 1
        await badges.remove_logo(session, access=organiser, event_id=made.id, now=NOW)
    assert await work(database)
    async with database.transaction() as session:
        stopped = await badges.cancel_job(session, access=organiser, job_id=job.job.id, now=NOW)
    assert (stopped.job.state, stopped.done) == (JobState.CANCELLED, 1)
    assert not await work(database)
    with pytest.raises(Conflict, match="illegal_move"):
        async with database.transaction() as session:
            await badges.cancel_job(session, access=organiser, job_id=job.job.id, now=NOW)


# Classes and templates ------------------------------------------------------------------------------------------


async def test_a_template_that_does_not_compile_says_where_and_the_older_one_stays(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    good = "#let badge(face) = box(width: 105mm, height: 148mm)[#face.holder_name]\n"
    async with database.transaction() as session:
        kept = await badges.change_template(
            session, access=organiser, event_id=made.id, form=BadgeFormat.SHEET_A6, source=good, vault=VAULT, now=NOW
        )
    assert (kept.format, kept.version, kept.built_in) == (A6, 1, False)
    with pytest.raises(Invalid) as refused:
        async with database.transaction() as session:
            await badges.change_template(
                session,
                access=organiser,
                event_id=made.id,
                form=A6,
                source="#let badge(face) = [\n  #face.holder_nam\n]\n",
                vault=VAULT,
                now=NOW,
            )
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/source", "template_invalid")
    assert error.detail.startswith("line 2, column ")
    async with database.session() as session:
        in_use = await badges.read_template(session, access=organiser, event_id=made.id, form=A6)
    assert (in_use.source, in_use.version) == (good, 1)
    async with database.transaction() as session:
        built_in = await badges.change_template(
            session, access=organiser, event_id=made.id, form=A6, source="", vault=VAULT, now=NOW
        )
    assert (built_in.built_in, built_in.version) == (True, 2)


async def test_a_class_gives_its_word_and_colour_and_cannot_go_while_it_is_named(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    facts = {
        "category": Category.GUEST,
        "name_vi": "Khách danh dự",
        "name_en": "Guest of honour",
        "colour": "#7A1F1F",
    }
    async with database.transaction() as session:
        await badges.keep_class(session, access=organiser, event_id=made.id, code="honour", facts=facts, now=NOW)
        event = await session.get_one(Event, made.id)
        wish = Wish("Khách", "", Category.GUEST, ("A",), class_code="honour")
        one = await passes.issue_direct(session, access=organiser, event=event, wish=wish, vault=VAULT, now=NOW)
        (face,) = await badges.faces_of(session, event_id=made.id, passes=[one])
    assert (face.class_vi, face.class_en, face.colour) == ("Khách danh dự", "Guest of honour", "#7A1F1F")
    with pytest.raises(Conflict, match="still_in_use"):
        async with database.transaction() as session:
            await badges.remove_class(session, access=organiser, event_id=made.id, code="honour", now=NOW)
    with pytest.raises(Invalid):
        await issue(database, made, Wish("A", "", Category.DELEGATE, ("A",), class_code="honour"))


# At the desk ----------------------------------------------------------------------------------------------------


async def hand(database: Database, organiser: Access, made: MadeEvent, ones: list[EntryPass], **more: object) -> UUID:
    facts = {"to_name": "Lê Khơi", "representative": False, "organisation_name": "", "signature": None} | more
    async with database.transaction() as session:
        given = await badges.hand_over(
            session,
            access=organiser,
            event_id=made.id,
            pass_ids=[one.id for one in ones],
            vault=VAULT,
            now=NOW,
            **facts,
        )
        return given.id


async def test_a_representative_takes_many_and_the_receipt_is_kept(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    ones = await guests(database, made, 3)
    for one in ones:
        await print_one(database, organiser, one)
    drawn = Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (20, 70, 380, 76))
    kept = io.BytesIO()
    drawn.save(kept, "PNG")
    given = await hand(
        database,
        organiser,
        made,
        ones,
        representative=True,
        organisation_name="Báo Sóng Xanh",
        signature=kept.getvalue(),
    )
    assert {(await again(database, one)).badge for one in ones} == {BadgeState.HANDED_OVER}
    async with database.transaction() as session:
        found = await badges.open_handover(session, access=organiser, handover_id=given, now=NOW)
        paper = await badges.receipt(session, access=organiser, handover_id=given, vault=VAULT, now=NOW)
    assert [face.serial for face in found.faces] == [one.serial for one in ones]
    assert found.handover.signature_id is not None
    assert len(pikepdf.open(io.BytesIO(paper)).pages) == 1
    with pytest.raises(Conflict, match="handed_over → handed_over"):
        await hand(database, organiser, made, ones[:1])


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({}, "several need a representative"),
        ({"representative": True}, "whom the representative stands for"),
        ({"representative": True, "organisation_name": "Báo", "signature": b"no picture"}, "JPEG, PNG"),
    ],
    ids=["two badges to a holder", "of no outlet", "a signature that is none"],
)
async def test_a_handover_that_can_not_be_is_refused_and_nothing_moves(
    database: Database, made: MadeEvent, organiser: Access, more: dict[str, object], refusal: str
) -> None:
    ones = await guests(database, made, 2)
    for one in ones:
        await print_one(database, organiser, one)
    with pytest.raises(Invalid) as refused:
        await hand(database, organiser, made, ones, **more)
    assert refusal in refused.value.errors[0].detail
    assert {(await again(database, one)).badge for one in ones} == {BadgeState.PRINTED}


async def test_a_badge_that_was_not_printed_can_not_be_given(
    database: Database, made: MadeEvent, organiser: Access
) -> None:
    (one,) = await guests(database, made, 1)
    with pytest.raises(Conflict, match="none → handed_over"):
        await hand(database, organiser, made, [one])
