"""Proves how near we come to AutoGluon's best quality on yes/no data, at a tenth of its processor seconds.

`python -m benchmarks prove autogluon` learns from bank marketing on the splits of `prove uci`. AutoGluon
takes ten minutes a split; with READINESS_KEPT_ANSWERS set only splits that it has answered are compared.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks import prove_uci, resumable
from benchmarks.evidence import Row
from benchmarks.prove_uci import AUTOGLUON, BANK, OURS, SEEDS

TITLE: Final = "As good as AutoGluon's best quality at a tenth of its processor time"
OUT: Final = Path(__file__).parents[1] / "out" / "prove_autogluon.jsonl"
_WITHIN: Final = 0.005
_SHARE: Final = 0.1


def work(kind: str, seed: int) -> dict[str, Any]:
    """Learn from one split; return figures and processor seconds of ours and AutoGluon's."""
    return prove_uci.work(kind, seed, (AUTOGLUON,))


def summary(found: Sequence[dict[str, Any]], wanted: int = SEEDS) -> tuple[list[Row], str]:
    """Return a row for each split and one for their mean, and the sentence that says what holds."""
    if not found:
        return [], f"AutoGluon has answered none of {wanted} splits: nothing is claimed."
    rows = [_row(str(each["seed"]), [each]) for each in sorted(found, key=lambda each: int(each["seed"]))]
    rows.append(_row(f"mean of {len(found)}", found))
    loss, ours = _mean(found, AUTOGLUON), _mean(found, OURS)
    gap, share = ours / loss - 1.0, _seconds(found, OURS) / _seconds(found, AUTOGLUON)
    failed = []
    if gap > _WITHIN:
        failed.append(f"our log-loss is {gap:+.2%} (allowed: {_WITHIN:+.1%})")
    if share > _SHARE:
        failed.append(f"we take {share:.2f} of its processor seconds (allowed: {_SHARE})")
    said = f"Does not hold: {'; '.join(failed)}." if failed else f"Holds: our log-loss is {gap:+.2%}."
    if len(found) < wanted:
        said += f" On {len(found)} of {wanted} splits: of the others nothing is claimed yet."
    return rows, said + (
        f" AutoGluon: preset best_quality with lightgbm, catboost and xgboost, {prove_uci.ALLOWED_SECONDS}"
        " processor seconds (5 minutes on two cores) on one core, whatever else the machine does."
    )


def _row(name: str, found: Sequence[dict[str, Any]]) -> Row:
    row: dict[str, object] = {"seed": name}
    for who in (OURS, AUTOGLUON):
        row[f"{who}: log-loss"] = f"{_mean(found, who):.4f}"
        row[f"{who}: AUC"] = f"{_mean(found, who, 'AUC'):.4f}"
        row[f"{who}: processor, s"] = f"{_seconds(found, who):.0f}"
    row["log-loss against AutoGluon's"] = f"{_mean(found, OURS) / _mean(found, AUTOGLUON) - 1.0:+.2%}"
    return row


def _mean(found: Sequence[dict[str, Any]], who: str, figure: str = "log-loss") -> float:
    return float(np.mean([each["figures"][who][figure] for each in found]))


def _seconds(found: Sequence[dict[str, Any]], who: str) -> float:
    return float(np.mean([each["seconds"][who] for each in found]))


def measure() -> tuple[list[Row], str]:
    """Run the whole proof, going on where an earlier run of the same code stopped."""
    seeds = range(SEEDS)
    if os.environ.get("READINESS_KEPT_ANSWERS"):
        seeds = [seed for seed in seeds if prove_uci.answered(BANK, seed, AUTOGLUON)]
    return summary(resumable.run(work, [(BANK, seed) for seed in seeds], OUT))
