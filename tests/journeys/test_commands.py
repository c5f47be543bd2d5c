"""`biendao keys` and `biendao badges` as an operator types them, on a database of their own."""

import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select
from sqlmodel import col

from service.domain.accounts import Access, Organisation
from service.domain.passes import EntryPass, PassState
from service.store.database import Database
from tests.conftest import SECRET, driver_dsn
from tests.rows import MadeEvent, make_event
from tests.serving import ROOT, command
from tests.usecases.test_passes import GUEST, issue, made, organiser

__all__ = ["made", "organiser"]


@pytest.fixture
async def lasting(database: Database, organisation: Organisation) -> MadeEvent:
    """An event that goes on for years: commands go by the machine's own clock."""
    async with database.transaction() as session:
        return await make_event(session, organisation, days=(-1000, 3000))


def run(database_url: str, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    settings = {"BIENDAO_DATABASE_URL": driver_dsn(database_url), "BIENDAO_SECRET_KEY": SECRET}
    arguments, environment = command(*words, **settings)
    return subprocess.run(
        arguments, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False
    )


async def states(database: Database) -> list[tuple[PassState, int]]:
    async with database.session() as session:
        found = await session.scalars(select(EntryPass).order_by(col(EntryPass.id)))
        return [(one.state, one.version) for one in found]


async def test_a_leaked_key_is_struck_after_asking(
    database: Database, database_url: str, made: MadeEvent, organiser: Access
) -> None:
    await issue(database, made, GUEST, GUEST, GUEST)
    listed = run(database_url, "keys", "list")
    (kid,) = re.findall(r"^(\S+) +active +3 passes .*Sự kiện Thử$", listed.stdout, re.MULTILINE)
    strike = ("keys", "strike", kid, "--as", organiser.email, "--reason", "Lộ khóa")
    declined = run(database_url, *strike, typed="n\n")
    assert f"Striking {kid} ends 3 passes at once. Go on?" in declined.stdout
    assert declined.returncode == 1
    assert await states(database) == [(PassState.ACTIVE, 1)] * 3
    struck = run(database_url, *strike, "--reissue", typed="y\n")
    assert struck.returncode == 0, struck.stderr
    assert f"{kid} is struck: 3 passes have ended." in struck.stdout
    assert "3 new passes were issued." in struck.stdout
    assert await states(database) == [(PassState.REVOKED, 1)] * 3 + [(PassState.ACTIVE, 2)] * 3
    again = run(database_url, *strike, "--yes")
    assert (again.returncode, again.stderr.strip()) == (1, "illegal_move: struck")


async def test_a_key_is_rotated_and_its_passes_stay(
    database: Database, database_url: str, made: MadeEvent, organiser: Access
) -> None:
    await issue(database, made, GUEST)
    rotated = run(database_url, "keys", "rotate", "--event", str(made.id), "--as", organiser.email)
    assert "signs from now on; older passes stay valid." in rotated.stdout
    listed = run(database_url, "keys", "list", "--event", str(made.id)).stdout
    assert re.findall(r"^\S+ +(\w+) +(\d+) passes", listed, re.MULTILINE) == [("retired", "1"), ("active", "0")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("keys", "strike", "nokey", "--as", "to.chuc@example.vn", "--reason", "x"), "not_found: key"),
        (
            ("keys", "strike", "nokey", "--as", "ai.do@example.vn", "--reason", "x"),
            "There is no active member of staff ai.do@example.vn",
        ),
        (("badges", "print", "--as", "to.chuc@example.vn"), "Name an event with --event, or a job with --job"),
    ],
    ids=["no such key", "nobody of that name", "no event"],
)
async def test_what_can_not_be_is_one_line(
    database_url: str, organiser: Access, words: tuple[str, ...], told: str
) -> None:
    answer = run(database_url, *words)
    assert (answer.returncode, answer.stderr.strip()) == (1, told)


async def test_badges_are_printed_into_a_folder_and_a_stopped_job_goes_on(
    database: Database, database_url: str, lasting: MadeEvent, organiser: Access, tmp_path: Path
) -> None:
    await issue(database, lasting, *[GUEST] * 3)
    words = ("badges", "print", "--as", organiser.email, "--out", str(tmp_path))
    printed = run(database_url, *words, "--event", str(lasting.id))
    assert printed.returncode == 0, printed.stderr
    (job,) = re.findall(r"^Job (\S+): 3 badges, 3 without a portrait$", printed.stdout, re.MULTILINE)
    (pdf,) = (tmp_path / f"badges-{job}").iterdir()
    assert (pdf.name, len(pikepdf.open(pdf).pages)) == ("001.pdf", 3)
    pdf.unlink()
    again = run(database_url, *words, "--job", job)
    assert again.returncode == 0, again.stderr
    assert pdf.exists()
    none = run(database_url, *words, "--event", str(lasting.id))
    assert (none.returncode, none.stderr.strip()) == (1, "nothing_to_print")
