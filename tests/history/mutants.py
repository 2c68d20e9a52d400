"""Faults planted in a copy of the history package, one at each boundary in time."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import readiness.history
from tests.history.checks import EVERY, History

WORLDS = 150
"""In how many worlds a fault is looked for."""

SOURCE = Path(readiness.history.__file__).parent


@dataclass(frozen=True)
class Mutant:
    """One text of one module, and the fault that takes its place."""

    module: str
    text: str
    fault: str

    def __str__(self) -> str:
        return f"{self.module}: {self.text} -> {self.fault}"


MUTANTS: tuple[Mutant, ...] = (
    # Where the past ends and where windows open.
    Mutant("events", '"clip") < when', '"clip") <= when'),
    Mutant("events", ".searchsorted(when)", '.searchsorted(when, side="right")'),
    Mutant("events", "at[low[0] : high[0]]", "at[low[0] : high[0] - 1]"),
    Mutant("events", "Ints = low[0] + at", "Ints = at"),
    Mutant("events", "ahead < high", "ahead <= high"),
    Mutant("events", "ahead = found + (step - 1)", "ahead = found + step"),
    Mutant("events", ".max()).bit_length()", ".max() - 1).bit_length()"),
    Mutant("events", "[*lengths, 0]", "[*lengths, 1]"),
    Mutant("events", "[*lengths, 0]", "[*lengths, -1]"),
    Mutant("events", "at, lead, cutoff), cutoff)", "at, lead, cutoff + 1), cutoff)"),
    Mutant("events", "at, lead, cutoff), cutoff)", "at, lead, cutoff - 1), cutoff)"),
    Mutant("events", "return cutoff[:, None] - np", "return 1 + cutoff[:, None] - np"),
    Mutant("events", "return cutoff[:, None] - np", "return -1 + cutoff[:, None] - np"),
    Mutant("events", "high = starts[lead + 1]\n", "high = starts[lead + 1] - 1\n"),
    Mutant("events", "Past(starts[lead], edges", "Past(np.maximum(starts[lead] - 1, 0), edges"),
    # Which rows are counted, and which is the newest.
    Mutant("events", "counts.reshape(-1)[width:]", "counts.reshape(-1)"),
    Mutant("events", "found.first + upto - 1", "found.first + upto"),
    Mutant("events", "there = upto > found", "there = upto >= found"),
    Mutant("events", "(size - 1) // 2", "size // 2"),
    Mutant("events", "lengths = np.maximum(high - low, 0)", "lengths = np.maximum(high - low - 1, 0)"),
    Mutant("events", "alike = (lead[here] == lead[before])", "alike = (lead[here] >= lead[before])"),
    Mutant("events", "(len(starts) - 1, NO_INSTANT", "(len(starts) - 1, 2**62"),
    Mutant("events", "rows.searchsorted(low)", "rows.searchsorted(low + 1)"),
    Mutant("events", "rows.searchsorted(high)", "rows.searchsorted(high + 1)"),
    Mutant("events", "(rows, last - 1, first", "(rows, last - 2, first"),
    Mutant("events", "(rows, first, first", "(rows, first + 1, first"),
    Mutant("events", "out=counts[1:])", "out=counts[:-1])"),
    # The same of one snapshot alone.
    Mutant("events", "member[low[0] : high[0]]", "member[low[0] : high[0] + 1]"),
    Mutant("events", "member[low[0] : high[0]]", "member[low[0] : high[0] - 1]"),
    Mutant("events", "return low + rows", "return rows"),
    Mutant("events", "np.arange(low[0], high[0]", "np.arange(low[0], high[0] - 1"),
    # What a row says by looking back.
    Mutant("activity_rows", "lead[1:] == lead[:-1]) & (", "lead[1:] >= lead[:-1]) & ("),
    Mutant("rhythm_features", "day = (pairs.since - 1)", "day = pairs.since"),
    Mutant("rhythm_features", "((since - 1) //", "(since //"),
    Mutant("rhythm_features", "day < window", "day <= window"),
    Mutant("rhythm_features", "valued & (pairs.row >=", "valued & (pairs.row >"),
    Mutant("rhythm_features", "known & (pairs.row >=", "known & (pairs.row >"),
    Mutant("rhythm_features", "earlier < opens", "earlier <= opens"),
    Mutant("rhythm_features", "(pairs.earlier >= 0)", "(pairs.earlier >= 1)"),
    Mutant("rhythm_features", "number > 0", "number > 1"),
    Mutant("rhythm_features", "rows[high[some] - 1])[:, None]", "rows[low[some]])[:, None]"),
    Mutant("answer_features", "past.high - 1, -1)", "past.high, -1)"),
    Mutant("answer_features", "(earlier >= 0) & (value", "(earlier >= -1) & (value"),
    Mutant("answer_features", "(earlier < 0, np", "(earlier < 1, np"),
    # When a learner looks, and what it is told.
    Mutant("snapshots", "(cutoff < until)", "(cutoff <= until)"),
    Mutant("snapshots", "(cutoff > tables", "(cutoff >= tables"),
    Mutant("snapshots", "snapshots.cutoff < kept)", "snapshots.cutoff <= kept)"),
    Mutant("snapshots", "created_at < instant)", "created_at <= instant)"),
    Mutant("snapshots", "(kept >= instant)", "(kept > instant)"),
    Mutant("snapshots", "return first > ends", "return first >= ends"),
    Mutant("snapshots", "(np.diff(looks.cutoff) != 0)", "True"),
    Mutant("outcomes", "snapshots.lead, until)", "snapshots.lead, until + 1)"),
    Mutant("outcomes", "snapshots.lead, until)", "snapshots.lead, until - 1)"),
    Mutant("outcomes", "first < last", "first <= last"),
    Mutant("outcomes", "of_leads(tables), known_until)", "of_leads(tables), 2**62)"),
    Mutant("outcomes", "high > low, high - 1", "high > low, low"),
    # What was known at an earlier instant.
    Mutant("cuts", "kept = tables.leads.created_at < instant", "kept = tables.leads.created_at <= instant"),
    Mutant("cuts", "seen = (at < instant)", "seen = (at <= instant)"),
    Mutant("cuts", "last_known >= instant", "last_known > instant"),
    Mutant("cuts", "decided_at >= instant", "decided_at > instant"),
)  # fmt: skip


def plant(mutant: Mutant | None, name: str, folder: Path) -> History:
    """Write a copy of the package under another name, with the fault in it, and import it.

    ``folder`` must be on the import path. None plants nothing: the copy is as good as the original.
    """
    package = folder / name
    package.mkdir()
    for source in SOURCE.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        if mutant is not None and source.stem == mutant.module:
            assert text.count(mutant.text) == 1, f"{mutant.text!r} stands {text.count(mutant.text)} times"
            text = text.replace(mutant.text, mutant.fault)
        (package / source.name).write_text(text.replace("readiness.history", name), encoding="utf-8")
    importlib.invalidate_caches()
    modules = [
        importlib.import_module(f"{name}.{part}")
        for part in ("features", "snapshots", "outcomes", "cuts", "events")
    ]
    return History(*modules)


def uproot(name: str) -> None:
    """Forget an imported copy."""
    for module in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
        del sys.modules[module]


def caught(history: History, seed: int) -> bool:
    """Say whether any check fails in some world made from the seed."""
    for number in range(WORLDS):
        for check in EVERY:
            try:
                check(history, np.random.default_rng([seed, number]))
            except Exception:  # noqa: BLE001 - a fault may also end in an index out of bounds
                return True
    return False
