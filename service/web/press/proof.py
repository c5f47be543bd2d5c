"""The proof of an address between its link and the registration, kept in a cookie: in no address and in no history."""

from fastapi import Request, Response

from service.settings import Settings
from service.usecases.accreditation import signing

REGISTER = "/press/register"
_COOKIE = "biendao_proof"


def keep_proof(response: Response, proof: str, settings: Settings) -> None:
    """Keeps the proof in the browser as long as it is good."""
    response.set_cookie(
        _COOKIE,
        proof,
        max_age=int(signing.PROVEN.total_seconds()),
        path=REGISTER,
        httponly=True,
        secure=settings.base_url.startswith("https://"),
        samesite="lax",
    )


def proof_of(request: Request) -> str:
    """The proof that the browser kept, or nothing."""
    return request.cookies.get(_COOKIE, "")


def forget_proof(response: Response) -> None:
    """The address has a profile now."""
    response.delete_cookie(_COOKIE, path=REGISTER)
