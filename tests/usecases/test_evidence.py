"""Files handed in by applicants: kept sealed and made anew, replaced, taken out, and who looks again because of them."""

import asyncio

import pytest
from sqlalchemy import func, select

from service.domain.accreditation import Application, ApplicationState, Evidence, EvidenceKind, Journalist, ReviewState
from service.domain.audit import AuditEntry
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.files import StoredFile
from service.store.database import Database
from service.usecases.accreditation import evidence
from tests.conftest import NOW
from tests.press_story import (
    VAULT,
    PressStory,
    approve_all,
    begin,
    decide,
    make_journalist,
    make_submitted,
    open_press,
    picture,
    reviews_of,
    say,
)

PORTRAIT, CARD, LETTER = EvidenceKind.PORTRAIT, EvidenceKind.PRESS_CARD, EvidenceKind.ASSIGNMENT_LETTER


@pytest.fixture
async def press(database: Database) -> PressStory:
    async with database.transaction() as session:
        return await open_press(session)


@pytest.fixture
async def draft(database: Database, press: PressStory) -> tuple[Application, Journalist]:
    async with database.transaction() as session:
        journalist = await make_journalist(session)
        return await begin(session, press, journalist), journalist


async def add(
    database: Database,
    journalist: Journalist,
    application: Application,
    kind: EvidenceKind = LETTER,
    content: bytes = b"",
    name: str = "Giấy giới thiệu.jpeg",
) -> Evidence:
    async with database.transaction() as session:
        return await evidence.add(
            session,
            journalist=journalist,
            application_id=application.id,
            kind=kind,
            name=name,
            content=content or picture(1200, 900),
            secrets=VAULT,
            now=NOW,
        )


async def count_files(database: Database) -> int:
    async with database.session() as session:
        return int(await session.scalar(select(func.count()).select_from(StoredFile)) or 0)


async def fresh(database: Database, application: Application) -> Application:
    async with database.session() as session:
        return await session.get_one(Application, application.id)


async def test_a_file_is_kept_sealed_and_opens_for_its_owner(
    database: Database, draft: tuple[Application, Journalist]
) -> None:
    application, journalist = draft
    sent = picture(1200, 900, "PNG")
    kept = await add(database, journalist, application, content=sent, name="../Giấy.png")
    assert (kept.media_type, kept.name, kept.pages, kept.added_at) == ("image/jpeg", "Giấy.jpg", 1, NOW)
    async with database.session() as session:
        stored = await session.get_one(StoredFile, kept.file_id)
        _, content = await evidence.open_own(session, journalist=journalist, evidence_id=kept.id, secrets=VAULT)
    assert (content.startswith(b"\xff\xd8\xff"), len(content), stored.size) == (True, kept.size, kept.size)
    assert content[:64] not in stored.sealed
    assert (await fresh(database, application)).version == application.version + 1
    async with database.session() as session:
        entry = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "file_added"))).one()
    assert (entry.actor_id, entry.object_id, entry.details) == (
        journalist.id,
        application.id,
        {"kind": "assignment_letter"},
    )


async def test_a_new_file_replaces_the_old_one_whose_content_is_gone(
    database: Database, draft: tuple[Application, Journalist]
) -> None:
    application, journalist = draft
    first = await add(database, journalist, application)
    second = await add(database, journalist, application)
    assert await count_files(database) == 1
    async with database.session() as session:
        old = await session.get_one(Evidence, first.id)
        assert (old.file_id, old.removed_at) == (None, NOW)
        with pytest.raises(NotFound):
            await evidence.open_own(session, journalist=journalist, evidence_id=first.id, secrets=VAULT)
    async with database.transaction() as session:
        await evidence.remove(session, journalist=journalist, application_id=application.id, kind=LETTER, now=NOW)
    assert await count_files(database) == 0
    with pytest.raises(NotFound):
        async with database.transaction() as session:
            await evidence.remove(session, journalist=journalist, application_id=application.id, kind=LETTER, now=NOW)
    async with database.session() as session:
        assert (await session.get_one(Evidence, second.id)).removed_at == NOW


async def test_of_two_files_sent_at_the_same_moment_one_stays(
    database: Database, draft: tuple[Application, Journalist]
) -> None:
    application, journalist = draft
    await asyncio.gather(*(add(database, journalist, application) for _ in range(3)))
    assert await count_files(database) == 1
    assert (await fresh(database, application)).version == application.version + 3


async def test_what_cannot_be_taken_is_told_by_its_code_and_keeps_what_was_there(
    database: Database, draft: tuple[Application, Journalist]
) -> None:
    application, journalist = draft
    await add(database, journalist, application)
    for content, code in ((b"<html>", "not_accepted"), (b"\x00\x00\x00\x18ftypheic", "heic"), (b"%PDF-1.7", "damaged")):
        with pytest.raises(Invalid) as refused:
            await add(database, journalist, application, content=content)
        assert refused.value.code == "file_refused"
        assert [(one.pointer, one.code) for one in refused.value.errors] == [("/file:assignment_letter", code)]
    with pytest.raises(Invalid) as refused:
        await add(database, journalist, application, PORTRAIT, b"%PDF-1.7")
    assert [one.code for one in refused.value.errors] == ["not_a_picture"]
    assert await count_files(database) == 1


async def test_only_what_the_class_asks_of_this_role_is_taken(
    database: Database, draft: tuple[Application, Journalist]
) -> None:
    application, journalist = draft
    for kind in (EvidenceKind.PASSPORT, EvidenceKind.LICENCE, EvidenceKind.EQUIPMENT_LIST):
        with pytest.raises(Invalid) as refused:
            await add(database, journalist, application, kind)
        assert [one.pointer for one in refused.value.errors] == [f"/file:{kind.value}"]


async def test_nobody_changes_the_files_of_others(database: Database, draft: tuple[Application, Journalist]) -> None:
    application, _ = draft
    async with database.transaction() as session:
        other = await make_journalist(session, 2)
    with pytest.raises(NotFound):
        await add(database, other, application)
    with pytest.raises(NotFound):
        async with database.transaction() as session:
            await evidence.remove(session, journalist=other, application_id=application.id, kind=LETTER, now=NOW)


async def test_authorities_that_see_a_file_look_again_and_the_others_do_not(
    database: Database, press: PressStory
) -> None:
    async with database.transaction() as session:
        application, journalist = await make_submitted(session, press)
        for authority in ("press_management", "host", "security"):
            await say(session, press, application, authority)
    await add(database, journalist, application, PORTRAIT)
    async with database.session() as session:
        stands = {code: (one.state, one.round) for code, one in (await reviews_of(session, application)).items()}
    assert stands == {
        "press_management": (ReviewState.DONE, 1),
        "host": (ReviewState.DONE, 1),
        "security": (ReviewState.OPEN, 2),
    }
    await add(database, journalist, application, CARD)
    async with database.session() as session:
        assert (await reviews_of(session, application))["press_management"].round == 2


async def test_once_it_is_decided_the_files_stay(database: Database, press: PressStory) -> None:
    async with database.transaction() as session:
        application, journalist = await make_submitted(session, press)
        await approve_all(session, press, application)
        await decide(session, press, application, ApplicationState.APPROVED)
    with pytest.raises(Conflict, match="illegal_move"):
        await add(database, journalist, application)
    with pytest.raises(Conflict, match="illegal_move"):
        async with database.transaction() as session:
            await evidence.remove(session, journalist=journalist, application_id=application.id, kind=LETTER, now=NOW)
