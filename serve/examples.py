"""Requests and an answer for the OpenAPI document; each works when pasted."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi.openapi.models import Example

_DEMO: Final[dict[str, Any]] = {
    "lead": {
        "lead_id": "L-10482",
        "created_at": "2026-02-20T08:15:00Z",
        "source": "customer_referral",
        "attributes": {"company_size": 40, "industry": "logistics", "country": "DE", "seniority": "head"},
    },
    "activities": [
        {
            "occurred_at": "2026-02-20T08:15:00Z",
            "type": "form_submitted",
            "direction": "inbound",
            "channel": "web",
        },
        {
            "occurred_at": "2026-02-27T09:30:00Z",
            "type": "email_sent",
            "direction": "outbound",
            "channel": "email",
        },
        {
            "occurred_at": "2026-02-27T11:05:00Z",
            "type": "email_reply",
            "direction": "inbound",
            "channel": "email",
        },
        {
            "occurred_at": "2026-03-02T10:12:00Z",
            "type": "demo_requested",
            "direction": "inbound",
            "channel": "web",
        },
    ],
    "answers": [
        {"answered_at": "2026-02-27T11:05:00Z", "field": "authority", "value": "decision maker"},
        {"answered_at": "2026-03-02T10:12:00Z", "field": "need", "value": "clear"},
        {"answered_at": "2026-03-02T10:12:00Z", "field": "timeframe", "value": "this quarter"},
    ],
    "at": "2026-03-14T09:00:00Z",
}

SCORE_REQUESTS: Final[dict[str, Example]] = {
    "a lead that asked for a demo": {
        "summary": "A lead that asked for a demo, as it stood on 14 March",
        "value": _DEMO,
    },
    "a lead that lacks an answer": {
        "summary": "A lead that would be handed over if one question were answered",
        "description": "`would_change` names the answer, the question to ask for it and how to record it.",
        "value": {
            "lead": {
                "lead_id": "L-10511",
                "created_at": "2026-03-02T09:00:00Z",
                "source": "web_form",
                "attributes": {"company_size": 120, "industry": "software", "country": "NL"},
            },
            "activities": [
                {"occurred_at": "2026-03-10T13:00:00Z", "type": "demo_requested", "direction": "inbound"}
            ],
            "at": "2026-03-14T09:00:00Z",
        },
    },
    "a lead that is with sales": {
        "summary": "A lead that sales has accepted",
        "description": "It is held until the next attempt to reach it is due (`follow_up`).",
        "value": {
            "lead": {
                "lead_id": "L-10390",
                "created_at": "2026-02-02T09:00:00Z",
                "source": "web_form",
                "attributes": {"company_size": 60, "industry": "wholesale", "country": "AT"},
            },
            "handovers": [
                {
                    "handed_over_at": "2026-03-11T09:00:00Z",
                    "decided_at": "2026-03-12T10:00:00Z",
                    "decision": "accepted",
                }
            ],
            "at": "2026-03-14T09:00:00Z",
        },
    },
    "a new lead": {
        "summary": "A lead of which little is known yet, as of now",
        "description": "Without `at`, the lead is assessed at the moment the request arrives.",
        "value": {
            "lead": {
                "lead_id": "L-10977",
                "created_at": "2026-03-13T16:40:00+01:00",
                "source": "bought_list",
            },
            "explain": "none",
        },
    },
    "a lead that must not be called": {
        "summary": "A lead that asked not to be called",
        "description": "A `do_not_call` that says yes always gives `never_call`.",
        "value": {
            "lead": {
                "lead_id": "L-10731",
                "created_at": "2026-03-01",
                "source": "webinar",
                "attributes": {"company_size": 250, "do_not_call": True},
            },
            "activities": [
                {
                    "occurred_at": "2026-03-04T14:00:00Z",
                    "type": "webinar_attended",
                    "direction": "inbound",
                    "value": 45,
                }
            ],
            "at": "2026-03-14T09:00:00Z",
        },
    },
    "a lead that was sold to": {
        "summary": "A lead that has ended",
        "description": "It is not scored any more: score and stop risk are null, the advice is to hold.",
        "value": {
            "lead": {"lead_id": "L-9001", "created_at": "2025-11-03T09:00:00Z", "source": "partner"},
            "outcomes": [{"occurred_at": "2026-01-20T15:00:00Z", "outcome": "closed_won"}],
            "handovers": [
                {
                    "handed_over_at": "2025-11-20T09:00:00Z",
                    "decided_at": "2025-11-20T13:00:00Z",
                    "decision": "accepted",
                }
            ],
            "at": "2026-03-14T09:00:00Z",
        },
    },
}

SCORE_ANSWER: Final[dict[str, Any]] = {
    "assessment_id": "0b9c2a52-5a38-4d41-8a2e-8d0a1c1f7f0e",
    "lead_id": "L-10482",
    "cutoff": "2026-03-14T09:00:00Z",
    "horizon_days": 90.0,
    "score": 0.41,
    "stop_risk": 0.07,
    "percentile": 93,
    "curve": [
        {"days": 30.0, "won": 0.18, "stop": 0.04},
        {"days": 60.0, "won": 0.31, "stop": 0.06},
        {"days": 90.0, "won": 0.41, "stop": 0.07},
        {"days": 180.0, "won": None, "stop": None},
    ],
    "category": {
        "name": "sales_worthy",
        "rule": "SW1",
        "because": "Fits the buyer profile on 4 of 5 known criteria and replied twice in the last 14 days.",
        "evidence": [{"signal": "fit", "value": 0.8}],
    },
    "bant": {
        "budget": {"state": "unknown", "because": None, "at": None},
        "authority": {"state": "confirmed", "because": "Decision maker", "at": "2026-02-27T11:05:00Z"},
        "need": {"state": "confirmed", "because": "Need is clear", "at": "2026-03-02T10:12:00Z"},
        "timeframe": {"state": "confirmed", "because": "This quarter", "at": "2026-03-02T10:12:00Z"},
    },
    "stage": {"name": "consideration", "signifier": "demo_requested", "at": "2026-03-02T10:12:00Z"},
    "advice": {
        "action": "hand_over",
        "rule": "HO1",
        "next_step": "Sales calls by Sunday 15 March.",
        "first_of_all": "It asked for a demo on 2 March, and no reply is on record. "
        "Sales begins its call with that.",
        "how": "Sales asks with which competitors it talks and what it needs to decide, and makes an offer.",
        "because": "It fits well enough and is interested, and is among the likeliest to buy; sales takes "
        "10 leads a week.",
        "speaks_for": [
            "Said it decides this quarter (2 March); our contact decides (27 February).",
            "Showed interest twice in 14 days; asked for a demo 11 days ago.",
        ],
        "speaks_against": ["Not known yet: budget."],
        "by": "2026-03-15T09:00:00Z",
        "know_first": "Referred by a customer.",
        "ask_next": "Is a budget set aside this year?",
        "ask_channel": "inside_sales",
        "follow_up": None,
        "look_again": None,
        "track": None,
        "sampled": False,
        "propensity": None,
    },
    "reasons": [
        {"text": "Replied twice in the last 14 days", "effect": 0.62},
        {"text": "Company of 40 people", "effect": -0.21},
    ],
    "would_change": [],
    "warnings": [],
    "answered_by": {
        "model": "readiness 7",
        "bundle": "9f2b6c1d4e8a07f35b9c2d1e6f4a8b7c0d3e5f6a1b2c3d4e5f60718293a4b5c6",
        "agreement": {
            "name": "standard",
            "version": "1.2",
            "sha256": "a13c5e7f90b2d4f6081a3c5e7092b4d6f8a0c2e4061b3d5f7092a4c6e8f0b1d3",
        },
    },
}

BATCH_JSON: Final[list[Any]] = [
    SCORE_REQUESTS[name]["value"]
    for name in ("a lead that asked for a demo", "a lead that lacks an answer", "a lead that is with sales")
]
BATCH_JSON_LINES: Final = "".join(json.dumps(row) + "\n" for row in BATCH_JSON)
BATCH_CSV: Final = """lead_id,created_at,source,company_size,industry,country
L-10482,2026-02-20T08:15:00Z,customer_referral,40,logistics,DE
L-10511,2026-03-02T09:00:00Z,web_form,120,software,NL
L-10977,2026-03-13,bought_list,,,
"""
