"""`biendao keys`: the keys that sign passes."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from service.commands.tools import act_as, in_session, open_service, say
from service.domain.errors import NotFound
from service.domain.events import Event
from service.domain.localtime import local
from service.domain.passes import SigningKey
from service.store import passes as store
from service.store.vault import Vault
from service.usecases import keys, passes

app = typer.Typer(no_args_is_help=True, help="The keys that sign passes: list, rotate, strike.")
Actor = Annotated[str, typer.Option("--as", help="E-mail address of the member of staff who decides this.")]


@app.command("list")
def list_keys(event: Annotated[UUID | None, typer.Option(help="Of one event only, by its id.")] = None) -> None:
    """Lists keys with their event, state, and how many passes each one still lets in."""

    async def work(session: AsyncSession, _: Vault) -> list[tuple[SigningKey, Event | None, int]]:
        return [
            (key, await session.get(Event, key.event_id), await store.count_living_passes(session, key.id))
            for key in await store.list_keys(session, event)
        ]

    with open_service() as settings:
        rows = in_session(settings, work)
    if not rows:
        say("There is no key yet: one is made when an event opens.")
    for key, of, living in rows:
        made = f"{local(key.created_at):%d/%m/%Y, %H:%M}"
        say(
            f"{key.kid:<8} {key.state.value:<8} {living:>7} passes  {made}  {key.event_id}  {of.title_vi if of else ''}"
        )


@app.command("rotate")
def rotate(event: Annotated[UUID, typer.Option(help="The event, by its id.")], staff: Actor) -> None:
    """A new key signs the passes of an event from now on; passes of the older ones stay valid."""

    async def work(session: AsyncSession, vault: Vault) -> SigningKey:
        access = await act_as(session, staff)
        return await keys.rotate_key(session, access=access, event_id=event, vault=vault, now=datetime.now(UTC))

    with open_service() as settings:
        say(f"Key {in_session(settings, work).kid} signs from now on; older passes stay valid.")


@app.command("strike")
def strike(
    kid: Annotated[str, typer.Argument(help="The key, as `biendao keys list` names it.")],
    staff: Actor,
    reason: Annotated[str, typer.Option(help="Why: door staff see it with each pass of the key.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    reissue: Annotated[bool, typer.Option("--reissue", help="Issue new passes to all who lose theirs.")] = False,
) -> None:
    """Strikes a leaked key and ends its passes; says how many end, and asks first."""

    async def strike_it(session: AsyncSession, vault: Vault, *, confirm: bool) -> int:
        access = await act_as(session, staff)
        _, ending = await passes.strike_key(
            session,
            access=access,
            key_id=(await _find(session, kid)).id,
            reason=reason,
            confirm=confirm,
            vault=vault,
            now=datetime.now(UTC),
        )
        return ending

    async def reissue_them(session: AsyncSession, vault: Vault) -> int:
        access = await act_as(session, staff)
        key = await _find(session, kid)
        made = await passes.reissue_passes(session, access=access, key_id=key.id, vault=vault, now=datetime.now(UTC))
        return len(made)

    with open_service() as settings:
        ending = in_session(settings, lambda session, vault: strike_it(session, vault, confirm=False))
        if not yes:
            typer.confirm(f"Striking {kid} ends {ending} passes at once. Go on?", abort=True)
        struck = in_session(settings, lambda session, vault: strike_it(session, vault, confirm=True))
        say(f"{kid} is struck: {struck} passes have ended.")
        if reissue:
            say(f"{in_session(settings, reissue_them)} new passes were issued.")


async def _find(session: AsyncSession, kid: str) -> SigningKey:
    found = next((key for key in await store.list_keys(session) if key.kid == kid), None)
    if found is None:
        raise NotFound("key")
    return found
