"""Errors of peers that take minutes a fit, kept with the project: a proof goes on where another one stopped.

A line holds what identifies what was asked (the peers' script and lock file, the arrays handed over, the
truth compared with), so that nothing is taken for an answer to another question.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

KEPT: Final = Path(__file__).with_name("measured.jsonl")


def found(asked: str, path: Path = KEPT) -> dict[str, Any] | None:
    """Return what was measured of this question, or None where it has not been asked."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    told = [each for each in map(json.loads, lines) if each["asked"] == asked]
    return told[0] if told else None


def keep(asked: str, told: dict[str, Any], path: Path = KEPT) -> None:
    """Add a line; a question that has one keeps it."""
    if found(asked, path) is None:
        with path.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps({"asked": asked, **told}) + "\n")
