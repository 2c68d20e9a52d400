"""Assessed leads in the terminal: a line each for the answer, the reasons beneath."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from readiness.agreement import advice_sentences
from readiness.agreement.advice import ACTIONS
from readiness.agreement.document import CATEGORIES
from readiness.agreement.wording import date, plain
from readiness.cli.screen import console, verbatim, width
from readiness.crm.records import NO_INSTANT
from readiness.crm.tables import Ints
from readiness.scoring import Scored

_REASONS: Final = 2
"""Reasons shown a lead: those that weigh most."""

_NARROWEST: Final = 72
_WIDEST: Final = 110


def show(title: str, scored: Scored, rows: Sequence[int] | Ints, *, whole: bool = False) -> None:
    """Print some rows: lead, score, stop risk, category, what now; beneath, why this score.

    Parameters
    ----------
    whole : bool
        Give the whole sentence of the advice beneath, not only its gist.
    """
    chosen = [int(row) for row in rows]
    kinds = [plain(CATEGORIES[scored.verdicts.category[row]]) for row in chosen]
    ids = [str(scored.tables.leads.lead_id[scored.snapshots.lead[row]]) for row in chosen]
    wide = max((len(name) for name in ("lead", *ids)), default=0), max(map(len, ("category", *kinds)))
    verbatim(title, "bold")
    verbatim(f"{'lead':<{wide[0]}}  score  stop  {'category':<{wide[1]}}  what now", "dim")
    for row, name, kind in zip(chosen, ids, kinds, strict=True):
        chances = f"{_share(scored.score[row]):>5}  {_share(scored.stop_risk[row]):>4}"
        start = f"{name:<{wide[0]}}  {chances}  {kind:<{wide[1]}}  "
        for number, line in enumerate(_folded(start, what_now(scored, row, whole=whole))):
            verbatim(line, "bold" if number == 0 else "")
        for line in _beneath(scored, row, wide[0] + 2, whole):
            verbatim(line, "dim")
    console.print()


def what_now(scored: Scored, row: int, *, whole: bool = False) -> str:
    """Say the action in capitals, by when, and unless the whole sentence follows, what decided."""
    action = plain(ACTIONS[scored.advices.action[row]]).upper()
    by = int(scored.advices.by[row])
    when = "" if by == NO_INSTANT else f" by {date(by, seen_from=int(scored.snapshots.cutoff[row]))}"
    gist = "" if whole else f": {advice_sentences.gist(scored.verdicts, scored.advices, row)}"
    return f"{action}{when}{gist}"


def _beneath(scored: Scored, row: int, indent: int, whole: bool) -> Iterator[str]:
    answer = scored.assessment(row)
    for reason in sorted(answer.reasons, key=lambda one: -abs(one.effect))[:_REASONS]:
        yield from _folded(f"{'':<{indent}}{'+' if reason.effect > 0 else '−'} ", reason.text)
    if whole:
        yield from _folded(f"{'':<{indent}}→ ", str(answer.advice["because"]))


def _folded(start: str, text: str) -> list[str]:
    """Fold a text between words, its further lines below the first."""
    room = min(max(width(), _NARROWEST), _WIDEST) - len(start)
    # A very long id leaves no room beside it: then the text may stand out.
    lines = textwrap.wrap(text, max(room, 24)) or [""]
    return [start + lines[0], *(" " * len(start) + line for line in lines[1:])]


def _share(chance: float) -> str:
    return "–" if chance != chance else f"{100 * chance:.0f}"
