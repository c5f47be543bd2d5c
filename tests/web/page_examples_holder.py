"""Contexts of the pages for holders of passes and for those who are shown one."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from service.usecases.holders import Stand
from service.web import views
from service.web.holder.views import CheckPage, HolderPage
from tests.faces import LIBRARY, MUSEUM, pass_face

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
FACE = pass_face(native_name="邓氏玉英", heads=1, daily_from=time(7), daily_to=time(12), places=(MUSEUM, LIBRARY))

VALID = HolderPage(
    face=FACE,
    places=FACE.places,
    stand=Stand.VALID.value,
    as_of=AT,
    qr="data:image/svg+xml;base64,PHN2Zy8+",
    letters="white",
    last_moment=FACE.valid_until,
    since=AT,
    ground="",
    authority="",
    newer_href="",
    picture_href="/p/token/qr.png",
    days_href="/p/token/days.ics",
    apple_href="/p/token/apple.pkpass",
    google_href="/p/token/google",
)
GROUP = replace(VALID, face=pass_face(heads=40, holder_name="Trường THCS Hải Âu (cô Mai)"), stand=Stand.NOT_NOW.value)
REVOKED = replace(
    VALID,
    stand=Stand.REVOKED.value,
    qr="",
    ground="Đã rời tòa soạn, công văn 12 ngày 20/11/2026.",
    authority="Sở Ví Dụ",
    picture_href="",
    days_href="",
    apple_href="",
    google_href="",
)
ASKED = CheckPage(answer="", at=AT, typed="", wait=0, errors=())
_PUBLIC = views.public_shell(path="/p/token")

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"own-pass-{page.stand}": ("holder/pass.html", {"shell": _PUBLIC, "page": page})
        for page in (
            VALID,
            GROUP,
            REVOKED,
            replace(VALID, stand=Stand.NOT_YET_VALID.value),
            *(
                replace(REVOKED, stand=stand.value, newer_href="/p/newer" if stand is Stand.REPLACED else "")
                for stand in Stand
                if not stand.may_open and stand is not Stand.REVOKED
            ),
        )
    },
    **{
        f"check-{name}": ("holder/check.html", {"shell": _PUBLIC, "page": page})
        for name, page in {
            "form": ASKED,
            "valid": replace(ASKED, answer="valid"),
            "not-valid": replace(ASKED, answer="not_valid"),
            "cannot-tell": replace(ASKED, answer="cannot_tell", typed="7K3QMX9T1B"),
            "wait": replace(ASKED, typed="7K3QMX9T1A", wait=5),
            "empty": replace(ASKED, errors=(views.FieldError("code", "Nhập mã, hoặc quét bằng máy ảnh"),)),
        }.items()
    },
}
