"""What the page of a watch says: every sentence and figure, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from readiness.counting import counted
from readiness.crm.records import Instant, iso
from readiness.judging.bootstrap import Figure
from readiness.judging.drift import Shift
from readiness.judging.expected_ends import Ends
from readiness.judging.foreseen import ASSUMPTION, Foreseen
from readiness.reports.notation import between, day, last_day, plain, share
from readiness.reports.printed import Fact, Table
from readiness.training_run.watching.ends import Block
from readiness.training_run.watching.findings import Finding
from readiness.training_run.watching.watch import Verdict, Watched

LEAD_COLUMNS: Final = ("", "PSI", "usual", "empty then", "now", "odd then", "now")
END_COLUMNS: Final = ("", "since", "expected", "seen", "ratio", "95 %", "told apart")
_BLOCK_COLUMNS: Final = (
    "Four weeks from",
    "won: expected",
    "seen",
    "stop: expected",
    "seen",
    "otherwise: expected",
    "seen",
)
_FINDING_COLUMNS: Final = ("Finding", "of", "measured", "required", "p, adjusted", "is")
_ENDS: Final = {"won": "won", "stop": "told us to stop", "otherwise": "otherwise ended"}
_IS: Final = {"act": "act on it", "note": "changed", "too_few": "too few to tell", "quiet": "quiet"}

NOTES: Final = (
    "New leads are compared with those learned from at the same age: when they had just come, and a week "
    "later. PSI is the population stability index; “usual” is the largest that a stretch of the same "
    "length reached among the leads learned from, for campaigns come and go.",
    "Expected is the sum of the leads' cumulative hazards by the model, each for as long as it was open "
    "and seen; a lead that is still open is not known yet, and never a no. “Told apart” is how much of the "
    "differences between leads that the model tells showed in who ended so.",
    "Something is raised only if it is as far off as matters and beyond chance among all questions asked "
    "together: where nothing changed, fewer than one watch in a hundred raises anything.",
    ASSUMPTION,
)


@dataclass(frozen=True, slots=True)
class WatchPage:
    """Everything that is said of a watch."""

    title: str
    subtitle: str
    verdict: str
    kind: Verdict
    highlights: tuple[Fact, ...]
    raised: tuple[Finding, ...]
    untold: tuple[Finding, ...]
    performance: tuple[str, ...]
    ends: Table
    blocks: Table
    leads: Table
    questions: Table
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the sentences, ready for JSON; the figures are the watch's own."""
        return {"sentence": self.verdict, "performance": list(self.performance)}


def summarise(seen: Watched, *, bundle: str) -> WatchPage:
    """Put together what is said of a watch; ``bundle`` names the model."""
    stated, done = seen.new_leads.stated, seen.new_leads.done
    return WatchPage(
        title="What changed since the model learned",
        subtitle=f"Model {bundle[:12]} learned from data until {last_day(iso(seen.data_end))}; watched on "
        f"{day(iso(seen.at))}.",
        verdict=verdict(seen),
        kind=seen.verdict,
        highlights=(
            Fact(f"leads came since {day(iso(stated.start))}", f"{stated.now:,}"),
            Fact("leads learned from beside them", f"{stated.then:,}"),
            Fact("questions asked", f"{seen.asked:,}"),
            Fact("answered with a change", f"{len(seen.raised):,}"),
        ),
        raised=seen.raised,
        untold=seen.untold,
        performance=tuple(_performance(seen)),
        ends=Table(
            END_COLUMNS,
            tuple(
                _ended(name, each, stretch.start)
                for stretch in seen.ends.stretches
                for name, each in stretch.by_end.items()
            ),
        ),
        blocks=Table(_BLOCK_COLUMNS, tuple(_block(each) for each in seen.ends.blocks)),
        leads=Table(LEAD_COLUMNS, tuple(map(_shifted, _by_size((*stated.shifts, *done.shifts))))),
        questions=Table(_FINDING_COLUMNS, tuple(map(_question, seen.findings)), texts=(1, 5)),
        facts=_facts(seen, bundle),
        notes=NOTES,
    )


def verdict(seen: Watched) -> str:
    """Say in one sentence what it comes to."""
    count = sum(1 for each in seen.raised if each.action == "retrain")
    if seen.verdict == "crm":
        columns = sorted({each.of for each in seen.raised if each.action == "crm"})
        also = " The ends are off too: look again once that is mended." if _asks(seen, "retrain") else ""
        return f"The CRM changed: look at {_listed(columns)} before anything is retrained.{also}"
    if seen.verdict == "retrain":
        says = "says" if count == 1 else "say"
        return f"Retrain: {counted(count, 'finding')} {says} that leads end otherwise now."
    if seen.verdict == "changed":
        things = counted(len(seen.raised), "thing")
        return f"{things} changed beyond chance; nothing says yet that the model no longer holds."
    if seen.verdict == "quiet":
        return "Quiet: nothing changed beyond chance that would matter."
    return "Too few to tell: nothing can be said yet."


def _asks(seen: Watched, action: str) -> bool:
    return any(each.status == "act" and each.action == action for each in seen.raised)


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return f"`{names[0]}`"
    return f"{', '.join(f'`{name}`' for name in names[:-1])} and `{names[-1]}`"


def _performance(seen: Watched) -> Iterator[str]:
    """Say what the model expects of itself, and what came true."""
    for name, now in seen.new_leads.now.items():
        then = seen.new_leads.then[name]
        if now.share.value is not None and now.auc.value is not None:
            yield _expects(_ENDS[name], then, now)
    for name, skill in seen.realised.by_end.items():
        auc, judged = skill.figures["auc"], skill.judged.get("auc")
        before = "" if judged is None else f", when judged {_with(judged)}"
        if auc.value is not None:
            yield (
                f"Of {seen.realised.leads:,} leads created since and followed for {seen.horizon_days:g} "
                f"days, {skill.cases:,} {'were won' if name == 'won' else 'told us to stop'}: AUC "
                f"{_with(auc)}{before}."
            )
    cried = seen.cried_wolf
    for said, each in (("before", cried.then), ("since", cried.now)):
        if each is not None and each.rate.value is not None:
            rate = each.rate
            yield (
                f"Cry-wolf rate of the agreement's hand-overs {said} the model's data end: "
                f"{share(rate.value)} ({between(rate.low, rate.high)}), of {each.n:,} followed for "
                f"{seen.horizon_days:g} days."
            )


def _expects(end: str, then: Foreseen, now: Foreseen) -> str:
    return (
        f"If the model's chances hold, {share(now.share.value)} of the leads that came lately will be {end}, "
        f"told apart with an AUC of {plain(now.auc.value, '.2f')}; of those learned from it expects "
        f"{share(then.share.value)} and {plain(then.auc.value, '.2f')}."
    ).replace("will be told us to stop", "will tell us to stop")


def _with(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return plain(figure.value, ".2f")
    return f"{plain(figure.value, '.2f')} ({figure.low:.2f}–{figure.high:.2f})"


def _ended(name: str, found: Ends, start: Instant) -> tuple[str, ...]:
    span = "–" if found.low is None or found.high is None else f"{found.low:.2f}–{found.high:.2f}"
    return (
        _ENDS[name],
        str(iso(start))[:10],
        f"{found.expected:,.0f}",
        f"{found.observed:,}",
        plain(found.ratio, ".2f"),
        span,
        _told_apart(found.slope),
    )


def _told_apart(slope: float | None) -> str:
    """Write a slope as a share; far beyond all there is, few ends make it."""
    return f"over {share(_STEEP)}" if slope is not None and slope > _STEEP else share(slope).replace("-", "−")


_STEEP: Final = 2.0


def _block(block: Block) -> tuple[str, ...]:
    pairs = zip(block.expected, block.observed, strict=True)
    return (day(iso(block.start)), *(text for one, other in pairs for text in (f"{one:,.0f}", f"{other:,}")))


def _by_size(shifts: tuple[Shift, ...]) -> list[Shift]:
    return sorted(shifts, key=lambda each: (-_moved(each), each.feature.name))


def _moved(shift: Shift) -> float:
    shares = [abs(each.share_now - each.share_before) for each in (shift.missing, shift.strange) if each]
    return max(shift.mix.psi, *shares) if shares else shift.mix.psi


def _shifted(shift: Shift) -> tuple[str, ...]:
    cells = [shift.feature.name, f"{shift.mix.psi:.2f}", f"{shift.mix.usual:.2f}"]
    for each in (shift.missing, shift.strange):
        cells += ["–", "–"] if each is None else [share(each.share_before), share(each.share_now)]
    return tuple(cells)


def _question(found: Finding) -> tuple[str, ...]:
    return (
        found.code,
        found.of,
        plain(found.measured, ".3g"),
        plain(found.required, ".3g"),
        plain(found.p, ".2g"),
        _IS[found.status],
    )


def _facts(seen: Watched, bundle: str) -> tuple[Fact, ...]:
    return (
        Fact("Model", bundle),
        Fact("Its data end", last_day(iso(seen.data_end))),
        Fact("Watched on", day(iso(seen.at))),
        Fact("New leads from", day(iso(seen.new_leads.stated.start))),
        Fact("Ends from", day(iso(seen.ends.newest.start))),
        Fact("Leads that could end", f"{seen.ends.newest.leads:,}"),
        Fact("Horizon", f"{seen.horizon_days:g} days"),
    )
