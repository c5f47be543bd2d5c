"""Rule sets: the packaged one kept, new versions made, and the rules of an application read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import Application, ClassRule, Rules, RuleSet, read_rules
from service.domain.accreditation.packaged import DEFAULT, packaged_rules
from service.domain.errors import Conflict, NotFound
from service.store import rules as store
from service.usecases import audit
from service.usecases.accounts import require_everywhere

_read: dict[UUID, Rules] = {}
"""Rule sets that were read once: a version never changes."""


async def rules_of(session: AsyncSession, rule_set_id: UUID) -> Rules:
    """The rules of one version."""
    if rule_set_id not in _read:
        _read[rule_set_id] = (await store.get_rule_set(session, rule_set_id)).rules
    return _read[rule_set_id]


async def rule_of(session: AsyncSession, application: Application) -> ClassRule | None:
    """The rule that an application was made under; None where its event takes applications without classes."""
    if application.rule_set_id is None:
        return None
    return (await rules_of(session, application.rule_set_id)).of(application.class_code)


async def ensure_packaged(session: AsyncSession, *, now: datetime, code: str = DEFAULT) -> RuleSet:
    """The newest version of a packaged rule set; its first one is kept if there is none yet."""
    found = await store.find_latest(session, code)
    if found is not None:
        return found
    made = RuleSet(code=code, version=1, body=packaged_rules(code), note="packaged", made_at=now)
    if await store.add_rule_set(session, made):
        audit.record(session, actor=audit.SYSTEM, action="added", noun="rule_set", object_id=made.id, now=now)
    return await ensure_packaged(session, now=now, code=code)


async def add_version(
    session: AsyncSession, *, access: Access, code: str, based_on: int, body: Any, note: str, now: datetime
) -> RuleSet:
    """A new version of a rule set, made from version `based_on`. Applications and open events keep theirs.

    Raises Invalid `rules_invalid` for each fault of the body, Conflict `changed_meanwhile` when a newer version
    than `based_on` is there. Rules are everybody's: whoever changes them has the permission everywhere.
    """
    require_everywhere(access, Permission.ACCREDITATION_SET_UP)
    rules = read_rules(body)
    latest = await store.find_latest(session, code)
    if latest is None:
        raise NotFound("rule set")
    made = RuleSet(
        code=code,
        version=based_on + 1,
        body=rules.model_dump(mode="json", exclude_defaults=True) | {"format": 1},
        note=note,
        made_by_id=access.staff_id,
        made_at=now,
    )
    if latest.version != based_on or not await store.add_rule_set(session, made):
        raise Conflict("changed_meanwhile", f"version {latest.version}")
    audit.record(
        session,
        actor=audit.staff(access),
        action="added",
        noun="rule_set",
        object_id=made.id,
        now=now,
        version=made.version,
    )
    return await store.get_rule_set(session, made.id)
