"""Proves that a watch finds what changed, names it rightly, and is quiet where nothing did.

`python -m benchmarks prove drift` watches models in worlds that are steady until the model's data end, and
from then on change in one known way or not at all; everything goes the way that `readiness watch` goes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import drifting, resumable
from benchmarks.drifting import at
from benchmarks.evidence import Row
from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.crm.records import MICROSECONDS_PER_DAY
from readiness.crm.tables import Tables
from readiness.history.cuts import cut
from readiness.judging.judgement import LATER_LEADS
from readiness.progress import silent
from readiness.training_run import TrainingSettings
from readiness.training_run.forecasts import fit_model
from readiness.training_run.material import to_learn_from
from readiness.training_run.scales import for_use
from readiness.training_run.watching.in_use import InUse
from readiness.training_run.watching.realised import realised
from readiness.training_run.watching.watch import Watched, watch

TITLE: Final = "A watch finds what changed and is quiet where nothing did"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_drift.jsonl"
SEEDS: Final = 20
QUIET_WORLDS: Final = 50
WINDOWS: Final = 20
"""Disjoint fortnights watched in each quiet world: 1,000 in all."""

DATA_END: Final = 140.0
FORTNIGHT: Final = 14.0
OFTEN: Final = (15.0, 36.0)
"""Leads a day before and after the change: 504 in a fortnight."""
EARLY: Final = 5.0
FIRST: Final = "covariate"
"""In worlds of this change it is also asked what is said while there are too few leads."""

OTHERS: Final = 10_000
ENDS: Final = 200
MOST_ALARMS: Final = 10
FEWEST_FOUND: Final = 19

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "covariate": ("MIX_SHIFTED country", "MIX_SHIFTED company_size"),
    "won": ("WON_OFF won",),
    "stop": ("STOP_OFF stop",),
    "fit": ("WON_RANKING won",),
    "empty": ("FILL_RATE company_size",),
    "respelt": ("UNSEEN_VALUES country",),
}
"""What must be raised of each change, all of it."""

SAYS: Final = {
    "covariate": "PSI 0.27 in two features",
    "won": "half as many won",
    "stop": "twice as many stops",
    "fit": "what made a sale likelier no longer does",
    "empty": "a column half empty",
    "respelt": "a column spelt otherwise",
}
OF_ENDS: Final = ("won", "stop", "fit")


@functools.cache
def agreement() -> Agreement:
    """Return the agreement that ships."""
    return load(shipped.agreement())


@functools.lru_cache(maxsize=1)
def used(seed: int) -> InUse:
    """Return a model that learned from a world until the day of the change, by a recipe with few rounds."""
    settings = TrainingSettings(
        seed=seed,
        estimator={"max_rounds": 30, "folds": 2, "leaves": (4,), "penalties": (100.0,), "intervals": 6},
    )
    # Until then all worlds of a seed are one: the tables are cut there.
    material = to_learn_from(cut(world("quiet", seed), at(DATA_END)), agreement(), settings)
    fitted = fit_model(material, agreement().horizon_days, settings, silent)
    model = for_use(fitted, material, horizon_days=agreement().horizon_days, weekly_capacity=50)
    unjudged = InUse(model, agreement(), at(DATA_END), agreement().horizon_days, {})
    return replace(unjudged, judgement=_judged(unjudged, seed))


def _judged(model: InUse, seed: int) -> dict[str, Any]:
    """Judge the model on leads just come of another steady world, as a training run does before its use."""
    others = world("quiet", seed + OTHERS, days=DATA_END + 2.0 * model.horizon_days)
    won = realised(others, model).by_end["won"].figures
    part = {"by": "age", "auc": won["auc"].to_dict(), "bias": won["bias"].to_dict()}
    return {"sets": [{"name": LATER_LEADS, "parts": [part]}]}


def world(change: str, seed: int, *, days: float = DATA_END + FORTNIGHT, a_day: float = OFTEN[0]) -> Tables:
    """Return a world that changes, or not, where the model's data end."""
    return drifting.tables(change, seed, days=days, changed_from=DATA_END, a_day=(OFTEN[0], a_day))


def work(kind: str, seed: int) -> dict[str, Any]:
    """Watch one world: once a fortnight where nothing changes, else when the change should be known.

    Returns
    -------
    dict
        ``raised`` has a list of findings for each watch; ``new`` says how many leads each compared at least,
        ``few`` whether fewer than 200 were told to be too few.
    """
    seen = list(_quiet(seed)) if kind == "quiet" else [_changed(kind, seed)]
    return {
        "kind": kind,
        "seed": seed,
        "raised": [[f"{each.code} {each.of}".strip() for each in one.raised] for one in seen],
        "new": min(one.new_leads.stated.now for one in seen),
        "few": _few(seed) if kind == FIRST else None,
    }


def _changed(kind: str, seed: int) -> Watched:
    """Watch a fortnight after the change, or after the 200th end since it."""
    made, when = world(kind, seed, days=DATA_END + 60.0, a_day=OFTEN[1]), DATA_END + FORTNIGHT
    if kind in OF_ENDS:
        came = np.sort(made.outcomes.occurred_at[made.outcomes.occurred_at >= at(DATA_END)])
        when = FORTNIGHT + (int(came[ENDS - 1]) - drifting.FIRST_DAY) / MICROSECONDS_PER_DAY
    return watch(made, used(seed), agreement(), at=at(when))


def _few(seed: int) -> bool:
    """Watch while there are fewer than 200 new leads; say whether it is told that these are too few."""
    made = world(FIRST, seed, days=DATA_END + EARLY, a_day=OFTEN[1])
    seen = watch(made, used(seed), agreement())
    told = {each.code for each in seen.findings if each.status == "too_few"}
    assert seen.new_leads.stated.now < ENDS  # noqa: S101 - five days of 36 leads
    return "NEW_LEADS" in told and not seen.new_leads.stated.shifts


def _quiet(seed: int) -> Iterator[Watched]:
    made = world("quiet", seed, days=DATA_END + WINDOWS * FORTNIGHT)
    model = used(seed)
    for number in range(1, WINDOWS + 1):
        yield watch(made, model, agreement(), at=at(DATA_END + number * FORTNIGHT))


def summary(found: Sequence[dict[str, Any]]) -> tuple[list[Row], str]:
    """Return a row for each change, and the sentence that says whether all of it holds."""
    rows: list[Row] = []
    holds = True
    for kind, needed in KINDS.items():
        runs = [each for each in found if each["kind"] == kind]
        named = sum(set(needed) <= set(each["raised"][0]) for each in runs)
        holds &= named >= FEWEST_FOUND / SEEDS * len(runs)
        others = sorted({code for each in runs for code in each["raised"][0]} - set(needed))
        rows.append(
            {
                "what changed": SAYS[kind],
                "watches": len(runs),
                "raised by its name": named,
                "what must be raised": " and ".join(needed),
                "raised beside it, in any": ", ".join(others) or "nothing",
            }
        )
    quiet = [raised for each in found if each["kind"] == "quiet" for raised in each["raised"]]
    alarms = sum(len(raised) for raised in quiet)
    false = sorted({code for raised in quiet for code in raised})
    rows.append(
        {
            "what changed": "nothing",
            "watches": len(quiet),
            "raised by its name": alarms,
            "what must be raised": "nothing",
            "raised beside it, in any": ", ".join(false) or "nothing",
        }
    )
    early = [bool(each["few"]) for each in found if each["few"] is not None]
    holds &= alarms <= MOST_ALARMS / 1_000 * max(len(quiet), 1_000) and all(early)
    new = min((each["new"] for each in found if each["kind"] in KINDS), default=0)
    said = "Holds" if holds else "Does not hold"
    return rows, (
        f"{said}: each change is raised by its name in at least {FEWEST_FOUND} of {SEEDS} worlds, a "
        f"fortnight after it came ({new:,} new leads or more), or after the {ENDS}th end since; in "
        f"{len(quiet):,} watches in which nothing changed there were {alarms} findings in all (allowed: "
        f"{MOST_ALARMS} in 1,000); below {ENDS} new leads “too few to tell” in {sum(early)} of {len(early)}."
    )


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    changed = [(kind, seed) for seed in range(SEEDS) for kind in (*KINDS, "quiet")]
    quiet = [("quiet", seed) for seed in range(SEEDS, QUIET_WORLDS)]
    return summary(resumable.run(work, [*changed, *quiet], OUT))
