"""How far the leads that came lately differ from those that a model learned from, feature by feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.crm.quality.shares import p_of_difference
from readiness.crm.tables import Flags, Floats, Ints
from readiness.history.feature_plan import Feature
from readiness.judging.mixes import Mix, by_stretch, mix_of_codes, mix_of_numbers

FEWEST_STOPPED: Final = 20.0
"""So many leads should have done something before it is news that none did."""


@dataclass(frozen=True, slots=True)
class Shares:
    """So many of so many before, so many of so many now, and the chance of that where nothing changed.

    ``usual`` is how far the share of any stretch before lay from that of all of it.
    """

    before: tuple[int, int]
    now: tuple[int, int]
    p: float
    usual: float = 0.0

    @property
    def share_before(self) -> float:
        """The share before; 0 of none is 0."""
        return self.before[0] / max(self.before[1], 1)

    @property
    def share_now(self) -> float:
        """The share now; 0 of none is 0."""
        return self.now[0] / max(self.now[1], 1)

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {"before": list(self.before), "now": list(self.now), "p": self.p, "usual": self.usual}


@dataclass(frozen=True, slots=True)
class Shift:
    """How one feature differs between the leads learned from and those that came lately.

    ``mix`` is of the values that are known and that the model knows; a behaviour that never happened is one
    of them. ``missing`` (how many lack a value) and ``strange`` (values that the model never met, or numbers
    outside the usual range) are of what leads state, and None for behaviours. ``stopped`` is of behaviours
    named in the plan: how many showed it, where before many did and now nobody does.
    """

    feature: Feature
    mix: Mix
    missing: Shares | None
    strange: Shares | None
    stopped: Shares | None

    def to_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return {
            "feature": self.feature.name,
            "group": self.feature.group,
            "mix": self.mix.to_dict(),
            **{
                name: None if each is None else each.to_dict()
                for name, each in (
                    ("missing", self.missing),
                    ("strange", self.strange),
                    ("stopped", self.stopped),
                )
            },
        }


def shares(before: Flags, now: Flags, stretch: Ints | None = None) -> Shares:
    """Compare a share between two sides, by Fisher's exact test; ``stretch`` as in `mix_of_numbers`."""
    one, other = (int(before.sum()), len(before)), (int(now.sum()), len(now))
    parts = by_stretch(before.astype(np.int64), stretch, 2)
    far = [abs(float(held[1] / held.sum() - before.mean())) for held in parts if held.sum()]
    return Shares(one, other, p_of_difference(one, other), max(far, default=0.0))


def shift(feature: Feature, before: Floats, now: Floats, stretch: Ints | None = None) -> Shift:
    """Compare one feature between the leads learned from and those that came lately.

    Parameters
    ----------
    before : Floats, n
        The feature of leads learned from, one row a lead, looked at alike.
    now : Floats, m
        The same of leads that came lately.
    stretch : Ints, n, optional
        In which stretch of time each lead learned from came, from 0; -1 for none that is compared.
    """
    if not feature.measure.startswith(STATED):
        mixed = _mix(feature, before, now, stretch, feature.missing + 1)
        return Shift(feature, mixed, None, None, _stopped(feature, before, now))
    lacks, lack = _lacking(feature, before), _lacking(feature, now)
    had, has = before[~lacks], now[~lack]
    of_those = None if stretch is None else stretch[~lacks]
    return Shift(
        feature,
        _mix(feature, had, has, of_those, feature.unseen),
        shares(lacks, lack, stretch),
        shares(_odd(feature, had), _odd(feature, has), of_those),
        None,
    )


STATED: Final = ("source", "attribute:")
"""What leads state as they come, by the beginning of its measure; all else they do later."""


def _mix(feature: Feature, before: Floats, now: Floats, stretch: Ints | None, codes: int) -> Mix:
    if feature.kind == "number":
        return mix_of_numbers(before, now, stretch)
    return mix_of_codes(before, now, codes, stretch)


def _lacking(feature: Feature, values: Floats) -> Flags:
    lacking: Flags = np.isnan(values) if feature.kind == "number" else values == feature.missing
    return lacking


def _odd(feature: Feature, values: Floats) -> Flags:
    if feature.kind == "category":
        unseen: Flags = values == feature.unseen
        return unseen
    low = -np.inf if feature.low is None else feature.low
    high = np.inf if feature.high is None else feature.high
    outside: Flags = (values < low) | (values > high)
    return outside


def _stopped(feature: Feature, before: Floats, now: Floats) -> Shares | None:
    """Say how many showed a behaviour, where many did and nobody does any more."""
    if not feature.of:
        return None
    did, does = (_shown(feature, side) for side in (before, now))
    if not len(did) or does.any() or did.mean() * len(does) < FEWEST_STOPPED:
        return None
    return shares(did, does)


def _shown(feature: Feature, values: Floats) -> Flags:
    shown: Flags = values < feature.missing if feature.kind == "category" else np.nan_to_num(values) != 0.0
    return shown
