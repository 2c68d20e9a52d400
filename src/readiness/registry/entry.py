"""What a run keeps in the tracking store: all of it read from the bundle, so that they cannot differ."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from readiness.artefact import Bundle
from readiness.judging.judgement import MODEL

BUNDLE_TAG: Final = "readiness.bundle"
_LONGEST: Final = 500
_ALLOWED: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. /")


@dataclass(frozen=True, slots=True)
class Entry:
    """A run's parameters, metrics and tags, as a data scientist looks for them."""

    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]


def entry_of(bundle: Bundle) -> Entry:
    """Return what to keep of a bundle's training run."""
    provenance = bundle.provenance
    parameters: dict[str, object] = {
        "seed": provenance.seed,
        "horizon_days": bundle.model.horizon_days,
        "features": len(bundle.model.plan.names),
        "judged_at": provenance.judged_at,
        "data_end": provenance.data_end,
        "code_version": provenance.code_version,
        "agreement": f"{provenance.agreement.name} {provenance.agreement.version}",
        **{f"settings.{name}": value for name, value in provenance.settings.items()},
        **{f"library.{name}": version for name, version in provenance.libraries.items()},
    }
    return Entry(
        parameters={_key(name): _value(value) for name, value in sorted(parameters.items())},
        metrics=dict(metrics_of(bundle.judgement or {})),
        tags={
            BUNDLE_TAG: bundle.name,
            "readiness.data_fingerprint": provenance.data_fingerprint,
            "readiness.agreement_name": provenance.agreement.name,
            "readiness.agreement_version": provenance.agreement.version,
            "readiness.agreement_sha256": provenance.agreement.sha256,
        },
    )


def metrics_of(judgement: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield what runs are compared by, few enough to be read; every other figure stands in a table.

    Yields
    ------
    name, value
        ``SET/FIGURE``: the model's own, such as ``later_leads/won_auc``; ``gain/SET.RIVAL``: how much lower
        its log-loss of sales is than a simpler forecast's; ``skill/gain`` and ``skill/lower_999``. What
        stands before the slash is a section of its own where the store shows a run.
    """
    for part in judgement.get("sets", ()):
        name = part["name"]
        for figure, estimate in part.get("figures", {}).get(MODEL, {}).items():
            yield from _known(f"{name}/{figure}", estimate.get("value"))
        for rival, gained in part.get("differences", {}).items():
            above = gained.get("won_log_loss", {}).get("value")
            yield from _known(f"gain/{name}.{rival}", None if above is None else -above)
    skill = judgement.get("skill") or {}
    for figure in ("gain", "lower_999"):
        yield from _known(f"skill/{figure}", skill.get(figure))


def _known(name: str, value: float | None) -> Iterator[tuple[str, float]]:
    if value is not None and math.isfinite(value):
        yield _key(name), float(value)


def figures_of(judgement: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    """Yield every finite number of a judgement by its path, such as ``sets.later_leads.n``.

    Texts and truth values are no figures; of a list, only entries that have a ``name`` are.
    """
    for name, value in judgement.items():
        yield from _numbers(str(name), value)


def as_table(figures: Iterable[tuple[str, float]]) -> str:
    """Write figures as CSV, a line each, with a head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("figure", "value"))
    writer.writerows(figures)
    return out.getvalue()


def _numbers(path: str, value: object) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        if math.isfinite(value):
            yield _key(path), float(value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _numbers(f"{path}.{name}", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for inner in value:
            if isinstance(inner, Mapping) and isinstance(inner.get("name"), str):
                yield from _numbers(f"{path}.{inner['name']}", inner)


def _key(name: str) -> str:
    """Return a name with only the characters that MLflow allows, and no longer than it allows."""
    return "".join(letter if letter in _ALLOWED else "_" for letter in name)[:250]


def _value(value: object) -> str:
    return str(value)[:_LONGEST]
