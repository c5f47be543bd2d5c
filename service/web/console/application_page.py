"""One application as its office sees it, put together for its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accreditation import (
    APPLICATION_MOVES,
    GRANTED,
    NEEDS_REASON,
    NO_CONDITIONS,
    SET_ASIDE,
    AppealState,
    ApplicationState,
    Conditions,
    reference_of,
)
from service.store.vault import Vault
from service.usecases.accreditation.deciding import BY_JOURNALIST
from service.usecases.accreditation.evidence import NOT_FOR_THE_OFFICE
from service.usecases.accreditation.office import Desk, OfficeFile
from service.web.application_views import (
    AppealPart,
    ApplicationPage,
    DecisionForm,
    DeskPart,
    GrantPart,
    LimitPart,
)
from service.web.console import review_steps
from service.web.console.access import Visit
from service.web.console.applications import application_href, applications_href
from service.web.console.field_values import clock_of, day_options, field_rows, file_parts, zone_options
from service.web.console.pass_rows import pass_href
from service.web.console.review import reason_options
from service.web.console.start import event_href
from service.web.forms import Form
from service.web.pages import date_vn
from service.web.views import FieldError
from service.web.words import N_

_KINDS = (
    ApplicationState.APPROVED,
    ApplicationState.APPROVED_WITH_CONDITIONS,
    ApplicationState.WAITLISTED,
    ApplicationState.REJECTED,
    ApplicationState.NEEDS_INFORMATION,
    ApplicationState.REVOKED,
)
"""All that the office can decide, in the order in which it is offered."""
_ONLY_ZONES = N_("only zones %(zones)s")
_NO_ZONE = N_("no zone that all of them allow")
_ONLY_DAYS = N_("only on %(days)s")
_ESCORT = N_("only with an escort")


@dataclass(frozen=True)
class Sent:
    """A form of the page that came back: which one, what was typed, what is wrong."""

    which: str = ""
    form: Form = Form.EMPTY
    errors: tuple[FieldError, ...] = ()

    def of(self, which: str) -> Form:
        """What was typed into one form."""
        return self.form if which == self.which else Form.EMPTY


def page_of(
    visit: Visit, found: OfficeFile, *, vault: Vault, now: datetime, sent: Sent = Sent(), news: str = ""
) -> ApplicationPage:
    """The page."""
    one, event, rule = found.application, found.event, found.rule
    here = application_href(one.id)
    may_set_aside = found.may.decide and one.state in SET_ASIDE
    return ApplicationPage(
        reference=reference_of(one.id),
        name=found.journalist.full_name,
        event_vi=event.title_vi,
        event_en=event.title_en,
        event_href=event_href(event.id),
        list_href=applications_href(event.id),
        class_vi=rule.name.vi if rule else "",
        class_en=rule.name.en if rule else "",
        outlet=found.outlet.name,
        state=one.state.value,
        readiness=found.readiness.value if found.readiness else "",
        submitted_at=one.submitted_at,
        fields=field_rows(visit, found.fields, found.zones),
        identity_hidden=found.identity_asked,
        files=file_parts(
            visit,
            found.files,
            secrets=vault,
            now=now,
            hidden=NOT_FOR_THE_OFFICE,
            seen_by=found.seen_by,
            tick=f"{here}/evidence",
        ),
        same_press_card=found.same_press_card,
        desks=tuple(_desk(visit, desk, found, now) for desk in found.desks if rule),
        conditions=conditions_text(visit, found.conditions),
        limits=tuple(LimitPart(limit.name, limit.taken, limit.limit) for limit in found.limits),
        granted=GrantPart(tuple(one.zones_granted), tuple(one.days_granted or ()), one.escort)
        if one.state in GRANTED
        else None,
        form=_decision(visit, found, here, sent.of("decision")),
        set_aside=f"{here}/set-aside" if may_set_aside else None,
        ground=sent.of("set-aside").one("ground"),
        appeals=tuple(_appeals(found, here, sent.of("appeal"))),
        pass_href=pass_href(found.living_pass.id) if found.living_pass else "",
        issue=f"{here}/pass" if found.may.issue and one.state in GRANTED and not found.living_pass else None,
        history=review_steps.of_application(visit, found.history, rule),
        looks=review_steps.looks_at(visit, found.history, rule),
        news=news,
        errors=sent.errors,
    )


def conditions_text(visit: Visit, conditions: Conditions) -> str:
    """What authorities tie their approval to, all together, in one line; nothing where there are no conditions."""
    if conditions == NO_CONDITIONS:
        return ""
    parts = []
    if conditions.zones is not None:
        zones = ", ".join(sorted(conditions.zones))
        parts.append(visit.say(_ONLY_ZONES, zones=zones) if zones else visit.say(_NO_ZONE))
    if conditions.days is not None:
        parts.append(visit.say(_ONLY_DAYS, days=_days(conditions.days)))
    if conditions.escort:
        parts.append(visit.say(_ESCORT))
    return "; ".join(parts)


def _days(days: Iterable[date]) -> str:
    return ", ".join(date_vn(one) for one in sorted(days))


def _desk(visit: Visit, desk: Desk, found: OfficeFile, now: datetime) -> DeskPart:
    assert found.rule is not None  # noqa: S101 (reviews come of rules)
    rule, verdict = found.rule.authority(desk.review.authority), desk.verdict
    conditions = Conditions()
    if verdict is not None:
        zones, days = frozenset(verdict.zones) or None, frozenset(verdict.days) if verdict.days else None
        conditions = Conditions(zones, days, verdict.escort)
    return DeskPart(
        name_vi=rule.name.vi,
        name_en=rule.name.en,
        body_vi=desk.organisation.name_vi if desk.organisation else "",
        body_en=desk.organisation.name_en if desk.organisation else "",
        power=rule.power.value,
        stage=desk.review.stage + 1,
        state=desk.review.state.value,
        clock=clock_of(desk.review, now),
        verdict=verdict.kind.value if verdict else "",
        ground=verdict.ground if verdict else "",
        conditions=conditions_text(visit, conditions),
        said_by=desk.said_by,
    )


def kinds_of(found: OfficeFile) -> tuple[ApplicationState, ...]:
    """The decisions that the state allows. Nothing is approved as it stands where authorities set conditions."""
    moves = APPLICATION_MOVES[found.application.state] - BY_JOURNALIST - {ApplicationState.IN_REVIEW}
    if found.conditions != NO_CONDITIONS:
        moves -= {ApplicationState.APPROVED}
    return tuple(one for one in _KINDS if one in moves)


def _decision(visit: Visit, found: OfficeFile, action: str, form: Form) -> DecisionForm | None:
    one, kinds = found.application, kinds_of(found)
    if not kinds or not found.may.decide:
        return None
    is_blank = form is Form.EMPTY
    limits = found.conditions
    proposed = [zone for zone in one.zones_wanted if limits.zones is None or zone in limits.zones]
    words = (kind.value for kind in kinds if kind in NEEDS_REASON)
    days = [day for day in found.days if limits.days is None or day in limits.days]
    zones = [code for code in sorted(found.zones) if limits.zones is None or code in limits.zones]
    return DecisionForm(
        action=f"{action}/decision",
        kinds=tuple(kind.value for kind in kinds),
        kind=form.one("kind"),
        zones=zone_options(visit, zones, found.zones),
        chosen_zones=proposed if is_blank else form.many("zones"),
        days=day_options(visit, days),
        chosen_days=[day.isoformat() for day in days if limits.days is not None] if is_blank else form.many("days"),
        escort=limits.escort if is_blank else bool(form.one("escort")),
        reasons=reason_options(visit, found.rules.reasons if found.rules else (), *words),
        reason_code=form.one("reason_code"),
        reason=form.one("reason"),
        full=any(limit.is_full for limit in found.limits),
        beyond_quota=bool(form.one("beyond_quota")),
    )


def _appeals(found: OfficeFile, here: str, form: Form) -> Iterable[AppealPart]:
    for one in found.appeals:
        is_open = one.state is AppealState.FILED and found.may.decide
        yield AppealPart(
            wording=one.wording,
            state=one.state.value,
            filed_at=one.filed_at,
            answer=one.answer,
            answered_at=one.answered_at,
            action=f"{here}/appeals/{one.id}" if is_open else None,
            typed=form.one("answer"),
            upheld=form.one("upheld"),
        )
