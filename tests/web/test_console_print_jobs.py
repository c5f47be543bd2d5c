"""Print jobs over HTTP: begun, followed, stopped, fetched; what was left away, and a worker that doesn't run."""

import re
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accounts import Staff
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeTemplate, JobState, PrintJob, PrintPart
from service.domain.passes import PassState
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import badges, passes
from tests.conftest import NOW, SECRET, Clock
from tests.web.browsing import browser, counted, rows_of, send, sign_in, story, text_of
from tests.web.page_story import HOLDERS, ORGANISER, OUTSIDER, REVIEWER, Story

__all__ = ["browser", "story"]
VAULT = Vault(SECRET)


@pytest.fixture
def jobs(story: Story) -> str:
    return f"/console/events/{story.summit}/print-jobs"


async def begin(browser: httpx.AsyncClient, jobs: str, **form: str) -> str:
    """The address of a job that was begun by the form."""
    begun = await send(browser, jobs, **{"format": "a6", "category": ""} | form)
    assert begun.status_code == 303
    return begun.headers["location"]


async def work(database: Database) -> bool:
    return await badges.work_one_part(database, vault=VAULT, now=NOW)


async def revoke(database: Database, story: Story) -> None:
    async with database.transaction() as session:
        await passes.move_pass(
            session,
            access=story.everywhere,
            pass_id=story.press_pass,
            to_state=PassState.REVOKED,
            ground="Đã rời báo",
            authority="Sở Ví Dụ",
            now=NOW,
        )


async def test_a_job_is_followed_until_it_has_ended_and_what_it_made_is_fetched(
    browser: httpx.AsyncClient, jobs: str, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    assert "Còn 2 thẻ có hiệu lực chưa in." in text_of(await browser.get(jobs))
    job = await begin(browser, jobs)
    page = await browser.get(job)
    assert ("Đang tạo" in page.text, f'hx-get="{job}/progress"' in page.text, "0 / 2" in page.text) == (True,) * 3
    assert ("Có thể rời trang này" in page.text, "Có 2 người chưa có ảnh chân dung" in text_of(page)) == (True, True)
    assert rows_of(page, 'id="parts"') == [["1", "2", "chưa tạo"]]
    early = [(await browser.get(f"{job}/{path}")).status_code for path in ("parts/1.pdf", "badges.pdf")]
    assert early == [404, 409]
    assert await work(database) is True
    part = await browser.get(f"{job}/progress")
    assert ("<html" in part.text, "hx-get" in part.text, "Đã xong" in part.text, "2 / 2" in part.text) == (
        False, False, True, True,
    )  # fmt: skip
    assert "/stop" not in part.text
    job_id = job.rsplit("/", 1)[1]
    for path, name in (("parts/1.pdf", f"badges-{job_id}-001.pdf"), ("badges.pdf", f"badges-{job_id}.pdf")):
        assert f'href="{job}/{path}"' in part.text
        made = await browser.get(f"{job}/{path}")
        assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
        assert made.headers["content-disposition"] == f'inline; filename="{name}"'
        assert (made.headers["content-type"], made.headers["cache-control"]) == ("application/pdf", "private, no-store")
        assert int(made.headers["content-length"]) == len(made.content)
    assert rows_of(await browser.get(jobs), 'id="jobs"') == [
        ["23/11/2026, 09:00", "Thẻ A6 có lỗ đeo dây", "Đã xong", "2", "2"]
    ]


async def test_where_nothing_is_to_be_printed_the_form_comes_back_and_says_so(
    browser: httpx.AsyncClient, jobs: str
) -> None:
    await sign_in(browser, ORGANISER)
    page = await send(browser, jobs, format="cr80", category="guest")
    assert (page.status_code, "Không có thẻ nào cần in." in text_of(page)) == (409, True)
    assert '<option value="cr80" selected>' in page.text
    assert "Chưa in lần nào" in page.text


async def test_a_running_job_is_stopped_once_and_stopping_it_again_changes_nothing(
    browser: httpx.AsyncClient, jobs: str, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    job = await begin(browser, jobs)
    for _ in range(2):
        stopped = await send(browser, f"{job}/stop")
        assert (stopped.status_code, stopped.headers["location"]) == (303, job)
    page = await browser.get(job)
    assert ("Đã dừng" in page.text, "hx-get" in page.text, "lần in mới in phần còn lại" in page.text) == (
        True, False, True,
    )  # fmt: skip
    assert await work(database) is False
    assert rows_of(page, 'id="parts"') == [["1", "2", "không tạo"]]
    assert (await browser.get(f"{job}/badges.pdf")).status_code == 404


async def test_passes_that_ended_meanwhile_are_left_away_and_named_with_how_they_stand(
    browser: httpx.AsyncClient, jobs: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    job = await begin(browser, jobs)
    await revoke(database, story)
    await work(database)
    page = await browser.get(job)
    assert ("Bỏ qua 1 thẻ" in text_of(page), "1 / 1" in page.text) == (True, True)
    assert [row[1:] for row in rows_of(page, 'id="skipped"')] == [["Đã thu hồi", "Chưa in"]]
    assert f'href="/console/passes/{story.press_pass}"' in page.text
    assert rows_of(page, 'id="parts"')[0][1] == "1"


async def test_nobody_misses_a_portrait_on_a_wristband(browser: httpx.AsyncClient, jobs: str) -> None:
    await sign_in(browser, ORGANISER)
    told = {
        form: "ảnh chân dung" in (await browser.get(await begin(browser, jobs, format=form))).text
        for form in ("wristband", "cr80")
    }
    assert told == {"wristband": False, "cr80": True}


async def test_a_worker_that_does_not_run_is_told_after_a_minute(
    browser: httpx.AsyncClient, jobs: str, story: Story, database: Database, clock: Clock
) -> None:
    await sign_in(browser, ORGANISER)
    job = await begin(browser, jobs)
    told = {}
    for seconds in (59, 60):
        clock.at = NOW + timedelta(seconds=seconds)
        told[seconds] = "biendao worker" in (await browser.get(f"{job}/progress")).text
    assert told == {59: False, 60: True}
    # Whoever waits behind another job isn't told that nobody works.
    async with database.transaction() as session:
        other = PrintJob(
            event_id=story.tour,
            format=BadgeFormat.A6,
            total=1,
            staff_id=story.everywhere.staff_id,
            created_at=NOW,
        )
        session.add(other)
        await session.flush()
        session.add(PrintPart(job_id=other.id, number=1, pass_ids=[], ended_at=NOW + timedelta(seconds=30)))
    assert "biendao worker" not in (await browser.get(f"{job}/progress")).text
    await work(database)
    clock.at = NOW + timedelta(hours=1)
    assert "biendao worker" not in (await browser.get(job)).text


async def test_a_job_that_failed_says_why_and_what_to_do(
    browser: httpx.AsyncClient, jobs: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    job = await begin(browser, jobs, format="sheet_a6")
    async with database.transaction() as session:
        session.add(
            BadgeTemplate(
                event_id=story.summit,
                format=BadgeFormat.A6,
                version=1,
                source="#let badge(face) = nothing",
                staff_id=story.everywhere.staff_id,
                created_at=NOW,
            )
        )
    await work(database)
    page = await browser.get(job)
    assert ("Không thành công" in page.text, "line 1, column 20: unknown variable: nothing" in page.text) == (
        True,
        True,
    )
    assert f'href="/console/events/{story.summit}/badges/a6"' in page.text
    async with database.transaction() as session:
        kept = await session.scalar(select(PrintJob))
        assert kept is not None
        kept.problem = "OSError"
    page = await browser.get(job)
    assert ("Có phần không tạo được sau ba lần thử" in page.text, "OSError" in page.text) == (True, True)
    assert f'href="{jobs}"' in page.text.split("OSError", 1)[1]


async def test_print_jobs_are_closed_to_whoever_may_not_print(
    browser: httpx.AsyncClient, jobs: str, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    job = await begin(browser, jobs)
    await work(database)
    for email in (REVIEWER, OUTSIDER):
        await sign_in(browser, email)
        for path in (jobs, job, f"{job}/progress", f"{job}/parts/1.pdf", f"{job}/badges.pdf"):
            answer = await browser.get(path)
            assert (answer.status_code, HOLDERS[0] in answer.text) == (403, False), (email, path)
        for path in (jobs, f"{job}/stop"):
            assert (await send(browser, path, format="a6")).status_code == 403, (email, path)


async def test_what_cannot_be_asked_is_refused(browser: httpx.AsyncClient, jobs: str) -> None:
    await sign_in(browser, ORGANISER)
    job = await begin(browser, jobs)
    for form in ({"format": "poster"}, {"format": ""}, {"format": "a6", "category": "adult"}):
        assert (await send(browser, jobs, **form)).status_code == 422, form
    for path in (f"{jobs}?cursor=AAAA", f"{jobs}?cursor=WyJ4IiwieSJd", f"{job}/parts/0.pdf", f"{job}/parts/x.pdf"):
        assert (await browser.get(path)).status_code == 422, path
    assert (await browser.get(f"{job}/parts/2.pdf")).status_code == 404
    assert (await browser.get(f"/console/print-jobs/{jobs.split('/')[3]}")).status_code == 404


async def add_jobs(database: Database, story: Story, number: int) -> None:
    async with database.transaction() as session:
        staff = await session.get_one(Staff, story.everywhere.staff_id)
        for minute in range(number):
            job = PrintJob(
                event_id=story.summit,
                format=BadgeFormat.CR80,
                state=JobState.DONE,
                total=minute,
                staff_id=staff.id,
                created_at=NOW + timedelta(minutes=minute),
                ended_at=NOW,
            )
            session.add(job)
            await session.flush()
            session.add(PrintPart(job_id=job.id, number=1, pass_ids=[], ended_at=NOW))


async def test_the_list_is_walked_by_twenty_with_as_many_queries_for_many_jobs_as_for_few(
    app: FastAPI, browser: httpx.AsyncClient, jobs: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    await add_jobs(database, story, 1)
    with counted(app.state.database) as few:
        await browser.get(jobs)
    await add_jobs(database, story, 24)
    with counted(app.state.database) as many:
        first = await browser.get(jobs)
    assert len(many) == len(few)
    older = re.findall(r'href="([^"]+)" rel="next"', first.text)
    second = await browser.get(older[0])
    told = [row[4] for page in (first, second) for row in rows_of(page, 'id="jobs"')]
    assert told == [*(str(total) for total in reversed(range(24))), "0"]
    assert (re.findall(r'href="([^"]+)" rel="prev"', second.text), 'rel="next"' in second.text) == ([jobs], False)
