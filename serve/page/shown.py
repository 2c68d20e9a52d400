"""An assessment as the page shows it: the briefing first, then the figures, all worked out beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from readiness.agreement.document import PIECES
from readiness.agreement.wording import date, plain
from readiness.crm.records import instant
from readiness.history.levels import label_of
from readiness.scoring import Assessment, Briefing, brief
from readiness.scoring.briefing import kind, odds

REASONS: Final = 8
"""So many reasons are drawn, the strongest first."""

_ACTIONS: Final = {
    "hand_over": "Hand over to sales",
    "qualify": "Ask what is missing",
    "nurture": "Keep in touch",
    "sell_interest": "Win its interest",
    "hold": "Do nothing now",
    "never_call": "Never call",
}
_CHANNELS: Final = {
    "form": "in a form",
    "survey": "in a survey",
    "chat": "in the chat",
    "inside_sales": "by inside sales",
    "research": "by looking it up",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A reason, drawn from the middle (100) to the right where it raises the score, else to the left."""

    text: str
    raises: bool
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A curve as the points of a drawing of 300 × 120, and its name."""

    name: str
    points: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Both curves, the same as a table, and the scale on the left."""

    lines: tuple[Line, ...]
    rows: tuple[tuple[str, str, str], ...]
    most: str
    days: tuple[tuple[float, str], ...]
    """Where on the axis each number of days stands, and how it is written."""


@dataclass(frozen=True, slots=True)
class Known:
    """One of budget, authority, need and timeframe."""

    name: str
    state: str
    because: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that the page says of one lead."""

    briefing: Briefing
    action: str
    tone: str
    ask_where: str | None
    chance: str | None
    percentile: str | None
    stop: str | None
    within: str
    category: str
    category_because: str
    category_rule: str
    bant: tuple[Known, ...]
    stage: str
    stage_because: str
    bars: tuple[Bar, ...]
    curve: Curve | None
    would_change: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]
    answered_by: tuple[tuple[str, str], ...]


def shown(assessment: Assessment) -> Shown:
    """Work out everything that the page says of a lead; nothing is decided here."""
    advice, category, stage = assessment.advice, assessment.category, assessment.stage
    channel = advice["ask_channel"]
    return Shown(
        briefing=brief(assessment),
        action=_ACTIONS[advice["action"]],
        tone={"hand_over": "go", "never_call": "stop"}.get(advice["action"], "wait"),
        ask_where=_CHANNELS[channel] if channel else None,
        chance=None if assessment.score is None else odds(assessment.score),
        percentile=_percentile(assessment.percentile),
        stop=None if assessment.stop_risk is None else odds(assessment.stop_risk),
        within=f"within {assessment.horizon_days:g} days" if assessment.horizon_days else "in the end",
        category=kind(assessment),
        category_because=category["because"],
        category_rule=category["rule"],
        bant=tuple(_known(piece, assessment.bant[piece]) for piece in PIECES),
        stage=label_of(stage["name"]) if stage["name"] else "Not known",
        stage_because=_moved(stage["signifier"], stage["at"]),
        bars=_bars(assessment),
        curve=_curve(assessment),
        would_change=tuple(
            (each["ask"], _CHANNELS[each["channel"]], each["answer"]) for each in assessment.would_change
        ),
        warnings=assessment.warnings,
        answered_by=_answered_by(assessment),
    )


def _percentile(percentile: int | None) -> str | None:
    if percentile is None:
        return None
    return f"{percentile} of 100 leads that it learned from scored lower or the same"


def _known(piece: str, point: dict[str, str | None]) -> Known:
    since = _day(point["at"])
    words = {"confirmed": "Yes", "denied": "No", "unknown": "Not known"}
    return Known(label_of(piece), words[str(point["state"])], point["because"] or "", since)


def _day(at: str | None) -> str | None:
    return None if at is None else date(instant(at))


def _moved(signifier: str | None, at: str | None) -> str:
    if signifier is None:
        return "Nothing has moved it further yet."
    when = _day(at)
    return f"Moved there by: {plain(signifier)}" + (f", {when}." if when else ".")


def _bars(assessment: Assessment) -> tuple[Bar, ...]:
    strongest = assessment.reasons[:REASONS]
    most = max((abs(reason.effect) for reason in strongest), default=1.0)
    bars = []
    for reason in strongest:
        width = round(100 * abs(reason.effect) / most, 1)
        raises = reason.effect > 0
        bars.append(Bar(reason.text, raises, 100.0 if raises else round(100 - width, 1), width))
    return tuple(bars)


def _curve(assessment: Assessment) -> Curve | None:
    known = [point for point in assessment.curve or () if point.won is not None]
    if not known:
        return None
    days = max(point.days for point in known)
    stops = [point for point in known if point.stop is not None]
    values = [point.won or 0.0 for point in known] + [point.stop or 0.0 for point in stops]
    most = next(each for each in (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0) if max(values) <= each)
    lines = [Line("Sale", _points([(p.days / days, (p.won or 0.0) / most) for p in known]))]
    if stops:
        lines.append(Line("Stop", _points([(p.days / days, (p.stop or 0.0) / most) for p in stops])))
    return Curve(
        lines=tuple(lines),
        rows=tuple((f"{p.days:g} days", _of_100(p.won), _of_100(p.stop)) for p in assessment.curve or ()),
        most=f"{100 * most:g} of 100",
        days=tuple((round(300 * p.days / days, 1), f"{p.days:g}") for p in known),
    )


def _points(shares: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{300 * x:.1f},{120 - 120 * y:.1f}" for x, y in ((0.0, 0.0), *shares))


def _of_100(share: float | None) -> str:
    if share is None:
        return "not known"
    return f"{100 * share:.0f} of 100" if share >= 0.1 else f"{100 * share:.1f} of 100"


def _answered_by(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    by, agreement = assessment.answered_by, assessment.answered_by.agreement
    cutoff = "no dates" if assessment.cutoff is None else assessment.cutoff
    return (
        ("Model", by.model or "none: the agreed rules alone answer"),
        *((("Its files (SHA-256)", by.bundle),) if by.bundle else ()),
        ("Agreement", f"{agreement.name} {agreement.version}"),
        ("Its fingerprint (SHA-256)", agreement.sha256),
        ("Looked at everything before", cutoff),
    )
