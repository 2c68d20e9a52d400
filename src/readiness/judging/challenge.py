"""Champion and challenger on the same leads: each gate asks one thing, and says what it measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from readiness.counting import are, counted
from readiness.history.outcomes import STOP, WON
from readiness.judging import gains, metrics
from readiness.judging.bootstrap import Ratio, Resamples, draw
from readiness.judging.cohort import Known, known_at
from readiness.judging.contest import CHALLENGER, CHAMPION, FEWEST_EACH, FEWEST_LEADS, Contest
from readiness.judging.gates import Gate, Outcome, not_asked, too_few
from readiness.judging.own_merits import calibrated, knows
from readiness.judging.paired import Shortfall, shortfall
from readiness.judging.segments import SURE, Segment, judge_segments
from readiness.judging.sentences import percent

MARGIN: Final = 0.02
"""So much worse than the champion, as a share of the champion's figure, counts as no worse."""
REPLICATES: Final = 1_000

_NO_CHAMPION: Final = "There is no champion to compare with: this is the first model."
_BESIDE: Final = ("log_loss", "integrated_brier", "stop_risk", "weekly_precision")
_OWN: Final = ("calibrated", "boldness", "stop_calibrated", "skill", "beats_points_card", "beats_naive_bayes")


def gates_of(
    contest: Contest, *, seed: int = 0, replicates: int = REPLICATES, margin: float = MARGIN
) -> tuple[Gate, ...]:
    """Ask everything that is asked on leads: beside the champion, beside the baselines, and of itself.

    Gates about the champion are not asked where there is none. The same input gives the same gates.

    Parameters
    ----------
    replicates : int
        Resamples of whole leads behind each bound, the same for all.
    margin : float
        By which share of the champion's figure the challenger may be worse.
    """
    known = known_at(contest.cohort, contest.horizon_days)
    resamples = draw(contest.cohort.lead, replicates=replicates, seed=seed)
    segments = judge_segments(
        contest.cohort,
        known,
        contest.of(CHALLENGER, WON),
        contest.of(CHAMPION, WON) if CHAMPION in contest.forecasts else None,
        contest.segments,
        margin=margin,
    )
    return (
        _enough(contest, known),
        *_Beside(contest, known, resamples, margin).gates(),
        _segments(segments, CHAMPION in contest.forecasts, margin),
        *calibrated(contest, known, resamples),
        *knows(contest, known, resamples, seed),
    )


def without_leads(missing: str, *, champion: bool) -> tuple[Gate, ...]:
    """Return the same gates where there are no leads to ask them on; ``missing`` says what it takes."""
    beside = (*_BESIDE, "segments")
    return (
        too_few("enough_leads", missing),
        *(too_few(code, missing) if champion else not_asked(code, _NO_CHAMPION) for code in beside),
        *(too_few(code, missing) for code in _OWN),
    )


def _enough(contest: Contest, known: Known) -> Gate:
    """Ask for enough leads, of which enough were won and enough were not."""
    seen, lead = known.weight > 0, contest.cohort.lead
    won = len(np.unique(lead[seen & (known.outcome == WON)]))
    other = len(np.unique(lead[seen & (known.outcome != WON)]))
    leads = len(np.unique(lead[seen]))
    enough = leads >= FEWEST_LEADS and min(won, other) >= FEWEST_EACH
    return Gate(
        "enough_leads",
        "passed" if enough else "too_few",
        f"What became of {counted(leads, 'lead')} is known, {won:,} of them won; it takes {FEWEST_LEADS}, of "
        f"which {FEWEST_EACH} were won and {FEWEST_EACH} not.",
        float(min(won, other)),
        float(FEWEST_EACH),
        at_least=True,
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """Champion and challenger by one figure after another, all from the same draws."""

    contest: Contest
    known: Known
    resamples: Resamples
    margin: float

    def gates(self) -> Iterator[Gate]:
        if CHAMPION not in self.contest.forecasts:
            yield from (not_asked(code, _NO_CHAMPION) for code in _BESIDE)
            return
        yield self._log_loss()
        yield self._integrated_brier()
        yield self._stop_risk()
        yield self._weekly_precision()

    def _log_loss(self) -> Gate:
        return self._gate(
            "log_loss",
            "log-loss",
            lambda name: metrics.log_loss(self.known, self.contest.of(name, WON), WON),
        )

    def _integrated_brier(self) -> Gate:
        contest = self.contest
        if contest.horizon_days is None:
            return not_asked("integrated_brier", "Without dates there are no curves to compare.")
        by_day = [known_at(contest.cohort, day) for day in contest.days]
        return self._gate(
            "integrated_brier",
            "integrated Brier score",
            lambda name: metrics.integrated_brier(
                contest.cohort, contest.forecasts[name][:, :, WON - 1], contest.days, WON, by_day
            ),
        )

    def _stop_risk(self) -> Gate:
        contest, known = self.contest, self.known
        said = {name: np.isfinite(contest.of(name, STOP)).all() for name in (CHALLENGER, CHAMPION)}
        if not said[CHAMPION]:
            return not_asked("stop_risk", "The champion gives no stop risk: there is none to be worse than.")
        if not said[CHALLENGER]:
            why = "The champion says how likely a stop is, and the challenger does not."
            return Gate("stop_risk", "refused", why)
        stops = len(np.unique(contest.cohort.lead[(known.weight > 0) & (known.outcome == STOP)]))
        if stops < FEWEST_EACH:
            why = f"{counted(stops, 'lead')} told us to stop; it takes {FEWEST_EACH} to compare stop risks."
            return too_few("stop_risk", why)
        return self._gate(
            "stop_risk",
            "log-loss of stop risks",
            lambda name: metrics.log_loss(known, contest.of(name, STOP), STOP),
        )

    def _weekly_precision(self) -> Gate:
        contest, weekly = self.contest, self.contest.weekly
        if weekly is None:
            return not_asked("weekly_precision", "Without dates there are no weeks that sales could fill.")
        return self._gate(
            "weekly_precision",
            "share of sales among the leads that sales would take",
            lambda name: gains.precision_weekly(
                self.known, contest.of(name, WON), WON, contest.cohort.lead, weekly
            ),
            "higher",
        )

    def _gate(
        self,
        code: str,
        what: str,
        of: Callable[[str], Ratio],
        better: Literal["higher", "lower"] = "lower",
    ) -> Gate:
        challenger, champion = (self.resamples.ratio(of(name)) for name in (CHALLENGER, CHAMPION))
        return within(code, what, shortfall(challenger, champion, better), self.margin)


def within(code: str, what: str, found: Shortfall | None, margin: float) -> Gate:
    """Pass a shortfall whose upper bound is within the margin; refuse one that is surely there.

    Parameters
    ----------
    what : str
        The figure, as a sentence calls it.
    found : Shortfall or None
        None where too few leads carry it.
    """
    if found is None:
        return too_few(code, f"Too few leads carry the {what} to say how sure a difference is.")
    outcome: Outcome
    if found.high <= margin:
        outcome, verdict = "passed", "so it is no worse"
    elif found.low > 0:
        outcome, verdict = "refused", "and it is surely worse"
    else:
        outcome, verdict = "too_few", "too few leads to tell whether it is worse"
    by = f"{percent(abs(found.value))} {'worse' if found.value > 0 else 'better'} than"
    bound = (
        f"at most {percent(found.high)} worse"
        if found.high >= 0
        else f"at least {percent(-found.high)} better"
    )
    sentence = (
        f"Its {what} is {by if found.value else 'the same as'} the champion's; with 95 % confidence it is "
        f"{bound}, {verdict}."
    )
    return Gate(code, outcome, sentence, found.high, margin, "share")


def _segments(found: Sequence[Segment], champion: bool, margin: float) -> Gate:
    if not champion:
        return not_asked("segments", _NO_CHAMPION)
    if not found:
        return not_asked("segments", "There is no source, size, region or other column to part the leads by.")
    judged = [each for each in found if each.p is not None]
    small = len(found) - len(judged)
    left = f" {counted(small, 'other')} {are(small)} too small to judge." if small else ""
    if not judged:
        return too_few("segments", f"All {counted(len(found), 'segment')} are too small to judge.")
    worse = [each for each in judged if each.inferior]
    least = min(each.p for each in judged if each.p is not None)
    if worse:
        named = "; ".join(f"{each.by} {each.name} ({percent(each.worse)} worse)" for each in worse)
        told = f"Surely more than {percent(margin)} worse than the champion in {named}."
        return Gate("segments", "refused", told + left, least, SURE, at_least=True)
    told = f"In none of {counted(len(judged), 'segment')} surely more than {percent(margin)} worse (Holm)."
    return Gate("segments", "passed", told + left, least, SURE, at_least=True)
