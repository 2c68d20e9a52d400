"""E-mail addresses, telephone numbers and domains in one spelling, so that the same person is recognised."""

from __future__ import annotations

import contextlib
import functools
import re
import unicodedata
from collections.abc import Callable
from typing import Final

import idna
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc

from readiness.crm import cells
from readiness.crm.repeated_words import one_chunk

_TEXT: Final = pa.large_string()
_IN_BRACKETS: Final = r"^[^<>]*<\s*(?P<address>[^<>]*?)\s*>[^<>]*$"
_LINK: Final = r"^mailto:\s*([^?]*?)\s*(?:\?.*)?$"
_QUOTES: Final = "\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a"
_AROUND: Final = f"{_QUOTES}()[]{{}}<>,;: \t\r\n"
_AFTER: Final = _AROUND + ".\u3002"
"""Signs that come along when an address is copied out of a sentence, a list or a table."""
_LABEL: Final = r"[^@.\s\x00-,/:-@\[-^`{-\x7f]+"
_ADDRESS: Final = rf"^[^@\s\x00-\x20\"(),:;<>\[\\\]\x7f]+@{_LABEL}(?:\.{_LABEL})*$"
"""Of the signs, those that no address has: with one of them it would be taken for somebody else's."""
_PLAIN: Final = r"^[a-z0-9_+-][a-z0-9._+-]*@[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$"
"""An address that stands in its one spelling already, as nearly all do; others may as well."""
_IS_PLAIN: Final = re.compile(_PLAIN.removeprefix("^").removesuffix("$"), re.ASCII)
_NOT_DIALLED: Final = re.compile(r"[\t\n\f\r \-./()\xa0]")
_UNSEEN: Final = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
"""Letters that take no room: they come along when an address is copied from a page or an address book."""
_ABROAD: Final = re.compile(r"^\D*00(?=[1-9])")
_WEB_ADDRESS: Final = re.compile(
    r"(?:(?:[a-z][a-z0-9+.-]*:)?//)?(?:[^/@\s]*@)?(?P<host>[^/?#:\s]+)(?::\d+)?(?:[/?#].*)?", re.DOTALL
)
_HOST: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)


def normalised_emails(column: cells.Column) -> cells.Column:
    """Write e-mail addresses in one spelling; what is no address is missing.

    Compatible letters are made one (NFKC); a display name, ``mailto:``, and quotes, brackets, commas and
    blanks around it are taken off; letters are small, and a domain is written as the name system writes
    it (IDNA). What stands after a plus sign, and dots, stay: to many providers they are other mailboxes.

    >>> import pyarrow as pa
    >>> normalised_emails(pa.chunked_array([["Ana <Ana.K+x@BÜCHER.example >", "ana at home"]])).to_pylist()
    ['ana.k+x@xn--bcher-kva.example', None]
    """
    texts = cells.texts(column)
    if pc.all(pc.match_substring_regex(texts, _PLAIN), min_count=0).as_py():
        return texts
    if not _is_ascii(texts):
        # Arrow's own NFKC leaves letters and their accents apart.
        texts = _by_distinct(texts, _compatible)
    texts = pc.utf8_trim_whitespace(texts)
    inside = pc.struct_field(pc.extract_regex(texts, _IN_BRACKETS), 0)
    address = pc.utf8_trim(pc.utf8_lower(pc.coalesce(inside, texts)), _AROUND)
    address = pc.utf8_trim(pc.replace_substring_regex(address, _LINK, r"\1"), _AROUND)
    address = pc.utf8_rtrim(pc.replace_substring_regex(address, r"\s*@\s*", "@"), _AFTER)
    address = pc.if_else(pc.match_substring_regex(address, _ADDRESS), address, pa.scalar(None, _TEXT))
    return address if _is_ascii(address) else _by_distinct(address, _ascii_domain)


def normalised_email(written: str) -> str | None:
    """Write one e-mail address as `normalised_emails` writes a column of them; None: it is none.

    >>> normalised_email("Ana <ana@example.com>")
    'ana@example.com'
    """
    if _IS_PLAIN.fullmatch(written):
        # Most are: a column for one of them would take a hundred times as long as this look.
        return written
    found: list[str | None] = normalised_emails(pa.chunked_array([pa.array([written], _TEXT)])).to_pylist()
    return found[0]


def normalised_phones(column: cells.Column, region: str | None = None) -> cells.Column:
    """Write telephone numbers in E.164, an extension after it; what cannot be dialled is missing.

    Parameters
    ----------
    region : str, optional
        The country of numbers that name none, by its two letters. Without it such a number is missing.

    >>> import pyarrow as pa
    >>> normalised_phones(pa.chunked_array([["041 234 567", "+386 41 234567", "none"]]), "SI").to_pylist()
    ['+38641234567', '+38641234567', None]
    """
    # Numbers that differ in their signs only are looked at once.
    once = functools.cache(lambda bare: _dialled(bare, region))
    return _by_distinct(cells.texts(column), lambda text: once(_NOT_DIALLED.sub("", text)))


def normalised_phone(written: str, region: str | None = None) -> str | None:
    """Write one telephone number as `normalised_phones` writes a column of them; None: it is missing.

    >>> normalised_phone("041 234 567", "SI")
    '+38641234567'
    """
    return _dialled(_NOT_DIALLED.sub("", written), region)


def phone_region(written: str | None) -> str | None:
    """Return the two letters of a country for `normalised_phones`; nothing but blanks names none.

    Raises
    ------
    ValueError
        If there is no such country.
    """
    region = (written or "").strip().upper()
    if region and region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("there is no such country; write its two letters, such as DE or US")
    return region or None


def normalised_domain(written: str) -> str | None:
    """Write a domain as the name system writes it (IDNA), in small letters; None: it is none.

    A web address or e-mail address gives its domain; a leading ``www.`` and the last dot go.

    >>> [normalised_domain(text) for text in ("https://WWW.Bücher.example/buy", "acme.co.uk.", "acme")]
    ['xn--bcher-kva.example', 'acme.co.uk', None]
    """
    found = _WEB_ADDRESS.fullmatch(_compatible(written).strip())
    if found is None:
        return None
    host = found["host"].rstrip(".")
    # Small letters of ASCII stand as they are, coded or not; and names with an underscore are used, though
    # they are no names to IDNA.
    if not host.isascii() or "xn--" in host:
        with contextlib.suppress(idna.IDNAError, UnicodeError):
            host = idna.encode(host, uts46=True).decode("ascii")
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    return host if _HOST.fullmatch(host) else None


def _is_ascii(texts: cells.Column) -> bool:
    return bool(pc.all(pc.string_is_ascii(texts), min_count=0).as_py())


def _ascii_domain(address: str) -> str:
    mailbox, _, domain = address.rpartition("@")
    try:
        return f"{mailbox}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError):
        return address


def _compatible(text: str) -> str:
    # Small letters first: a capital may decompose into letters that NFKC would join in another way.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower().translate(_UNSEEN))


def _dialled(text: str, region: str | None) -> str | None:
    try:
        # 00 calls abroad from most countries, and begins no number at home.
        number = phonenumbers.parse(_ABROAD.sub("+", text.translate(_UNSEEN)), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


def _by_distinct(column: cells.Column, change: Callable[[str], str | None]) -> cells.Column:
    encoded = one_chunk(column).dictionary_encode()
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], _TEXT)
    return pa.chunked_array([changed.take(encoded.indices)])
