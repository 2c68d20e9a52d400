"""What a simulated world can be asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

LEAKS: Final = ("winners_only", "near_copy", "written_after")
"""Leak columns, by what betrays the outcome: a column that only winners have (``contract_no``), a nearly
faithful copy of the outcome (``pipeline_status``), a value written at the end (``closing_score``)."""


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """The world to simulate; by default one without traps.

    Parameters
    ----------
    leaks : names out of LEAKS
        Lead columns that betray the outcome, one of each kind asked for.
    drift : bool
        From the middle of the watched time on, bought lists bring more of the leads and fit no longer
        makes a sale likelier.
    random_handovers : float
        Chance on a working day that a lead in marketing's hands is handed over by lot; the chance
        stands as ``propensity`` beside such a hand-over.
    lost_records : float
        About which share of the leads loses its record within a year, depending on source and e-mail
        kind: ``last_known_at`` says when, and nothing later stands in the tables.
    end_early : float
        Which share of the leads ends early, mostly within weeks and mostly lost; who they are is hidden.
    random_outcome : bool
        Outcomes come at constant rates, whatever the lead is or does: there is nothing to learn.
    recorded : bool
        All that drives the outcomes stands in the tables: the buyer as attributes ``true_…``, engagement and
        who works the lead as answers dated when they changed.
    """

    leaks: tuple[str, ...] = ()
    drift: bool = False
    random_handovers: float = 0.0
    lost_records: float = 0.0
    end_early: float = 0.0
    random_outcome: bool = False
    recorded: bool = False

    def __post_init__(self) -> None:
        unknown = [name for name in self.leaks if name not in LEAKS]
        if unknown:
            raise ValueError(f"unknown leaks {unknown}; choose among {list(LEAKS)}")
        for name in ("random_handovers", "lost_records", "end_early"):
            share = getattr(self, name)
            if not 0.0 <= share < 1.0:
                raise ValueError(f"{name} is {share}; expected a share of at least 0 and below 1")


PURPOSES: Final = (
    "arrivals",
    "latents",
    "course",
    "seeds",
    "hours",
    "kinds",
    "causes",
    "talk",
    "answers",
    "decisions",
    "profile",
    "attributes",
    "leaks",
    "loss",
    "identity",
)
"""What chance is drawn for."""


@dataclass(frozen=True, slots=True)
class Streams:
    """One stream of chance for each purpose, so that an option touches nothing but its own part."""

    seed: int

    def __call__(self, purpose: str) -> np.random.Generator:
        """Return the stream for this purpose, from its beginning."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(PURPOSES.index(purpose),)))
