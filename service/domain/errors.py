"""Refusals: what went wrong, as values that every room can raise and `web/problems.py` can tell.

An exception means that nothing happened. Codes are part of the API: add, never rename.
"""

from dataclasses import dataclass

TITLES: dict[str, str] = {
    "not_found": "This does not exist, or no longer.",
    "unauthenticated": "Sign in first.",
    "sign_in_failed": "E-mail address and password do not belong together.",
    "forbidden": "You are not allowed to do this.",
    "too_many_requests": "Too many attempts. Wait a while, then try again.",
    "invalid": "Some of what you sent is not right.",
    "malformed": "What you sent cannot be read.",
    "too_large": "What you sent is too large.",
    "method_not_allowed": "This address does not take this kind of request.",
    "unsupported_media_type": "This address does not take this kind of content.",
    "already_exists": "This exists already.",
    "still_in_use": "Something else still needs this.",
    "illegal_move": "This step is not possible from where it stands.",
    "closed": "This is closed.",
    "key_reused": "This Idempotency-Key was used for another request.",
    "cursor_invalid": "This cursor is not one that we gave.",
    "outside_validity": "The dates lie outside the validity of the administrative unit.",
    "dates_reversed": "The end lies before the beginning.",
    "already_used": "This can be used only once and has been used.",
    "expired": "This has expired.",
    "busy": "The service is busy. Try again in a moment.",
    "origin_mismatch": "This request came from another site.",
    "internal": "Something went wrong on our side.",
    "template_invalid": "The template cannot be used.",
    "nothing_to_print": "There is no badge to print.",
    "rules_invalid": "The rule set cannot be used.",
    "changed_meanwhile": "This was changed meanwhile, perhaps in another window.",
    "not_complete": "Something that is needed is missing.",
    "reviews_pending": "Authorities have not given their verdicts yet.",
    "refused_by_authority": "An authority has refused this.",
    "conditions_apply": "Authorities have tied their approval to conditions.",
    "quota_full": "The quota is full.",
    "calendar_unknown": "The working days of that year are not known yet.",
    "recused": "You have stepped back from this application.",
    "file_refused": "This file cannot be taken.",
    "http_error": "The request could not be answered.",
}
"""Every problem code with its title in English (the key of its translation)."""


@dataclass(frozen=True)
class FieldError:
    """What is wrong at one place: `pointer` is a JSON Pointer (RFC 6901) into what was sent."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):  # noqa: N818 (in this house a refusal is a refusal)
    """The base of all refusals: a stable `code` from TITLES, and a `detail` for the reader."""

    def __init__(self, code: str, detail: str = "", *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.errors = errors


class Unauthenticated(Refusal):
    """Nobody, or nobody any more, stands behind this request."""


class Forbidden(Refusal):
    """Somebody stands behind the request who may not do this."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("forbidden", detail)


class NotFound(Refusal):
    """No such thing, or none that the caller may know of."""

    def __init__(self, noun: str) -> None:
        super().__init__("not_found", noun)


class Conflict(Refusal):
    """The state of things does not allow it."""


class Invalid(Refusal):
    """What was sent is understood and not acceptable."""

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "Invalid":
        """A refusal that points at one place of what was sent."""
        return cls(code, detail, errors=(FieldError(pointer, code, detail),))


class TooMany(Refusal):
    """Too many attempts; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_many_requests")
        self.retry_after = retry_after
