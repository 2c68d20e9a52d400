"""Spellings of one person that must be recognised, and neighbours that must not; region GB."""

from __future__ import annotations

from typing import Final

EMAIL: Final = "ann.lee+crm@mail.acme.co.uk"
PHONE: Final = "+442079460018"
DOMAIN: Final = "bücher.acme.co.uk"
LEAD: Final = "L-10482"

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def _wide(text: str) -> str:
    """Return the full-width letters that NFKC makes plain again."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _emails() -> list[str]:
    local, domain = EMAIL.split("@")
    cased = [EMAIL, EMAIL.upper(), EMAIL.title(), f"{local.upper()}@{domain}", f"{local}@{domain.upper()}"]
    wide = [_wide(EMAIL), _wide(local) + "@" + domain, local + "\uff20" + domain]
    unseen = [f"\u200b{EMAIL}", f"{EMAIL}\ufeff", f"{local}\u00ad@{domain}", f"{local}@\u2060{domain}"]
    forms = [*cased, *wide, *unseen, f"{EMAIL}.", f"{local} @ {domain}", f"mailto:{EMAIL}"]
    frames = ["{}", " {} ", "\t{}", "\u00a0{}\u3000", "<{}>", "Ann Lee <{}>", '"Lee, Ann" < {} >']
    frames += ["'{}'", "({}),", "\u201c{}\u201d;", "Ann Lee <{}> (work)", "'Ann Lee' <'{}'>;"]
    return [f"mailto:{EMAIL}?subject=hi", *(frame.format(form) for form in forms for frame in frames)]


def _phones() -> list[str]:
    home = [
        "020 7946 0018",
        "02079460018",
        "(020) 7946-0018",
        "020.7946.0018",
        "020-7946-0018",
        "020/79460018",
    ]
    abroad = [
        "20 7946 0018",
        "2079460018",
        "(0)20 7946 0018",
        "20-7946-0018",
        "(20) 7946 0018",
        "20.7946.0018",
    ]
    forms = [*home, *(f"{code}{rest}" for code in ("+44 ", "+44", "0044 ", "00 44 ") for rest in abroad)]
    more = [
        "tel:+44-20-7946-0018",
        "\uff0b442079460018",
        _wide("02079460018"),
        "\u202a+44 20 7946 0018\u202c",
    ]
    more += ["+44 20\u20117946\u20110018", "+44\u00a020\u00a07946\u00a00018", "+44 20\u200b79460018"]
    return [frame.format(form) for form in [*forms, *more] for frame in ("{}", " {} ")]


def _domains() -> list[str]:
    plain = ["bücher.acme.co.uk", "BÜCHER.ACME.CO.UK", "xn--bcher-kva.acme.co.uk", "bu\u0308cher.acme.co.uk"]
    frames = ["{}", "www.{}", "{}.", " {} ", "https://{}", "http://www.{}/", "https://{}/shop?a=1", "{}:8443"]
    return [frame.format(form) for form in plain for frame in frames]


def _lead_ids() -> list[str]:
    return [LEAD, f" {LEAD}", f"{LEAD}\t", f"{LEAD}#2", f"{LEAD}#13", f" {LEAD}#2 "]


SAME: Final = {"email": _emails(), "phone": _phones(), "company_domain": _domains(), "lead_id": _lead_ids()}
WRITTEN: Final = {"email": EMAIL, "phone": PHONE, "company_domain": DOMAIN, "lead_id": LEAD}


def _other_letters(text: str, places: range) -> list[str]:
    return [
        text[:at] + _LETTERS[(_LETTERS.index(text[at]) + step) % 26] + text[at + 1 :]
        for at in places
        for step in (1, 2, 13)
        if text[at] in _LETTERS
    ]


def _other_digits(text: str, places: range) -> list[str]:
    return [
        text[:at] + str((int(text[at]) + step) % 10) + text[at + 1 :]
        for at in places
        for step in range(1, 10)
        if text[at].isdigit()
    ]


OTHERS: Final = {
    "email": [
        *_other_letters(EMAIL, range(len(EMAIL) - len(".co.uk"))),
        "ann.lee@mail.acme.co.uk",
        "annlee+crm@mail.acme.co.uk",
        "ann.lee+crm2@mail.acme.co.uk",
        "ann.lee+crm@acme.co.uk",
        "ann.lee+crm@sales.acme.co.uk",
        "ann.lee+crm@mail.acme.com",
        "ann.lee+crm@mail.acme.uk",
    ],
    "phone": [*_other_digits(PHONE, range(4, len(PHONE))), "+4420794600180", "+44207946001"],
    "company_domain": [
        *_other_letters("bucher.acme.co.uk", range(11)),
        "bucher.acme.co.uk",
        "acme.co.uk",
        "shop.acme.co.uk",
        "bücher.acme.com",
        "xbücher.acme.co.uk",
        "bücher.acme.co.uk.evil.example",
    ],
    "lead_id": [
        *("l-10482", "L10482", "L-1048", "L-104822", "L-10482#", "L-10482#1", "L-10482#x", "L 10482"),
        *_other_digits(LEAD, range(2, len(LEAD))),
    ],
}
"""One digit, one letter, a sibling or parent domain, another case where case means something."""
