"""Files that people hand in or that the service makes: sealed, in the database, each with its purpose."""

from enum import StrEnum

from service.domain.base import UUID, Row, choice, datetime, instant, key, rule, text


class FilePurpose(StrEnum):
    """What a file is for; it opens only under the purpose that it was sealed for."""

    PORTRAIT = "portrait"
    LOGO = "logo"
    SIGNATURE = "signature"
    BADGES = "badges"
    EVIDENCE = "evidence"


class StoredFile(Row, table=True):
    """One file, sealed with the key named by `key_id`; `size` is that of the file itself, in bytes."""

    __table_args__ = (rule("size > 0", "size"),)

    id: UUID = key()
    purpose: FilePurpose = choice(FilePurpose, "purpose")
    media_type: str = text()
    size: int
    sealed: bytes
    key_id: str = text()
    created_at: datetime = instant()
