"""The agreement, applied slowly and obviously to one lead's records at one instant."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from readiness.agreement.conditions import Condition, Evidence
from readiness.agreement.definitions import Criterion
from readiness.agreement.document import PIECES, Agreement
from readiness.crm.records import MICROSECONDS_PER_DAY, Activity, Answer, AttributeValue, Instant, Lead


def _goes_to_many(row: Activity) -> bool:
    text = f"{row.type}/{row.channel or ''}".lower()
    return any(part in text for part in ("mail", "newsletter", "campaign", "invit", "advert")) or any(
        word in ("ad", "ads") for word in re.split(r"[^a-z0-9]+", text)
    )


def category_by_definition(fit: int, interest: int, source: int, stage: int, near: bool) -> str:
    """Return the kind of lead in the words of its definition, in the order in which they are decided."""
    fails, unknown = fit == 0, fit == 1
    none, high = interest == 0, interest == 2
    dubious, deciding = source == 1, stage == 2
    if fails:
        return "unworthy"
    if none and (dubious or unknown):
        return "dubious"
    if unknown:
        return "unqualified_suitability"
    if not high:
        return "unqualified_interest"
    if deciding and near:
        return "sales_ready_buyer"
    return "sales_worthy"


@dataclass(frozen=True)
class Expected:
    """What the rules should say of one lead."""

    fit: int
    share: float | None
    points: float
    level: int
    trend: float
    cooling: int
    cold_since: Instant | None
    last_inbound_days: float | None
    recent: int
    salesperson: bool
    dialogue: bool
    source: int
    relation: str | None
    referrer_outcome: str | None
    stage: int
    stage_age: float | None
    bant: list[int]
    bant_ages: list[float | None]
    near: bool
    category: str


class SlowAgreement:
    """One lead, one cutoff, plain loops over its own records."""

    def __init__(
        self, terms: Agreement, lead: Lead, activities: Sequence[Activity], answers: Sequence[Answer],
        cutoff: Instant,
    ) -> None:  # fmt: skip
        self.terms, self.lead, self.cutoff = terms, lead, cutoff
        self.given = (activities, answers)
        mine = [row for row in activities if row.lead_id == lead.lead_id and row.occurred_at < cutoff]
        self.activities = sorted(mine, key=lambda row: row.occurred_at)
        said = [row for row in answers if row.lead_id == lead.lead_id and row.answered_at < cutoff]
        self.answers = sorted(
            said, key=lambda row: (row.answered_at, row.field, row.value is not None, row.value or "")
        )
        self.attributes: dict[str, AttributeValue] = {
            "source": lead.source,
            **{name.casefold(): value for name, value in lead.attributes.items()},
        }

    def age(self, at: Instant) -> float:
        return (self.cutoff - at) / MICROSECONDS_PER_DAY

    def holds(self, value: AttributeValue, condition: Condition) -> bool | None:
        """True, False, or None for unknown."""
        text = "" if value is None else str(value).strip().casefold()
        if text in {"", *(word.casefold() for word in self.terms.unknown_words)}:
            return None
        if text in [word.strip().casefold() for word in condition.any_of]:
            return True
        if condition.pattern is not None and re.search(condition.pattern, text, re.IGNORECASE):
            return True
        number = float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
        ranged = condition.at_least is not None or condition.at_most is not None
        if number is not None and ranged:
            low = condition.at_least if condition.at_least is not None else number
            high = condition.at_most if condition.at_most is not None else number
            return low <= number <= high
        return False if condition.any_of or condition.pattern is not None else None

    def value(self, reads: Sequence[str], condition: Condition) -> tuple[bool | None, float | None]:
        """What is said and how long ago."""
        names = [name.casefold() for name in reads]
        for answer in reversed(self.answers):
            if answer.field.casefold() in names:
                return self.holds(answer.value, condition), self.age(answer.answered_at)
        for name in names:
            held = self.holds(self.attributes.get(name), condition)
            if held is not None:
                assert self.lead.created_at is not None
                return held, self.age(self.lead.created_at)
        return None, None

    def evidence(self, piece: Evidence) -> float | None:
        """How long ago the evidence came about; None if it does not hold."""
        age = None
        if piece.activities:
            ages = [self.age(row.occurred_at) for row in self.activities if row.type in piece.activities]
            age = min(ages, default=None)
        else:
            held, said = self.value(piece.reads, piece)
            age = said if held else None
        if age is not None and piece.lasts_days is not None and age > piece.lasts_days:
            return None
        return age

    def newest(self, evidence: Sequence[Evidence]) -> float | None:
        return min((age for piece in evidence if (age := self.evidence(piece)) is not None), default=None)

    def fit(self) -> tuple[int, float | None]:
        met = known = total = 0.0
        fails = open_must = False
        for criterion in self.terms.profile.criteria:
            held = self.met(criterion)
            fails |= held is False and criterion.rank != "should"
            open_must |= held is None and criterion.rank == "must"
            if criterion.rank != "must_not":
                total += criterion.weight
                known += criterion.weight if held is not None else 0
                met += criterion.weight if held else 0
        if fails:
            state = 0
        elif open_must or not known or known / total < self.terms.profile.known_at_least:
            state = 1
        else:
            state = 2
        return state, met / known if known else None

    def met(self, criterion: Criterion) -> bool | None:
        held, _ = self.value(criterion.reads, criterion)
        return None if held is None else held is not (criterion.rank == "must_not")

    def points(self) -> float:
        terms = self.terms.interest
        counted: dict[tuple[str, int], int] = {}
        points = 0.0
        for row in self.activities:
            worth = terms.meaningful.get(row.type) if row.direction == "inbound" else None
            worth = worth or terms.negative.get(row.type)
            if worth is None:
                continue
            day = (row.type, row.occurred_at // MICROSECONDS_PER_DAY)
            counted[day] = counted.get(day, 0) + 1
            midnight = (row.occurred_at // MICROSECONDS_PER_DAY + 1) * MICROSECONDS_PER_DAY
            age = max(self.age(midnight), 0.0)
            if counted[day] <= worth.cap_per_day and age <= terms.cold_after_days:
                points += worth.points * 0.5 ** (age / (worth.half_life_days or terms.half_life_days))
        points += sum(fact.points for fact in terms.shown_by if self.evidence(fact) is not None)
        return max(points, 0.0)

    def trend(self) -> float:
        """Points now less points so many days ago, found by looking again at that instant."""
        then = self.cutoff - round(self.terms.interest.trend_days * MICROSECONDS_PER_DAY)
        if self.lead.created_at is None or self.lead.created_at > then:
            return math.nan
        return self.points() - SlowAgreement(self.terms, self.lead, *self.given, then).points()

    def cooling(self, inbound: Sequence[Instant]) -> tuple[int, Instant | None]:
        """How many lines the lead has passed since the day of its last sign, and when the last one, cold."""
        if not inbound:
            return -1, None
        terms = self.terms.interest
        midnight = (max(inbound) // MICROSECONDS_PER_DAY + 1) * MICROSECONDS_PER_DAY
        lines = [*(line.after_days for line in terms.cools), terms.cold_after_days]
        passed = [self.age(midnight) > line for line in lines]
        since = midnight + round(terms.cold_after_days * MICROSECONDS_PER_DAY)
        return sum(passed), since if passed[-1] else None

    def relation(self) -> str | None:
        relations = self.terms.sources.referrals.relations
        for name in ("customer", "partner", "employee", "other"):
            if self.newest(getattr(relations, name)) is not None:
                return name
        return None

    def referrer_outcome(self) -> str | None:
        outcomes = self.terms.sources.referrals.outcomes
        stop, won = self.newest(outcomes.stop), self.newest(outcomes.won)
        if stop is not None and (won is None or stop <= won):
            return "stop"
        return None if won is None else "won"

    def bant(self, name: str) -> tuple[int, float | None]:
        piece = getattr(self.terms.bant, name)
        yes, no = self.newest(piece.confirmed_by), self.newest(piece.denied_by)
        if no is not None and (yes is None or no <= yes):
            return 0, no
        return (1, yes) if yes is not None else (-1, None)

    def stage(self) -> tuple[int, float | None]:
        stages = self.terms.stages
        back = self.newest(stages.moves_back)
        for level, stage in ((2, stages.decision), (1, stages.consideration)):
            age = self.newest(stage.signifiers)
            if age is not None and (back is None or age < back):
                return level, age
        undone = any(
            self.newest(stage.signifiers) is not None for stage in (stages.consideration, stages.decision)
        )
        return 0, back if undone else None

    def source(self) -> int:
        if self.relation() is not None:
            return 3
        name = (self.lead.source or "").strip().casefold()
        if name in self.terms.sources.dubious:
            return 1
        if name in self.terms.sources.referrals.sources:
            return 3
        return 0 if name in ("", *self.terms.unknown_words) else 2

    def salesperson(self) -> bool:
        """By the types that the agreement names; else by what went out, but not to many at once."""
        agreed = self.terms.handover.sales_activities
        for row in self.activities:
            if agreed is not None and row.type.casefold() in [name.casefold() for name in agreed]:
                return True
            if agreed is None and row.direction == "outbound" and not _goes_to_many(row):
                return True
        return False

    def expected(self) -> Expected:
        terms = self.terms.interest
        inbound = [
            self.age(row.occurred_at)
            for row in self.activities
            if row.direction == "inbound" and row.type in terms.meaningful
        ]
        ours = [self.age(row.occurred_at) for row in self.activities if row.direction == "outbound"]
        lately = [age for age in ours if age <= terms.dialogue_days]
        cooling, cold_since = self.cooling(
            [
                row.occurred_at
                for row in self.activities
                if row.direction == "inbound" and row.type in terms.meaningful
            ]
        )
        points = self.points()
        level = int(points >= terms.any_from) + int(points >= terms.high_from)
        fit, share = self.fit()
        stage, stage_age = self.stage()
        near = self.newest(self.terms.near_timeframe) is not None
        bant = [self.bant(name) for name in PIECES]
        return Expected(
            fit=fit,
            share=share,
            points=points,
            level=level,
            trend=self.trend(),
            cooling=cooling,
            cold_since=cold_since,
            last_inbound_days=min(inbound, default=None),
            recent=sum(age <= terms.recent_days for age in inbound),
            salesperson=self.salesperson(),
            dialogue=bool(inbound and lately and min(inbound) < max(lately)),
            source=self.source(),
            relation=self.relation(),
            referrer_outcome=self.referrer_outcome(),
            stage=stage,
            stage_age=stage_age,
            bant=[state for state, _ in bant],
            bant_ages=[age for _, age in bant],
            near=near,
            category=category_by_definition(fit, level, self.source(), stage, near),
        )
