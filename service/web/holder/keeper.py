"""What keeps a pass on its holder's phone: a service worker, which has to stand above the pages that it keeps."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from service.web.answers import pages_of

router = APIRouter(prefix="/p", include_in_schema=False)


@router.get("/keeper.js")
async def keeper(request: Request) -> FileResponse:
    """The worker for all pages under /p/; browsers ask each time whether it is still the same."""
    path = pages_of(request).file("scripts/keeper.ts")
    return FileResponse(path, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
