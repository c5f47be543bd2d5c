"""What the pages of holders show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from service.domain.faces import PassFace, PlaceFace
from service.web.views import FieldError


@dataclass(frozen=True)
class HolderPage:
    """Context `page` of holder/pass.html.

    `places` are those that are still to come, or all when none is. `stand` is a code of the words of `holder_stand`.
    `qr` is the drawing as a data address, empty when the pass may open no door any more. `letters` are those that can
    be read on the colour of the class. `since`, `ground` and `authority` say when and why it came to stand so.
    Addresses are empty where there is nothing to get.
    """

    face: PassFace
    places: tuple[PlaceFace, ...]
    stand: str
    as_of: datetime
    qr: str
    letters: Literal["white", "black"]
    last_moment: datetime
    since: datetime
    ground: str
    authority: str
    newer_href: str
    picture_href: str
    days_href: str
    apple_href: str
    google_href: str


@dataclass(frozen=True)
class CheckPage:
    """Context `page` of holder/check.html.

    `answer` is a code of the words of `check_answer`, empty before anything was asked. `typed` is what stands in the
    field. `wait` is how many minutes to wait after too many questions, else 0.
    """

    answer: str
    at: datetime
    typed: str
    wait: int
    errors: tuple[FieldError, ...]
