"""A B2B seller's CRM over 18 months, simulated: its tables, and the truth that no CRM shows."""

from readiness.crm.simulate.options import WorldOptions
from readiness.crm.simulate.truth import Truth
from readiness.crm.simulate.worlds import ORDINARY, TRUTH_DAYS, TRUTH_FILE, World, world, write

__all__ = ["ORDINARY", "TRUTH_DAYS", "TRUTH_FILE", "Truth", "World", "WorldOptions", "world", "write"]
