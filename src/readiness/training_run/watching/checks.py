"""The questions that a watch asks of what it saw, each with its answer in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from readiness.counting import counted
from readiness.judging.drift import Shares, Shift
from readiness.judging.mixes import Mix
from readiness.training_run.watching import leads as of_leads
from readiness.training_run.watching.findings import Check, Finding, surest, too_few
from readiness.training_run.watching.leads import Looked, NewLeads
from readiness.training_run.watching.notation import day, share
from readiness.training_run.watching.strangers import said

PSI: Final = 0.1
"""From here on a mix has moved."""
PSI_FAR: Final = 0.25
"""From here on it is another one."""
MISSING: Final = 0.10
STRANGE: Final = 0.05
"""By so much must a share change, or rise."""
OVER_USUAL: Final = 1.5
"""And so many times as far as any stretch of time did among the leads learned from."""

EXACT: Final = float("nan")
"""No matter of chance."""
WAIT: Final = "Nothing yet: other leads come. While as many end as expected, the model holds for them too."


def of_new_leads(seen: NewLeads) -> Iterator[Check | Finding]:
    """Ask whether the leads that came lately are like those learned from."""
    yield from _gone(seen)
    for looked, what in ((seen.stated, "came"), (seen.done, "became a week old")):
        if not looked.enough:
            yield _too_few_leads(looked, what)
    for shift in seen.stated.shifts:
        yield from _stated(shift, seen.stated, said(seen.strangers.get(shift.feature.of, ())))
    yield from _done(seen.done)
    if seen.scores is not None:
        yield _scores(seen.scores, seen.stated)


def _gone(seen: NewLeads) -> Iterator[Check]:
    for name in seen.gone:
        yield _crm(
            "COLUMN_GONE",
            name,
            sentence=f"The model reads the column {name}, and no lead has a value there that it can read, "
            "not even those it learned from.",
            to_do=f"The CRM or the mapping changed: find out what became of {name}, and map it as it was.",
        )
    for name, (lost, of) in seen.renamed.items():
        yield _crm(
            "VALUES_RENAMED",
            name,
            measured=lost / of,
            required=0.5,
            sentence=f"Of the {counted(of, 'value')} of {name} that the model knows, {lost} stand nowhere "
            "any more, though each was shared by several leads it learned from.",
            to_do=f"The CRM or the mapping spells {name} otherwise now: map new values to the old ones.",
        )


def _crm(
    code: str,
    of: str,
    *,
    sentence: str,
    to_do: str,
    measured: float = 0.0,
    required: float | None = None,
    beyond: bool = True,
    p: float = EXACT,
) -> Check:
    return Check(code, of, measured, required, beyond, p, "act", "crm", sentence, to_do)


def _too_few_leads(looked: Looked, what: str) -> Finding:
    needed = of_leads.FEWEST
    if looked.then < needed:
        sentence = (
            f"Too few to tell: only {counted(looked.then, 'lead')} of those learned from {what} in these "
            f"tables, and comparing takes {needed}. Watch with the tables that the model learned from, later "
            "rows appended."
        )
        return too_few("LEARNED_FROM", sentence, float(looked.then), float(needed))
    sentence = (
        f"Too few to tell: {counted(looked.now, 'lead')} {what} since {day(looked.start)}, and comparing "
        f"takes {needed}."
    )
    return too_few("NEW_LEADS", sentence, float(looked.now), float(needed))


def _stated(shift: Shift, looked: Looked, named: str) -> Iterator[Check]:
    name = shift.feature.of
    if shift.missing is not None:
        now, then = shift.missing.share_now, shift.missing.share_before
        far = max(MISSING, OVER_USUAL * shift.missing.usual)
        yield _crm(
            "FILL_RATE",
            name,
            measured=now,
            required=then + far if now >= then else max(then - far, 0.0),
            beyond=abs(now - then) >= far,
            p=shift.missing.p,
            sentence=f"{name} is empty for {share(now)} of the {looked.now:,} leads that came since "
            f"{day(looked.start)}; among those learned from it was {share(then)}.",
            to_do=f"The CRM changed: look at the column {name} and its mapping before you retrain.",
        )
    if shift.strange is not None:
        yield _strange(shift, shift.strange, looked, named)
    yield _mixed(shift, name, looked, "that came")


def _strange(shift: Shift, strange: Shares, looked: Looked, named: str) -> Check:
    name, now, then = shift.feature.of, strange.share_now, strange.share_before
    words = shift.feature.kind == "category"
    says = "holds a value that the model never met" if words else "lies outside its usual range"
    changed = "new values, or old ones spelt otherwise" if words else "another unit, or another meaning"
    far = max(STRANGE, OVER_USUAL * strange.usual)
    return _crm(
        "UNSEEN_VALUES" if words else "UNUSUAL_NUMBERS",
        name,
        measured=now,
        required=then + far,
        beyond=now - then >= far,
        p=strange.p,
        sentence=f"{name} {says} for {share(now)} of the {counted(strange.now[1], 'lead')} since "
        f"{day(looked.start)} that have one; among those learned from it was {share(then)}. {named}".strip(),
        to_do=f"The CRM changed: look at the column {name} and its mapping ({changed}).",
    )


def _mixed(shift: Shift, of: str, looked: Looked, who: str) -> Check:
    what = of if of == shift.feature.of else f"{of} ({shift.feature.name})"
    return _moved(
        "MIX_SHIFTED", of, shift.mix, f"The mix of {what} among leads {who} since {day(looked.start)}"
    )


def _moved(code: str, of: str, mix: Mix, what: str) -> Check:
    required = max(PSI, OVER_USUAL * mix.usual)
    beyond = mix.psi >= required
    moved = "is as it was" if not beyond else "is another one" if mix.psi >= PSI_FAR else "has moved"
    sentence = f"{what} {moved}: PSI {mix.psi:.2f}."
    return Check(code, of, mix.psi, required, beyond, mix.p, "note", "nothing", sentence, WAIT)


def _done(looked: Looked) -> Iterator[Check]:
    """Ask of each behaviour once whether it stopped, and of its columns together whether they moved."""
    stopped: dict[str, Shares] = {}
    by_group: dict[str, list[Shift]] = {}
    for shift in looked.shifts:
        by_group.setdefault(shift.feature.group, []).append(shift)
        if shift.stopped is not None:
            stopped.setdefault(shift.feature.of, shift.stopped)
    for name, none in stopped.items():
        yield _crm(
            "BEHAVIOUR_STOPPED",
            name,
            sentence=f"Nothing of {name} is noted of any of the {looked.now:,} leads that became a week old "
            f"since {day(looked.start)}; of those learned from, {share(none.share_before)} had it by then.",
            to_do=f"The CRM changed: find out whether {name} is still recorded, or is called otherwise now.",
        )
    for group, shifts in by_group.items():
        asked = [_mixed(each, group, looked, "in their first week") for each in shifts]
        yield surest(asked)


def _scores(scores: Mix, looked: Looked) -> Check:
    what = f"The spread of scores among leads that came since {day(looked.start)}"
    return _moved("SCORES_SHIFTED", "", scores, what)
