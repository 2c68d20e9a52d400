"""Columns that know how a lead ended: by what they hold, by whether they are filled, by when they fill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Flags, Ints
from readiness.history.first_looks import FirstLooks
from readiness.history.outcomes import CENSORED, STOP, WON
from readiness.learning.leakage.association import FEWEST, Association, associated, auc
from readiness.learning.leakage.columns import Column
from readiness.learning.leakage.findings import Finding
from readiness.learning.leakage.ties import Ties, ties
from readiness.learning.leakage.weighing import log_ratio
from readiness.learning.leakage.wording import SHARE, names_ends, sounds_late

TOO_GOOD: Final = 0.985
"""An AUC that nothing known when a lead comes reaches."""

SUSPICIOUS: Final = 0.95
"""An AUC that blocks where neither time nor the other columns speak for the column."""

TELLING: Final = 0.70
"""A smaller AUC is worth a finding only where time speaks clearly."""

HIDDEN: Final = 0.75
"""An AUC from which on being filled tells, and being tied to the others by nothing but the end."""

LIKELIER: Final = 5.0
"""Log of the odds, 150 to 1, from which on a value may count as written at the end, or as known before."""

CLEARLY: Final = 50.0
"""From here on it counts as written at the end, whatever else it is tied to, and however little it tells."""

BESIDE: Final = 1e-3
"""A dependence on other columns, beside the end, that chance would show more seldom clears a column."""

SHORT: Final = 3.0
"""So much weaker a tie through the end than one by the end alone clears a column, too."""

TIED: Final = 6.0
"""The t-value of a tie to the other columns that is there for sure."""

NOTHING: Final = 0.01
"""A dependence beside the end that chance would show this often is none."""

MANY: Final = 400
"""With fewer ended leads the lack of a tie beside the end is no evidence: it could not be seen."""

BY_CHANCE: Final = 1e-3
"""A name that speaks of the end needs so unlikely a dependence on the outcome beside it."""

_WINNERS: Final = 0.95


@dataclass(frozen=True, slots=True)
class Read:
    """One column with what its counts and the leads' ages say of it; ``ratio`` is that of `log_ratio`."""

    column: Column
    held: Association
    filled: Association
    ratio: float
    ratio_filled: float
    of_lead: bool
    """A lead's own column, and no answer."""

    @property
    def calm(self) -> bool:
        """Whether nothing speaks for its being written at the end."""
        return max(self.ratio, self.ratio_filled) < LIKELIER


def read(column: Column, looks: FirstLooks, *, of_lead: bool) -> Read:
    """Count and weigh one column of n leads."""
    place = column.known.astype(np.int64)
    return Read(
        column,
        associated(column.bin, len(column.labels), looks.event),
        associated(place, 2, looks.event),
        _weighed(column.bin, looks),
        _weighed(place, looks),
        of_lead,
    )


def of_the_end(one: Read, everything: Sequence[Read], looks: FirstLooks) -> Iterator[Finding]:
    """Find what one column knows of the leads' ends, the plainest evidence first.

    Parameters
    ----------
    one : Read
    everything : sequence of Read
        All columns, for comparison.
    looks : FirstLooks, n rows
    """
    column, held, ratio = one.column, one.held, one.ratio
    yield from _winners_only(column, one.filled)
    yield from _near_copy(column, held, TOO_GOOD)
    yield from _missing_tells(column, one.filled, one.ratio_filled)
    if ratio >= CLEARLY:
        yield _written_late(column, looks, held, ratio)
    if ratio <= -LIKELIER:
        return
    yield from _names_the_end(column, held)
    yield from _named_late(column, held)
    if held.strongest < TELLING:
        return
    others = [each for each in everything if each.column is not column and each.calm]
    weak = [each.column for each in others if each.held.strongest < TELLING]
    tied = ties(column, [each.column for each in others], weak, looks)
    if tied.p_beside < BESIDE or tied.short > SHORT:
        return
    if ratio >= LIKELIER:
        yield _written_late(column, looks, held, ratio)
    yield from _near_copy(column, held, SUSPICIOUS)
    if ratio >= 0.0:
        yield from _only_by_the_end(column, held, tied)


def _weighed(place: Ints, looks: FirstLooks) -> float:
    """Weigh the bins that hold any lead; a column that is alike for all says nothing."""
    used, renumbered = np.unique(place, return_inverse=True)
    return log_ratio(looks, renumbered.astype(np.int64), len(used)) if len(used) > 1 else 0.0


def _winners_only(column: Column, filled: Association) -> Iterator[Finding]:
    without, having = filled.counts
    won, all_won = int(having[WON]), int(filled.counts[:, WON].sum())
    ended = int(filled.counts[:, CENSORED + 1 :].sum())
    if won >= max(FEWEST, _WINNERS * having.sum()) and all_won < _WINNERS * ended:
        yield Finding(
            "winners_only",
            column.name,
            f"of {having.sum():,} leads that have a value {won:,} were won, and of {without.sum():,} without "
            f"one {int(without[WON]):,}",
            {"filled": float(having.sum()), "filled_won": float(won), "won": float(all_won)},
        )


def _near_copy(column: Column, held: Association, least: float) -> Iterator[Finding]:
    ended = held.counts[:, CENSORED + 1 :]
    stop = auc(held.counts[:, STOP], ended.sum(axis=1) - held.counts[:, STOP])
    for who, found in (("were won", held.won_of_ended), ("told us to stop", stop)):
        if found >= least:
            yield Finding(
                "near_copy",
                column.name,
                f"by itself it tells the leads that {who} from those that ended otherwise, with an AUC of "
                f"{found:.3f}",
                {"auc": found},
            )


def _missing_tells(column: Column, filled: Association, ratio: float) -> Iterator[Finding]:
    hidden = filled.strongest >= HIDDEN and ratio > -LIKELIER
    late = filled.strongest >= TELLING and ratio >= LIKELIER
    if not (hidden or late or ratio >= CLEARLY):
        return
    there = filled.counts.sum(axis=0)
    names = ("still open", "won", "that told us to stop", "that ended otherwise")
    parts = [
        f"{100 * having / of:.0f} % of those {name}"
        for having, of, name in zip(filled.counts[1].tolist(), there.tolist(), names, strict=True)
        if of
    ]
    yield Finding(
        "missing_tells",
        column.name,
        f"it is filled for {', '.join(parts)}",
        {"auc": filled.strongest, "log_odds_written_at_the_end": ratio},
    )


def _written_late(column: Column, looks: FirstLooks, held: Association, ratio: float) -> Finding:
    ended, young = looks.event > 0, _too_young(looks)
    bins = len(column.labels)
    share_ended, share_young = (
        np.bincount(column.bin[rows], minlength=bins) / max(int(rows.sum()), 1) for rows in (ended, young)
    )
    place = int(np.argmax(np.abs(share_ended - share_young)))
    return Finding(
        "written_late",
        column.name,
        f"{_what(column, place)} stands at {100 * share_ended[place]:.0f} % of the {int(ended.sum()):,} "
        f"leads that have ended and at {100 * share_young[place]:.0f} % of the {int(young.sum()):,} open "
        f"ones too young to have ended; that it comes with the end is 10^{ratio / np.log(10.0):.0f} times "
        "likelier than that it was there before",
        {"auc": held.strongest, "log_odds_written_at_the_end": ratio},
    )


def _only_by_the_end(column: Column, held: Association, tied: Ties) -> Iterator[Finding]:
    enough = int(held.counts[:, CENSORED + 1 :].sum()) >= MANY
    alone = tied.through_the_end >= TIED and tied.p_beside >= NOTHING
    if enough and alone and held.strongest >= HIDDEN:
        yield Finding(
            "only_by_the_end",
            column.name,
            f"it tells the outcome with an AUC of {held.strongest:.2f} and goes with the other columns "
            f"(t = {tied.through_the_end:.0f}), but among leads that ended alike it has nothing to do with "
            f"them (p = {tied.p_beside:.2g})",
            {"auc": held.strongest, "t": tied.through_the_end, "p_beside": tied.p_beside},
        )


def _too_young(looks: FirstLooks) -> Flags:
    ended = looks.event > 0
    young: Flags = ~ended & (looks.followed <= np.median(looks.lived[ended]))
    return young if young.any() else ~ended


def _what(column: Column, place: int) -> str:
    if place == column.missing:
        return "an empty cell"
    return f"a number of {column.labels[place]}" if column.kind == "number" else "one of its values"


def _names_the_end(column: Column, held: Association) -> Iterator[Finding]:
    ends = list(names_ends(column))
    ended = held.counts[:, CENSORED + 1 :]
    of_words, of = int(ended[ends].sum()), int(ended.sum())
    if ends and held.strongest >= TELLING and of_words >= SHARE * of:
        yield Finding(
            "names_the_end",
            column.name,
            f"{of_words:,} of {of:,} leads that have ended hold words such as won, lost, closed or not "
            f"interested, and with them it tells the outcome with an AUC of {held.strongest:.2f}",
            {"auc": held.strongest},
        )


def _named_late(column: Column, held: Association) -> Iterator[Finding]:
    if sounds_late(column.name) and held.p_value < BY_CHANCE:
        yield Finding(
            "named_late",
            column.name,
            "its name speaks of what comes after the call, and by itself it tells the leads that were won "
            f"from those that ended otherwise, with an AUC of {held.won_of_ended:.2f}",
            {"auc": held.won_of_ended, "p_value": held.p_value},
        )
