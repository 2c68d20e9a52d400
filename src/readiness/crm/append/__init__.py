"""A later export laid onto the tables that are there."""

from readiness.crm.append.laying import Appended, append

__all__ = ["Appended", "append"]
