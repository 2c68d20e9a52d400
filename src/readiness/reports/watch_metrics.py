"""A watch as figures that Prometheus reads from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.judging.bootstrap import Figure
from readiness.reports.html import written
from readiness.training_run.watching.watch import Watched

_SECONDS_A_DAY: Final = 86_400.0


def render(seen: Watched) -> str:
    """Return the figures in Prometheus's text format; what is not known has no line.

    Labels are names of columns, features and ends, never a value that a lead holds.
    """
    registry = CollectorRegistry()
    _numbers(registry, seen)
    _of_leads(registry, seen)
    _of_ends(registry, seen)
    return generate_latest(registry).decode()


def write(seen: Watched, path: Path) -> Path:
    """Write the figures and return their path; the file is swapped at once, as the collector expects.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    return written(path, {path: render(seen)})


def _numbers(registry: CollectorRegistry, seen: Watched) -> None:
    at = _gauge(registry, "at_seconds", "The instant at which the model was watched, since 1970.")
    at.set(seen.at / MICROSECONDS_PER_DAY * _SECONDS_A_DAY)
    end = _gauge(
        registry, "data_end_seconds", "Where the data that the model learned from ended, since 1970."
    )
    end.set(seen.data_end / MICROSECONDS_PER_DAY * _SECONDS_A_DAY)
    found = _gauge(
        registry, "findings", "Findings, by what they are and what they ask for.", "status", "action"
    )
    for each in seen.findings:
        found.labels(each.status, each.action).inc()
    raised = _gauge(registry, "raised", "1 for each finding that says that something changed.", "code", "of")
    for each in seen.raised:
        raised.labels(each.code, each.of).set(1)
    leads = _gauge(registry, "leads", "Leads compared, as just come and a week old.", "side", "age")
    for age, looked in (("first", seen.new_leads.stated), ("week", seen.new_leads.done)):
        leads.labels("then", age).set(looked.then)
        leads.labels("now", age).set(looked.now)


def _of_leads(registry: CollectorRegistry, seen: Watched) -> None:
    psi = _gauge(registry, "psi", "How far the mix of a feature moved.", "feature")
    missing = _gauge(registry, "missing_share", "Share of leads without a value.", "column", "side")
    strange = _gauge(
        registry, "odd_share", "Share of values never met or outside the usual range.", "column", "side"
    )
    for shift in (*seen.new_leads.stated.shifts, *seen.new_leads.done.shifts):
        psi.labels(shift.feature.name).set(shift.mix.psi)
        for gauge, shares in ((missing, shift.missing), (strange, shift.strange)):
            if shares is not None:
                gauge.labels(shift.feature.of, "then").set(shares.share_before)
                gauge.labels(shift.feature.of, "now").set(shares.share_now)
    if seen.new_leads.scores is not None:
        psi.labels("score").set(seen.new_leads.scores.psi)


def _of_ends(registry: CollectorRegistry, seen: Watched) -> None:
    observed = _gauge(registry, "ends_observed", "Leads that ended in the newest stretch.", "end")
    expected = _gauge(registry, "ends_expected", "Leads that the model expected to.", "end")
    for name, each in seen.ends.newest.by_end.items():
        observed.labels(name).set(each.observed)
        expected.labels(name).set(each.expected)
    auc = _gauge(registry, "auc", "AUC: foreseen of new leads, and realised since.", "end", "is")
    for name, foreseen in seen.new_leads.now.items():
        _set(auc, foreseen.auc, name, "foreseen")
    for name, skill in seen.realised.by_end.items():
        _set(auc, skill.figures["auc"], name, "realised")
    rate = _gauge(registry, "cry_wolf_rate", "Cry-wolf rate of the agreement's hand-overs.", "side")
    for side, cried in (("then", seen.cried_wolf.then), ("now", seen.cried_wolf.now)):
        if cried is not None:
            _set(rate, cried.rate, side)


def _set(gauge: Gauge, figure: Figure, *labels: str) -> None:
    if figure.value is not None:
        gauge.labels(*labels).set(figure.value)


def _gauge(registry: CollectorRegistry, name: str, says: str, *labels: str) -> Gauge:
    return Gauge(f"readiness_watch_{name}", says, labels, registry=registry)
