"""The public proof of a draw: everybody can read it and compute it again, with nothing but SHA-256."""

import csv
import hashlib
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from service.domain.accreditation import Allocation, ApplicationState, Criterion
from service.store.database import Database
from service.usecases.accreditation import allocating
from service.usecases.accreditation.placing import AllocationWish
from tests.conftest import NOW, ROOT
from tests.press_story import VAULT, PressStory, approve_all, decide, make_journalist, make_submitted
from tests.web.accreditation_pages import applicants, browser, press
from tests.web.browsing import rows_of, text_of

__all__ = ["browser", "press"]

DOCS = ROOT / "docs" / "accreditation-draw.md"


def table_of(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def draw_again(rows: list[dict[str, str]], taken: list[dict[str, str]], facts: dict[str, Any]) -> list[tuple[str, str]]:
    """(Id, place) by rank, computed as docs/accreditation-draw.md says: of this service nothing is used."""

    def lot(row: dict[str, str]) -> str:
        return hashlib.sha256(f"{facts['seed']}:{row['id']}".encode()).hexdigest()

    def key(row: dict[str, str], turn: int) -> list[Any]:
        order = facts["class_order"]
        parts = {
            "class_order": order.index(row["class"]),
            "agency_or_host": row["agency_or_host"] != "1",
            "outlet_turn": turn,
            "earliest_day": row["submitted_on"],
            "earliest": row["submitted_at"],
        }
        return [parts[one] for one in facts["criteria"]] + [lot(row)]

    turns = {}
    for outlet in {row["outlet"] for row in rows}:
        group = sorted((row for row in rows if row["outlet"] == outlet), key=lambda row: key(row, 0))
        turns.update({row["id"]: turn for turn, row in enumerate(group)})
    counts: Counter[Any] = Counter()
    for row in taken:
        for scope in ((), (row["class"],), (row["outlet"], row["class"]), (row["outlet"], row["class"], row["role"])):
            counts[scope] += int(row["count"])
    result = []
    for row in sorted(rows, key=lambda row: key(row, turns[row["id"]])):
        scopes = (
            ("outlet_quota", (row["outlet"], row["class"]), row["outlet_limit"]),
            ("role_quota", (row["outlet"], row["class"], row["role"]), row["role_limit"]),
            ("class_full", (row["class"],), facts["caps"].get(row["class"], "")),
            ("cap_full", (), facts["caps"].get("", "")),
        )
        full = [name for name, scope, limit in scopes if limit != "" and counts[scope] >= int(limit)]
        if not full:
            for _, scope, _ in scopes:
                counts[scope] += 1
        result.append((row["id"], full[0] if full else "granted"))
    return result


async def carry_out(database: Database, press: PressStory, *criteria: Criterion) -> Allocation:
    async with database.transaction() as session:
        seen = await allocating.dry_run(
            session, access=press.reviewer, event_id=press.event.id, criteria=criteria, class_order=(), now=NOW
        )
        return await allocating.carry_out(
            session,
            access=press.reviewer,
            event_id=press.event.id,
            wish=AllocationWish(seen.criteria, seen.class_order, ApplicationState.WAITLISTED, seen.field.mark),
            wording=lambda _, told: f"{told.rank}",
            secrets=VAULT,
            now=NOW,
        )


async def test_before_a_draw_only_its_promise_is_public(browser: httpx.AsyncClient, press: PressStory) -> None:
    here = f"/press/events/{press.event.id}"
    page = await browser.get(f"{here}/draw")
    assert (page.status_code, press.plan.draw_commitment in page.text) == (200, True)
    assert "Chưa bốc thăm lần nào" in text_of(page)
    for address in (f"{here}/draws/1.csv", f"{here}/draws/1/taken.csv", "/press/events/khong/draw"):
        assert (await browser.get(address)).status_code in (404, 422)


async def test_everybody_can_draw_again_from_what_is_published(
    app: FastAPI, browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    first, *_ = await applicants(database, press, 3)
    async with database.transaction() as session:
        await decide(session, press, first, ApplicationState.APPROVED)
        for number in range(4, 9):
            journalist = await make_journalist(session, number, outlet=f"Báo Số {number % 2 + 1}")
            application, _ = await make_submitted(session, press, journalist=journalist)
            await approve_all(session, press, application)
    done = await carry_out(database, press, Criterion.OUTLET_TURN, Criterion.EARLIEST_DAY)
    here = f"/press/events/{press.event.id}"
    page = await browser.get(f"{here}/draw")
    rows = table_of(await browser.get(f"{here}/draws/1.csv"))
    taken = table_of(await browser.get(f"{here}/draws/1/taken.csv"))
    facts = {
        "seed": done.seed,
        "criteria": done.criteria,
        "class_order": done.class_order,
        "caps": {code: str(cap) for code, cap in done.caps.items()},
    }
    assert (done.seed in page.text, hashlib.sha256(done.seed.encode()).hexdigest()) == (
        True,
        press.plan.draw_commitment,
    )
    assert draw_again(rows, taken, facts) == [(row["id"], row["place"]) for row in rows]
    assert [row[1] for row in rows_of(page, 'id="draw-1"')] == [row["id"].replace("-", "")[-8:].upper() for row in rows]
    # No name, no outlet, no address.
    for secret in ("Người Thử", "Báo Số", "@"):
        assert secret not in page.text.split("<main", 1)[1].split("</main>", 1)[0]


async def test_the_promise_of_the_next_draw_stands_beside_the_last_one(
    browser: httpx.AsyncClient, press: PressStory, database: Database
) -> None:
    await applicants(database, press, 3)
    await carry_out(database, press)
    second = await carry_out(database, press)
    page = await browser.get(f"/press/events/{press.event.id}/draw")
    told = re.findall(r'<h2 id="([\w-]+)"', page.text)
    assert told == ["next", "draw-2", "draw-1"]
    codes = re.findall(r'<code class="long-code">(\w+)</code>', page.text)
    assert (len(set(codes)), second.seed in codes) == (5, True)


def test_the_worked_example_of_the_docs_comes_out() -> None:
    text = Path(DOCS).read_text(encoding="utf-8")
    facts = {
        "seed": re.findall(r"seed: `(\w+)`", text)[0],
        "criteria": re.findall(r"criteria: `([\w, ]+)`", text)[0].split(", "),
        "class_order": ["domestic"],
        "caps": {"": re.findall(r"cap: (\d+)", text)[0]},
    }
    assert hashlib.sha256(facts["seed"].encode()).hexdigest() in text
    parts = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    taken, rows = (list(csv.DictReader(io.StringIO(part))) for part in parts)
    assert draw_again(rows, taken, facts) == [(row["id"], row["place"]) for row in rows]
    for row in rows:
        assert hashlib.sha256(f"{facts['seed']}:{row['id']}".encode()).hexdigest()[:12] in text
