"""Commands about agreements: check and show one, say what changed, list those that ship."""

from __future__ import annotations

from typing import Final

import typer

from readiness.cli import dispatch

COMMANDS: Final[dispatch.Table] = {
    "show": ("agreement_documents", "Check an agreement and read it aloud; as a page, to sign."),
    "diff": ("agreement_documents", "Say what changed from one agreement to another, in sentences."),
    "list": ("agreement_documents", "List the agreements that ship with the product."),
    "schema": (
        "agreement_documents",
        "Print the JSON Schema of agreements, for editors that check as you type.",
    ),
    "backtest": (
        "backtests",
        "Replay an agreement over the past: hand-overs a week, and what became of them.",
    ),
    "compare": (
        "backtests",
        "Replay two agreements over the same past: what the second would change, and on which leads.",
    ),
    "signifiers": (
        "signifying",
        "Say which activities really mark a sale, a stop or a move to the next stage.",
    ),
    "referrals": ("signifying", "Say what a referral is worth, raw and among leads like each other."),
    "bant": (
        "bant_tables",
        "Say what became of leads by what was known of budget, authority, need and timeframe.",
    ),
    "suggest": (
        "suggesting",
        "Propose changes of the agreement, learned on earlier leads and judged on later ones.",
    ),
}
"""Which module holds a command, and what it does in one line."""


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(
        cls=dispatch.group_of(COMMANDS),
        rich_markup_mode=None,
        no_args_is_help=True,
        callback=agreement_commands,
    )
    app.add_typer(group, name="agreement")


def agreement_commands() -> None:
    """Read, check and compare what sales and marketing call sales-ready.

    Example: readiness agreement show data/agreement.yaml
    """
