"""What the agreement says of each snapshot: fit, interest, source, stage, BANT, category, points."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from readiness.agreement import category
from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BantStates, bant
from readiness.agreement.conditions import MET, UNKNOWN, Signs
from readiness.agreement.document import PIECES, Agreement, PointsCard
from readiness.agreement.evidence import Found, newest_evidence
from readiness.agreement.fit import FIT_FAILS, Fit, fit
from readiness.agreement.interest import Shown, interest, windows
from readiness.agreement.involvement import salesperson_involved
from readiness.agreement.known import Judged, known_in
from readiness.agreement.referral import referrers
from readiness.agreement.stage import StageStates, stage
from readiness.crm.records import days
from readiness.crm.tables import Flags, Floats, Tables
from readiness.history import chunks
from readiness.history.chunks import Chunk
from readiness.history.snapshots import Snapshots

Part = TypeVar("Part")

THREADS: Final = 2
"""Chunks are worked on side by side; how many at a time changes no bit."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The agreement's signals and codes for n snapshots, row by row.

    The tables, snapshots and agreement stay with them: evidence is kept as pointers into the tables,
    and turned into words on demand (`sentences`). All columns but pointers are the same whatever other
    leads stand in the tables.
    """

    tables: Tables
    snapshots: Snapshots
    agreement: Agreement
    fit: Fit
    interest: Shown
    source: Signs
    """SOURCE_UNKNOWN, SOURCE_DUBIOUS, SOURCE_ORDINARY or SOURCE_REFERRAL."""
    relation: Signs
    """How the referrer stands to us: position in `RELATIONS`; -1 where that is not known."""
    referrer_outcome: Signs
    """What became of the referrer: position in `REFERRER_OUTCOMES`; -1 where that is not known."""
    stage: StageStates
    bant: BantStates
    soon: Found
    """Evidence for a near timeframe: position in the agreement's ``near_timeframe``."""
    near: Flags
    """Whether the lead means to decide soon."""
    criteria_known: NDArray[np.int16]
    """How many musts and shoulds of the profile are known."""
    criteria_met: NDArray[np.int16]
    """How many musts and shoulds of the profile are met."""
    bant_confirmed: NDArray[np.int16]
    """How many of the four BANT points are confirmed."""
    salesperson: Flags
    """Whether a salesperson of ours was in touch with the lead, as the activities tell."""
    rule: Signs
    """Position in `category.RULES`."""
    category: Signs
    """Position in `CATEGORIES`."""
    points: Floats
    """The points card: what a rule-only scorecard gives; higher is better."""

    def __len__(self) -> int:
        return len(self.rule)


def evaluate(
    tables: Tables, snapshots: Snapshots, agreement: Agreement, *, at_once: int = chunks.CHUNK
) -> Verdicts:
    """Apply the agreement to each snapshot; no verdict depends on another lead.

    Only what lies strictly before the cutoff is seen. A lead of which nothing is known gets a verdict
    like any other. In undated tables there are no activities: interest can only come from the facts
    that the agreement lists under ``interest.shown_by``.

    Parameters
    ----------
    tables : Tables
        Leads, activities and answers are read; outcomes and hand-overs are not.
    snapshots : Snapshots, n rows
    agreement : Agreement
    at_once : int
        About so many rows of snapshots, activities and answers are worked on at a time by each of two
        threads; it changes no bit.

    Returns
    -------
    Verdicts, n rows, order of the snapshots kept
    """
    judged: Judged = {}
    pieces = chunks.cut(tables, snapshots, at_once)
    if len(pieces) == 1 and isinstance(pieces[0].rows, slice):
        # All rows in their own order; rows that a chunk put in the order of leads have to be put back.
        return _placed(_of_chunk(pieces[0], agreement, judged), tables, snapshots)
    nothing = _of_chunk(chunks.part(tables, snapshots, slice(0, 0)), agreement, judged)
    found = _placed(_room(nothing, len(snapshots)), tables, snapshots)
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(
            lambda piece: _fill(found, _of_chunk(piece, agreement, judged), piece.rows), pieces
        ):
            pass
    return found


def _of_chunk(chunk: Chunk, agreement: Agreement, judged: Judged) -> Verdicts:
    terms = agreement.interest
    past = known_in(chunk, agreement.unknown, windows(terms), judged)
    before = None
    if chunk.tables.dated:
        then = chunks.earlier(chunk, days(terms.trend_days))
        before = known_in(then, agreement.unknown, windows(terms)[:1], judged, like=past)
    fits = fit(past, agreement.profile)
    shown = interest(past, terms, before)
    referred = referrers(past, agreement.sources.referrals)
    source = category.sources_of(past, agreement.sources, referred.relation)
    stages = stage(past, agreement.stages)
    states = bant(past, agreement.bant)
    soon = newest_evidence(past, agreement.near_timeframe)
    near = soon.item >= 0
    rule = category.rules_for(fits.state, shown.level, source, stages.stage, near)
    weighed = fits.met[:, [each.rank != "must_not" for each in agreement.profile.criteria]]
    return Verdicts(
        tables=chunk.tables,
        snapshots=chunk.snapshots,
        agreement=agreement,
        fit=fits,
        interest=shown,
        source=source,
        relation=referred.relation,
        referrer_outcome=referred.outcome,
        stage=stages,
        bant=states,
        soon=soon,
        near=near,
        criteria_known=_count(weighed != UNKNOWN),
        criteria_met=_count(weighed == MET),
        bant_confirmed=_count(states.state == BANT_CONFIRMED),
        salesperson=salesperson_involved(past, agreement.handover.sales_activities),
        rule=rule,
        category=category.categories_of(rule),
        points=_points(fits, shown, source, states, agreement),
    )


def _placed(verdicts: Verdicts, tables: Tables, snapshots: Snapshots) -> Verdicts:
    return replace(verdicts, tables=tables, snapshots=snapshots)


def _columns(part: object) -> Iterator[tuple[str, Any]]:
    """Go through the columns of verdicts, and their parts that hold further columns."""
    for entry in fields(part):  # type: ignore[arg-type]
        value = getattr(part, entry.name)
        if isinstance(value, np.ndarray | Fit | Shown | StageStates | BantStates | Found):
            yield entry.name, value


def _room(part: Part, n: int) -> Part:
    """Return the same columns with room for n rows."""
    empty = {
        name: np.empty((n, *value.shape[1:]), value.dtype)
        if isinstance(value, np.ndarray)
        else _room(value, n)
        for name, value in _columns(part)
    }
    return replace(part, **empty)  # type: ignore[type-var]


def _fill(whole: object, part: object, rows: chunks.Rows) -> None:
    """Write a chunk's columns where its rows stand in the whole."""
    for name, value in _columns(part):
        room = getattr(whole, name)
        if isinstance(value, np.ndarray):
            room[rows] = value
        else:
            _fill(room, value, rows)


def _count(flags: Flags) -> NDArray[np.int16]:
    counts: NDArray[np.int16] = flags.sum(axis=1, dtype=np.int16)
    return counts


def _points(fits: Fit, shown: Shown, source: Signs, states: BantStates, agreement: Agreement) -> Floats:
    """Add up the points card; each part rises with what it measures, and unknown neither adds nor takes."""
    card: PointsCard = agreement.points_card
    share = np.where(np.isnan(fits.share), 0.0, fits.share)
    fit_points = np.where(fits.state == FIT_FAILS, -card.fit, card.fit * share * fits.known_share)
    # Interest has no upper end: half of its points at the line above which it counts as high.
    interest_points = card.interest * shown.points / (shown.points + agreement.interest.high_from)
    points: Floats = fit_points + interest_points
    for column in range(len(PIECES)):
        state = states.state[:, column]
        points = points + card.bant * ((state == BANT_CONFIRMED) * 1.0 - (state == BANT_DENIED))
    points += card.referral * (source == category.SOURCE_REFERRAL)
    points += card.dubious * (source == category.SOURCE_DUBIOUS)
    return points
