"""One class of a rule set in words."""

from service.domain.accreditation import ClassRule, Rules
from service.web import accreditation_views as view


def class_in_words(rules: Rules, rule: ClassRule) -> view.ClassInWords:
    """What a class asks, who looks at it, its quota, how long it is kept, and what it rests on."""
    return view.ClassInWords(
        code=rule.code,
        name_vi=rule.name.vi,
        name_en=rule.name.en,
        description_vi=rule.description.vi,
        description_en=rule.description.en,
        press_card=rule.press_card,
        standing=rule.standing,
        fields=tuple(view.AskRow(one.code, one.required, (), "", "") for one in rule.asks),
        files=tuple(
            view.AskRow(
                field=f"file:{one.kind.value}",
                required=one.required,
                roles=tuple(role.value for role in one.roles),
                hint_vi=one.hint.vi,
                hint_en=one.hint.en,
            )
            for one in rule.evidence
        ),
        stages=_stages(rule),
        decision_days=rule.decision_days,
        days=rule.days,
        limits=_limits(rule),
        retention_days=rule.retention_days,
        legal=_legal(rules, rule),
    )


def _stages(rule: ClassRule) -> tuple[view.StageRow, ...]:
    return tuple(
        view.StageRow(
            number=number,
            quorum=stage.quorum,
            authorities=tuple(
                view.AuthorityRow(one.name.vi, one.name.en, one.power.value, one.days, one.sees)
                for one in stage.authorities
            ),
        )
        for number, stage in enumerate(rule.stages, 1)
    )


def _limits(rule: ClassRule) -> tuple[view.LimitRow, ...]:
    quota = rule.quota
    whole = () if quota.per_outlet is None else (view.LimitRow("", "", quota.per_outlet),)
    roles = tuple(view.LimitRow("media_role", role.value, limit) for role, limit in quota.per_role.items())
    kinds = tuple(view.LimitRow("outlet_kind", kind.value, limit) for kind, limit in quota.of_kind.items())
    return (*whole, *roles, *kinds)


def _legal(rules: Rules, rule: ClassRule) -> tuple[view.BasisRow, ...]:
    rows = []
    for basis in rule.legal:
        source = rules.sources[basis.source]
        rows.append(
            view.BasisRow(
                text_vi=basis.text.vi,
                text_en=basis.text.en,
                valid_from=basis.valid_from,
                valid_until=basis.valid_until,
                source=source.title,
                issued_on=source.issued_on,
                read_as=source.read_as,
                where=source.where,
                said=source.said,
            )
        )
    return tuple(rows)
