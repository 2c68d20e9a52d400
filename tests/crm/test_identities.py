"""The same person is recognised under every spelling of an address or a number."""

from __future__ import annotations

from typing import Final

import idna
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.crm.identities import (
    normalised_domain,
    normalised_email,
    normalised_emails,
    normalised_phone,
    normalised_phones,
)


def _emails(*texts: str | None) -> list[str | None]:
    written: list[str | None] = normalised_emails(
        pa.chunked_array([pa.array(texts, pa.string())])
    ).to_pylist()
    return written


def _phones(*texts: str | None, region: str | None = None) -> list[str | None]:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    written: list[str | None] = normalised_phones(column, region).to_pylist()
    return written


_COPIED: Final = (
    "'ana@example.com'",
    "'ana@example.com",
    "\u201cana@example.com\u201d",
    "ana@example.com;",
    "ana@example.com,",
    "ana@example.com>",
    '"ana@example.com".',
    "(ana@example.com)",
    "Ana <ana@example.com> (work)",
    "Ana <'ana@example.com'>;",
    "mailto:ana@example.com?subject=hi",
    "<MAILTO: ana@example.com?subject=hi>",
    "ana@example.com\u3002",
)
_NOBODY_S: Final = (
    "ana@example.com;bo@example.com",
    "Ana <ana@example.com>, Bo <bo@example.com>",
    '"ana"@example.com',
    "ana@example.com?subject=hi",
    "ana@example.com/x",
    "ana@example.com:25",
    "ana@example..com",
    "ana@exa,mple.com",
    "ana@[10.0.0.1]",
    "ana\x00@example.com",
    "mailto:",
)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("  Ana.K@Example.COM ", "ana.k@example.com"),
        ("Ana Kos <ana@example.com>", "ana@example.com"),
        ('"Kos, Ana" < ana@example.com >', "ana@example.com"),
        ("ana+news@example.com", "ana+news@example.com"),
        ("a.n.a@example.com", "a.n.a@example.com"),
        ("o'kos@example.com", "o'kos@example.com"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@example.com", "ana@example.com"),
        ("ana @ example.com", "ana@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana at example.com", None),
        *((spelt, "ana@example.com") for spelt in _COPIED),
        *((spelt, None) for spelt in _NOBODY_S),
        ("ana@ko@example.com", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_has_one_spelling(written: str | None, address: str | None) -> None:
    assert _emails(written) == [address]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("041 234 567", "+38641234567"),
        ("+386 (41) 234-567", "+38641234567"),
        ("00386 41 234567", "+38641234567"),
        ("+1 202-555-0143 ext. 12", "+12025550143;ext=12"),
        ("12", None),
        ("ask Ana", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_has_one_spelling(written: str | None, number: str | None) -> None:
    assert _phones(written, region="SI") == [number]


def test_a_number_without_country_says_nothing_where_no_country_is_named() -> None:
    assert _phones("041 234 567", "+386 41 234 567") == [None, "+38641234567"]


def test_no_rows_have_no_addresses_and_no_numbers() -> None:
    assert (_emails(), _phones()) == ([], [])


def test_addresses_in_a_column_with_foreign_letters_keep_their_rows() -> None:
    assert _emails("b@x.si", None, "ž@žaba.si", "B@x.si") == ["b@x.si", None, "ž@xn--aba-b3a.si", "b@x.si"]


_SIGNS: Final = st.text("ab1.-_+@<>'\" :;/", max_size=14)


@given(st.one_of(_SIGNS, st.from_regex(r"[a-z.+]{1,4}@[a-z-]{1,4}\.[a-z]{2}", fullmatch=True)))
def test_a_column_of_plain_addresses_is_written_as_each_is_beside_an_odd_one(text: str) -> None:
    beside, _ = _emails(text, "Ana <ana@example.com>")
    assert _emails(text) == [beside]


@given(st.text("+0123456789 -./()ext\t\xa0", max_size=16))
def test_one_number_is_written_as_in_a_column_of_them(text: str) -> None:
    assert [normalised_phone(text, "SI")] == _phones(text, region="SI")


@given(st.from_regex(r"[a-z0-9_-]{1,5}(\.[a-z0-9_-]{0,5}){1,3}", fullmatch=True))
def test_a_domain_of_small_letters_stands_as_the_name_system_writes_it(host: str) -> None:
    try:
        slow = idna.encode(host.rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError:
        slow = host.rstrip(".")
    written = normalised_domain(host)
    assert written in {None, slow, slow.removeprefix("www.")}


@pytest.mark.parametrize("host", ["", ".", "acme", "10.0.0.1"])
def test_what_is_no_domain_is_missing(host: str) -> None:
    assert normalised_domain(host) is None


@given(
    st.one_of(
        st.from_regex(r"[A-Za-z0-9._+ -]{0,6}@[a-z0-9.-]{0,9}[>\n.;é]?", fullmatch=True),
        st.sampled_from((*_COPIED, *_NOBODY_S, "", "ana@example.com", "ana@example.com\n")),
    )
)
def test_one_address_is_spelt_as_in_a_column(written):
    assert [normalised_email(written)] == _emails(written)
