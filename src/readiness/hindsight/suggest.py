"""From the history, what the agreement could say instead, judged on leads that came later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from readiness.agreement.document import Agreement
from readiness.crm.records import Instant, iso
from readiness.crm.tables import Tables
from readiness.hindsight.proposals import Edit, Option, amended, lawful
from readiness.hindsight.replay import NeverCall
from readiness.hindsight.suggest_choosing import NOTHING_FOUND, choose
from readiness.hindsight.suggest_effects import Curve, Effect, Later, effect, later
from readiness.hindsight.suggest_material import material
from readiness.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and what it alone would have done; None where it cannot stand alone, or was not asked."""

    option: Option
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed to the people who sign the agreement; with ``changes`` empty, why nothing is.

    ``proposed`` is the whole document with all changes, not signed by anybody.
    """

    agreement: Agreement
    changes: tuple[Change, ...]
    proposed: Agreement | None
    effect: Effect | None
    learned_until: Instant | None
    sentence: str

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits of the document, in order."""
        return tuple(edit for change in self.changes for edit in change.option.edits)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "agreement": {"name": self.agreement.name, "version": self.agreement.version},
            "sentence": self.sentence,
            "learned_until": None if self.learned_until is None else iso(self.learned_until),
            "changes": [
                {
                    "says": change.option.says,
                    "because": change.option.because,
                    "effect": None if change.effect is None else change.effect.to_dict(),
                }
                for change in self.changes
            ],
            "effect": None if self.effect is None else self.effect.to_dict(),
        }


def suggest(
    tables: Tables,
    agreement: Agreement,
    *,
    never_call: NeverCall | None = None,
    seed: int = 0,
    alone: bool = True,
    progress: Progress = silent,
) -> Suggestion:
    """Propose changes learned on the earlier part of the history and judge them once on later leads.

    The history is cut at an instant. Before it, changes are looked for that leave fewer stops at equally many
    sales and hardly more hand-overs. Leads created from it on say what the changes do; nothing is chosen by
    them, so that what is said of them is not said of the luckiest.

    Parameters
    ----------
    tables : Tables
    agreement : Agreement
        The one in force.
    never_call : optional
        Who must never be called, as `replay.Adviser` asks for it.
    seed : int
        Deals leads into folds and draws them for intervals.
    alone : bool
        Whether each change is judged alone too, and not only all of them together.

    Returns
    -------
    Suggestion
        Without changes where the history is too short, undated, or holds nothing that helps.
    """
    progress("Laying out the history", 0.0)
    found, missing = material(tables, agreement, never_call)
    if found is None:
        return Suggestion(agreement, (), None, None, None, missing)
    chosen = choose(found, agreement, seed=seed, progress=progress)
    if isinstance(chosen, str):
        return Suggestion(agreement, (), None, None, found.instant, chosen)
    progress("Judging on later leads", 0.0)
    unseen = later(tables, agreement, found.instant, never_call=never_call, seed=seed)
    proposed = lawful(amended(agreement, [edit for option in chosen for edit in option.edits]))
    if proposed is None:
        return Suggestion(agreement, (), None, None, found.instant, NOTHING_FOUND)
    now = unseen.curve(agreement)
    total = effect(unseen, now, unseen.curve(proposed), seed=seed)
    return Suggestion(
        agreement=agreement,
        changes=tuple(
            Change(option, _alone(unseen, now, agreement, option, seed) if alone else None)
            for option in chosen
        ),
        proposed=proposed,
        effect=total,
        learned_until=found.instant,
        sentence=sentence(total),
    )


def sentence(total: Effect) -> str:
    """Say what all changes together would have done to later leads, no surer than their number allows."""
    change, now, then = total.change, total.equal_now.value, total.equal.value
    if change.low is None or change.high is None or now is None or then is None:
        return "Whether the changes would have helped on later leads cannot be told: too few of them ended."
    moved = f"from {now:.1%} to {then:.1%} ({points(change.low)} to {points(change.high)} points)"
    if change.high < 0:
        return f"On later leads equally many sales would have come with a lower cry-wolf rate: {moved}."
    if change.low > 0:
        return f"On later leads the changes would have done harm at equally many sales: {moved}."
    return (
        f"On later leads, at equally many sales, the cry-wolf rate would have gone {moved}: too few told us "
        "to stop to be sure."
    )


def points(share: float) -> str:
    """Say a difference of shares in percentage points.

    >>> points(-0.0123), points(-1e-10)
    ('-1.2', '+0.0')
    """
    return f"{round(100 * share, 1) + 0.0:+.1f}"


def _alone(unseen: Later, now: Curve, agreement: Agreement, option: Option, seed: int) -> Effect | None:
    changed = amended(agreement, option.edits)
    return None if changed is None else effect(unseen, now, unseen.curve(changed), seed=seed)
