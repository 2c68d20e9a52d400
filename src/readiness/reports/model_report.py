"""A model's report: its sections in the order in which a manager asks, kept as JSON and read again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from readiness.artefact import Provenance
from readiness.errors import StoreError
from readiness.hindsight.for_sales import ForSales
from readiness.hindsight.leads_now import LeadsNow
from readiness.hindsight.referrals import Referrals
from readiness.hindsight.signifiers import Signifiers
from readiness.judging.judgement import Judgement
from readiness.reports import (
    drivers_section,
    fairness_section,
    leads_section,
    sales_section,
    since_last,
    small_print_section,
    trust_section,
    wording,
)
from readiness.reports.drivers_section import Drivers
from readiness.reports.leads_section import Leads
from readiness.reports.numbers import Numbers
from readiness.reports.population import Population
from readiness.reports.report_section import ReportSection, Told
from readiness.reports.small_print_section import SmallPrint
from readiness.reports.trust_section import Trust

T = TypeVar("T", bound=Told)

FORMAT: Final = 1
"""Of the JSON. A page kept in another format is shown as it was written, and compared with nothing."""

SECTIONS: Final[tuple[ReportSection[Any], ...]] = (
    trust_section.SECTION,
    drivers_section.SECTION,
    sales_section.SECTION,
    leads_section.SECTION,
    fairness_section.SECTION,
    small_print_section.SECTION,
)


@dataclass(frozen=True, slots=True)
class ModelReport:
    """Everything in a report. ``told`` holds what each section tells, by the section's name."""

    title: str
    subtitle: str
    told: Mapping[str, Told]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must be known before anything is relied on, section by section."""
        return tuple(dict.fromkeys(text for _, told in self.sections() for text in told.warnings))

    def sections(self) -> Iterator[tuple[ReportSection[Any], Told]]:
        """Yield each section with what it tells, in the order of the page."""
        return ((section, self.told[section.name]) for section in SECTIONS)

    def numbers(self) -> dict[str, Numbers]:
        """Return every table of raw values, by its section's name and its own: ``trust-calibration``."""
        return {
            f"{section.name}-{name}": table
            for section, told in self.sections()
            for name, table in section.numbers(told).items()
        }

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        kept = {name: asdict(told) for name, told in self.told.items()}  # type: ignore[call-overload]
        return {"format": FORMAT, "title": self.title, "subtitle": self.subtitle, "sections": kept}


def summarise(
    judgement: Judgement,
    *,
    provenance: Provenance,
    population: Population | None = None,
    bundle: str | None = None,
    sales: ForSales | None = None,
    leads: LeadsNow | None = None,
    referrals: Referrals | None = None,
    acts: Signifiers | None = None,
) -> ModelReport:
    """Put together what a manager should know about a model.

    Parameters
    ----------
    judgement : Judgement
        The first of its sets is shown; the others stand in tables. Without sets the report says what
        is missing.
    provenance : Provenance
        What the model was made of.
    population : Population, optional
        What is in the data.
    bundle : str, optional
        Its bundle's name.
    sales : ForSales, optional
        What the model does for sales.
    leads : LeadsNow, optional
        Where the leads are.
    referrals : Referrals, optional
        What a referral is worth.
    acts : Signifiers, optional
        What history says of what leads do.
    """
    horizon = judgement.horizon_days
    return ModelReport(
        title="Lead readiness",
        subtitle=wording.subtitle(horizon, provenance, population),
        told={
            "trust": trust_section.summarise(judgement, population),
            "drivers": drivers_section.summarise(judgement, acts),
            "sales": sales_section.summarise(judgement, sales, referrals),
            "leads": leads_section.summarise(judgement, leads),
            "fairness": fairness_section.summarise(judgement),
            "small-print": small_print_section.summarise(provenance, bundle, horizon),
        },
    )


def beside(now: ModelReport, before: ModelReport, called: str) -> ModelReport:
    """Put a model's skill, and what drives it, beside those of another.

    Parameters
    ----------
    now, before : ModelReport
    called : str
        The other one, as a sentence calls it: "version 3".

    Returns
    -------
    ModelReport
        ``now``, with what differs, and whether that is more than chance. Of each the leads that it was judged
        on count, for nobody else has seen them.
    """
    trust, drivers = _told(now, Trust, "trust"), _told(now, Drivers, "drivers")
    trust_before, drivers_before = _told(before, Trust, "trust"), _told(before, Drivers, "drivers")
    mine, theirs = (told.figures[0].points if told.figures else () for told in (trust, trust_before))
    prints = _told(now, SmallPrint, "small-print"), _told(before, SmallPrint, "small-print")
    here, there = (
        [(each.judged_on, each.leads, each.snapshots) for each in told.verdict]
        for told in (trust, trust_before)
    )
    same_leads = here == there and small_print_section.same_leads(*prints)
    skill = since_last.skill(mine, theirs, called, same_leads=same_leads)
    importance = since_last.importance(drivers.importance.points, drivers_before.importance.points, called)
    changed: dict[str, Told] = {
        "trust": replace(trust, since_last=skill),
        "drivers": replace(drivers, since_last=importance),
    }
    return replace(now, told={**now.told, **changed})


def with_leads(report: ModelReport, found: LeadsNow) -> ModelReport:
    """Tell where these leads are now, instead of where they were when the model was trained."""
    leads = _told(report, Leads, "leads")
    return replace(report, told={**report.told, "leads": leads_section.about(found, leads.categories)})


def called(report: ModelReport, name: str) -> ModelReport:
    """Name the model below the title, such as "version 3 (champion)"."""
    return replace(report, subtitle=f"{report.subtitle} · {name}")


def _told(report: ModelReport, kind: type[T], name: str) -> T:
    told = report.told[name]
    if not isinstance(told, kind):
        raise TypeError(f"the section {name} tells a {type(told).__name__}")
    return told


def read(text: str) -> ModelReport | None:
    """Read a report that was kept as JSON; None where it was kept in another format.

    Raises
    ------
    StoreError
        If it is damaged.
    """
    try:
        kept = json.loads(text)
        if not isinstance(kept, dict) or kept.get("format") != FORMAT:
            return None
        told = {
            section.name: TypeAdapter(section.kind).validate_python(kept["sections"][section.name])
            for section in SECTIONS
        }
        return ModelReport(str(kept["title"]), str(kept["subtitle"]), told)
    except (json.JSONDecodeError, KeyError, ValidationError) as error:
        raise StoreError(
            f"The report that was kept is damaged ({type(error).__name__}); train again"
        ) from error
