"""What the CRM knows of a simulated lead at its creation: profile columns and identity."""

from __future__ import annotations

from typing import Final

import numpy as np

from readiness.crm.simulate.buyers import Buyers
from readiness.crm.simulate.words import (
    COUNTRIES,
    EMAIL_KINDS,
    INDUSTRIES,
    JOB_TITLES,
    REGIONS,
    SENIORITIES,
    SOURCES,
    column,
)
from readiness.crm.tables import Attribute, Flags, Floats, Ints, Texts

_MISSING: Final = {
    "company_size": 0.25,
    "company_age_years": 0.40,
    "industry": 0.12,
    "country": 0.03,
    "job_title": 0.20,
    "email_kind": 0.05,
}
_RARE: Final = 0.004
_SENIOR_EDGES: Final = np.array([1.1, 0.5, -0.1, -1.3])
_WON_YEARS: Final = ("2022", "2023", "2024", "2025")


def company_size(buyers: Buyers, random: np.random.Generator) -> Ints:
    """Draw how many people the leads' companies have."""
    size = np.exp(4.0 + 0.9 * buyers.fit + 0.7 * random.standard_normal(len(buyers)))
    # Two leading digits: people say 1,200, not 1,237.
    digits = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(size, 1.0))) - 1, 0)
    rounded: Ints = np.maximum(np.round(size / digits) * digits, 1).astype(np.int64)
    return rounded


def attributes(buyers: Buyers, size: Ints, random: np.random.Generator) -> dict[str, Attribute]:
    """Draw the profile columns: each a noisy sight of the buyer, some missing, some levels rare."""
    n = len(buyers)
    age = np.round(np.exp(2.4 + 0.3 * buyers.fit + 0.7 * random.standard_normal(n)))
    industry = _ranked(buyers.fit + 0.9 * random.standard_normal(n), len(INDUSTRIES) - 2, random)
    country = _ranked(0.6 * buyers.fit + random.standard_normal(n), len(COUNTRIES) - 2, random)
    region = np.array([sorted(set(REGIONS.values())).index(REGIONS[name]) for name in COUNTRIES])[country]
    seniority = ((buyers.authority + 0.6 * random.standard_normal(n))[:, None] < _SENIOR_EDGES).sum(axis=1)
    titles = tuple(title for level in SENIORITIES for title in JOB_TITLES[level])
    first = np.cumsum([0] + [len(JOB_TITLES[level]) for level in SENIORITIES[:-1]])
    title = first[seniority] + random.integers(0, 4, n)
    free = (buyers.fit + random.standard_normal(n) < -1.3).astype(np.int64)
    referral = buyers.source == SOURCES.index("customer_referral")
    told = referral & (random.random(n) < 0.8)
    since = np.where(told, random.integers(0, len(_WON_YEARS), n), -1)
    flag = np.where(buyers.called == 0.0, 0, np.where(random.random(n) < 0.1, -1, 1))
    gone = {name: random.random(n) < share for name, share in _MISSING.items()}
    return {
        "company_size": np.where(gone["company_size"], np.nan, size.astype(np.float64)),
        "company_age_years": np.where(gone["company_age_years"], np.nan, np.maximum(age, 1.0)),
        "industry": column(_without(industry, gone["industry"]), INDUSTRIES),
        "country": column(_without(country, gone["country"]), COUNTRIES),
        "region": column(_without(region, gone["country"]), tuple(sorted(set(REGIONS.values())))),
        "job_title": column(_without(title, gone["job_title"]), titles),
        "seniority": column(_without(seniority, gone["job_title"]), SENIORITIES),
        "email_kind": column(_without(free, gone["email_kind"]), EMAIL_KINDS),
        "referred_by": column(since, tuple(f"customer since {year}" for year in _WON_YEARS)),
        "do_not_call": column(flag, ("yes", "no")),
    }


def _ranked(latent: Floats, levels: int, random: np.random.Generator) -> Ints:
    """Cut a latent into levels of falling quality; now and then one of two rare levels comes instead."""
    spread = np.linspace(1.6, -1.6, levels - 1)
    rank = (latent[:, None] < spread).sum(axis=1)
    rare = random.random(len(latent)) < _RARE
    return np.where(rare, levels + random.integers(0, 2, len(latent)), rank)


def _without(codes: Ints, gone: Flags) -> Ints:
    return np.where(gone, -1, codes)


def identities(leads: int, random: np.random.Generator) -> dict[str, Texts]:
    """Make up who the leads are, in the domains and numbers that are reserved for examples."""
    numbers = np.arange(1, leads + 1)
    company = np.maximum(numbers - (random.random(leads) < 0.12), 1).tolist()
    domain = [f"company-{number:06d}.example" for number in company]
    phone = [f"+1 555 01{number % 100:02d} ext. {number}" for number in numbers.tolist()]
    absent = random.random(leads) < 0.3
    texts = {
        "email": np.array(
            [f"person-{k:06d}@{d}" for k, d in zip(numbers.tolist(), domain, strict=True)] + [None]
        ),
        "phone": np.array([*phone, None]),
        "company_domain": np.array([*domain, None]),
    }
    kept = {name: column_.astype(np.object_)[:-1] for name, column_ in texts.items()}
    kept["phone"][absent] = None
    return kept
