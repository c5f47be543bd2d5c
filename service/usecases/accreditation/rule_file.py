"""Rule sets for people: every version with who made it, and what a text would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import Rules, RuleSet
from service.domain.accreditation.rule_text import Part, compare, parse_rules
from service.domain.errors import NotFound
from service.store import rule_file as store
from service.store import rules as rule_store
from service.usecases.accounts import require_everywhere
from service.usecases.accreditation.rules import ensure_packaged, rules_of


@dataclass(frozen=True)
class Version:
    """One version of a rule set; `made_by` empty: it came with the service. `events` use it."""

    rule_set: RuleSet
    made_by: str
    events: int


@dataclass(frozen=True)
class RuleFile:
    """A rule set: the version that is looked at, and all versions, the newest first."""

    shown: Version
    rules: Rules
    versions: Sequence[Version]
    may_change: bool

    @property
    def newest(self) -> RuleSet:
        """The version in use for events that are opened from now on."""
        return self.versions[0].rule_set


async def list_sets(session: AsyncSession, *, access: Access, now: datetime) -> list[RuleSet]:
    """The newest version of each rule set; rules are the same for all organisations."""
    access.require(Permission.ACCREDITATION_READ)
    await ensure_packaged(session, now=now)
    return await rule_store.list_rule_sets(session)


async def open_rules(session: AsyncSession, *, access: Access, code: str, version: int | None = None) -> RuleFile:
    """A rule set, in a version of it or the newest one. Raises NotFound."""
    access.require(Permission.ACCREDITATION_READ)
    versions = [Version(*row) for row in await store.list_versions(session, code)]
    shown = next((one for one in versions if version in (None, one.rule_set.version)), None)
    if shown is None:
        raise NotFound("rule set")
    return RuleFile(
        shown=shown,
        rules=await rules_of(session, shown.rule_set.id),
        versions=versions,
        may_change=access.organisations(Permission.ACCREDITATION_SET_UP) is None,
    )


async def try_rules(session: AsyncSession, *, access: Access, code: str, text: str) -> list[Part]:
    """What a text would change against the newest version. Raises Unreadable; nothing is kept."""
    require_everywhere(access, Permission.ACCREDITATION_SET_UP)
    latest = await rule_store.find_latest(session, code)
    if latest is None:
        raise NotFound("rule set")
    _, rules = parse_rules(text)
    return compare(await rules_of(session, latest.id), rules)
