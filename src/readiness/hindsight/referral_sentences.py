"""What a referral is worth, in sentences computed from the figures."""

from __future__ import annotations

from typing import Final

from readiness.hindsight.notation import shown
from readiness.hindsight.referrals import Referrals
from readiness.hindsight.significance import Verdict
from readiness.hindsight.signifier_sentences import times
from readiness.judging.bootstrap import Figure
from readiness.judging.sentences import within

_VERDICTS: Final[dict[Verdict, str]] = {
    "more": "so it is worth something",
    "less": "so it is worth less than nothing",
    "no difference": "no difference worth naming",
    "too few to tell": "too few to tell",
}


def referral_sentence(found: Referrals) -> str:
    """Say in one sentence what a referral is worth, raw and among leads like each other."""
    if found.missing is not None:
        return found.missing
    raw = (
        f"Of leads that were referred {_share(found.referred.won)} were won{_within(found)}, of all others "
        f"{_share(found.others.won)}"
    )
    return f"{raw}; {_adjusted(found)}."


def _adjusted(found: Referrals) -> str:
    effect = found.adjusted
    if effect.ratio is None:
        return "whether that is because of the referral cannot be told, with so few sales"
    alike = "among leads alike in fit, interest and all else that was known"
    match effect.verdict:
        case "more" | "less":
            only = "only " if effect.verdict == "less" else ""
            return f"{alike}, those referred are won {only}{times(effect)} times as often"
        case "no difference":
            return f"{alike}, a referral makes no difference worth naming: {times(effect)} times as often"
        case _:
            return f"{alike}, there are too few to tell: {times(effect)} times as often"


def _share(figure: Figure) -> str:
    return "an unknown share" if figure.value is None else shown(figure)


def _within(found: Referrals) -> str:
    return within(found.horizon_days) or " of those that ended"


def relation_sentences(found: Referrals) -> tuple[str, ...]:
    """Say the same by how the referrer stands to us, where that is told of enough leads."""
    within_horizon = _within(found)
    return tuple(
        f"Referred by a {each.name}: {each.share.leads:,} leads, {_share(each.share.won)} won"
        f"{within_horizon}; "
        f"{times(each.adjusted)} times as often as leads alike that nobody referred: "
        f"{_VERDICTS[each.adjusted.verdict]}."
        for each in found.relations
    )
