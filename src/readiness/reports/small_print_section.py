"""The section "Small print": what the model was made of, and what the words mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from readiness.artefact import Provenance
from readiness.reports import notation, wording
from readiness.reports.numbers import Numbers
from readiness.reports.population import Population
from readiness.reports.printed import Fact
from readiness.reports.report_section import ReportSection


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """Facts about model and data, and definitions."""

    sentence: str
    warnings: tuple[str, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


def summarise(
    provenance: Provenance, population: Population | None, bundle: str | None, horizon: float | None
) -> SmallPrint:
    """List what the model was made of; ``population`` and ``bundle`` where they are known."""
    agreement = provenance.agreement
    return SmallPrint(
        sentence=f"This model was made beside the agreement “{agreement.name}”, version {agreement.version}.",
        warnings=(),
        facts=(*_counts(population), *_facts(provenance, bundle, horizon)),
        notes=wording.notes(provenance),
    )


def _facts(provenance: Provenance, bundle: str | None, horizon: float | None) -> tuple[Fact, ...]:
    agreement = provenance.agreement
    return (
        *([Fact("Bundle", bundle)] if bundle else []),
        Fact("Horizon", f"{horizon:g} days" if horizon is not None else "none: the data has no dates"),
        Fact("Judged as of", notation.day(provenance.judged_at)),
        Fact("In use, it has learned from data until", notation.day(provenance.data_end)),
        Fact("Data fingerprint", provenance.data_fingerprint),
        Fact("Agreement", f"{agreement.name}, version {agreement.version} ({agreement.sha256[:12]}…)"),
        Fact("Seed", str(provenance.seed)),
        *_named(provenance, "exclude", "Left out"),
        *_named(provenance, "waive", "Kept although the leak audit blocks it"),
        *_tuning(provenance),
        Fact("readiness", provenance.code_version),
    )


def _named(provenance: Provenance, setting: str, label: str) -> tuple[Fact, ...]:
    names = provenance.settings.get(setting)
    return (Fact(label, ", ".join(map(str, names))),) if isinstance(names, list) and names else ()


def _tuning(provenance: Provenance) -> tuple[Fact, ...]:
    tuning = provenance.settings.get("tuning")
    return (Fact("Tuning", str(tuning["sentence"])),) if isinstance(tuning, dict) else ()


def _counts(population: Population | None) -> tuple[Fact, ...]:
    if population is None:
        return ()
    return (
        Fact("Leads in the data", f"{population.leads:,}"),
        Fact("Activities in the data", f"{population.activities:,}"),
        *(Fact(notation.OUTCOMES[name], f"{count:,}") for name, count in population.ended.items()),
        Fact("Still open", f"{population.still_open:,}"),
    )


def numbers(told: SmallPrint) -> Mapping[str, Numbers]:
    """Return the facts."""
    return {"facts": Numbers.of(Fact, told.facts)}


SECTION: Final = ReportSection(
    "small-print", "Small print", SmallPrint, "report_small_print.html.j2", numbers
)
