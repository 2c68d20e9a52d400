"""The service's database: who must not be called, with which keys one asks, and later what else must last."""

from serve.database.audit import AuditStore
from serve.database.jobs import ENDED, STATES, Job, JobStore, LostJobError, Part, State
from serve.database.kept_answers import AnswerStore, Kept
from serve.database.keys import KeyStore, any_opens
from serve.database.opened import Database, Place, place_of
from serve.database.suppressions import Added, Entry, Given, Removal, SuppressionStore

__all__ = [
    "ENDED",
    "STATES",
    "Added",
    "AnswerStore",
    "AuditStore",
    "Database",
    "Entry",
    "Given",
    "Job",
    "JobStore",
    "Kept",
    "KeyStore",
    "LostJobError",
    "Part",
    "Place",
    "Removal",
    "State",
    "SuppressionStore",
    "any_opens",
    "place_of",
]
