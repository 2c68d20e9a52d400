"""A first mapping for an export that nobody has described yet."""

from readiness.crm.mapping.suggesting.drafting import Suggestion, suggest

__all__ = ["Suggestion", "suggest"]
