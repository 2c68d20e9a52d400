"""A model as it is used, with what it was made of: asked about leads at any instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from readiness.agreement.document import Agreement
from readiness.agreement.verdicts import evaluate
from readiness.artefact import Bundle
from readiness.crm.records import Instant, instant
from readiness.crm.tables import Floats, Tables
from readiness.errors import ModelError
from readiness.history import features
from readiness.history.snapshots import Snapshots
from readiness.learning.model import ReadinessModel

MOST: Final = 20_000
"""So many leads are looked at, drawn at random where there are more: they show all that matters."""

_STEPS: Final = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
_WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class InUse:
    """A model, the agreement it learned beside, where its data ended, and how it was judged then."""

    model: ReadinessModel
    agreement: Agreement
    data_end: Instant
    horizon_days: float
    judgement: Mapping[str, Any]

    @classmethod
    def of(cls, bundle: Bundle) -> InUse:
        """Take it from a bundle.

        Raises
        ------
        ModelError
            If the model learned from leads without dates: nobody can say which leads are new to it.
        """
        end, horizon = bundle.provenance.data_end, bundle.model.horizon_days
        if end is None or horizon is None:
            raise ModelError(
                "This model learned from leads without dates, so nobody can say which leads came since. "
                "Train on tables with created_at to watch a model"
            )
        return cls(bundle.model, bundle.agreement, instant(end), horizon, bundle.judgement or {})

    @property
    def days(self) -> tuple[float, ...]:
        """The days at which curves are asked for: close at first, then weekly, to the reach."""
        reach = self.model.incidence.reach_
        steps = [*_STEPS, *np.arange(_WEEK, reach, _WEEK).tolist()]
        return (*(day for day in steps if day < reach), reach)

    def matrix(self, tables: Tables, looks: Snapshots) -> Floats:
        """Return the features at the looks, by the points of the agreement that the model learned with."""
        points = evaluate(tables, looks, self.agreement).points
        return features.build(tables, looks, self.model.plan, points)


def some(tables: Tables, looks: Snapshots, *, most: int = MOST, seed: int = 0) -> Snapshots:
    """Return the looks at so many leads at most, drawn at random; whatever the order of the leads is."""
    leads = np.unique(looks.lead)
    if len(leads) <= most:
        return looks
    ranked = leads[np.argsort(tables.leads.lead_id[leads].astype(str), kind="stable")]
    drawn = ranked[np.random.default_rng((seed, 5)).permutation(len(ranked))[:most]]
    return looks.where(np.isin(looks.lead, drawn))
