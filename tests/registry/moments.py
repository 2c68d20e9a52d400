"""Two days on which somebody promotes a model."""

from __future__ import annotations

from readiness.crm.records import instant

NOON = instant("2026-03-14T12:00:00Z")

LATER = instant("2026-03-15T12:00:00Z")
