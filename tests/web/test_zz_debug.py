from sqlalchemy import text

from tests.web.test_pages import *


async def test_dbg(browser, story, database):
    async with database.session() as s:
        print(
            [
                tuple(r)
                for r in await s.execute(text("select occurrence_id, counted_on, method, visits from attendance_count"))
            ]
        )
        print(
            [
                tuple(r)
                for r in await s.execute(text("select decision, reason, counted_on, scanned_at, received_at from scan"))
            ]
        )
    await sign_in(browser, ORGANISER)
    p = await browser.get("/console")
    t = p.text
    i = t.index('id="on-today"')
    print(t[i : i + 3500])
