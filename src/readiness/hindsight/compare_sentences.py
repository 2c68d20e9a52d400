"""What the comparison of two agreements says, in sentences computed from its figures."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.agreement.document import Agreement
from readiness.counting import counted
from readiness.hindsight.groups import FEWEST_ENDS, Group
from readiness.hindsight.notation import hundredths, interval, number
from readiness.hindsight.sides import Overlap, Side
from readiness.hindsight.told import UNKNOWABLE, UNTIMED, advised_by, looks
from readiness.judging.bootstrap import Figure
from readiness.judging.sentences import percent, within


def sentences(
    sides: tuple[Side, Side],
    differences: Mapping[str, Figure],
    overlap: Overlap,
    alone: tuple[Group, Group],
    agreements: tuple[Agreement, Agreement],
    *,
    dated: bool,
) -> dict[str, str]:
    """Return the sentences by what they tell, in the order in which they are read."""
    a, b = agreements
    horizon = a.horizon_days if dated else None
    found = {
        "looks": looks(sides[0].standing) if dated else UNTIMED,
        "standing": advised_by(sides[0].standing),
        "horizon": _horizons(a, b),
        "leads": _leads(overlap, alone),
        "hand_overs": _hand_overs(differences, sides),
        "cry_wolf": _cry_wolf(differences.get("cry_wolf"), _fewest(sides), horizon),
        "sales": _sales(differences, horizon),
        "only_a": _alone("A", alone[0], horizon),
        "only_b": _alone("B", alone[1], horizon),
        "kept_back": _kept_back(sides, differences) if dated else "",
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def _horizons(a: Agreement, b: Agreement) -> str:
    if (a.horizon_days, a.labels) == (b.horizon_days, b.labels):
        return ""
    return (
        "The two define their labels differently; both are judged by those of A, within "
        f"{a.horizon_days:g} days."
    )


def _leads(overlap: Overlap, alone: tuple[Group, Group]) -> str:
    only_a, only_b = (each.handed_over for each in alone)
    if not overlap.both and not only_a and not only_b:
        return "Neither would have handed over a lead."
    if not only_a and not only_b:
        same = "at the same looks" if not overlap.a_sooner and not overlap.b_sooner else "at other looks"
        return f"Both would have handed over the same {counted(overlap.both, 'lead')}, {same}."
    sooner = f" (A sooner {overlap.a_sooner:,}, B sooner {overlap.b_sooner:,})"
    return (
        f"Both would have handed over {counted(overlap.both, 'lead')}"
        f"{sooner if overlap.a_sooner or overlap.b_sooner else ''}, only A {only_a:,}, only B {only_b:,}."
    )


def _hand_overs(differences: Mapping[str, Figure], sides: tuple[Side, Side]) -> str:
    change = differences.get("hand_overs_a_week")
    weekly = [side.weeks for side in sides]
    if change is None or change.value is None or weekly[0] is None or weekly[1] is None:
        return ""
    one, other = (number(each.mean.value) for each in weekly if each is not None)
    return f"A week, A hands over {one} and B {other}: with B {_more(change, 'hand-over')}."


def _fewest(sides: tuple[Side, Side]) -> int:
    return min(min(side.total.counts.won, side.total.counts.stop) for side in sides)


def _cry_wolf(change: Figure | None, fewest: int, horizon: float | None) -> str:
    if change is None or change.value is None:
        return "Which of the two cries wolf more often is not known: one of the rates is not."
    rate = _points(change)
    if _unsure(change) or fewest < FEWEST_ENDS:
        return f"Which of the two cries wolf more often{within(horizon)} cannot be told: B's rate {rate}."
    often = "less often" if change.value < 0 else "more often"
    return f"B cries wolf {often}{within(horizon)}: its rate {rate}."


def _sales(differences: Mapping[str, Figure], horizon: float | None) -> str:
    parts = []
    for name, what in (("sales_a_week", "sale"), ("stops_a_week", "stop")):
        change = differences.get(name)
        if change is not None and change.value is not None:
            parts.append(_more(change, what))
    if not parts:
        return ""
    return f"With B, each week's hand-overs are followed{within(horizon)} by {' and '.join(parts)}."


def _alone(which: str, leads: Group, horizon: float | None) -> str:
    if not leads.handed_over:
        return ""
    found, rate = leads.counts, leads.cry_wolf.rate
    text = (
        f"Of the {counted(leads.handed_over, 'lead')} that only {which} hands over, {found.won:,} were won "
        f"and {found.stop:,} told us to stop{within(horizon)}"
    )
    if rate.value is None:
        return f"{text}."
    return f"{text}; cry-wolf rate {percent(rate.value)}{interval(rate, hundredths)}."


def _kept_back(sides: tuple[Side, Side], differences: Mapping[str, Figure]) -> str:
    if not sides[0].kept_back:
        return UNKNOWABLE
    parts = []
    for one, other in zip(sides[0].kept_back, sides[1].kept_back, strict=True):
        change = differences.get(f"sales_kept_back_{one.among}")
        if change is None or one.sales.value is None or other.sales.value is None:
            continue
        which = "by lot" if one.among == "random_slice" else "in fact"
        parts.append(
            f"of the sales that followed hand-overs {which}, A would have kept back "
            f"{percent(one.sales.value)} and B {percent(other.sales.value)}: B's share {_points(change)}"
        )
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _unsure(change: Figure) -> bool:
    return change.low is None or change.high is None or change.low <= 0 <= change.high


def _more(change: Figure, what: str) -> str:
    value = change.value or 0.0
    if value == 0:
        return f"as many {what}s"
    amount = f"{number(abs(value))} {'more' if value > 0 else 'fewer'} {what}s"
    return f"{amount}{interval(change, _signed)}"


def _points(change: Figure) -> str:
    value = 100 * (change.value or 0.0)
    shown = f"{abs(value):.1f}"
    if value == 0:
        return "is the same"
    where = "higher" if value > 0 else "lower"
    return f"is {shown} percentage points {where}{interval(change, _signed_points)}"


def _signed(value: float) -> str:
    return f"{value:+.1f}"


def _signed_points(value: float) -> str:
    return f"{100 * value:+.1f}"
