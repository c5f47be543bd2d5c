"""What the form that opens an accreditation shows: what is kept, or what was typed."""

from collections.abc import Callable

from service.domain.accreditation import ClassRule, Criterion
from service.usecases.accreditation.overview_press import SetUp
from service.usecases.accreditation.plans import OpenClass
from service.web import accreditation_views as view
from service.web.console import reading
from service.web.console.access import Visit
from service.web.console.plan_form import authorities_of, local_parts
from service.web.forms import Checked
from service.web.views import Option
from service.web.words import N_

_VERSION = N_("%(name)s, version %(number)s")
_FIRST_CRITERIA = (Criterion.AGENCY_OR_HOST, Criterion.OUTLET_TURN, Criterion.EARLIEST_DAY)
"""What a new accreditation proposes."""


def plan_form(visit: Visit, found: SetUp, checked: Checked | None, here: str) -> view.SetUpForm:
    """The form: with what was typed if it came back, else with what is kept, else with proposals."""
    values = _typed(checked) if checked else _kept(found)
    plan = found.plan
    newest = next((one for one in found.versions if one.code == found.rule_set.code), found.rule_set)
    versions = {one.id: one for one in (*found.versions, found.rule_set)}
    chosen = frozenset(checked.form.many("classes")) if checked else frozenset(plan.classes if plan else ())
    return view.SetUpForm(
        action=here,
        page_href=here,
        rule_set=str(found.rule_set.id),
        rule_sets=tuple(
            Option(
                str(one.id), visit.say(_VERSION, name=one.rules.name[visit.language], number=visit.number(one.version))
            )
            for one in versions.values()
        ),
        rules_href=reading.address(f"/console/rules/{found.rule_set.code}", version=str(found.rule_set.version)),
        newer_href=reading.address(here, "set-up", rules=str(newest.id)) if newest.id != found.rule_set.id else "",
        opened=plan is not None,
        under_way=found.overview.whole.under_way + found.overview.whole.ready if found.overview else 0,
        classes=tuple(_class(one, one.rule.code in chosen, values(f"cap_{one.rule.code}")) for one in found.classes),
        authorities=_authorities(found, chosen, values),
        organisations=tuple(
            Option(str(one.id), one.name_en if visit.language == "en" else one.name_vi) for one in found.organisations
        ),
        closes_on=values("closes_on"),
        closes_at=values("closes_at"),
        cap=values("cap"),
        contact=values("contact"),
        appeal_days=values("appeal_days"),
        criteria=tuple(values(f"criterion_{number}") for number in range(1, len(Criterion) + 1)),
        errors=tuple(checked.errors) if checked else (),
    )


def _typed(checked: Checked) -> Callable[[str], str]:
    return checked.form.one


def _kept(found: SetUp) -> Callable[[str], str]:
    """The fields of what is kept, or of what is proposed where there is nothing yet."""
    plan = found.plan
    closes_on, closes_at = local_parts(found.event.accreditation_closes_at)
    criteria = plan.criteria if plan else _FIRST_CRITERIA
    values = {
        "closes_on": closes_on,
        "closes_at": closes_at or "17:00",
        "contact": plan.contact if plan else "",
        "appeal_days": str(plan.appeal_days if plan else 5),
        **{f"criterion_{number}": str(one) for number, one in enumerate(criteria, 1)},
        **{f"cap_{code}" if code else "cap": str(cap) for code, cap in (plan.caps if plan else {}).items()},
    }
    for panel, _ in found.panels:
        values[f"org_{panel.authority}"] = str(panel.organisation_id)
        values[f"lead_{panel.authority}"] = panel.lead_email
        values[f"language_{panel.authority}"] = panel.language
    return lambda name: values.get(name, "")


def _class(one: OpenClass, chosen: bool, cap: str) -> view.ClassChoice:
    rule: ClassRule = one.rule
    stages = [[authority.name for authority in stage.authorities] for stage in rule.stages]
    return view.ClassChoice(
        code=rule.code,
        name_vi=rule.name.vi,
        name_en=rule.name.en,
        description_vi=rule.description.vi,
        description_en=rule.description.en,
        chosen=chosen,
        asks=(
            *(field.code for field in rule.asks if field.required),
            *(f"file:{file.kind.value}" for file in rule.evidence if file.required),
        ),
        stages_vi=tuple(" + ".join(name.vi for name in stage) for stage in stages),
        stages_en=tuple(" + ".join(name.en for name in stage) for stage in stages),
        days=rule.days,
        safe_on=one.safe_on,
        cap=cap,
    )


def _authorities(
    found: SetUp, chosen: frozenset[str], values: Callable[[str], str]
) -> tuple[view.AuthorityChoice, ...]:
    rules = found.rule_set.rules
    rows = []
    for code, authority in authorities_of(rules).items():
        needing = [rule for rule in rules.classes if any(one.code == code for one in rule.authorities)]
        # The event's own office is the host, until somebody says otherwise.
        own = str(found.event.organisation_id) if code == "host" and found.plan is None else ""
        rows.append(
            view.AuthorityChoice(
                code=code,
                name_vi=authority.name.vi,
                name_en=authority.name.en,
                classes_vi=tuple(rule.name.vi for rule in needing),
                classes_en=tuple(rule.name.en for rule in needing),
                needed=any(rule.code in chosen for rule in needing),
                organisation=values(f"org_{code}") or own,
                lead=values(f"lead_{code}"),
                language=values(f"language_{code}") or "vi",
            )
        )
    return tuple(rows)
