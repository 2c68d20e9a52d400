"""Make the tables of the audit."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_chains",
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.LargeBinary(32), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(32), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("torn", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.String(200), nullable=True),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_audit_chains"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("route", sa.String(64), nullable=False),
        sa.Column("caller", sa.String(100), nullable=False),
        sa.Column("lead", sa.LargeBinary(32), nullable=True),
        sa.Column("model", sa.String(200), nullable=True),
        sa.Column("bundle", sa.String(64), nullable=True),
        sa.Column("agreement", sa.String(64), nullable=False),
        sa.Column("cutoff", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.LargeBinary(32), nullable=False),
        sa.Column("answered", sa.LargeBinary(32), nullable=False),
        sa.Column("before", sa.LargeBinary(32), nullable=False),
        sa.Column("link", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("chain", "sequence", name="pk_audit_entries"),
    )
    op.create_table(
        "audit_payloads",
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_salt", sa.LargeBinary(32), nullable=True),
        sa.Column("asked", sa.LargeBinary(), nullable=True),
        sa.Column("answered_salt", sa.LargeBinary(32), nullable=True),
        sa.Column("answered", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("seal", sa.LargeBinary(32), nullable=True),
        sa.PrimaryKeyConstraint("chain", "sequence", name="pk_audit_payloads"),
    )
    op.create_table(
        "audit_agreements",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_audit_agreements"),
    )
    op.create_table(
        "audit_erasures",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("lead", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_erasures"),
    )
    op.create_index("ix_audit_entries_assessment_id", "audit_entries", ["assessment_id"])
    op.create_index("ix_audit_entries_lead", "audit_entries", ["lead"])
    op.create_index("ix_audit_erasures_lead", "audit_erasures", ["lead"])
