"""Columns that know the future: found, named, and kept out of training until somebody decides."""

from readiness.learning.leakage.audit import audit
from readiness.learning.leakage.findings import BLOCKING, CODES, WARNING, Finding, blocking

__all__ = ["BLOCKING", "CODES", "WARNING", "Finding", "audit", "blocking"]
