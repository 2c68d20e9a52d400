"""Snapshots + model + agreement → scores, categories and advice, as columns; assessments on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from readiness.agreement import sentences
from readiness.agreement.advice import Advices, advise
from readiness.agreement.asking import Candidate
from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.agreement.wording import date
from readiness.crm.records import NO_INSTANT, OUTCOMES, iso
from readiness.crm.tables import Flags, Floats, Tables
from readiness.history import wording
from readiness.history.desk import Desk, desk
from readiness.history.familiarity import row_warnings
from readiness.history.outcomes import Ended, ended_before
from readiness.history.snapshots import Snapshots
from readiness.learning.model import Prediction, ReadinessModel
from readiness.scoring.assessment import AgreementReference, AnsweredBy, Assessment, CurvePoint, Json, Reason
from readiness.scoring.predicting import effects, predicted
from readiness.scoring.suppression import Suppressions, suppressed
from readiness.scoring.would_change import would_change

Explain: TypeAlias = Literal["none", "brief", "full"]
BRIEF_REASONS: Final = 3
"""How many reasons up, and how many down, a brief explanation gives."""

_ENDED: Final[Mapping[str, str]] = {
    "closed_won": "bought",
    "stop_calling": "told us to stop calling",
    "closed_lost": "was lost",
    "disqualified": "was ruled out",
}
"""How a lead ended, in words."""

__all__ = ["BRIEF_REASONS", "Explain", "Scored", "rules_alone", "score"]


@dataclass(frozen=True, slots=True)
class Scored:
    """What model and agreement say of n snapshots, as columns; row i is snapshot i.

    ``score``, ``stop_risk`` and ``percentile`` are NaN where nothing is predicted: no model, or the
    lead had ended. ``effects`` (n × groups of features) is None unless reasons were asked for.
    """

    tables: Tables
    snapshots: Snapshots
    agreement: Agreement
    model: ReadinessModel | None
    answered_by: AnsweredBy
    ended: Ended
    verdicts: Verdicts
    advices: Advices
    score: Floats
    stop_risk: Floats
    percentile: Floats
    prediction: Prediction | None
    matrix: Floats | None
    effects: Floats | None
    changes: Mapping[int, tuple[Candidate, ...]]
    """By row, the smallest set of answers with which the lead would be handed over, where there is one."""
    explain: Explain
    suppressions: Suppressions | None = None

    def __len__(self) -> int:
        return len(self.snapshots)

    def assessment(self, row: int) -> Assessment:
        """Return the whole answer for one snapshot.

        Raises
        ------
        IndexError
            If there is no such row.
        """
        dated = self.tables.dated
        model = self.model
        return Assessment(
            lead_id=str(self.tables.leads.lead_id[self.snapshots.lead[row]]),
            cutoff=iso(int(self.snapshots.cutoff[row])),
            horizon_days=model.horizon_days if model else (self.agreement.horizon_days if dated else None),
            score=_number(self.score[row]),
            stop_risk=_number(self.stop_risk[row]),
            percentile=None if np.isnan(self.percentile[row]) else int(self.percentile[row]),
            curve=self._curve(row),
            category=sentences.category(self.verdicts, row, self.advices.desk),
            bant=sentences.bant(self.verdicts, row),
            stage=sentences.stage(self.verdicts, row),
            advice=sentences.advice(self.verdicts, self.advices, row),
            reasons=self._reasons(row),
            would_change=tuple(each.told() for each in self.changes.get(row, ())),
            warnings=self._warnings(row),
            answered_by=self.answered_by,
        )

    def _curve(self, row: int) -> tuple[CurvePoint, ...] | None:
        if not self.tables.dated or self.prediction is None or not self.prediction.curve_days:
            return None
        open_lead = not np.isnan(self.score[row])
        return tuple(
            CurvePoint(
                days=day,
                won=_number(self.prediction.won[row, column]) if open_lead else None,
                stop=_number(self.prediction.stop[row, column]) if open_lead else None,
            )
            for column, day in enumerate(self.prediction.curve_days)
        )

    def _reasons(self, row: int) -> tuple[Reason, ...]:
        if self.effects is None or self.model is None or self.matrix is None or np.isnan(self.score[row]):
            return ()
        effects = self.effects[row]
        order = np.argsort(-np.abs(effects), kind="stable")
        if self.explain == "brief":
            up = [group for group in order if effects[group] > 0][:BRIEF_REASONS]
            down = [group for group in order if effects[group] < 0][:BRIEF_REASONS]
            order = np.array([group for group in order if group in {*up, *down}], dtype=np.int64)
        plan = self.model.plan
        return tuple(
            Reason(wording.describe(plan, plan.groups[group], self.matrix[row]), float(effects[group]))
            for group in order
            if effects[group] != 0
        )

    def _warnings(self, row: int) -> tuple[str, ...]:
        listed = self.suppressions
        if listed is None:
            return self._own_warnings(row)
        unread = () if listed.unread is None else (f"{listed.unread} So nobody is handed over.",)
        return (*unread, *self._own_warnings(row), *listed.remarks(int(self.snapshots.lead[row])))

    def _own_warnings(self, row: int) -> tuple[str, ...]:
        outcome = int(self.ended.outcome[row])
        if outcome >= 0:
            at = int(self.ended.at[row])
            dated = "on a day that nobody recorded" if at == NO_INSTANT else f"on {date(at)}"
            return (f"This lead {_ENDED[OUTCOMES[outcome]]} {dated}, so it has no score.",)
        if self.model is None or self.matrix is None:
            return ("No model answered: there is no score, and the agreed rules alone advise.",)
        return row_warnings(self.model.plan, self.matrix[row])


def score(
    tables: Tables,
    snapshots: Snapshots,
    *,
    agreement: Agreement,
    model: ReadinessModel | None,
    answered_by: AnsweredBy | None = None,
    explain: Explain = "brief",
    suppressions: Suppressions | None = None,
) -> Scored:
    """Score, categorise and advise; no assessment depends on another lead.

    Rules answer for every snapshot, model or not. The model answers for leads that were still open.
    Suppression wins over everything.

    Parameters
    ----------
    tables, snapshots : the leads and n (lead, cutoff) rows
    agreement : Agreement
        Category, BANT, stage and advice come from it.
    model : ReadinessModel or None
        None: ``score`` and ``stop_risk`` are NaN and the advice says that rules alone gave it.
    answered_by : AnsweredBy, optional
        Names the model and bundle in the assessments.
    explain : "none", "brief" (the strongest three reasons each way) or "full"
    suppressions : Suppressions, of the leads of the tables, optional
        Who must never be called beside those of whom the tables say it; if that could not be read, nobody
        is handed over. None: there is no such list. Whoever acts on the answers says so knowingly.

    Returns
    -------
    Scored, n rows, order of the snapshots kept

    Raises
    ------
    ModelError
        If the leads have no dates and the model learned with dates: nothing it reads of time is there.
    """
    ended = ended_before(tables, snapshots)
    never = suppressed(tables, snapshots, ended, suppressions)
    unread = suppressions is not None and suppressions.unread is not None
    verdicts = evaluate(tables, snapshots, agreement)
    said = predicted(model, tables, snapshots, verdicts.points, ended.outcome < 0)
    handed = desk(tables, snapshots)
    advices = _advised(verdicts, model, said.score, said.stop_risk, never, ended, handed, unread=unread)
    explaining = explain != "none"
    # No answers have a lead handed over while nobody is.
    seeking = explaining and not unread
    changes = would_change(verdicts, advices, model=model, desk=handed) if seeking else {}
    return Scored(
        tables=tables,
        snapshots=snapshots,
        agreement=agreement,
        model=model,
        answered_by=answered_by or rules_alone(agreement),
        ended=ended,
        verdicts=verdicts,
        advices=advices,
        score=said.score,
        stop_risk=said.stop_risk,
        percentile=said.percentile,
        prediction=said.prediction,
        matrix=said.matrix,
        effects=effects(model, said) if explaining else None,
        changes=changes,
        explain=explain,
        suppressions=suppressions,
    )


def advice_if_listed(scored: Scored) -> tuple[Json, ...]:
    """Say what the advice would be if each lead were on the list of who must never be called.

    For whoever keeps answers: of somebody who is put on the list later, this is the advice, no answers
    would change it, and all else stays as it was.

    Returns
    -------
    n dicts
        As the ``advice`` of each assessment.
    """
    n = len(scored)
    listed = _advised(
        scored.verdicts,
        scored.model,
        scored.score,
        scored.stop_risk,
        np.ones(n, dtype=np.bool_),
        scored.ended,
        desk(scored.tables, scored.snapshots),
        unread=False,
    )
    return tuple(sentences.advice(scored.verdicts, listed, row) for row in range(n))


def _advised(
    verdicts: Verdicts,
    model: ReadinessModel | None,
    chance: Floats,
    stop_risk: Floats,
    never: Flags,
    ended: Ended,
    handed: Desk,
    *,
    unread: bool,
) -> Advices:
    return advise(
        verdicts,
        agreement=verdicts.agreement,
        cutoff=verdicts.snapshots.cutoff,
        score=None if model is None else chance,
        stop_risk=None if model is None else stop_risk,
        capacity_score=model.capacity_score if model else None,
        suppressed=never,
        ended_outcome=ended.outcome,
        ended_at=ended.at,
        desk=handed,
        unread=unread,
    )


def rules_alone(agreement: Agreement) -> AnsweredBy:
    """Say that no model answered, only this agreement."""
    return AnsweredBy(
        None, None, AgreementReference(agreement.name, agreement.version, agreement.fingerprint)
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
