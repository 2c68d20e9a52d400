"""Somebody is recognised under every spelling, and nobody else is."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm import records
from readiness.crm.assembly import from_records
from readiness.crm.tables import Tables
from readiness.scoring import KINDS, Hashing, Kind, lead_keys, looked_up, matching_keys, suppression_keys
from readiness.scoring.suppression_keys import _spelt
from tests.scoring.spellings import OTHERS, SAME, WRITTEN

GB = Hashing(b"a secret of the tests, long enough", "GB")


def _tables(*leads: dict[str, str | None]) -> Tables:
    """Return undated leads L-1, L-2 … with these identities."""
    return from_records(
        [
            records.Lead(row.pop("lead_id", None) or f"L-{number}", None, "web", **row)  # type: ignore[arg-type]
            for number, row in enumerate(map(dict, leads), 1)
        ]
    )


def _key(kind: Kind, value: str, hashing: Hashing = GB) -> bytes:
    (found,) = suppression_keys(kind, [value], hashing)
    assert found.key is not None, found.refused
    return found.key


def _barred(kind: Kind, value: str, *leads: dict[str, str | None]) -> list[bool]:
    tables = _tables(*leads)
    return looked_up(lead_keys(tables, GB), {_key(kind, value)}).never.tolist()


def test_there_are_two_hundred_spellings_and_two_hundred_neighbours() -> None:
    assert len({text for kind in KINDS for text in SAME[kind]}) >= 200
    assert len({text for kind in KINDS for text in OTHERS[kind]}) >= 200


@pytest.mark.parametrize("kind", KINDS)
def test_every_spelling_is_recognised(kind: Kind) -> None:
    keys = suppression_keys(kind, SAME[kind], GB)
    wrong = [
        text for text, made in zip(SAME[kind], keys, strict=True) if made.key != _key(kind, WRITTEN[kind])
    ]
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_neighbour_is_taken_for_another(kind: Kind) -> None:
    same = _key(kind, WRITTEN[kind])
    wrong = [text for text in OTHERS[kind] if same in matching_keys(kind, text, GB)]
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_spelling_is_recognised_in_a_table_too(kind: Kind) -> None:
    assert all(_barred(kind, WRITTEN[kind], *({kind: text} for text in SAME[kind] if text.strip())))


def test_a_domain_bars_its_subdomains_and_their_addresses_and_not_its_siblings() -> None:
    leads = (
        {"company_domain": "acme.co.uk"},
        {"company_domain": "shop.eu.acme.co.uk"},
        {"email": "ann@mail.acme.co.uk"},
        {"company_domain": "other.co.uk"},
        {"email": "ann@acme.com"},
        {"email": None},
    )
    assert _barred("company_domain", "acme.co.uk", *leads) == [True, True, True, False, False, False]
    assert _barred("company_domain", "eu.acme.co.uk", *leads) == [False, True, False, False, False, False]


def test_a_number_bars_its_extensions_and_an_extension_only_itself() -> None:
    leads = ({"phone": "+44 20 7946 0018"}, {"phone": "020 7946 0018 ext. 5"}, {"phone": "020 7946 0018 x6"})
    assert _barred("phone", "+442079460018", *leads) == [True, True, True]
    assert _barred("phone", "+442079460018 ext 5", *leads) == [False, True, False]


def test_an_address_does_not_bar_its_company() -> None:
    assert _barred(
        "email", "ann@acme.example", {"company_domain": "acme.example"}, {"email": "bo@acme.example"}
    ) == [
        False,
        False,
    ]


@pytest.mark.parametrize(
    "domain", ["gmail.com", "mail.gmail.com", "yahoo.co.jp", "web.de", "gmx.net", "t-online.de"]
)
def test_a_mail_provider_names_no_company(domain: str) -> None:
    (found,) = suppression_keys("company_domain", [domain], GB)
    assert found.key is None
    assert "mail provider" in str(found.refused)


@pytest.mark.parametrize("domain", ["com", "co.uk", "github.io"])
def test_a_public_suffix_names_no_company(domain: str) -> None:
    (found,) = suppression_keys("company_domain", [domain], GB)
    assert found.key is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("lead_id", " "),
        ("email", "ann at acme.example"),
        ("email", ""),
        ("phone", "ask Ann"),
        ("company_domain", "acme"),
        ("company_domain", "10.0.0.1"),
        ("company_domain", "two words.example"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(kind: Kind, value: str) -> None:
    (found,) = suppression_keys(kind, [value], GB)
    assert found.key is None
    assert str(found.refused).endswith(".")


def test_a_number_without_country_is_refused_where_no_country_is_named() -> None:
    (found,) = suppression_keys("phone", ["020 7946 0018"], Hashing(GB.secret))
    assert "READINESS_PHONE_REGION" in str(found.refused)


def test_a_value_that_cannot_be_read_is_told_of_its_own_lead_only() -> None:
    tables = _tables({"phone": "0171 5"}, {"phone": None})
    found = looked_up(lead_keys(tables, Hashing(GB.secret)), frozenset())
    assert any("phone number" in remark for remark in found.remarks(0))
    assert found.remarks(1) == ()
    assert looked_up(lead_keys(_tables({"phone": None}), GB), frozenset()).remarks(0) == ()


def test_nobody_has_no_keys_and_nothing_suppresses_nobody() -> None:
    assert suppression_keys("email", [], GB) == ()
    assert lead_keys(_tables(), GB).among({b"x" * 32}).shape == (0,)
    assert lead_keys(_tables({"email": "a@b.example"}), GB).among(frozenset()).tolist() == [False]


def test_another_secret_gives_other_keys_and_no_text_shows_it() -> None:
    assert _key("email", "a@b.example") != _key("email", "a@b.example", Hashing(b"another secret", "GB"))
    assert "secret" not in repr(GB).replace("Hashing(", "")


def test_kinds_do_not_share_keys() -> None:
    assert _key("lead_id", "acme.example") != _key("company_domain", "acme.example")


def _oracle(secret: bytes, kind: str, spelt: str) -> bytes:
    """RFC 2104, written out."""
    block = secret.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + f"{kind}\0{spelt}".encode()).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def test_a_key_is_the_hmac_of_kind_and_spelling() -> None:
    assert _key("email", " ANN@Acme.example") == _oracle(GB.secret, "email", "ann@acme.example")
    assert _key("email", "ann@acme.example") == hmac.digest(GB.secret, b"email\0ann@acme.example", "sha256")


_PARTS = st.sampled_from(
    ["acme.example", "shop.acme.example", "acme.co.uk", "other.example", "eu.shop.acme.example"]
)
_PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "email": st.builds("{}@{}".format, st.sampled_from(["ann", "bo", "ann+x"]), _PARTS),
        "phone": st.sampled_from(["020 7946 0018", "+442079460018 ext 5", "+442079460019", "none"]),
        "company_domain": _PARTS,
    },
)
_LISTED = st.one_of(
    st.tuples(st.just("company_domain"), _PARTS),
    st.tuples(st.just("email"), st.builds("{}@{}".format, st.sampled_from(["ann", "bo"]), _PARTS)),
    st.tuples(st.just("phone"), st.sampled_from(["+442079460018", "+442079460018 ext 5"])),
    st.tuples(st.just("lead_id"), st.sampled_from(["L-1", "L-2#2"])),
)


def _slowly(person: dict[str, str], number: int, kind: str, value: str) -> bool:
    """Say, with nothing but texts, whether this entry bars this lead."""
    if kind == "lead_id":
        return value.partition("#")[0] == f"L-{number}"
    if kind == "email":
        return person.get("email") == value
    if kind == "phone":
        digits = {"020 7946 0018": "+442079460018"}.get(person.get("phone", ""), person.get("phone", ""))
        return digits == value or digits.partition(" ")[0] == value
    domains = [person.get("company_domain", ""), person.get("email", "@").rpartition("@")[2]]
    return any(domain == value or domain.endswith(f".{value}") for domain in domains)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PEOPLE, max_size=6), st.lists(_LISTED, max_size=4))
def test_the_columns_say_what_a_slow_comparison_of_texts_says(people, listed) -> None:
    keys = {_key(kind, value) for kind, value in listed}
    found = looked_up(lead_keys(_tables(*people), GB), keys).never.tolist()
    assert found == [
        any(_slowly(person, number, *entry) for entry in listed) for number, person in enumerate(people, 1)
    ]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["email", "company_domain", "phone"]), st.text(max_size=12), _PARTS)
def test_a_spelling_that_was_made_one_stays_as_it_is(kind: Kind, text: str, domain: str) -> None:
    """A file that was imported, and so spelt anew, gives the keys of the export that it came from."""

    value = {
        "email": f"{text}@{domain}",
        "company_domain": f"{text}.{domain}",
        "phone": f"+4420794600{text}",
    }[kind]
    (once,) = _spelt(kind, [value], "GB")
    if once is not None:
        assert _spelt(kind, [once], "GB") == [once]


@pytest.mark.parametrize(
    "written",
    ["ann@acme.example;bo@acme.example", "ann@acme.example/x", '"ann"@acme.example', "ann@acme..example"],
)
def test_an_address_that_may_be_anybody_s_is_refused_on_the_list_and_told_of_a_lead(written: str) -> None:
    """Taken for an address of its own it would bar nobody, and hide that somebody was not looked up."""
    (refused,) = suppression_keys("email", [written], GB)
    assert (refused.key, "no e-mail address" in str(refused.refused)) == (None, True)
    (told,) = looked_up(lead_keys(_tables({"email": written}), GB), set()).remarks(0)
    assert "an e-mail address that cannot be read" in told
