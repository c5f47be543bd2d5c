"""Typst in its child process: what a template can't do, and how it is told what is wrong."""

import asyncio
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from service.store.printing import child, typesetting
from service.store.printing.faults import TemplateFault
from service.store.printing.fonts import covered, missing_letters
from service.store.printing.typesetting import FONTS, FontsMissing, Limits, typeset_pdf, typeset_png
from tests.conftest import NOW

MAIN = b'#import "own.typ": shown\n#set page(width: 60mm, height: 40mm)\n#shown'
ENDLESS = "#let shown = { for a in range(100000) { for b in range(100000) { let c = calc.sqrt(b) } } }"


async def set_own(source: str, limits: Limits = Limits()) -> bytes:
    files = {"main.typ": MAIN, "own.typ": source.encode()}
    return await typeset_pdf(files, main="main.typ", own="own.typ", now=NOW, limits=limits)


async def fault_of(source: str, limits: Limits = Limits()) -> TemplateFault:
    with pytest.raises(TemplateFault) as caught:
        await set_own(source, limits)
    return caught.value


def children() -> list[str]:
    """The command lines of this process's children that set type, the dead ones that nobody waited for included."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            line = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if int(parent) == os.getpid() and (state == "Z" or "printing.child" in line):
            found.append(f"{state} {line}")
    return found


async def test_a_document_is_pdf_or_pictures() -> None:
    files = {"main.typ": MAIN, "own.typ": "#let shown = [Biển Đảo #pagebreak() hai]".encode()}
    document = await typeset_pdf(files, main="main.typ", now=NOW)
    assert len(pikepdf.open(io.BytesIO(document)).pages) == 2
    pictures = await typeset_png(files, main="main.typ", now=NOW, ppi=127)
    assert [Image.open(io.BytesIO(picture)).size for picture in pictures] == [(300, 200), (300, 200)]


async def test_the_same_input_gives_the_same_bytes_with_the_given_date() -> None:
    first, second = [await set_own("#let shown = [Như nhau]") for _ in range(2)]
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261123020000Z"


async def test_only_the_given_fonts_are_there() -> None:
    document = await set_own('#let shown = [#text(font: "DejaVu Sans")[a] #text(font: "New Computer Modern")[b]]')
    with pikepdf.open(io.BytesIO(document)) as pdf:
        names = {str(font.BaseFont).partition("+")[2] for font in pdf.pages[0].Resources.Font.values()}
    assert all(name.startswith(("BeVietnamPro", "NotoSans", "Tinos")) for name in names), names


async def test_without_the_front_end_there_are_no_fonts(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="the front end is not built"):
        await typeset_pdf({"main.typ": b""}, main="main.typ", now=NOW, fonts=tmp_path / "fonts")
    with pytest.raises(FontsMissing, match="the front end is not built"):
        missing_letters("a", fonts=tmp_path)


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("#let shown = {\n  let ế = 1\n  nothing\n}", 3, 3, "unknown variable: nothing"),
        ('#let shown = {\n  "ế漢字"; nothing }', 2, 10, "unknown variable: nothing"),
        ("#let shown = {\n\t(a: 1).b }", 2, 9, 'dictionary does not contain key "b"'),
        ("#let shown = [a #(1]", 1, 18, "unclosed delimiter"),
        ('#let shown = panic("ô hay\\n  ┌─ own.typ:77:7")', 1, 14, "panicked with: ô hay\n  ┌─ own.typ:77:7"),
        ("#let shown = {\n  let f() = f()\n  f()\n}", 2, 13, "maximum function call depth exceeded"),
        ("#let shown = {\n  let a = ()\n  while a.len() >= 0 { a.push(1) }\n}", 3, 3, "loop seems to be infinite"),
    ],
)
async def test_a_fault_has_its_place(source: str, line: int, column: int, message: str) -> None:
    fault = await fault_of(source)
    assert (fault.file, fault.line, fault.column, fault.message) == ("own.typ", line, column, message)
    assert str(fault) == f"own.typ:{line}:{column}: {message}"


async def test_a_fault_inside_a_helper_is_shown_where_it_was_called() -> None:
    files = {
        "main.typ": MAIN,
        "lib.typ": b"#let helper(x) = {\n\n\n  x.nope\n}",
        "own.typ": b'#import "lib.typ": helper\n#let shown = [\n  #helper((a: 1))\n]',
    }
    with pytest.raises(TemplateFault) as caught:
        await typeset_pdf(files, main="main.typ", own="own.typ", now=NOW)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("own.typ", 3, 4)
    with pytest.raises(TemplateFault) as caught:
        await typeset_pdf(files, main="main.typ", now=NOW)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("lib.typ", 4, 5)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "//etc/passwd",
        "../../../../../../etc/passwd",
        "./../out/1",
        "x/../../main.typ",
        "/proc/self/environ",
        "/proc/self/root/etc/passwd",
        "file:///etc/passwd",
        "/dev/zero",
        "~/.bashrc",
    ],
)
@pytest.mark.parametrize("reading", ["read({})", "image({})", "read({}, encoding: none)", "include {}", "json({})"])
async def test_nothing_outside_can_be_read(path: str, reading: str) -> None:
    fault = await fault_of(f"#let shown = {reading.format(chr(34) + path + chr(34))}")
    assert fault.line == 1
    assert re.fullmatch(r"file not found|path `.*` would escape the project root|.*is a directory.*", fault.message)
    assert "biendao-print" not in fault.message


@pytest.mark.parametrize("name", ["../main.typ", "/etc/x.typ", "a/b.typ", ".hidden", "x", "link.typ\0", "Ơ.typ"])
async def test_files_have_plain_names(name: str) -> None:
    with pytest.raises(ValueError, match="plain file name"):
        await typeset_pdf({"main.typ": MAIN, name: b""}, main="main.typ", now=NOW)


@pytest.mark.parametrize("name", ["@preview/cetz:0.3.0", "@local/mine:1.0.0", "@pre" + "view/tablex:0.0.9"])
async def test_packages_are_not_fetched(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for proxy in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(proxy, f"http://127.0.0.1:{port}")
        fault = await fault_of(f'#import "{name}"\n#let shown = [a]', Limits(seconds=5))
    assert (fault.line, fault.column, fault.message) == (1, 9, "packages cannot be used here")
    assert asked == []


def test_the_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIENDAO_SECRET_KEY", "not for templates")
    monkeypatch.setenv("NO_PROXY", "*")
    environment = typesetting._environment(tmp_path)
    assert "not for templates" not in environment.values()
    assert not [name for name in environment if name.startswith("BIENDAO") or name.lower() == "no_proxy"]


async def test_time_is_limited() -> None:
    fault = await fault_of(ENDLESS, Limits(seconds=1))
    assert (fault.file, fault.line, fault.message) == ("own.typ", 0, "the template takes too long")
    assert children() == []


def test_a_child_that_nobody_waits_for_ends_by_itself(tmp_path: Path) -> None:
    """Its own alarm rings when whoever started it is gone; here one second after it began."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "main.typ").write_text(ENDLESS + "\n#shown")
    request = {"main": "main.typ", "kind": "pdf", "ppi": 72, "timestamp": 0, "fonts": str(FONTS), "tagged": False}
    limits = {"seconds": 1 - child._SPARE_SECONDS, "memory": 1 << 30, "largest": 1 << 20}
    ended = subprocess.run(
        [sys.executable, "-m", "service.store.printing.child"],
        input=json.dumps({**request, **limits}).encode(),
        env=typesetting._environment(tmp_path),
        cwd=root,
        check=False,
        capture_output=True,
    )
    assert ended.returncode in (-signal.SIGALRM, -signal.SIGXCPU)


async def test_memory_is_limited() -> None:
    doubling = '#let shown = { let text = "abcd"; for step in range(60) { text = text + text }; text.len() }'
    fault = await fault_of(doubling, Limits(memory=512 << 20))
    assert (fault.file, fault.line, fault.message) == ("own.typ", 0, "the template needs too much memory")
    assert children() == []


async def test_deep_nesting_is_the_templates_fault() -> None:
    fault = await fault_of("#let shown = { let body = [a]; for step in range(100000) { body = box(body) }; body }")
    assert fault.line == 0
    assert fault.message == "the template is nested too deeply or needs too much memory"


async def test_what_comes_out_is_limited() -> None:
    fault = await fault_of("#let shown = [Quá lớn]", Limits(largest=1000))
    assert (fault.line, fault.message) == (0, "what the template draws is too large")


async def test_a_cancelled_setting_leaves_no_child() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await set_own(ENDLESS)
    assert children() == []


async def test_the_folder_is_private_and_goes_away() -> None:
    async with typesetting._private_folder({"main.typ": b"x", "photo-1.jpg": b"y"}) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert sorted(path.name for path in (folder / "root").iterdir()) == ["main.typ", "photo-1.jpg"]
        if typesetting._MEMORY.is_dir():
            assert folder.parent == typesetting._MEMORY
    assert not folder.exists()
    with pytest.raises(RuntimeError, match="on the way"):
        async with typesetting._private_folder({}) as folder:
            raise RuntimeError("on the way")
    assert not folder.exists()


async def test_what_a_killed_service_left_behind_is_removed(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in ("biendao-print-old", "biendao-print-young", "other"))
    for folder in (old, young, other):
        folder.mkdir()
        (folder / "photo-1.jpg").write_bytes(b"x")
    for folder in (old, other):
        os.utime(folder, (time.time() - 7200,) * 2)
    typesetting._clear_left_overs(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["biendao-print-young", "other"]


async def test_many_at_once() -> None:
    made = await asyncio.gather(*(set_own(f"#let shown = [{number}]") for number in range(6)))
    assert len({len(one) for one in made}) <= 6
    assert children() == []


def test_the_fonts_say_what_they_have() -> None:
    vietnamese = "ẾẰỮỢẶĐếằữợặđ"
    assert missing_letters(vietnamese + "łğñçőżßþ Привет Ελλάς 한글 漢字 王丽 かな 23–25/11") == ""
    assert missing_letters("Somchai สมชาย") == "สมชาย"
    assert missing_letters("ខ្មែរ a") == "ខ្មែរ"
    runs = covered((FONTS / "BeVietnamPro_700Bold.ttf").read_bytes())
    assert all(any(first <= ord(letter) <= last for first, last in runs) for letter in vietnamese)
    assert not any(first <= ord("漢") <= last for first, last in runs)
