"""Entry passes: issuing them, changing them, ending those of a leaked key."""

from service.usecases.passes.changing import become, change_state, move_pass, replace_pass, wish_like
from service.usecases.passes.choosing import (
    WHOLE_EVENT,
    Change,
    Choices,
    changed,
    choices,
    choices_of_change,
    on_days,
    throughout,
)
from service.usecases.passes.issuing import Wish, issue_direct, issue_many, wish_of
from service.usecases.passes.reading import read_pass
from service.usecases.passes.striking import reissue_passes, strike_key

__all__ = [
    "WHOLE_EVENT",
    "Change",
    "Choices",
    "Wish",
    "become",
    "change_state",
    "changed",
    "choices",
    "choices_of_change",
    "issue_direct",
    "issue_many",
    "move_pass",
    "on_days",
    "read_pass",
    "reissue_passes",
    "replace_pass",
    "strike_key",
    "throughout",
    "wish_like",
    "wish_of",
]
