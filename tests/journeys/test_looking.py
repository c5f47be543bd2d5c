"""The eyes of the journeys: what is wrong with a page is seen."""

from playwright.async_api import Browser

from tests.journeys.looking import find_faults_everywhere

PAGE = """
<html lang="vi"><title>Thử</title><style>
p { color: #111; background: #fff; width: 700px }
@media (prefers-color-scheme: dark) { p { color: #ccc } }
</style><main><h1>Thử</h1><p>Mờ trong bóng tối, rộng hơn điện thoại</p><img src="x"></main></html>
"""


async def test_faults_are_seen_in_every_guise(chromium: Browser) -> None:
    page = await chromium.new_page()
    await page.set_content(PAGE)
    found = [one.split(": <", 1)[0] for one in await find_faults_everywhere(page)]
    assert found == [
        "phone, dark: color-contrast",
        "phone, dark: wide",
        "desk, light: image-alt",
        "phone, light: image-alt",
        "phone, light: wide",
    ]
    await page.close()
