"""Keeps docs/evidence.md: one section a measurement, with its command, its date and its figures."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

EVIDENCE = Path(__file__).parents[1] / "docs" / "evidence.md"
_HEAD = """# Evidence

Figures measured on the machine named beside them, never timed tests. `make bench` and `make prove`
rewrite a section each time they run it; speeds are ratios against a peer in the same run.
"""

Row = Mapping[str, object]


def table(rows: Sequence[Row]) -> str:
    """Write rows as a Markdown table; columns in the order of first appearance."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(row.get(name, "")) for name in columns) + " |" for row in rows]
    return "\n".join(lines)


def record(title: str, command: str, rows: Sequence[Row], sentence: str, path: Path = EVIDENCE) -> str:
    """Put a section into the evidence, in place of an older one of that title; return its text."""
    when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d")
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    section = f"## {title}\n\n`{command}` · {when} · {machine}\n\n{table(rows)}\n\n{sentence}\n"
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    head, *sections = re.split(r"(?m)^(?=## )", text)
    kept = [old for old in sections if not old.startswith(f"## {title}\n")]
    ordered = sorted([*(old.rstrip() + "\n" for old in kept), section])
    path.write_text(head.rstrip() + "\n\n" + "\n".join(ordered), encoding="utf-8")
    return section


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)
