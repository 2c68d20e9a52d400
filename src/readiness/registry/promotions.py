"""Who made which version champion or challenger, when and why; and which one to go back to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from readiness.errors import ChallengeError, NoSkillError

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"

LONGEST: Final = 1_000
"""Letters kept of a name or a reason."""

Alias = Literal["champion", "challenger"]


def _short(text: str) -> str:
    """Cut a text to what every store takes: an alias that moved must not lack its history."""
    return text[:LONGEST]


class Promotion(BaseModel):
    """One move of an alias to a version."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: str
    alias: Alias
    action: Literal["promote", "rollback"]
    at: str
    """ISO 8601, UTC."""
    by: Annotated[str, AfterValidator(_short)]
    reason: Annotated[str, AfterValidator(_short)]
    figures: dict[str, float] = Field(default_factory=dict)
    """What was measured at each gate of its challenge; of a version never challenged, its skill."""
    verdict: str | None = None
    """What its challenge came to: "yes", "no" or "too_few"; None where there was none."""
    overruled: tuple[str, ...] = ()
    """The gates that did not pass, and were overruled by whom it names."""


class ChallengeSummary(BaseModel):
    """What a version's challenge came to, as it is kept beside the version; the run has all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    verdict: Literal["yes", "no", "too_few"]
    champion: str | None
    """The name of the champion's bundle that it was compared with; None: there was none."""
    at: str
    on: str
    outcomes: dict[str, str]
    """By gate: "passed", "refused", "too_few" or "not_asked"."""
    figures: dict[str, float]
    """By gate what was measured, where something was."""

    @classmethod
    def of(cls, challenge: Mapping[str, Any], at: str) -> Self:
        """Return the summary of a challenge as `judging.gates.Challenge.to_dict` writes it."""
        gates = challenge["gates"]
        return cls(
            verdict=challenge["verdict"],
            champion=challenge["champion"],
            at=at,
            on=challenge["on"],
            outcomes={gate["code"]: gate["outcome"] for gate in gates},
            figures={gate["code"]: gate["measured"] for gate in gates if gate["measured"] is not None},
        )

    @property
    def closed(self) -> tuple[str, ...]:
        """The gates that refused, or at which too few leads could tell."""
        return tuple(code for code, found in self.outcomes.items() if found in ("refused", "too_few"))


def must_have_passed(version: str, summary: ChallengeSummary | None, champion: str | None) -> None:
    """Refuse a version whose challenge did not end in a yes, or was against another champion.

    A version that was never challenged is not asked.

    Parameters
    ----------
    champion : str or None
        The name of the champion's bundle now; None where there is none.

    Raises
    ------
    ChallengeError
        With the gates, and what may be done.
    """
    if summary is None:
        return
    again = f"Challenge it again: readiness retrain --challenger {version} --data DIR."
    if summary.champion != champion:
        raise ChallengeError(
            f"Version {version} is not promoted: its challenge of {summary.at[:10]} was not against the "
            f"champion of today. {again} {_OVERRULE}"
        )
    if summary.verdict != "yes":
        named = {
            outcome: ", ".join(code for code, found in summary.outcomes.items() if found == outcome)
            for outcome in ("refused", "too_few")
        }
        told = [
            f"Refused by {named['refused']}." if named["refused"] else "",
            f"Too few leads to tell at {named['too_few']}." if named["too_few"] else "",
        ]
        why = " ".join(sentence for sentence in told if sentence)
        raise ChallengeError(
            f"Version {version} is not promoted: it did not pass its challenge of {summary.at[:10]}. {why} "
            f"{again} {_OVERRULE}"
        )


_OVERRULE: Final = "Who answers for it may add --overrule with --by and --reason: the history keeps it."


def predecessor(promotions: Iterable[Promotion], champion: str) -> str | None:
    """Return the version that was champion before this one, or None where there was none.

    A promotion comes on top; a rollback takes the top away. So going back twice leads to the one
    before the one before, not forth again.

    Parameters
    ----------
    promotions : in the order in which they happened
    champion : str
        The version in force. If it stands elsewhere than the promotions say, somebody moved the
        alias by other means: then it counts as promoted last.
    """
    stack = _standing(promotion for promotion in promotions if promotion.alias == CHAMPION)
    if not stack or stack[-1] != champion:
        stack = [*stack, champion]
    return stack[-2] if len(stack) > 1 else None


def _standing(promotions: Iterable[Promotion]) -> Sequence[str]:
    stack: list[str] = []
    for promotion in promotions:
        if promotion.action == "promote":
            if not stack or stack[-1] != promotion.version:
                stack.append(promotion.version)
        elif promotion.version in stack:
            while stack[-1] != promotion.version:
                stack.pop()
    return stack


def must_have_skill(version: str, judgement: Mapping[str, Any] | None) -> None:
    """Refuse a champion that was judged and not shown to know anything.

    A bundle that was written without a judgement is not asked.

    Raises
    ------
    NoSkillError
        With what the judgement found, and what is missing.
    """
    skill = (judgement or {}).get("skill", {"claimed": True})
    if skill["claimed"]:
        return
    found = [skill.get("sentence"), (judgement or {}).get("missing")]
    raise NoSkillError(
        " ".join(
            [
                f"Version {version} is not promoted.",
                *(sentence for sentence in found if sentence),
                "Rank nobody by it; categories and advice come from the agreement and still hold.",
            ]
        )
    )


def figures_of(challenge: ChallengeSummary | None, judgement: Mapping[str, Any] | None) -> dict[str, float]:
    """Return the figures on which a version is promoted: those of its challenge, else of its skill."""
    if challenge is not None:
        return dict(challenge.figures)
    skill = (judgement or {}).get("skill", {})
    return {
        name: float(skill[name]) for name in ("gain", "lower_999") if isinstance(skill.get(name), int | float)
    }
