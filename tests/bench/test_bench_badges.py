"""How long badges take: one job of 2,000, made as the worker makes it; run by `make bench`."""

import io
import time
from datetime import UTC, datetime
from random import Random
from uuid import uuid4

import pikepdf
import pytest
from PIL import Image

from service.domain.accounts import Access, Organisation, Role
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import JobState
from service.domain.events import Event
from service.domain.files import FilePurpose
from service.domain.passes import Category
from service.store import files, images, qr
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit, badges, passes
from service.usecases.passes import Wish
from tests.conftest import NOW, PASSWORD, SECRET
from tests.rows import make_event

pytestmark = pytest.mark.bench
MANY = 2000
FORMS = (BadgeFormat.A6, BadgeFormat.CR80, BadgeFormat.SHEET_A6)
VAULT = Vault(SECRET)


def portrait(random: Random) -> bytes:
    """A picture that compresses as photographs do."""
    noise = Image.effect_noise((480, 640), 40).convert("RGB")
    noise.paste((random.randrange(256), 120, 90), (120, 160, 360, 480))
    kept = io.BytesIO()
    noise.save(kept, "JPEG", quality=90)
    return images.portrait(kept.getvalue())


async def test_two_thousand_badges(database: Database, organisation: Organisation) -> None:
    random = Random(1974)
    async with database.transaction() as session:
        staff = await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="in.the@example.vn",
            name="Người In Thẻ",
            password=PASSWORD,
            grants=[(organisation.id, Role.ORGANISER)],
            now=NOW,
        )
    access = Access(staff.id, staff.name, staff.email, "vi", uuid4(), ((organisation.id, Role.ORGANISER),))
    print()
    for form in FORMS:
        await measure(database, organisation, access, form, random)
    began = time.perf_counter()
    for number in range(200):
        qr.png(f"{number:04d}" + "x" * 209, size=1)
    print(f"a QR code as picture: {(time.perf_counter() - began) * 5:.2f} ms")


async def measure(
    database: Database, organisation: Organisation, access: Access, form: BadgeFormat, random: Random
) -> None:
    """One job of MANY badges with their portraits; says the seconds, and the milliseconds a badge."""
    async with database.transaction() as session:
        made = await make_event(session, organisation, zones=("A", "B", "C"))
        event = await session.get_one(Event, made.id)
        wishes = [Wish(f"Nguyễn Thị Biển {n}", f"Báo Số {n % 97}", Category.GUEST, ("A", "B")) for n in range(MANY)]
        began = time.perf_counter()
        issued = await passes.issue_many(
            session, event=event, wishes=wishes, actor=audit.SYSTEM, vault=VAULT, now=NOW, tell=False
        )
        issuing = time.perf_counter() - began
        faces = [portrait(random) for _ in range(50)]
        for number, one in enumerate(issued):
            kept = await files.add_file(
                session,
                purpose=FilePurpose.PORTRAIT,
                media_type="image/jpeg",
                content=faces[number % 50],
                vault=VAULT,
                now=NOW,
            )
            one.portrait_id = kept.id
            session.add(one)
    began = time.perf_counter()
    async with database.transaction() as session:
        job = await badges.start_job(
            session, access=access, event_id=made.id, form=form, pass_ids=None, category=None, now=NOW
        )
    while await badges.work_one_part(database, vault=VAULT, now=datetime.now(UTC)):
        pass
    seconds = time.perf_counter() - began
    async with database.transaction() as session:
        ended = await badges.open_job(session, access=access, job_id=job.job.id)
        began = time.perf_counter()
        whole = await badges.whole_job(session, access=access, job_id=job.job.id, vault=VAULT, now=NOW)
    assert (ended.job.state, ended.done, ended.skipped) == (JobState.DONE, MANY, 0)
    pages = len(pikepdf.open(io.BytesIO(whole)).pages)
    print(
        f"{form.value:<10} {MANY} badges: {seconds:6.1f} s, {seconds * 1000 / MANY:.1f} ms a badge; "
        f"issued in {issuing:.1f} s; all in one PDF of {pages} pages, {len(whole) / 1e6:.1f} MB, "
        f"in {time.perf_counter() - began:.1f} s"
    )
