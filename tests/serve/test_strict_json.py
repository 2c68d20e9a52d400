"""JSON that two readers could read differently is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.strict_json import JsonRefusedError, parse

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON)
def test_what_is_plain_json_is_read_to_the_last_bit(document: object) -> None:
    assert parse(json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")) == document
    assert parse(json.dumps(document, ensure_ascii=True).encode()) == document


def test_an_object_may_hold_a_thousand_keys() -> None:
    document = {str(key): 0 for key in range(1_000)}
    assert parse(json.dumps(document).encode()) == document


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "line 1, column 2"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b"[Infinity]", "Infinity is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not a JSON number"),
        (b"[1e999]", "too large"),
        (b"[-1e999]", "too large"),
        (b"[" + b"9" * 5_000 + b"]", "lose digits"),
        (b"[9007199254740993]", "lose digits"),
        (b'{"a": 1, "a": 1}', "same key twice"),
        (b'{"x": {"a": 1, "b": 2, "a": 3}}', "same key twice"),
        (b'["\\ud800"]', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b'["\xed\xa0\x80"]', "not UTF-8"),
        (b"\xff\xfe[\x001\x00]\x00", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"{" + b",".join(b'"%d": 0' % key for key in range(1_001)) + b"}", "more than 1000 keys"),
        (b"[1] [2]", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"\xef\xbb\xbf[1]", "not JSON"),
        (b"['a']", "not JSON"),
        (b'["a\nb"]', "not JSON"),
    ],
)
def test_what_readers_could_disagree_on_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(JsonRefusedError, match=says):
        parse(body)


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parse(b'["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_the_largest_exact_integer_is_read() -> None:
    assert parse(b"[9007199254740992, -9007199254740992]") == [2**53, -(2**53)]


def test_a_refusal_repeats_nothing_of_the_body() -> None:
    with pytest.raises(JsonRefusedError, match="same key twice") as refused:
        parse(b'{"jane@example.com": 1, "jane@example.com": 2}')
    assert "jane" not in str(refused.value)
