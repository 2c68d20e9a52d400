"""The sentences of the section "Where are our leads?", computed from its numbers."""

from __future__ import annotations

from typing import Final

from readiness.agreement.wording import listed
from readiness.counting import are, counted, have
from readiness.hindsight.ageing import READY, WITH_SALES, Ageing, Waiting
from readiness.hindsight.leads_now import LeadsNow
from readiness.judging.bootstrap import Figure
from readiness.judging.sentences import FEWEST_TOLD, within
from readiness.reports.leads_points import bant_short
from readiness.reports.notation import between, category, day, hundredths, last_day, share

NO_LEADS: Final = "There is no open lead."
UNTIMED_KINDS: Final = "These leads have no dates: of which kind they were before can't be known."
UNTIMED_MOVES: Final = "These leads have no dates: how they move from kind to kind can't be known."
UNTIMED_WAITS: Final = "These leads have no dates: how long they wait can't be known."
_TO_COMPARE: Final = 2


def headline(found: LeadsNow) -> str:
    """Say how many of the open leads are ready for sales, and how many of those with sales wait too long."""
    if not found.open_leads:
        return NO_LEADS
    ready = sum(each.leads for each in found.gaps if each.category in found.passing)
    kinds = listed([category(name).lower() for name in found.passing])
    when = f" at the end of {last_day(found.at)}" if found.at else ""
    many = f"{ready:,} ({share(ready / found.open_leads)}) {are(ready)}" if ready else "none is"
    text = f"Of {counted(found.open_leads, 'open lead')}{when}, {many} ready for sales ({kinds})"
    if found.ageing is None:
        return f"{text}."
    with_sales = _group(found.ageing, WITH_SALES)
    if not with_sales.leads:
        return f"{text}; none is with sales."
    return (
        f"{text}; of the {with_sales.leads:,} that are with sales, {with_sales.overdue:,} "
        f"{have(with_sales.overdue)} waited longer than the agreed "
        f"{counted(found.ageing.response_hours, 'hour')} for somebody to be in touch."
    )


def over_time(found: LeadsNow) -> str:
    """Say how the number of ready leads moved over the months."""
    if not found.months:
        return UNTIMED_KINDS if found.at is None else "No month began while these leads were watched."
    first, last = found.months[0], found.months[-1]
    places = [number for number, each in enumerate(found.gaps) if each.category in found.passing]
    ready = [sum(month.leads[place] for place in places) for month in (first, last)]
    everybody = [sum(month.leads) for month in (first, last)]
    drawn = ""
    if found.followed < found.leads:
        drawn = f" Followed are {found.followed:,} of {found.leads:,} leads, drawn at random."
    return (
        f"At the beginning of {_month(first.month)} {ready[0]:,} of {counted(everybody[0], 'open lead')} "
        f"were ready for sales, at the beginning of {_month(last.month)} {ready[1]:,} of "
        f"{everybody[1]:,}.{drawn}"
    )


def fates(found: LeadsNow) -> str:
    """Say of which kind leads were won most and least often."""
    told = [
        (each.won.value, each)
        for each in found.fates
        if each.won.value is not None and each.leads >= FEWEST_TOLD
    ]
    if len(told) < _TO_COMPARE:
        return (
            f"What becomes of each kind can't be told: of fewer than two are there {FEWEST_TOLD} leads that "
            "can be followed."
        )
    told.sort(key=lambda pair: pair[0])
    (low, least), (high, most) = told[0], told[-1]
    stops = [each for _, each in told if each.stop.value is not None]
    worst = max(stops, key=lambda each: each.stop.value or 0.0)
    when = "" if found.at is None else " on the first of a month"
    text = (
        f"Of leads that were “{category(most.name)}”{when}, {hundredths(high)} in 100{_interval(most.won)} "
        f"were won{within(found.horizon_days)}; of “{category(least.name)}”, {hundredths(low)}"
        f"{_interval(least.won)}."
    )
    if not (worst.stop.value or 0.0) > 0:
        return text
    return (
        f"{text} Most often “{category(worst.name)}” leads told us to stop: "
        f"{hundredths(worst.stop.value)} in 100{_interval(worst.stop)}."
    )


def moves(found: LeadsNow) -> str:
    """Say how many leads become ready in a month, and how many cease to be."""
    if found.flow is None:
        return UNTIMED_MOVES
    if not found.flow.pairs:
        return (
            "How leads move can't be told: no lead could be followed from one first of a month to the next."
        )
    said = []
    if found.flow.rises.value is not None:
        said.append(
            f"Of leads not ready for sales on the first of a month, {share(found.flow.rises.value)}"
            f"{_interval(found.flow.rises)} were a month later"
        )
    if found.flow.falls.value is not None:
        said.append(
            f"of those that were ready, {share(found.flow.falls.value)}{_interval(found.flow.falls)} were "
            "open and no longer ready"
        )
    text = "; ".join(said)
    over = counted(found.flow.months, "month")
    return f"{text[0].upper()}{text[1:]} ({found.flow.pairs:,} looks at leads, over {over})."


def gaps(found: LeadsNow) -> str:
    """Say which piece is missing most often among the ready leads, and how many lack enough of the four."""
    ready = [each for each in found.gaps if each.category in found.passing]
    leads = sum(each.leads for each in ready)
    if not leads:
        return "No open lead is ready for sales: there is nothing to ask of them yet."
    missing = {
        piece.piece: sum(each.pieces[place].unknown for each in ready)
        for place, piece in enumerate(ready[0].pieces)
    }
    most = max(missing, key=lambda piece: missing[piece])
    short = bant_short(found)
    if not missing[most]:
        text = f"Of the {counted(leads, 'lead')} ready for sales, something is known of all four pieces"
    else:
        text = (
            f"Of the {counted(leads, 'lead')} ready for sales, {most} is not known of {missing[most]:,}, no "
            "other piece of more"
        )
    return (
        f"{text}; {short:,} {have(short)} fewer than the {found.bant_at_least} confirmed pieces that a "
        "hand-over takes."
    )


def waiting(found: LeadsNow) -> str:
    """Say how many ready leads nobody followed up."""
    if found.ageing is None:
        return UNTIMED_WAITS
    barred, most = found.ageing.never_call, found.ageing.stretches[-1]
    with_sales, ready = _group(found.ageing, WITH_SALES), _group(found.ageing, READY)
    text = f"{_with_sales(with_sales, most)} {_never_given(ready)}"
    if not barred:
        return text
    return f"{text} Left out {are(barred)} {counted(barred, 'open lead')} that must not be called."


def _with_sales(group: Waiting, most: str) -> str:
    """Say with how many of the leads that sales has nobody was in touch."""
    if not group.leads:
        return "No open lead is with sales."
    leads, them = counted(group.leads, "lead"), "it" if group.leads == 1 else "them"
    nobody = group.leads - group.followed_up
    if not nobody:
        return f"Somebody of ours has been in touch with all of {leads} since sales was given {them}."
    long = group.waiting[-1]
    longest = f", for {most}" if long == nobody else f", {long:,} of them for {most}" if long else ""
    return (
        f"Nobody of ours has been in touch with {nobody:,} of {leads} since sales was given {them}{longest}."
    )


def _never_given(group: Waiting) -> str:
    """Say the same of leads that are ready and that sales was never given."""
    if not group.leads:
        return "No ready lead is waiting to be handed over."
    nobody = group.leads - group.followed_up
    return (
        f"Of {counted(group.leads, 'lead')} that {are(group.leads)} ready, but never handed over, nobody has "
        f"been in touch with {nobody:,}."
    )


def _group(ageing: Ageing, name: str) -> Waiting:
    return next(each for each in ageing.groups if each.group == name)


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" (95 % interval {between(figure.low, figure.high)})"


def _month(month: str) -> str:
    """Write a month.

    >>> _month("2026-03")
    'March 2026'
    """
    return day(f"{month}-01T00:00:00Z").removeprefix("1 ")
