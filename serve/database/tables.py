"""The tables of the database. Instants are microseconds since 1970 UTC, in whole numbers, on every database.

What comes later (a book of leads, web hooks) gets tables of its own beside these. Only ``audit_payloads``
holds what says who somebody is: to erase a person is to delete the rows of its keys, and to erase its
payloads (`serve.auditing.erasing`). The answers kept for a repeated request hold what was answered, and are
gone after a day. Files of jobs lie in a folder, not here.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

metadata: Final = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

WHOLE: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column of its own kind of integer, which holds as much."""

meta: Final = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.LargeBinary(), nullable=False),
)
"""Facts about the database itself, such as what tells a wrong secret."""

suppressions: Final = sa.Table(
    "suppressions",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("key", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("since", sa.BigInteger(), nullable=True),
    sa.Column("added_at", sa.BigInteger(), nullable=False),
    # A number that was given once is never given again, whatever was removed.
    sqlite_autoincrement=True,
)
"""Who must not be called now: one row a key. ``since``: when it was said, if somebody dated it."""

suppression_removals: Final = sa.Table(
    "suppression_removals",
    metadata,
    sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("key", sa.LargeBinary(32), nullable=False, index=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("since", sa.BigInteger(), nullable=True),
    sa.Column("added_at", sa.BigInteger(), nullable=False),
    sa.Column("removed_at", sa.BigInteger(), nullable=False),
    sa.Column("removed_by", sa.String(200), nullable=False),
    sa.Column("reason", sa.String(2_000), nullable=False),
)
"""What was taken off the list again, with the number it had: by whom, when and why. Only ever added to."""

keys: Final = sa.Table(
    "keys",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("rights", sa.String(64), nullable=False),
    sa.Column("created_at", sa.BigInteger(), nullable=False),
    sa.Column("expires_at", sa.BigInteger(), nullable=True),
    sa.Column("revoked_at", sa.BigInteger(), nullable=True),
    sa.Column("last_used_at", sa.BigInteger(), nullable=True),
)
"""With which programs ask. ``digest`` is a SHA-256 of 256 random bits: what opens the door is not here."""

kept_answers: Final = sa.Table(
    "kept_answers",
    metadata,
    sa.Column("key", sa.LargeBinary(32), primary_key=True),
    sa.Column("taken_by", sa.LargeBinary(16), nullable=True),
    sa.Column("taken_until", sa.BigInteger(), nullable=True),
    sa.Column("kept_at", sa.BigInteger(), nullable=True, index=True),
    sa.Column("asked", sa.LargeBinary(32), nullable=True),
    sa.Column("barred", sa.LargeBinary(32), nullable=True),
    sa.Column("media_type", sa.String(100), nullable=True),
    sa.Column("size", sa.BigInteger(), nullable=False),
    sa.Column("content", sa.LargeBinary(), nullable=True),
)
"""What was answered under a sender's own key, compressed, and who is answering it now.

``key`` is a SHA-256 of the caller and its key; without ``kept_at`` nothing has been answered yet."""

audit_chains: Final = sa.Table(
    "audit_chains",
    metadata,
    sa.Column("chain", sa.String(32), primary_key=True),
    sa.Column("first", sa.BigInteger(), nullable=False),
    sa.Column("before", sa.LargeBinary(32), nullable=False),
    sa.Column("last", sa.BigInteger(), nullable=False),
    sa.Column("link", sa.LargeBinary(32), nullable=False),
    sa.Column("moved_at", sa.BigInteger(), nullable=False),
    sa.Column("torn", sa.BigInteger(), nullable=False),
    sa.Column("broken", sa.String(200), nullable=True),
    sa.Column("seal", sa.LargeBinary(32), nullable=False),
)
"""How far each process's chain of answers goes, sealed with the secret (`serve.audit.seals`)."""

audit_entries: Final = sa.Table(
    "audit_entries",
    metadata,
    sa.Column("chain", sa.String(32), primary_key=True),
    sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("assessment_id", sa.String(64), nullable=False, index=True),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.Column("route", sa.String(64), nullable=False),
    sa.Column("caller", sa.String(100), nullable=False),
    sa.Column("lead", sa.LargeBinary(32), nullable=True, index=True),
    sa.Column("model", sa.String(200), nullable=True),
    sa.Column("bundle", sa.String(64), nullable=True),
    sa.Column("agreement", sa.String(64), nullable=False),
    sa.Column("cutoff", sa.BigInteger(), nullable=True),
    sa.Column("asked", sa.LargeBinary(32), nullable=False),
    sa.Column("answered", sa.LargeBinary(32), nullable=False),
    sa.Column("before", sa.LargeBinary(32), nullable=False),
    sa.Column("link", sa.LargeBinary(32), nullable=False),
)
"""One row an answer that left; nothing in it says who the lead is. Only ever added to, and cut off by age."""

audit_payloads: Final = sa.Table(
    "audit_payloads",
    metadata,
    sa.Column("chain", sa.String(32), primary_key=True),
    sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("asked_salt", sa.LargeBinary(32), nullable=True),
    sa.Column("asked", sa.LargeBinary(), nullable=True),
    sa.Column("answered_salt", sa.LargeBinary(32), nullable=True),
    sa.Column("answered", sa.LargeBinary(), nullable=True),
    sa.Column("erased_at", sa.BigInteger(), nullable=True),
    sa.Column("seal", sa.LargeBinary(32), nullable=True),
)
"""What was asked and answered, compressed, apart from the chain: **personal data**, until it is erased."""

audit_agreements: Final = sa.Table(
    "audit_agreements",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text(), nullable=False),
)
"""Every agreement that an answer names, by its fingerprint."""

audit_erasures: Final = sa.Table(
    "audit_erasures",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
    sa.Column("lead", sa.LargeBinary(32), nullable=False, index=True),
    sa.Column("at", sa.BigInteger(), nullable=False),
)
"""Whose payloads were to be erased, by key: those of answers up to then that are moved later are not kept."""

jobs: Final = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("caller", sa.String(100), nullable=False),
    sa.Column("idempotency_key", sa.String(200), nullable=True),
    sa.Column("asked", sa.LargeBinary(32), nullable=False),
    sa.Column("media_type", sa.String(64), nullable=False),
    sa.Column("at", sa.String(64), nullable=True),
    sa.Column("explain", sa.String(8), nullable=True),
    sa.Column("bytes", sa.BigInteger(), nullable=False),
    sa.Column("received_at", sa.BigInteger(), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("began_at", sa.BigInteger(), nullable=True),
    sa.Column("ended_at", sa.BigInteger(), nullable=True),
    sa.Column("rows_total", sa.BigInteger(), nullable=True),
    sa.Column("rows_scored", sa.BigInteger(), nullable=False),
    sa.Column("rows_refused", sa.BigInteger(), nullable=False),
    sa.Column("model", sa.String(200), nullable=True),
    sa.Column("bundle", sa.String(64), nullable=True),
    sa.Column("agreement_name", sa.String(200), nullable=True),
    sa.Column("agreement_version", sa.String(200), nullable=True),
    sa.Column("agreement_sha256", sa.String(64), nullable=True),
    sa.Column("problem", sa.Text(), nullable=True),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.Column("holder", sa.String(32), nullable=True),
    sa.Column("free_at", sa.BigInteger(), nullable=False),
    sa.UniqueConstraint("owner", "idempotency_key"),
)
"""Files of leads that are to be assessed; the files themselves lie in a folder, where they can be erased.

``owner`` is a digest of who sent it, ``asked`` of what was sent. ``holder`` works on it, and at ``free_at``
somebody else may take it, unless the holder has said by then that it still does.
"""

job_parts: Final = sa.Table(
    "job_parts",
    metadata,
    sa.Column(
        "job_id", sa.String(32), sa.ForeignKey("jobs.id", name="fk_job_parts_job_id"), primary_key=True
    ),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("file", sa.String(100), nullable=False),
    sa.Column("sha256", sa.LargeBinary(32), nullable=False),
)
"""What is finished of a job: files of its folder, in the order of the rows, and what they must hold."""
