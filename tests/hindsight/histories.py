"""Small histories in which it is known what tells sales from stops."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm.tables import Tables
from readiness.hindsight.suggest import Suggestion, suggest
from tests.builders import activity, answer, lead, outcome, tables

DAYS = 540


@lru_cache(maxsize=4)
def history(*, telling: bool, leads: int = 1_200, seed: int = 1) -> Tables:
    """Return leads who all fit and of whom two BANT points are confirmed.

    Those from a ``fair`` come with a form, and a third of them tells us to stop. Of those from the ``shop``
    hardly anybody does, and more of them buy: two in five come with a form, a quarter only replied, which is
    less than the shipped agreement's line asks for, the others only followed a link. Where nothing is
    telling, all sources are alike.
    """
    random = np.random.default_rng(seed)
    rows, activities, answers, outcomes = [], [], [], []
    for number in range(leads):
        name, day = f"L-{number:05d}", float(random.uniform(0, DAYS))
        fair, shown = random.random() < 0.3, random.random()
        stops = (0.35 if fair else 0.02) if telling else 0.15
        wins = 0.15 if fair and telling else 0.3
        rows.append(
            lead(
                name,
                day,
                "fair" if fair else "shop",
                company_size=50,
                industry="software",
                seniority="director",
            )
        )
        kind = "form_submitted" if fair or shown < 0.4 else "email_reply" if shown < 0.65 else "email_clicked"
        activities.append(activity(day + 0.01, kind, lead_id=name))
        answers.append(answer(day + 0.02, "need", "clear", lead_id=name))
        end = day + 1 + float(random.uniform(0, 60))
        drawn = random.random()
        if end < DAYS and drawn < stops + wins:
            outcomes.append(outcome(end, "stop_calling" if drawn < stops else "closed_won", lead_id=name))
    return tables(rows, activities, answers, outcomes, through=DAYS)


@lru_cache(maxsize=1)
def proposal() -> Suggestion:
    """Return what is proposed to the shipped agreement where the history is telling."""
    return suggest(history(telling=True), load(shipped.agreement()))
