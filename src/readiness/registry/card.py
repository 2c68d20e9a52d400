"""The model card: what a model is, what it learned from, how good it is, its limits, and who promoted it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from readiness.artefact import Bundle
from readiness.judging.figures import MEANINGS
from readiness.judging.gates import PROMOTE
from readiness.judging.judgement import FORECASTS, SETS
from readiness.registry.promotions import CHAMPION, ChallengeSummary, Promotion

FIGURES: Final = (
    "won_log_loss",
    "won_integrated_brier",
    "won_auc",
    "won_bias",
    "won_slope",
    "won_weekly_precision",
    "stop_log_loss",
    "stop_auc",
)
"""What the card tells of a forecast; the bundle's judgement has everything."""

_LIMITS: Final = (
    "Scores are chances under the calling practice of the data it learned from, not effects of a call.",
    "Only who is called can tell us to stop: how the others would have answered is not known.",
    "Categories, BANT and advice come from the agreement, not from the model.",
    "It says nothing about leads of a kind that it never met; the service warns of unseen values.",
)


def card_of(
    bundle: Bundle, challenge: ChallengeSummary | None = None, moves: Sequence[Promotion] = ()
) -> str:
    """Write the model card as Markdown; the same bundle, challenge and history give the same text.

    Parameters
    ----------
    challenge : ChallengeSummary, optional
        Its last one.
    moves : sequence of Promotion
        Those of this version, the oldest first.
    """
    return "\n".join(
        [
            "# Which leads are worth a call",
            "",
            *_what(bundle),
            "",
            *_how_good(bundle.judgement or {}),
            "## Limits",
            "",
            *(f"- {limit}" for limit in _LIMITS),
            "",
            "## Challenge and promotion",
            "",
            *_promoted(challenge, moves),
            "",
        ]
    )


def _what(bundle: Bundle) -> Iterator[str]:
    told, model = bundle.provenance, bundle.model
    horizon = "undated" if model.horizon_days is None else f"{model.horizon_days:g} days"
    yield from (
        f"- bundle: `{bundle.name}`",
        f"- answers: P(closed-won) and P(told us to stop), horizon {horizon}",
        f"- data: fingerprint `{told.data_fingerprint}`, until {told.data_end or 'undated'}",
        f"- judged standing at: {told.judged_at or 'not judged on later leads'}",
        f"- agreement: {told.agreement.name} {told.agreement.version} (`{told.agreement.sha256[:12]}`)",
        f"- features: {len(model.plan.names)}; seed {told.seed}; code {told.code_version}",
    )


def _how_good(judgement: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## How good it is", "")
    sentences = judgement.get("sentences") or ["It was not judged."]
    yield from (f"- {sentence}" for sentence in sentences)
    yield ""
    for part in judgement.get("sets", ()):
        yield from (f"On {part['leads']:,} {SETS[part['name']]}, with 95 % intervals:", "")
        names = [name for name in FORECASTS if name in part["figures"]]
        yield "| figure | " + " | ".join(FORECASTS[name] for name in names) + " |"
        yield "|---" * (len(names) + 1) + "|"
        for figure in FIGURES:
            cells = [_cell(part["figures"][name].get(figure)) for name in names]
            if any(cell != "–" for cell in cells):
                yield f"| {figure}: {MEANINGS[figure].text} | " + " | ".join(cells) + " |"
        yield ""


def _cell(figure: Mapping[str, float | None] | None) -> str:
    if figure is None or figure["value"] is None:
        return "–"
    if figure["low"] is None or figure["high"] is None:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def _promoted(challenge: ChallengeSummary | None, moves: Sequence[Promotion]) -> Iterator[str]:
    if challenge is None:
        yield "- Never challenged."
    else:
        shut = f"; not open: {', '.join(challenge.closed)}" if challenge.closed else ""
        yield f"- Challenged at {challenge.at}. Promote: {PROMOTE[challenge.verdict]}{shut}."
    for move in moves:
        by, why = move.by or "somebody who gave no name", move.reason or "no reason given"
        although = f", although {', '.join(move.overruled)} did not pass" if move.overruled else ""
        what = "Made" if move.action == "promote" else "Made again, by going back,"
        yield f"- {what} the {move.alias} at {move.at} by {_plain(by)}: {_plain(why)}{although}."
    if not any(move.alias == CHAMPION for move in moves):
        yield "- Never promoted."


def _plain(text: str) -> str:
    """Return what somebody typed on one line, so that it cannot pass for a part of the card."""
    return " ".join(text.split()).replace("<", "‹").replace("[", "(").replace("]", ")")
