"""The human code catches what people mistype; the claims come out of a code as they went in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.codes import Claims, new_human_code, read_human_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HOUR = timedelta(hours=1)

letters = st.sampled_from(ALPHABET)
human_codes = st.text(letters, min_size=9, max_size=9).map(
    lambda data: next(data + check for check in ALPHABET if read_human_code(data + check))
)


def test_new_codes_are_read_as_they_are() -> None:
    made = [new_human_code() for _ in range(500)]
    assert [read_human_code(code) for code in made] == made
    assert len(set(made)) == 500
    assert {len(code) for code in made} == {10}
    assert set("".join(made)) <= set(ALPHABET)


@given(data=st.text(letters, min_size=9, max_size=9))
def test_one_check_character_fits_all_data(data: str) -> None:
    assert len([check for check in ALPHABET if read_human_code(data + check)]) == 1


@given(code=human_codes, place=st.integers(0, 9), wrong=letters)
def test_every_wrong_character_is_caught(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert read_human_code(typed) == (code if wrong == code[place] else None)


@given(code=human_codes, place=st.integers(0, 8))
def test_every_swap_of_neighbours_is_caught(code: str, place: int) -> None:
    one, other = code[place], code[place + 1]
    typed = code[:place] + other + one + code[place + 2 :]
    assert read_human_code(typed) == (code if one == other else None)


@given(code=human_codes, cuts=st.sets(st.integers(1, 9)), mark=st.sampled_from(["-", " ", " - "]))
def test_it_is_read_as_people_type_it(code: str, cuts: set[int], mark: str) -> None:
    parts = [(mark if place in cuts else "") + letter for place, letter in enumerate(code)]
    assert read_human_code("".join(parts)) == code
    assert read_human_code(f" {''.join(parts).lower()} ") == code
    assert read_human_code(code.replace("0", "O").replace("1", "l")) == code
    assert read_human_code(code.replace("0", "o").replace("1", "i")) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "000000000",
        "00000000000",
        "U000000000",
        "00000*0000",
        "đ000000000",
        "ſ000000000",
        "０000000000",
        "\x000000000000",
        "\ud800000000000",
    ],
)
def test_nothing_else_is_a_code(typed: str) -> None:
    assert read_human_code(typed) is None


zones = st.lists(st.text(st.sampled_from("ABCDEF0123"), min_size=1, max_size=4), min_size=1, max_size=8, unique=True)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2160, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(codes=zones, begins=moments, length=st.timedeltas(HOUR, timedelta(days=300)))
def test_claims_come_out_as_they_went_in(codes: list[str], begins: datetime, length: timedelta) -> None:
    claims = Claims("0123456789", tuple(codes), begins, begins + length)
    read = Claims.unpacked(claims.packed())
    assert (read.serial, read.zones) == (claims.serial, claims.zones)
    # Whole hours, rounded outward: the code never says less than the pass.
    assert begins - HOUR < read.valid_from <= begins
    assert claims.valid_until <= read.valid_until < claims.valid_until + HOUR


@pytest.mark.parametrize("year", [1969, 2162, 9998])
def test_an_hour_that_four_digits_do_not_hold_is_refused(year: int) -> None:
    begins = datetime(year, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="1970"):
        Claims("0123456789", ("A",), begins, begins + HOUR).packed()


@pytest.mark.parametrize(
    "packed",
    [
        None,
        [],
        "s",
        {},
        {"s": "1", "z": "A"},
        {"s": 1, "z": "A", "v": "bbbbcccc"},
        {"s": "1", "z": ["A"], "v": "bbbbcccc"},
        {"s": "1", "z": "A", "v": "bbbbccccd"},
        {"s": "1", "z": "A", "v": "bbbb-ccc"},
        {"s": "1", "z": "A", "v": "bbbb cc "},
        {"s": "1", "z": "", "v": "bbbbcccc"},
    ],
)
def test_other_claims_are_refused(packed: object) -> None:
    with pytest.raises(ValueError, match="claims"):
        Claims.unpacked(packed)
