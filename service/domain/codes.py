"""The codes of a pass: the short one that people type, and the claims inside the signed one."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_DATA, LENGTH = 9, 10
_HOUR = 3600
_WIDTH = 4
_HOURS = 36**_WIDTH
_PACKED_HOURS = re.compile(rf"[0-9a-z]{{{2 * _WIDTH}}}", re.ASCII)
# The multiplicative group of GF(32) with x^5 + x^2 + 1: powers of 2, so that every place has a weight of its own.
_REDUCE = 0b100101
_SIZE = 32


def _times_two(value: int) -> int:
    doubled = value << 1
    return doubled ^ _REDUCE if doubled >= _SIZE else doubled


def _check_value(values: list[int]) -> int:
    """A weighted sum in GF(32): it changes with every wrong letter and with every swap of two neighbours."""
    total = 0
    for value in values:
        total = _times_two(total ^ value)
    return total


def new_human_code() -> str:
    """Ten characters of Crockford's base32: nine of chance (45 bits) and one that checks them."""
    values = [secrets.randbelow(_SIZE) for _ in range(_DATA)]
    return "".join(_ALPHABET[value] for value in (*values, _check_value(values)))


def read_human_code(typed: str) -> str | None:
    """The code that was meant: small letters, O for 0, I and L for 1, spaces and hyphens are understood.

    None when it isn't ten characters of the alphabet or its check character doesn't fit.
    """
    letters = typed.upper().replace("-", "").replace(" ", "")
    if not typed.isascii() or len(letters) != LENGTH or any(letter not in _VALUES for letter in letters):
        return None
    *values, check = (_VALUES[letter] for letter in letters)
    if _check_value(values) != check:
        return None
    return "".join(_ALPHABET[value] for value in (*values, check))


@dataclass(frozen=True, slots=True)
class Claims:
    """What a signed code says: no personal data. Validity is in whole hours, rounded outward.

    A single zone of several letters is written with a dot behind it, so that it isn't read letter by letter.
    """

    serial: str
    zones: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime

    def packed(self) -> dict[str, Any]:
        """The claims as short as they get: `s` serial, `z` zones, `v` validity in hours since 1970, base 36.

        Raises ValueError for a validity before 1970 or after 2161.
        """
        begins = int(self.valid_from.timestamp() // _HOUR)
        ends = -int(-self.valid_until.timestamp() // _HOUR)
        short = all(len(zone) == 1 for zone in self.zones)
        zones = "".join(self.zones) if short else ".".join(self.zones)
        if not short and len(self.zones) == 1:
            zones += "."
        return {"s": self.serial, "z": zones, "v": _base36(begins) + _base36(ends)}

    @classmethod
    def unpacked(cls, packed: object) -> "Claims":
        """The claims out of a code. Raises ValueError when they aren't of this form."""
        match packed:
            case {"s": str(serial), "z": str(zones), "v": str(hours)} if zones and _PACKED_HOURS.fullmatch(hours):
                begins, ends = (
                    datetime.fromtimestamp(int(part, 36) * _HOUR, UTC) for part in (hours[:_WIDTH], hours[_WIDTH:])
                )
                return cls(serial, tuple(zones.removesuffix(".").split(".") if "." in zones else zones), begins, ends)
            case _:
                raise ValueError("not the claims of a pass")


def _base36(hours: int) -> str:
    """Four digits: enough for every hour from 1970 to 2161."""
    if not 0 <= hours < _HOURS:
        raise ValueError("validity lies between 1970 and 2161")
    digits = ""
    for _ in range(_WIDTH):
        hours, digit = divmod(hours, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
