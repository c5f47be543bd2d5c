"""Which language the reader wants: the switch in the page's head, else what the browser asks for; Vietnamese first."""

from fastapi import Request

LANGUAGES = ("vi", "en")
COOKIE = "lang"


def language_of(request: Request) -> str:
    """`vi` or `en`: for pages the cookie of the switch, for programs Accept-Language; Vietnamese otherwise."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    ranked: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(",")[:10]:
        tag, _, options = part.strip().partition(";")
        language = tag.split("-")[0].lower()
        if language in LANGUAGES:
            ranked.append((_quality(options), language))
    return max(ranked, key=lambda one: one[0])[1] if ranked else "vi"


def _quality(options: str) -> float:
    try:
        return float(options.strip().removeprefix("q=")) if options else 1.0
    except ValueError:
        return 0.0
