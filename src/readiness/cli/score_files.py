"""Assessments as a file: JSON lines hold them whole, CSV and Parquet a flat row each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from readiness.agreement.document import PIECES
from readiness.crm.spreadsheets import harmless
from readiness.errors import StoreError
from readiness.progress import Progress
from readiness.scoring import Assessment, Scored

COLUMNS: Final = (
    "lead_id",
    "cutoff",
    "horizon_days",
    "score",
    "stop_risk",
    "percentile",
    "category",
    "category_rule",
    "category_because",
    "stage",
    "stage_signifier",
    "action",
    "next_step",
    "first_of_all",
    "action_because",
    "speaks_for",
    "speaks_against",
    "hand_over_by",
    "ask_next",
    "ask_channel",
    "follow_up",
    "look_again",
    "track",
    "sampled",
    "propensity",
    *PIECES,
    "would_change",
    "reasons",
    "warnings",
    "model",
    "bundle",
    "agreement",
    "agreement_sha256",
)
"""Of the flat files, in this order."""

_EVERY: Final = 500
"""Rows between two words about progress."""


def write(scored: Scored, path: Path, *, progress: Progress) -> None:
    """Write the assessments in the order of the snapshots; the ending says in which format.

    The file is written aside and renamed, so that whoever reads it never sees half of it.

    Parameters
    ----------
    path : Path
        ``.jsonl`` (or ``.ndjson``), ``.csv`` or ``.parquet``. In CSV, which people open in spreadsheets,
        a text that begins like a formula has an apostrophe before it; the others hold what there is.

    Raises
    ------
    StoreError
        If the ending is none of these, or the folder cannot be written to.
    """
    writer = _WRITERS[format_of(path)]
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(_assessments(scored, progress), aside)
        os.replace(aside, path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}. Choose another --out.") from error
    finally:
        aside.unlink(missing_ok=True)


def format_of(path: Path) -> str:
    """Return the ending that says in which format a file is written, in small letters.

    Raises
    ------
    StoreError
        If the ending is none that can be written.
    """
    ending = path.suffix.lower()
    if ending not in _WRITERS:
        seen = f"the ending '{path.suffix}'" if path.suffix else "a name without ending"
        raise StoreError(
            f"{path.name}: cannot tell the format from {seen}; use one of {', '.join(sorted(_WRITERS))}"
        )
    return ending


def flat(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as one row; texts and numbers are those of its JSON form."""
    answer = assessment.to_dict()
    category, stage, advice, by = answer["category"], answer["stage"], answer["advice"], answer["answered_by"]
    return {
        "lead_id": answer["lead_id"],
        "cutoff": answer["cutoff"],
        "horizon_days": answer["horizon_days"],
        "score": answer["score"],
        "stop_risk": answer["stop_risk"],
        "percentile": answer["percentile"],
        "category": category["name"],
        "category_rule": category["rule"],
        "category_because": category["because"],
        "stage": stage["name"],
        "stage_signifier": stage["signifier"],
        "action": advice["action"],
        "next_step": advice["next_step"],
        "first_of_all": advice["first_of_all"],
        "action_because": advice["because"],
        "speaks_for": " ".join(advice["speaks_for"]),
        "speaks_against": " ".join(advice["speaks_against"]),
        "hand_over_by": advice["by"],
        "ask_next": advice["ask_next"],
        "ask_channel": advice["ask_channel"],
        "follow_up": advice["follow_up"],
        "look_again": advice["look_again"],
        "track": advice["track"] and advice["track"]["name"],
        "sampled": advice["sampled"],
        "propensity": advice["propensity"],
        **{piece: answer["bant"][piece]["state"] for piece in PIECES},
        "would_change": "; ".join(change["answer"] for change in answer["would_change"]),
        "reasons": "; ".join(f"{reason['text']} ({reason['effect']:+.2f})" for reason in answer["reasons"]),
        "warnings": "; ".join(answer["warnings"]),
        "model": by["model"],
        "bundle": by["bundle"],
        "agreement": f"{by['agreement']['name']} {by['agreement']['version']}",
        "agreement_sha256": by["agreement"]["sha256"],
    }


def _assessments(scored: Scored, progress: Progress) -> Iterator[Assessment]:
    for row in range(len(scored)):
        if row % _EVERY == 0:
            progress("Writing assessments", row / len(scored))
        yield scored.assessment(row)
    progress("Writing assessments", 1.0)


def _json_lines(assessments: Iterator[Assessment], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for assessment in assessments:
            file.write(json.dumps(assessment.to_dict(), ensure_ascii=False, separators=(",", ":")) + "\n")


def _frame(assessments: Iterator[Assessment]) -> pd.DataFrame:
    frame = pd.DataFrame([flat(assessment) for assessment in assessments], columns=list(COLUMNS))
    numbers = dict.fromkeys(("horizon_days", "score", "stop_risk", "propensity"), "float64")
    return frame.astype({**numbers, "percentile": "Int64"})


def _csv(assessments: Iterator[Assessment], path: Path) -> None:
    frame = _frame(assessments)
    texts = frame.select_dtypes(exclude=["number", "bool"]).columns
    frame[texts] = frame[texts].map(harmless)
    frame.to_csv(path, index=False, lineterminator="\n")


def _parquet(assessments: Iterator[Assessment], path: Path) -> None:
    _frame(assessments).to_parquet(path, index=False)


_WRITERS: Final[dict[str, Callable[[Iterator[Assessment], Path], None]]] = {
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
}
