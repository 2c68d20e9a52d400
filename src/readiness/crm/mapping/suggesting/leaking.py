"""Columns that seem to know the outcome: filled only afterwards, or telling won from lost alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow.compute as pc
from sklearn.metrics import roc_auc_score

from readiness.crm import cells
from readiness.crm.mapping.suggesting.profiles import Kind, Sheet, percent
from readiness.crm.mapping.translation import with_points
from readiness.crm.tables import Floats, Ints

TELLING: Final = 0.95
"""From this AUC on, one column alone tells won from lost: nothing that was known before does that."""

_FEWEST: Final = 20
_BINS: Final = 20
_MOST_LEVELS: Final = 200
_MOST_ROWS: Final = 200_000


def by_values(sheet: Sheet, columns: Iterable[str], label: Floats) -> dict[str, str]:
    """Return the columns whose values betray the outcome, each with what gives it away.

    Parameters
    ----------
    label : n floats, a row each
        1 won, 0 otherwise ended, NaN open.
    """
    found = {}
    for name in columns:
        said = _filled_afterwards(sheet, name, label) or _separates(sheet, name, label)
        if said:
            found[name] = said
    return found


def _filled_afterwards(sheet: Sheet, name: str, label: Floats) -> str:
    filled = pc.is_valid(sheet.texts(name)).to_numpy()
    if sheet.profiles[name].kind is Kind.NUMBER:
        filled = filled & (_numbers(sheet, name) != 0)
    still_open, won, not_won = np.isnan(label), label == 1, label == 0
    if still_open.sum() >= _FEWEST and (won | not_won).sum() >= _FEWEST:
        ended, not_yet = int(filled[~still_open].sum()), int(filled[still_open].sum())
        if ended >= 0.2 * (~still_open).sum() and not_yet <= 0.01 * still_open.sum():
            shares = percent(ended, int((~still_open).sum())), percent(not_yet, int(still_open.sum()))
            return f"filled for {shares[0]} of the leads that ended and {shares[1]} of the open ones"
    if min(won.sum(), not_won.sum()) < _FEWEST or not filled.any():
        return ""
    of_won, of_others = int(filled[won].sum()), int(filled[not_won].sum())
    low, high = sorted((of_won / won.sum(), of_others / not_won.sum()))
    if low <= 0.01 and high >= 0.2:
        shares = percent(of_won, int(won.sum())), percent(of_others, int(not_won.sum()))
        return f"filled for {shares[0]} of the won and {shares[1]} of the others"
    return ""


def _separates(sheet: Sheet, name: str, label: Floats) -> str:
    auc = separation(_codes(sheet, name), label)
    return f"tells won from not won by itself (AUC {auc:.2f})" if auc >= TELLING else ""


def separation(codes: Ints | None, label: Floats) -> float:
    """Return how well one column alone tells won from otherwise ended: an AUC, 0.5 where it cannot be said.

    The share of won in each class is taken from one half of the rows and tried on the other, so that a
    class of a single row tells nothing about itself.

    Parameters
    ----------
    codes : n ints, or None
        The class of each row, ≥ 0; None where a column has too many.
    """
    if codes is None:
        return 0.5
    # By lot, for rows that alternate would put all of one end into one half.
    rows = np.random.default_rng(0).permutation(np.flatnonzero(~np.isnan(label)))[:_MOST_ROWS]
    learned, tried = rows[::2], rows[1::2]
    if any(
        min((label[half] == 1).sum(), (label[half] == 0).sum()) < _FEWEST // 2 for half in (learned, tried)
    ):
        return 0.5
    base = label[learned].mean()
    times = np.bincount(codes[learned], minlength=int(codes.max()) + 1)
    won = np.bincount(codes[learned], weights=label[learned], minlength=len(times))
    share = (won + base) / (times + 1)
    return float(roc_auc_score(label[tried], share[codes[tried]]))


def _codes(sheet: Sheet, name: str) -> Ints | None:
    if sheet.profiles[name].kind is Kind.NUMBER:
        values = _numbers(sheet, name)
        known = ~np.isnan(values)
        if not known.any():
            return None
        edges = np.unique(np.quantile(values[known], np.linspace(0, 1, _BINS + 1)[1:-1]))
        return np.where(known, 1 + np.searchsorted(edges, values), 0)
    encoded = cells.one_chunk(sheet.texts(name)).dictionary_encode()
    if len(encoded.dictionary) > _MOST_LEVELS:
        return None
    codes: Ints = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    return codes


def _numbers(sheet: Sheet, name: str) -> Floats:
    text = sheet.texts(name)
    return cells.numbers(with_points(text, sheet.profiles[name].decimal, certain=True)).values
