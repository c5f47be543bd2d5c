"""The page of one pass, put together for its reader: who may not do something isn't shown it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.badges import BADGE_MOVES, BadgeAction
from service.domain.messages import MailState
from service.domain.passes import PASS_MOVES, BadgeState, EntryPass, PassState
from service.domain.standing import Standing, standing_of
from service.usecases.pass_file import PassFile
from service.web.console import history
from service.web.console.access import START, Visit
from service.web.console.pass_list import list_href
from service.web.console.pass_rows import last_moment, pass_href
from service.web.console.start import event_href
from service.web.forms import Form
from service.web.pass_views import (
    BadgePart,
    HolderPart,
    MailRow,
    Neighbour,
    PassPage,
    PortraitPart,
    StopForm,
    ZoneName,
)
from service.web.views import FieldError
from service.web.words import N_

_AGAIN = (MailState.FAILED, MailState.UNSURE)
_BY_HAND = (BadgeAction.RETURNED, BadgeAction.LOST, BadgeAction.FOUND)
_UNPRINTABLE = {
    Standing.SUSPENDED: N_("The pass is suspended: make it valid again first."),
    Standing.EXPIRED: N_("The pass is over: no badge is needed any more."),
    Standing.REVOKED: N_("The pass is revoked: issue a new one."),
    Standing.REPLACED: N_("A newer pass takes its place: print that one."),
}
_LOST = N_("The badge is lost: print it anew. The lost one then opens no gate, even if it turns up.")


@dataclass(frozen=True)
class Sent:
    """A form of the page that came back: what was typed, what is wrong."""

    form: Form = Form.EMPTY
    errors: tuple[FieldError, ...] = ()


def page_of(visit: Visit, found: PassFile, *, link: str, now: datetime, sent: Sent = Sent()) -> PassPage:
    """The page; `link` is the address of the holder's own page."""
    one, may = found.entry_pass, found.may
    here, moves = pass_href(one.id), PASS_MOVES[one.state]
    replaceable = may.replace and PassState.REPLACED in moves
    return PassPage(
        **_facts(found, now),
        qr_svg_href=f"{here}/qr.svg",
        qr_png_href=f"{here}/qr.png",
        older=_neighbour(found.older),
        newer=_neighbour(found.newer),
        timeline=history.of_pass(visit, found),
        portrait=_portrait(found, here),
        badge=_badge(visit, found, here, now, sent),
        holder=_holder(found, here, link),
        replace=f"{here}/replace" if replaceable else None,
        change=f"{here}/change" if replaceable else None,
        resume=f"{here}/resume" if may.revoke and PassState.ACTIVE in moves else None,
        stop=_stop(found, here, sent) if may.revoke and PassState.REVOKED in moves else None,
        errors=sent.errors,
    )


def _facts(found: PassFile, now: datetime) -> dict[str, Any]:
    """What the pass says, and how it stands."""
    one, event = found.entry_pass, found.event
    return {
        "event_title_vi": event.title_vi,
        "event_title_en": event.title_en,
        "event_href": event_href(event.id),
        "list_href": list_href(event.id),
        "holder_name": one.holder_name,
        "native_name": one.native_name,
        "organisation": one.organisation_name,
        "category": one.category.value,
        "class_vi": found.words[0],
        "class_en": found.words[1],
        "serial": one.serial,
        "human_code": one.human_code,
        "state": standing_of(one, now).value,
        "state_ground": " · ".join(told for told in (one.state_ground, one.state_authority) if told),
        "heads": one.heads,
        "heads_in": found.heads_in,
        "zones": tuple(ZoneName(code, *found.zones.get(code, ("", ""))) for code in one.zones),
        "valid_from": one.valid_from,
        "valid_until": last_moment(one),
        "valid_days": tuple(one.valid_days or ()),
        "daily_from": one.daily_from,
        "daily_to": one.daily_to,
        "attention": one.attention,
        "version": one.version,
    }


def _neighbour(other: EntryPass | None) -> Neighbour | None:
    return Neighbour(pass_href(other.id), other.version) if other else None


def _portrait(found: PassFile, here: str) -> PortraitPart | None:
    """None for a group, which names no faces, and where there is nothing to see and nothing to do."""
    one = found.entry_pass
    may_keep = found.may.issue and PassState.REPLACED in PASS_MOVES[one.state]
    if one.heads > 1 or not (one.portrait_id or may_keep):
        return None
    return PortraitPart(
        # Its id makes a new picture a new address: a browser would show the older one otherwise.
        picture=f"{here}/portrait.jpg?of={one.portrait_id}" if one.portrait_id else None,
        action=f"{here}/portrait" if may_keep else None,
        remove=f"{here}/portrait/remove" if may_keep and one.portrait_id else None,
    )


def _badge(visit: Visit, found: PassFile, here: str, now: datetime, sent: Sent) -> BadgePart:
    one, may = found.entry_pass, found.may
    unprintable = _unprintable(one, now)
    handed = [handover for _, _, handover in found.records if handover is not None]
    last = handed[-1] if handed and one.badge is BadgeState.HANDED_OVER else None
    to = " · ".join(name for name in (last.to_name, last.organisation_name) if name) if last else ""
    moves = tuple(action.value for action in _BY_HAND if action in BADGE_MOVES[one.badge])
    return BadgePart(
        state=one.badge.value,
        handed_to=to,
        receipt=f"{START}/handovers/{last.id}" if last and may.print else None,
        preview=f"{here}/badge.png",
        print_action=f"{here}/print" if may.print and not unprintable else None,
        unprintable=visit.say(unprintable) if may.print and unprintable else "",
        move_action=f"{here}/badge" if may.print and moves else None,
        moves=moves,
        note=sent.form.one("note"),
    )


def _unprintable(one: EntryPass, now: datetime) -> str:
    """Why no badge may be made of the pass, or nothing."""
    if one.badge is BadgeState.LOST and PassState.REPLACED in PASS_MOVES[one.state]:
        return _LOST
    return _UNPRINTABLE.get(standing_of(one, now), "")


def _holder(found: PassFile, here: str, link: str) -> HolderPart:
    one, may = found.entry_pass, found.may
    may_send = may.issue and one.holder_email and one.state is PassState.ACTIVE
    return HolderPart(
        link=link,
        open=link[link.index("/p/") :],
        email=one.holder_email if may.issue else None,
        send=f"{here}/send" if may_send else None,
        mails=tuple(
            MailRow(
                kind=mail.kind.value,
                state=mail.state.value,
                at=mail.sent_at or mail.created_at,
                problem=mail.problem,
                again=f"{here}/mails/{mail.id}/again" if may.issue and mail.state in _AGAIN else None,
            )
            for mail in found.mails
        ),
    )


def _stop(found: PassFile, here: str, sent: Sent) -> StopForm:
    may_suspend = PassState.SUSPENDED in PASS_MOVES[found.entry_pass.state]
    return StopForm(
        revoke=f"{here}/revoke",
        suspend=f"{here}/suspend" if may_suspend else None,
        ground=sent.form.one("ground"),
        authority=sent.form.one("authority"),
    )
