"""The words a simulated CRM writes: its activity types, answers, sources and profile columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.tables import Coded, Ints


@dataclass(frozen=True, slots=True)
class ActivityWord:
    """One activity type: who acted, what it means, over which channel."""

    name: str
    direction: str
    channel: str
    meaning: str


ACTIVITY_WORDS: Final = (
    ActivityWord("web_visit", "inbound", "web", "looked at our pages; value: number of pages"),
    ActivityWord("pricing_page_view", "inbound", "web", "looked at the prices"),
    ActivityWord("content_download", "inbound", "web", "downloaded a white paper or guide"),
    ActivityWord("webinar_attended", "inbound", "webinar", "took part in a webinar; value: minutes"),
    ActivityWord("email_opened", "inbound", "email", "opened an e-mail of ours; says little"),
    ActivityWord("email_clicked", "inbound", "email", "followed a link in an e-mail of ours"),
    ActivityWord("email_reply", "inbound", "email", "wrote back to an e-mail of ours"),
    ActivityWord("form_submitted", "inbound", "web", "filled in a contact form"),
    ActivityWord("demo_requested", "inbound", "web", "asked to be shown the product"),
    ActivityWord("chat", "inbound", "chat", "talked with us in the web chat; value: minutes"),
    ActivityWord("call_answered", "inbound", "phone", "took part in a call of ours; value: minutes"),
    ActivityWord("meeting", "inbound", "meeting", "met us, in person or by video; value: minutes"),
    ActivityWord("unsubscribe", "inbound", "email", "wants no more e-mails; a call is still allowed"),
    ActivityWord("email_sent", "outbound", "email", "we wrote"),
    ActivityWord("call_attempt", "outbound", "phone", "we called and nobody answered"),
    ActivityWord("call_connected", "outbound", "phone", "we called and somebody answered"),
    ActivityWord("linkedin_message", "outbound", "social", "we wrote on a social network"),
)
"""Every type has one direction and one channel."""

SOURCES: Final = (
    "bought_list",
    "trade_show_bowl",
    "outbound",
    "content_download",
    "webinar",
    "chat",
    "web_form",
    "partner",
    "customer_referral",
)
"""How a lead reached us, from the most dubious to the best."""

ANSWER_VALUES: Final = {
    "budget": ("approved", "planned", "none", "unknown"),
    "authority": ("decision maker", "influencer", "user", "unknown"),
    "need": ("urgent", "clear", "vague", "none", "unknown"),
    "timeframe": ("this month", "this quarter", "next quarter", "next year", "no plans", "unknown"),
    "current_solution": ("spreadsheet", "competitor", "own development", "none"),
}
"""Answer fields and the values they take; the best first, "unknown" where we asked in vain.

The field ``company_size`` is answered as well: a number as text, which corrects the attribute.
"""

COMPANY_SIZE: Final = "company_size"

INDUSTRIES: Final = (
    "manufacturing",
    "logistics",
    "software",
    "wholesale",
    "financial services",
    "healthcare",
    "retail",
    "construction",
    "education",
    "public sector",
    "hospitality",
    "agriculture",
    "mining",
)
"""From the best customers to the worst, but for the last two, which are merely rare."""

COUNTRIES: Final = ("DE", "AT", "CH", "NL", "FR", "GB", "US", "IT", "PL", "IN", "BR", "LU", "IS")
"""ISO 3166 codes; we sell best in the first four; the last two are rare."""

REGIONS: Final = {
    "DE": "DACH",
    "AT": "DACH",
    "CH": "DACH",
    "NL": "Benelux",
    "LU": "Benelux",
    "FR": "Western Europe",
    "GB": "Western Europe",
    "IT": "Southern Europe",
    "PL": "Eastern Europe",
    "IS": "Northern Europe",
    "US": "Americas",
    "BR": "Americas",
    "IN": "Asia",
}

JOB_TITLES: Final = {
    "c_level": ("Chief Executive", "Chief Operating Officer", "Chief Financial Officer", "Owner"),
    "director": ("Head of Procurement", "Head of Operations", "Head of Sales", "IT Director"),
    "manager": ("Procurement Manager", "Operations Manager", "Project Manager", "Sales Manager"),
    "specialist": ("Analyst", "Engineer", "Buyer", "Consultant"),
    "other": ("Student", "Intern", "Assistant", "Journalist"),
}
"""Seniority and the job titles found in it; authority falls from the first to the last."""

SENIORITIES: Final = tuple(JOB_TITLES)

EMAIL_KINDS: Final = ("company", "freemail")

ATTRIBUTES: Final = (
    "company_size",
    "company_age_years",
    "industry",
    "country",
    "region",
    "job_title",
    "seniority",
    "email_kind",
    "referred_by",
    "do_not_call",
)
"""Lead columns beyond the contract's own. The first two are numbers; any may be missing.

``referred_by`` is "customer since YYYY", for customer referrals only. ``do_not_call`` is "yes" or "no".
"""

ENGAGEMENTS: Final = ("cold", "warm", "hot", "deciding")
HANDS: Final = ("marketing", "waiting", "sales", "back with marketing")
"""The two parts of a lead's state; they stand in the tables of a recorded world only."""

DECLINE_REASONS: Final = ("not a fit", "no budget", "too early", "not reachable", "duplicate")
HAND_BACK_REASONS: Final = ("no answer", "no need now", "wrong person")


def column(codes: Ints, words: tuple[str, ...]) -> Coded:
    """Turn positions in these words, -1 for missing, into a column whose levels are sorted and all used."""
    used = [word for code, word in enumerate(words) if np.any(codes == code)]
    levels = tuple(sorted(used))
    place = np.array([levels.index(word) if word in used else -1 for word in words] + [-1], dtype=np.int32)
    return Coded(place[codes], levels)
