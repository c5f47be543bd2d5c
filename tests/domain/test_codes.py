"""The human code catches what people mistype; the claims come out of a code as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.codes import Claims, new_human_code, read_human_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HOUR = timedelta(hours=1)


def whole(data: str) -> str:
    """Nine characters with the one that checks them."""
    return next(data + check for check in ALPHABET if read_human_code(data + check))


letters = st.sampled_from(ALPHABET)
human_codes = st.text(letters, min_size=9, max_size=9).map(whole)


def test_new_codes_are_read_as_they_are() -> None:
    made = [new_human_code() for _ in range(500)]
    assert [read_human_code(code) for code in made] == made
    assert len(set(made)) == 500
    assert {len(code) for code in made} == {10}
    assert set("".join(made)) <= set(ALPHABET)


def added(one: str, other: str) -> str:
    """The sum of two codes, letter by letter, in GF(32)."""
    values = (ALPHABET.index(a) ^ ALPHABET.index(b) for a, b in zip(one, other, strict=True))
    return "".join(ALPHABET[value] for value in values)


@given(one=human_codes, other=human_codes)
def test_the_sum_of_two_codes_is_a_code(one: str, other: str) -> None:
    """Whether a slip is caught depends on the slip alone, not on the code: the two proofs below stand on this."""
    assert read_human_code(added(one, other)) == added(one, other)


def test_proof_that_every_wrong_character_is_caught() -> None:
    """Every place, every letter in it, every other letter typed instead."""
    for place in range(10):
        # The check character takes all its values when the character before it does.
        at = min(place, 8)
        codes = [whole("0" * at + letter + "0" * (8 - at)) for letter in ALPHABET]
        assert {code[place] for code in codes} == set(ALPHABET)
        for code in codes:
            read = {wrong: read_human_code(code[:place] + wrong + code[place + 1 :]) for wrong in ALPHABET}
            assert [wrong for wrong, meant in read.items() if meant] == [code[place]]


def test_proof_that_every_swap_of_neighbours_is_caught() -> None:
    """Every pair of neighbouring places, every pair of letters in them."""
    for place in range(9):
        at = min(place, 7)
        codes = [whole("0" * at + one + other + "0" * (7 - at)) for one in ALPHABET for other in ALPHABET]
        assert len({code[place : place + 2] for code in codes}) == 32 * 32
        for code in codes:
            one, other = code[place : place + 2]
            swapped = code[:place] + other + one + code[place + 2 :]
            assert read_human_code(swapped) == (code if one == other else None)


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
        "0" * 1_000_000,
    ],
    ids=lambda typed: ascii(typed)[:20],
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


@pytest.mark.parametrize(
    ("codes", "written"),
    [
        (("A",), "A"),
        (("A", "B", "7"), "AB7"),
        (("VIP",), "VIP."),
        (("A", "VIP"), "A.VIP"),
        (("PRS1", "VIP2"), "PRS1.VIP2"),
    ],
)
def test_zones_are_written_short(codes: tuple[str, ...], written: str) -> None:
    begins = datetime(2026, 11, 24, tzinfo=UTC)
    packed = Claims("0123456789", codes, begins, begins + HOUR).packed()
    assert packed["z"] == written
    assert Claims.unpacked(packed).zones == codes


def test_hours_are_rounded_outward() -> None:
    city = timezone(timedelta(hours=7))
    begins, ends = datetime(2026, 11, 24, 7, 30, tzinfo=city), datetime(2026, 11, 24, 17, 0, 0, 1, tzinfo=city)
    read = Claims.unpacked(Claims("0123456789", ("A",), begins, ends).packed())
    assert (read.valid_from, read.valid_until) == (
        datetime(2026, 11, 24, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 11, tzinfo=UTC),
    )
    exact = Claims("0123456789", ("A",), read.valid_from, read.valid_until)
    assert Claims.unpacked(exact.packed()) == exact


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
