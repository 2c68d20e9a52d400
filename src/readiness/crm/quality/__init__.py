"""What the tables are like: what is there, how full it is, where it jumps, what stands twice."""

from readiness.crm.quality.measure import Quality, measure

__all__ = ["Quality", "measure"]
