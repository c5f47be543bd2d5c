"""Sealed files in the database: one backup holds them, every replica reaches them, no address can be guessed."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.errors import NotFound
from service.domain.files import FilePurpose, StoredFile
from service.store.vault import Vault


def _purpose(purpose: FilePurpose, file_id: UUID) -> str:
    """What the file is sealed for: it can't take the place of another one."""
    return f"stored_file.{purpose.value}.{file_id}"


async def add_file(
    session: AsyncSession, *, purpose: FilePurpose, media_type: str, content: bytes, vault: Vault, now: datetime
) -> StoredFile:
    """Keeps `content`, sealed."""
    kept = StoredFile(
        purpose=purpose, media_type=media_type, size=len(content), sealed=b"", key_id=vault.key_id, created_at=now
    )
    kept.sealed = await asyncio.to_thread(vault.seal, content, purpose=_purpose(purpose, kept.id))
    session.add(kept)
    await session.flush()
    return kept


async def open_file(session: AsyncSession, file_id: UUID, purpose: FilePurpose, vault: Vault) -> bytes:
    """The content of a file of this purpose. Raises NotFound."""
    found = await session.get(StoredFile, file_id)
    if found is None or found.purpose is not purpose:
        raise NotFound(purpose.value)
    return await asyncio.to_thread(vault.open, found.sealed, purpose=_purpose(purpose, file_id))


async def open_files(
    session: AsyncSession, file_ids: list[UUID], purpose: FilePurpose, vault: Vault
) -> dict[UUID, bytes]:
    """The contents of many files of one purpose, with one query."""
    statement = select(col(StoredFile.id), col(StoredFile.sealed)).where(
        col(StoredFile.id).in_(file_ids), col(StoredFile.purpose) == purpose
    )
    sealed = {row[0]: row[1] for row in await session.execute(statement)}

    def open_all() -> dict[UUID, bytes]:
        return {file_id: vault.open(one, purpose=_purpose(purpose, file_id)) for file_id, one in sealed.items()}

    return await asyncio.to_thread(open_all)


async def remove_file(session: AsyncSession, file_id: UUID) -> None:
    """Removes a file that nothing points at any more."""
    found = await session.get(StoredFile, file_id)
    if found is not None:
        await session.delete(found)
        await session.flush()
