"""The section "Small print": what the model was made of, and what the words mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from readiness.artefact import Provenance
from readiness.reports import notation, wording
from readiness.reports.numbers import Numbers
from readiness.reports.printed import Fact
from readiness.reports.report_section import ReportSection

_JUDGED: Final = "Judged as of"
_DATA: Final = "Data fingerprint"
_SEED: Final = "Seed"


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """What the model was made of; definitions, formulae and sources are the same for every model."""

    sentence: str
    warnings: tuple[str, ...]
    facts: tuple[Fact, ...]


def summarise(provenance: Provenance, bundle: str | None, horizon: float | None) -> SmallPrint:
    """List what the model was made of; ``bundle`` where it has a name."""
    return SmallPrint(
        sentence=wording.made_of(provenance),
        warnings=(),
        facts=_facts(provenance, bundle, horizon),
    )


def same_leads(one: SmallPrint, other: SmallPrint) -> bool:
    """Say whether two models were judged on the same leads: those after one instant, in the same data.

    Without dates the seed says which leads are held out.
    """
    mine, theirs = ({fact.label: fact.value for fact in each.facts} for each in (one, other))
    asked = (_JUDGED, _DATA) if _JUDGED in mine else (_JUDGED, _DATA, _SEED)
    return all(mine.get(label) == theirs.get(label) for label in asked)


def _facts(provenance: Provenance, bundle: str | None, horizon: float | None) -> tuple[Fact, ...]:
    agreement = provenance.agreement
    return (
        *([Fact("Bundle", bundle)] if bundle else []),
        Fact("Horizon", f"{horizon:g} days" if horizon is not None else "none: the data has no dates"),
        *_dated(_JUDGED, provenance.judged_at, notation.day),
        *_dated("In use, it has learned from data until", provenance.data_end, notation.last_day),
        Fact(_DATA, provenance.data_fingerprint),
        Fact("Agreement", f"{agreement.name}, version {agreement.version} ({agreement.sha256[:12]}…)"),
        Fact(_SEED, str(provenance.seed)),
        *_named(provenance, "exclude", "Left out"),
        *_named(provenance, "waive", "Kept although the leak audit blocks it"),
        *_tuning(provenance),
        Fact("readiness", provenance.code_version),
    )


def _dated(label: str, when: str | None, how: Callable[[str | None], str]) -> tuple[Fact, ...]:
    return () if when is None else (Fact(label, how(when)),)


def _named(provenance: Provenance, setting: str, label: str) -> tuple[Fact, ...]:
    names = provenance.settings.get(setting)
    return (Fact(label, ", ".join(map(str, names))),) if isinstance(names, list) and names else ()


def _tuning(provenance: Provenance) -> tuple[Fact, ...]:
    tuning = provenance.settings.get("tuning")
    return (Fact("Tuning", str(tuning["sentence"])),) if isinstance(tuning, dict) else ()


def numbers(told: SmallPrint) -> Mapping[str, Numbers]:
    """Return the facts."""
    return {"facts": Numbers.of(Fact, told.facts)}


SECTION: Final = ReportSection(
    "small-print", "Small print", SmallPrint, "report_small_print.html.j2", numbers
)
