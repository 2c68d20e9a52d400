"""What was looked for in a model and not found, in sentences: a report that only lists successes misleads."""

from __future__ import annotations

from readiness.agreement.wording import listed
from readiness.counting import counted
from readiness.judging.judgement import (
    BASE_RATE,
    FORECASTS,
    LOGISTIC,
    MODEL,
    NAIVE_BAYES,
    POINTS_CARD,
    Judgement,
    SetJudgement,
)

_NAMED = 4


def sentences(judgement: Judgement, shown: SetJudgement | None) -> tuple[str, ...]:
    """Say what could not be shown: against which simpler ways, of which behaviours, of the stop risk."""
    if shown is None:
        return ()
    found = []
    if not judgement.skill.claimed:
        found.append("Nothing was found by which leads could be ranked.")
    rivals = [name for name in (POINTS_CARD, LOGISTIC, NAIVE_BAYES) if not _surely_beaten(shown, name)]
    if rivals and judgement.skill.claimed:
        named = listed([FORECASTS[name] for name in rivals])
        found.append(f"It was not shown that the model forecasts sales better than {named}.")
    unsure = [each.group for each in judgement.insight.importance if not (each.increase.low or 0.0) > 0]
    if unsure:
        more = f" and {len(unsure) - _NAMED} more" if len(unsure) > _NAMED else ""
        of = counted(len(judgement.insight.importance), "behaviour or attribute", "behaviours and attributes")
        named = ", ".join(unsure[:_NAMED])
        own = "it matters on its own" if len(unsure) == 1 else "they matter on their own"
        found.append(f"For {len(unsure)} of {of} it was not shown that {own}: {named}{more}.")
    stop = shown.figures[MODEL]["stop_auc"]
    if stop.low is not None and stop.low <= 0.5:
        found.append("It was not shown that the stop risk ranks better than chance does.")
    return tuple(found)


def _surely_beaten(shown: SetJudgement, rival: str) -> bool:
    gap = shown.differences.get(rival, {}).get("won_log_loss")
    return rival == BASE_RATE or gap is None or (gap.high is not None and gap.high < 0)
