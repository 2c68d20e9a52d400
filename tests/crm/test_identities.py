"""The same person is recognised under every spelling of an address or a number."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pytest

from readiness.crm.identities import normalised_emails, normalised_phones


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
