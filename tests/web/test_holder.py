"""The holder's own page over HTTP: what it says in every state, who finds it, and what can be taken from it."""

import base64
import html
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID
from zipfile import ZipFile

import httpx
import icalendar
import pytest
import zxingcpp
from fastapi import FastAPI
from PIL import Image

from service.settings import Settings
from service.store import qr
from service.store.vault import Vault
from service.store.wallets.apple import AppleSigner
from service.store.wallets.google import SAVE, GoogleSigner
from service.usecases.holders import token_of
from service.web.wallets import Wallets
from tests import factories
from tests.conftest import NOW, Clock
from tests.factories import JSON, Headers, Stage
from tests.wallet_keys import ISSUER, Kit, account_file, new_key

GROUND = {"ground": "Mất thẻ ngày 22/11", "authority": "Ban tổ chức"}
HERE = {"Accept": "text/html"}
VISIT = {"valid_from": "2026-11-20T00:00:00+07:00", "valid_until": "2026-11-28T00:00:00+07:00"}
DOWNLOADS = ("qr.png", "days.ics", "apple.pkpass", "google")


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser, without any sign-in."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = HERE | {"Accept-Language": "vi"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> Wallets:
    """Throw-away keys for both wallets."""
    folder = tmp_path_factory.mktemp("wallets")
    google = Settings(google_wallet_issuer=ISSUER, google_wallet_account=account_file(folder, new_key()))
    return Wallets(AppleSigner.read(Kit.make(folder).settings(), now=NOW), GoogleSigner.read(google))


def path_of(one: JSON) -> str:
    return urlsplit(one["link"]).path


def text_of(page: httpx.Response) -> str:
    """The words of the pass."""
    main = page.text.split("data-stand=", 1)[1].split(">", 1)[1].split("</article>", 1)[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def stand_of(page: httpx.Response) -> tuple[str, str, bool]:
    """The code of its state, the word for it, and whether the QR code is there."""
    code = re.findall(r'data-stand="(\w+)"', page.text)[0]
    word = html.unescape(re.findall(r'<span class="tag \w+"><svg.*?</svg>([^<]+)</span>', page.text)[0])
    return code, word, "data:image/svg+xml" in page.text


async def issue(client: httpx.AsyncClient, admin: Headers, stage: Stage, **facts: object) -> JSON:
    return await factories.issue_pass(client, admin, stage.event_id, **facts)


async def change(client: httpx.AsyncClient, admin: Headers, one: JSON, step: str) -> JSON:
    return dict(await factories.post(client, f"/passes/{one['id']}/{step}", GROUND, admin))


# What it says ------------------------------------------------------------------------------------------------


async def test_a_valid_pass_shows_its_code_and_all_that_its_holder_needs(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(
        client,
        admin,
        stage,
        native_name="陈海燕",
        organisation_name="Báo Sóng Xanh",
        valid_days=["2026-11-23", "2026-11-25"],
        daily_from="07:00",
        daily_to="12:00",
    )
    page = await browser.get(path_of(one))
    drawing = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)" alt="Mã QR của thẻ này"', page.text)
    assert [base64.b64decode(one).decode() for one in drawing] == [qr.svg(one["code"])]
    assert text_of(page) == (
        f"Có hiệu lực {one['human_code']} Phóng to, màn hình sáng "
        "Xuất trình mã này tại cổng. Mã chỉ dành cho bạn: ai có mã đều có thể vào. "
        "Đại biểu Trần Hải Yến 陈海燕 Báo Sóng Xanh "
        "Sự kiện Hội nghị Biển Đông Sở Thử nghiệm Khu vực A Sảnh chính "
        "Ngày dùng thẻ 23/11, 25/11/2026 , 07:00–12:00 "
        "Nơi tổ chức Hội trường Thử 20/11/2026 – 27/11/2026 , cả ngày "
        f"Số sê-ri {one['serial']} · phiên bản 1 Lưu thành ảnh Thêm vào lịch "
        "Trang này đã lưu trên máy và mở được khi không có mạng."
    )
    assert '<rect width="100%" height="100%" fill="#7A1F1F"/>' in page.text


async def test_a_group_pass_says_for_how_many_it_is(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage, heads=40, category="pupil")
    found = [text_of(await browser.get(path_of(one), headers={"Accept-Language": tag})) for tag in ("vi", "en")]
    assert ["Đoàn 40 người" in found[0], "Group of 40" in found[1]] == [True, True]


WORDS = {
    "valid": ("Có hiệu lực", "Valid"),
    "not_now": ("Có hiệu lực, nhưng chưa đến giờ dùng", "Valid, but not now"),
    "not_yet_valid": ("Chưa có hiệu lực", "Not yet valid"),
    "expired": ("Hết hạn", "Expired"),
    "suspended": ("Tạm dừng", "Suspended"),
    "revoked": ("Đã thu hồi", "Revoked"),
    "replaced": ("Đã thay thẻ khác", "Replaced"),
    "cancelled": ("Sự kiện đã hủy", "Event cancelled"),
}


@pytest.mark.parametrize(
    ("facts", "hours", "code"),
    [
        ({}, 0, "valid"),
        ({"valid_days": ["2026-11-22", "2026-11-24"]}, 0, "not_now"),
        ({"daily_from": "10:00", "daily_to": "12:00"}, 0, "not_now"),
        ({"daily_from": "10:00", "daily_to": "12:00"}, 1, "valid"),
        ({"daily_from": "10:00", "daily_to": "12:00"}, 3, "not_now"),
        (VISIT | {"valid_from": "2026-11-23T10:00:00+07:00"}, 0, "not_yet_valid"),
        (VISIT | {"valid_days": ["2026-11-24", "2026-11-26"]}, 0, "not_yet_valid"),
        (VISIT | {"valid_until": "2026-11-23T10:00:00+07:00"}, 1, "expired"),
        (VISIT | {"valid_days": ["2026-11-21", "2026-11-22"]}, 0, "expired"),
    ],
)
async def test_the_calendar_decides_how_a_pass_in_order_stands(
    client: httpx.AsyncClient,
    browser: httpx.AsyncClient,
    admin: Headers,
    stage: Stage,
    clock: Clock,
    facts: JSON,
    hours: int,
    code: str,
) -> None:
    one = await issue(client, admin, stage, **facts)
    clock.at = NOW + timedelta(hours=hours)
    found = []
    for language in ("vi", "en"):
        page = await browser.get(path_of(one), headers={"Accept-Language": language})
        found.append((page.status_code, page.headers["content-language"], *stand_of(page)))
    shown = code != "expired"
    assert found == [(200, "vi", code, WORDS[code][0], shown), (200, "en", code, WORDS[code][1], shown)]


@pytest.mark.parametrize(
    ("step", "code"), [("suspend", "suspended"), ("revoke", "revoked"), ("replace", "replaced"), ("", "cancelled")]
)
async def test_a_pass_that_opens_nothing_says_why_and_shows_no_code(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, step: str, code: str
) -> None:
    one = await issue(client, admin, stage)
    if step:
        newer = await change(client, admin, one, step)
    else:
        await factories.post(client, f"/events/{stage.event_id}/state", {"state": "cancelled"}, admin)
    pages = [await browser.get(path_of(one), headers={"Accept-Language": tag}) for tag in ("vi", "en")]
    assert [stand_of(page) for page in pages] == [(code, word, False) for word in WORDS[code]]
    for page, told in zip(pages, ("Căn cứ Mất thẻ ngày 22/11 Cơ quan quyết định Ban tổ chức", "Ground"), strict=True):
        assert (told in text_of(page)) == bool(step)
        assert not {one["code"], one["human_code"], *DOWNLOADS} & set(re.split(r'[<>"/\s]+', page.text))
    if step == "replace":
        assert f'href="{path_of(newer)}"' in pages[0].text
        assert stand_of(await browser.get(path_of(newer)))[0] == "valid"
    answers = [(await browser.get(f"{path_of(one)}/{name}")).status_code for name in DOWNLOADS]
    assert answers == [404] * len(DOWNLOADS)


async def test_a_pass_replaced_twice_leads_to_the_newest(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    first = await issue(client, admin, stage)
    second = await change(client, admin, first, "replace")
    third = await change(client, admin, second, "replace")
    for old in (first, second):
        assert re.findall(r'class="button " href="([^"]+)"', (await browser.get(path_of(old))).text) == [path_of(third)]
    assert "phiên bản 3" in text_of(await browser.get(path_of(third)))


# Who finds it ------------------------------------------------------------------------------------------------


async def test_nobody_keeps_the_page_or_learns_its_address(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    path = path_of(await issue(client, admin, stage))
    wanted = ("cache-control", "referrer-policy", "x-robots-tag")
    found = []
    for address in (path, f"{path}/qr.png", f"{path}/days.ics"):
        answer = await browser.get(address)
        found.append((answer.status_code, *(answer.headers[name] for name in wanted)))
    assert found == [(200, "private, no-store", "no-referrer", "noindex")] * 3


async def test_a_link_that_is_not_ours_is_a_page_that_says_so(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage)
    path = path_of(one)
    changed = "B" if path[-10] == "A" else "A"
    foreign = token_of(UUID(one["id"]), Vault("another-secret-key-of-some-other-house-000"))
    wrong = [
        f"{path[:-10]}{changed}{path[-9:]}",
        path[:-1],
        path[:-12],
        f"{path}AAAA",
        f"/p/{foreign}",
        f"/p/{one['id']}",
        f"/p/{one['serial']}",
        "/p/%C4%91%E1%BA%A3o",
        "/p/" + "A" * 43,
        "/p/" + "A" * 5000,
        "/p/%00",
    ]
    found = {}
    for address in wrong:
        for name in ("", "/qr.png"):
            answer = await browser.get(address + name)
            found[address + name] = (answer.status_code, answer.headers["content-type"])
    assert found == dict.fromkeys(found, (404, "text/html; charset=utf-8"))


async def test_the_language_is_chosen_as_on_every_page(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    path = path_of(await issue(client, admin, stage))
    page = await browser.get(path)
    switch = re.findall(r'href="(/language/en\?next=[^"]+)"', page.text)[0]
    chosen = await browser.get(switch)
    assert chosen.headers["location"] == path
    assert stand_of(await browser.get(path))[1] == "Valid"


# What can be taken from it -----------------------------------------------------------------------------------


async def test_the_picture_reads_back(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage)
    picture = await browser.get(f"{path_of(one)}/qr.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"] == f'inline; filename="the-vao-cong-{one["serial"]}.png"'
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)))
    assert read.text == one["code"]


async def test_the_calendar_has_its_days_and_nobodys_name(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage, valid_days=["2026-11-23", "2026-11-25"])
    answer = await browser.get(f"{path_of(one)}/days.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(each["DTSTART"].dt), str(each["URL"])) for each in events] == [
        ("2026-11-23", one["link"]),
        ("2026-11-25", one["link"]),
    ]
    assert [name in answer.text for name in ("Trần Hải Yến", one["code"], one["human_code"])] == [False] * 3


async def test_without_wallets_there_are_no_buttons_and_no_addresses(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    path = path_of(await issue(client, admin, stage))
    page = await browser.get(path)
    answers = [(await browser.get(f"{path}/{name}")).status_code for name in ("apple.pkpass", "google")]
    assert (re.findall("Apple|Google", page.text), answers) == ([], [404, 404])


async def test_wallets_that_are_set_up_take_the_pass(
    app: FastAPI, client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, signers: Wallets
) -> None:
    app.state.wallets = signers
    one = await issue(client, admin, stage)
    path = path_of(one)
    page = await browser.get(path)
    assert re.findall(r'href="(/p/[^"]+/(?:apple.pkpass|google))"', page.text) == [
        f"{path}/apple.pkpass",
        f"{path}/google",
    ]
    file = await browser.get(f"{path}/apple.pkpass")
    assert file.headers["content-type"] == "application/vnd.apple.pkpass"
    told = json.loads(ZipFile(io.BytesIO(file.content)).read("pass.json"))
    assert (told["barcodes"][0]["message"], told["serialNumber"]) == (one["code"], one["serial"])
    link = await browser.get(f"{path}/google")
    assert (link.status_code, link.headers["location"].startswith(SAVE)) == (303, True)
    assert link.headers["referrer-policy"] == "no-referrer"


async def test_a_certificate_that_ended_takes_its_button_away_and_nothing_else(
    app: FastAPI,
    client: httpx.AsyncClient,
    browser: httpx.AsyncClient,
    admin: Headers,
    stage: Stage,
    clock: Clock,
    signers: Wallets,
) -> None:
    app.state.wallets = signers
    long = {"valid_from": "2026-11-20T00:00:00+07:00", "valid_until": "2029-11-28T00:00:00+07:00"}
    path = path_of(await issue(client, admin, stage, **long))
    clock.at = NOW + timedelta(days=400)
    page = await browser.get(path)
    assert (stand_of(page)[0], re.findall("Apple|Google", page.text)) == ("valid", ["Google"])
    assert (await browser.get(f"{path}/apple.pkpass")).status_code == 404


def test_a_wallet_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    kit = Kit.make(tmp_path)
    broken = kit.settings(
        apple_key=kit.put("other.pem", b"no key"), google_wallet_issuer="1", google_wallet_account="/nowhere"
    )
    assert Wallets.read(broken, now=NOW) == Wallets(None, None)
    assert Wallets.read(kit.settings(), now=NOW).apple is not None


# What keeps it -----------------------------------------------------------------------------------------------


async def test_the_keeper_stands_above_the_pages_and_is_one_classic_script(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/p/keeper.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert re.findall(r"\b(?:import|export)\b", answer.text) == []
    assert "respondWith" in answer.text


async def test_a_program_is_told_in_its_own_way(client: httpx.AsyncClient) -> None:
    answer = await client.get("/p/none", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
