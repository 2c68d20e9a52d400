"""A small agreement with round numbers, and short ways to judge one lead by it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from readiness.agreement.advice import Advices, advise
from readiness.agreement.document import Agreement
from readiness.agreement.reading import parse
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm.records import Activity, Answer, AttributeValue
from readiness.history import snapshots
from readiness.history.desk import Desk
from tests import builders

TEXT = """\
name: small
version: "1"
valid_from: 2026-01-01
signatures:
  sales: {by: Sales, on: 2025-12-01}
  marketing: {by: Marketing, on: 2025-12-01}
unknown_words: [unknown]
profile:
  known_at_least: 0.5
  criteria:
    - {name: size, rank: must, weight: 2, reads: [size, people], at_least: 10, any_of: [Big]}
    - {name: industry, rank: should, weight: 1, reads: [industry], any_of: [software]}
    - {name: country, rank: should, weight: 1, reads: [country], any_of: [DE, NO]}
    - {name: role, rank: must_not, reads: [role], pattern: student}
interest:
  half_life_days: 10
  any_from: 2
  high_from: 10
  cold_after_days: 100
  recent_days: 14
  dialogue_days: 30
  meaningful:
    visit: {points: 1, cap_per_day: 2, says: visited}
    reply: {points: 4, cap_per_day: 2, says: replied}
    demo: {points: 12, half_life_days: 20, says: asked for a demo}
  noise: [open]
  negative:
    unsubscribe: {points: -10, says: unsubscribed}
  shown_by:
    - {reads: [rfp], any_of: [yes], points: 10, says: asked for a proposal}
sources:
  dubious: [list]
  referrals:
    sources: [friend]
    named_in: [referred_by]
stages:
  consideration:
    signifiers:
      - {activities: [reply, chat], lasts_days: 60}
      - {reads: [need], any_of: [clear]}
  decision:
    signifiers:
      - {activities: [demo], lasts_days: 30}
      - {reads: [budget], any_of: [approved], lasts_days: 90}
  moves_back:
    - {activities: [postponed]}
    - {reads: [when], any_of: [never]}
bant:
  budget:
    confirmed_by: [{reads: [budget], any_of: [approved], lasts_days: 90}]
    denied_by: [{reads: [budget], any_of: [none], lasts_days: 90}]
  authority:
    confirmed_by:
      - {reads: [authority], any_of: [decides]}
      - {reads: [role], pattern: head of|chief, says: "{value}"}
    denied_by: [{reads: [authority], any_of: [user]}]
  need:
    confirmed_by:
      - {reads: [need], any_of: [clear]}
      - {activities: [demo], lasts_days: 50}
    denied_by: [{reads: [need], any_of: [none]}]
  timeframe:
    confirmed_by: [{reads: [when], any_of: [this month, this quarter], says: "Wants to decide {value}"}]
    denied_by: [{reads: [when], any_of: [never]}]
near_timeframe:
  - {reads: [when], any_of: [this month], lasts_days: 30}
handover:
  categories: [sales_worthy, sales_ready_buyer]
  bant_at_least: 2
  bant_required: []
  score_at_least: 0.1
  stop_risk_at_most: 0.3
  weekly_capacity: 10
  response_hours: 24
nurture:
  look_again_days:
    unworthy: 365
    dubious: 90
    unqualified_suitability: 14
    unqualified_interest: 30
    sales_worthy: 21
    sales_ready_buyer: 3
  by_stage: {decision: 7}
questions:
  - {about: size, ask: "How many are you?", channel: form}
  - {about: country, ask: "Where are you?", channel: survey}
  - {about: budget, ask: "Is there a budget?", channel: inside_sales}
  - {about: timeframe, ask: "When?", channel: form}
points_card: {fit: 40, interest: 30, bant: 5, referral: 10, dubious: -10}
labels: {horizon_days: 90}
"""

FULL = (
    TEXT.replace('version: "1"\n', 'version: "1"\nchanges: everything\n')
    .replace(
        "  recent_days: 14\n",
        "  recent_days: 14\n  trend_days: 20\n"
        "  cools: [{after_days: 20, says: cooling}, {after_days: 50, says: cool}]\n",
    )
    .replace(
        "    named_in: [referred_by]\n",
        """\
    named_in: [referred_by]
    relations:
      customer: [{reads: [referrer_type], any_of: [customer]}, {reads: [source], any_of: [friend]}]
      partner: [{reads: [referrer_type], any_of: [partner]}]
    outcomes:
      won: [{reads: [referrer_outcome], any_of: [closed_won]}]
      stop: [{reads: [referrer_outcome], any_of: [stop_calling]}]
""",
    )
    .replace("stages:\n  cons", "stages:\n  awareness: {sales_does: Waits.}\n  cons")
    .replace("  decision:\n    sig", "  decision:\n    sales_does: Makes an offer.\n    sig")
    .replace(
        "  response_hours: 24\n",
        """\
  response_hours: 24
  first_in_line: [sales_ready_buyer]
  follow_up_after_days: [0, 1, 3, 7]
  returns:
    undecided_after_days: 5
    unreached_after_days: 30
    again_after_days: 30
    reasons: [{any_of: [no budget], look_again_days: 90, says: there is no budget}]
  random_share: 0.1
  sales_activities: [call, demo]
  requests: [demo, rfp]
""",
    )
    .replace(
        "  by_stage: {decision: 7}\n",
        """\
  by_stage: {decision: 7}
  tracks:
    - {name: find out the fit, categories: [unqualified_suitability], says: Short forms.}
    - {name: budget case, stages: [decision], missing: [budget]}
    - {name: newsletter}
""",
    )
    .replace(
        "{horizon_days: 90}", "{horizon_days: 90, stop: [stop_calling, disqualified], neutral: [closed_lost]}"
    )
)
"""The same agreement with everything in it that an agreement may say."""

FITTING: dict[str, AttributeValue] = {"size": 50, "industry": "software", "country": "DE"}
"""Attributes of a lead that fits on all criteria."""


COOLS = [{"after_days": 20, "says": "cooling"}, {"after_days": 50, "says": "cool"}]
REFERRALS = {
    "sources": ["friend"],
    "named_in": ["referred_by"],
    "relations": {
        "customer": [{"reads": ["referrer"], "any_of": ["customer"]}],
        "partner": [{"reads": ["referrer", "relation"], "any_of": ["partner"], "lasts_days": 60}],
        "employee": [{"reads": ["relation"], "any_of": ["colleague"]}],
    },
    "outcomes": {
        "won": [{"reads": ["became"], "any_of": ["won"]}, {"activities": ["thanks"]}],
        "stop": [{"reads": ["became"], "any_of": ["stop"]}, {"reads": ["relation"], "any_of": ["angry"]}],
    },
}


def agreement(**changes: object) -> Agreement:
    """Return the small agreement with what may be left out; ``interest__any_from=3`` changes one entry."""
    cold = changes.get("interest__cold_after_days", 100)
    cools = [line for line in COOLS if line["after_days"] < cold]  # type: ignore[operator]
    changes = {"interest__cools": cools, "sources__referrals": REFERRALS, **changes}
    content = parse(TEXT).model_dump(mode="json")
    for path, value in changes.items():
        *steps, last = path.split("__")
        part = content
        for step in steps:
            part = part[int(step) if step.isdigit() else step]
        part[last] = value
    return parse(json.dumps(content))


def judge(
    activities: Sequence[Activity] = (),
    answers: Sequence[Answer] = (),
    *,
    day: float | None = 100,
    source: str | None = "web_form",
    by: Agreement | None = None,
    **attributes: AttributeValue,
) -> Verdicts:
    """Evaluate one lead, created on day 0 (never, if ``day`` is None), at the start of a day."""
    created = None if day is None else 0.0
    through = None if day is None else 1000.0
    lead = builders.lead(source=source, created=created, **attributes)
    tables = builders.tables([lead], activities, answers, through=through)
    cutoff = 0 if day is None else builders.at(day)
    return evaluate(tables, snapshots.at(tables, cutoff), by or agreement())


def advised(
    verdicts: Verdicts,
    *,
    score: float | None = None,
    stop_risk: float | None = None,
    capacity_score: float | None = None,
    suppressed: bool = False,
    ended: int = -1,
    desk: Desk | None = None,
    unread: bool = False,
) -> Advices:
    """Advise on every row of the verdicts alike."""
    n = len(verdicts)
    return advise(
        verdicts,
        agreement=verdicts.agreement,
        cutoff=verdicts.snapshots.cutoff,
        score=None if score is None else np.full(n, score),
        stop_risk=None if stop_risk is None else np.full(n, stop_risk),
        capacity_score=capacity_score,
        suppressed=np.full(n, suppressed),
        ended_outcome=np.full(n, ended, dtype=np.int8),
        desk=desk,
        unread=unread,
    )
