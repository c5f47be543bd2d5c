"""What people hand in as evidence: known by its content, made anew by us, or refused with what to do about it.

Neither the name of a file nor what a browser calls it is believed. Pictures are drawn anew by `images`, PDFs are
looked through and written anew by `pdf_child`, in a process of its own with bounded time and memory.
"""

import asyncio
import json
import os
import re
import signal
import sys
import unicodedata
from dataclasses import dataclass

from service.store import images

LARGEST = 10 << 20
"""Bytes of the largest file."""
MOST_PAGES = 20
FAULTS = frozenset(
    {"empty", "too_large", "heic", "not_accepted", "not_a_picture", "too_small", "damaged"}
    | {"encrypted", "too_many_pages", "active", "too_complex"}
)
"""Why a file can't be taken; each has its words in web/words.py."""
_LONGEST_NAME = 100
_EXTENSIONS = {"image/jpeg": ".jpg", "application/pdf": ".pdf"}
_ENDINGS = re.compile(r"(\.[a-z][a-z0-9]{1,4})+$", re.IGNORECASE)
_HARMFUL = frozenset('<>:"|?*;%')
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"heif", b"avif"})
_SECONDS = 20
_MEMORY = 1 << 30
_AT_ONCE = asyncio.Semaphore(2)
"""Files that one worker looks at at the same time: the memory for more isn't promised."""


class DocumentFault(Exception):  # noqa: N818 (it says what is wrong with the file)
    """Why a file can't be taken: a `code` of FAULTS, and a `detail` for programs."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Document:
    """A file as it is kept: made by us, a JPEG or a PDF, with a name that harms nobody."""

    media_type: str
    name: str
    content: bytes
    pages: int = 1


async def accept(content: bytes, *, name: str, portrait: bool = False) -> Document:
    """The file made anew, without anything that isn't seen: metadata, scripts, files inside it.

    A portrait has to be a picture, and is cut to 3:4. Raises DocumentFault.
    """
    if not content:
        raise DocumentFault("empty")
    if len(content) > LARGEST:
        raise DocumentFault("too_large", f"at most {LARGEST} bytes")
    kind = sniff(content)
    if kind == "heic":
        raise DocumentFault("heic")
    if portrait and kind != "picture":
        raise DocumentFault("not_a_picture", "JPEG, PNG, WebP")
    if not kind:
        raise DocumentFault("not_accepted", "JPEG, PNG, WebP, PDF")
    async with _AT_ONCE:
        if kind == "pdf":
            made, pages = await _pdf(content)
            return Document("application/pdf", safe_name(name, "application/pdf"), made, pages)
        made = await asyncio.to_thread(_picture, content, portrait)
        return Document("image/jpeg", safe_name(name, "image/jpeg"), made)


def sniff(content: bytes) -> str:
    """What a file is by its first bytes: `picture`, `pdf`, `heic`, or nothing that we take."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "picture"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "heic"
    return ""


def safe_name(name: str, media_type: str) -> str:
    """A name for a file: as its owner called it, without folders, hidden marks and endings, ending as what it is."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    plain = re.split(r"[/\\]", plain)[-1]
    kept = "".join(one for one in plain if unicodedata.category(one)[0] != "C" and one not in _HARMFUL)
    stem = _ENDINGS.sub("", " ".join(kept.split())).strip(" .")
    ending = _EXTENSIONS[media_type]
    return (stem[: _LONGEST_NAME - len(ending)].strip(" .") or "file") + ending


def _picture(content: bytes, portrait: bool) -> bytes:
    try:
        return images.portrait(content) if portrait else images.document_picture(content)
    except images.ImageFault as fault:
        raise DocumentFault(_picture_code(str(fault)), str(fault)) from None
    except MemoryError:
        raise DocumentFault("too_complex", "memory") from None


def _picture_code(message: str) -> str:
    if message.startswith("at least"):
        return "too_small"
    return "too_complex" if message.startswith("at most") else "damaged"


async def _pdf(content: bytes) -> tuple[bytes, int]:
    """The PDF as the child wrote it anew, and how many pages it has."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "service.store.pdf_child",
        str(_SECONDS),
        str(_MEMORY),
        str(MOST_PAGES),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MALLOC_ARENA_MAX": "2",
        },
    )
    try:
        async with asyncio.timeout(_SECONDS * 2):
            said, complained = await process.communicate(content)
    except TimeoutError:
        raise DocumentFault("too_complex", "time") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise _broken(process.returncode or 0, complained.decode(errors="replace"))
    head, _, made = said.partition(b"\n")
    answer = json.loads(head)
    if "fault" in answer:
        raise DocumentFault(answer["fault"], answer["detail"])
    return made, int(answer["pages"])


def _broken(code: int, complaint: str) -> Exception:
    """Why the child has died: of its limits or of a file that broke the library, else of something that is ours."""
    if -code in {signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS}:
        return DocumentFault("too_complex", f"signal {-code}")
    if "MemoryError" in complaint or "bad_alloc" in complaint:
        return DocumentFault("too_complex", "memory")
    return RuntimeError(f"looking through a PDF ended with {code}: {complaint[-2000:]}")
