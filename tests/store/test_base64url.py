"""Base64url: what is written is read again, and nothing else is."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store import base64url

LETTERS = string.ascii_letters + string.digits + "-_"


@given(st.binary(max_size=64))
def test_what_is_written_is_read_and_stands_in_an_address(content: bytes) -> None:
    text = base64url.encode(content)
    assert set(text) <= set(LETTERS)
    assert base64url.decode(text) == content


@given(st.binary(min_size=1, max_size=40), st.sampled_from(LETTERS))
def test_no_two_texts_mean_the_same(content: bytes, last: str) -> None:
    text = base64url.encode(content)
    other = text[:-1] + last
    if other != text:
        try:
            assert base64url.decode(other) != content
        except ValueError:
            return


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A+/A", "AA\nAA", "AAé", "AA AA", "A*AAA"])
def test_what_would_not_be_written_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        base64url.decode(text)
