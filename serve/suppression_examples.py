"""Requests about suppressions for the OpenAPI document; each works when pasted, in this order."""

from __future__ import annotations

from typing import Final

from fastapi.openapi.models import Example

SUPPRESSION_REQUESTS: Final[dict[str, Example]] = {
    "one person": {
        "summary": "Somebody unsubscribed",
        "value": {
            "suppressions": [
                {
                    "kind": "email",
                    "value": "ann@acme.example",
                    "source": "unsubscribe link",
                    "since": "2026-03-01T10:00:00Z",
                }
            ]
        },
    },
    "several ways": {
        "summary": "A lead, a phone number and a whole company",
        "value": {
            "suppressions": [
                {"kind": "lead_id", "value": "L-10731", "source": "asked sales not to call"},
                {"kind": "phone", "value": "+44 20 7946 0000", "source": "asked sales not to call"},
                {"kind": "company_domain", "value": "competitor.example", "source": "competitors"},
            ]
        },
    },
}

SEARCH_REQUESTS: Final[dict[str, Example]] = {
    "an address": {
        "summary": "Is this address on the list, itself or by its company?",
        "value": {"kind": "email", "value": "Ann <ann@acme.example>"},
    }
}

REMOVAL_REQUESTS: Final[dict[str, Example]] = {
    "a mistake": {
        "summary": "It was put there by mistake",
        "value": {"by": "Head of marketing operations", "reason": "Mistyped: it was another customer."},
    }
}
