"""The road in Python: from tables to a judged model, a challenge, and what to do with each lead.

A notebook needs no other import; each name's own `help` says more. The command line walks the same road.

- Tables: `read_tables` reads a folder of ours; `suggest_mapping`, `read_mapping` and `apply_mapping` make
  tables of a CRM's export; `cut` shows them as they were known at an earlier instant.
- What sales and marketing agreed: `read_agreement`.
- A model: `train` with `TrainingSettings` learns, judges and refits, or says what is missing (`TooLittle`).
- May it take the champion's place? `challenge` one `Contender` with another.
- Which leads now? `open_leads`, then `score`.
- What does history say? `signifiers` of acts, `referrals` of who was recommended.

Instants are numbers of microseconds: `iso` writes one as text, `days` turns days into them.

>>> tables, agreement = read_tables("data/sample"), read_agreement()
>>> now = open_leads(tables)
>>> told = score(tables, now, agreement=agreement, model=None).assessment(0)
>>> told.score, told.category["name"]  # without a model the rules alone answer
(None, 'unqualified_interest')
"""

from __future__ import annotations

from pathlib import Path

from readiness import shipped
from readiness.agreement import reading
from readiness.agreement.document import Agreement
from readiness.crm import folder
from readiness.crm.mapping import apply as apply_mapping
from readiness.crm.mapping import parse as read_mapping
from readiness.crm.mapping.suggesting import suggest as suggest_mapping
from readiness.crm.records import Instant, days, iso
from readiness.crm.tables import Tables
from readiness.hindsight.referrals import referrals
from readiness.hindsight.signifiers import signifiers
from readiness.history import snapshots
from readiness.history.cuts import cut
from readiness.history.snapshots import Snapshots
from readiness.learning.little_data import TooLittle
from readiness.scoring import score
from readiness.training_run import TrainingRun, TrainingSettings, train
from readiness.training_run.challenge import challenge
from readiness.training_run.contender import Contender

__all__ = [
    "Contender",
    "TooLittle",
    "TrainingRun",
    "TrainingSettings",
    "apply_mapping",
    "challenge",
    "cut",
    "days",
    "iso",
    "open_leads",
    "read_agreement",
    "read_mapping",
    "read_tables",
    "referrals",
    "score",
    "signifiers",
    "suggest_mapping",
    "train",
]


def read_tables(path: Path | str, *, quarantine: Path | None = None) -> Tables:
    """Read a folder of our tables: leads, and what else there is of them.

    Parameters
    ----------
    path : Path or str
        Holds ``leads`` and any of ``activities``, ``answers``, ``outcomes``, ``handovers``, each as
        ``.csv``, ``.csv.gz`` or ``.parquet``.
    quarantine : Path, optional
        A folder for the rows that are refused, each with its faults. Then the others are returned.

    Raises
    ------
    DataError
        If rows are faulty and there is no quarantine, or a table cannot be read: all faults at once.
    StoreError
        If a file cannot be opened, or the folder was left half-written.
    """
    return folder.read(Path(path), quarantine=quarantine)


def read_agreement(path: Path | str | None = None) -> Agreement:
    """Read what sales and marketing agreed; without a path, the standard agreement that ships.

    Raises
    ------
    AgreementError
        If the file cannot be read or contradicts itself: every fault with its line and a remedy.

    >>> read_agreement().name
    'standard'
    """
    return reading.load(shipped.agreement() if path is None else Path(path))


def open_leads(tables: Tables, at: Instant | None = None) -> Snapshots:
    """Look at every lead that is open at an instant; by default at the end of the data.

    After that end nothing is known: whoever was open then counts as open still.

    Returns
    -------
    Snapshots
        One a lead, in the order of the tables; none where all have ended.
    """
    return snapshots.open_at(tables, tables.observed_through if at is None else at)
