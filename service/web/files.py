"""Files that people handed in, as answers: shown for what they are, unable to do anything, kept by no cache."""

from urllib.parse import quote

from fastapi import Response

_LOCKED = "sandbox; default-src 'none'"
"""A file that is opened by itself runs nothing, loads nothing, and belongs to no site."""
KINDS = ("image/jpeg", "application/pdf")
"""What we keep: pictures that we made anew, and documents."""


def file_answer(content: bytes, *, media_type: str, name: str) -> Response:
    """A file that we made ourselves (store/documents.py), to be looked at in the browser."""
    if media_type not in KINDS:
        raise ValueError(f"not a kind of file that we keep: {media_type}")
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " .-_()") else "_" for one in name)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _LOCKED,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type=media_type)
