"""Under which keys somebody is suppressed: lead id, e-mail address, phone number, company domain."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from publicsuffixlist import PublicSuffixList

from readiness.crm.identities import (
    normalised_domain,
    normalised_email,
    normalised_emails,
    normalised_phone,
)
from readiness.crm.tables import Codes, Flags, Tables, coded
from readiness.scoring.public_mail import is_public_mail

Kind: TypeAlias = Literal["lead_id", "email", "phone", "company_domain"]

KINDS: Final[tuple[Kind, ...]] = ("lead_id", "email", "phone", "company_domain")
"""By what somebody can be suppressed."""

_LATER_EPISODE: Final = re.compile(r"#(?:[2-9]|[1-9][0-9]+)$")
_EXTENSION: Final = ";ext="

_UNREADABLE: Final[dict[Kind, str]] = {
    "lead_id": "This is empty.",
    "email": "This is no e-mail address; write it like ann@example.com.",
    "phone": "This is no number that can be dialled; write it with its country, like +44 20 7946 0000, "
    "or set READINESS_PHONE_REGION to the country of numbers that name none.",
    "company_domain": "This is no domain; write it like example.com.",
}
_SUFFIX: Final = "Anybody can register a name below this domain; write the company's own, like example.com."
_PUBLIC_MAIL: Final = (
    "Anybody can have an address at this mail provider, so it names no company; suppress the e-mail address."
)


@dataclass(frozen=True, slots=True)
class Hashing:
    """How a value becomes a key: the secret, and the country of phone numbers that name none."""

    secret: bytes = field(repr=False)
    region: str | None = None
    """Two letters, such as DE; None: a number without its country is not read."""

    def key(self, kind: Kind, normalised: str) -> bytes:
        """Return the key of a normalised value: HMAC-SHA-256, of 32 bytes."""
        message = f"{kind}\0{normalised}".encode(errors="surrogatepass")
        return hmac.digest(self.secret, message, "sha256")


@dataclass(frozen=True, slots=True)
class SuppressionKey:
    """The key under which a value is suppressed, or why it cannot be; one of the two is None."""

    key: bytes | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class LeadKeys:
    """Every key under which any of n leads may have been suppressed.

    ``columns`` holds, for each kind, n codes (-1: no value) and for each distinct value its keys.
    """

    columns: tuple[tuple[Codes, tuple[tuple[bytes, ...], ...]], ...]
    unread: tuple[tuple[Kind, Flags], ...]
    """For each kind whose value cannot be read for some lead: which leads are not recognised by it."""

    def distinct(self) -> frozenset[bytes]:
        """Return all keys: what a store is asked for."""
        return frozenset(key for _, keys in self.columns for some in keys for key in some)

    def among(self, suppressed: AbstractSet[bytes]) -> Flags:
        """Say of each of the n leads whether one of its keys is among these."""
        found = np.zeros(len(self.columns[0][0]), dtype=np.bool_)
        if not suppressed:
            return found
        for codes, keys in self.columns:
            # One more, for leads without a value: code -1.
            hit = np.array([*(not suppressed.isdisjoint(some) for some in keys), False], dtype=np.bool_)
            found |= hit[codes]
        return found


def suppression_keys(kind: Kind, values: Sequence[str], hashing: Hashing) -> tuple[SuppressionKey, ...]:
    """Return under which key each value is suppressed, or why it cannot be.

    Lead ids: blanks around them go, and so does the number of a later episode (``L-7#2``): it is the same
    lead. E-mail addresses, phone numbers and domains: as `crm.identities` spells them. A domain that many
    share (a public suffix, a mail provider) is refused.

    Parameters
    ----------
    kind : one of `KINDS`
    values : sequence of str
        As people write them.
    hashing : Hashing

    Returns
    -------
    tuple of SuppressionKey
        In the order of the values.
    """
    refused = _refused if kind == "company_domain" else lambda _: None
    found = []
    for spelt in _spelt(kind, [*values], hashing.region):
        why = _UNREADABLE[kind] if spelt is None else refused(spelt)
        found.append(SuppressionKey(None if spelt is None or why else hashing.key(kind, spelt), why))
    return tuple(found)


def matching_keys(kind: Kind, value: str, hashing: Hashing) -> tuple[bytes, ...]:
    """Return every key under which somebody with this value may have been suppressed; none if unreadable.

    As `lead_keys` does for a lead: the value's own, and those that stand above it.
    """
    (spelt,) = _spelt(kind, [value], hashing.region)
    return () if spelt is None else _EXPANSIONS[kind](spelt, hashing)


def lead_keys(tables: Tables, hashing: Hashing) -> LeadKeys:
    """Return every key under which each lead of the tables may have been suppressed.

    A lead id gives its own. An e-mail address gives its own, and those of its domain. A phone number gives
    its own; with an extension also that of the number without. A domain gives its own and those of its
    parents, up to the one that can be registered. What cannot be read gives none.

    Returns
    -------
    LeadKeys
        Of n leads, in the order of the tables. Each distinct value is looked at once.
    """
    leads = tables.leads
    columns, unread = [], list[tuple[Kind, Flags]]()
    for kind in KINDS:
        values = leads.lead_id if kind == "lead_id" else leads.identities.get(kind)
        if values is None:
            continue
        texts = coded(values)
        codes = texts.codes
        spelt = _spelt(kind, [*texts.levels], hashing.region)
        lost = [said is None and bool(level.strip()) for said, level in zip(spelt, texts.levels, strict=True)]
        if any(lost):
            # One more, for leads without a value: code -1.
            unread.append((kind, np.array([*lost, False], dtype=np.bool_)[codes]))
        expand = _EXPANSIONS[kind]
        keys = tuple(() if said is None else expand(said, hashing) for said in spelt)
        columns.append((codes, keys))
    return LeadKeys(tuple(columns), tuple(unread))


def _spelt(kind: Kind, values: list[str], region: str | None) -> list[str | None]:
    if kind == "lead_id":
        return [_LATER_EPISODE.sub("", value.strip()) or None for value in values]
    if kind == "phone":
        return [normalised_phone(value, region) for value in values]
    if kind == "company_domain":
        return [normalised_domain(value) for value in values]
    if len(values) == 1:
        return [normalised_email(values[0])]
    column = normalised_emails(pa.chunked_array([pa.array(values, pa.large_string())]))
    spelt: list[str | None] = column.to_pylist()
    return spelt


def _of_lead_id(spelt: str, hashing: Hashing) -> tuple[bytes, ...]:
    return (hashing.key("lead_id", spelt),)


def _of_email(spelt: str, hashing: Hashing) -> tuple[bytes, ...]:
    return (hashing.key("email", spelt), *_of_domain(spelt.rpartition("@")[2], hashing))


def _of_phone(spelt: str, hashing: Hashing) -> tuple[bytes, ...]:
    numbers = dict.fromkeys((spelt, spelt.partition(_EXTENSION)[0]))
    return tuple(hashing.key("phone", number) for number in numbers)


def _of_domain(spelt: str, hashing: Hashing) -> tuple[bytes, ...]:
    registrable = _registrable(spelt)
    if registrable is None:
        return ()
    labels = spelt.split(".")
    parents = len(labels) - registrable.count(".")
    return tuple(hashing.key("company_domain", ".".join(labels[first:])) for first in range(parents))


_EXPANSIONS: Final[dict[Kind, Callable[[str, Hashing], tuple[bytes, ...]]]] = {
    "lead_id": _of_lead_id,
    "email": _of_email,
    "phone": _of_phone,
    "company_domain": _of_domain,
}


def _refused(domain: str) -> str | None:
    registrable = _registrable(domain)
    if registrable is None:
        return _SUFFIX
    return _PUBLIC_MAIL if is_public_mail(registrable) else None


def _registrable(domain: str) -> str | None:
    found: str | None = _public_suffixes().privatesuffix(domain)
    return found


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    # It takes some milliseconds to read, and is the same for everybody.
    return PublicSuffixList()
