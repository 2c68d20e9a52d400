"""Who made which version champion or challenger, when and why; and which one to go back to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from readiness.errors import NoSkillError

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
