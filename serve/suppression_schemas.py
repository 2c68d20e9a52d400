"""What a request about suppressions may hold, and what is answered: nothing in an answer says who it is."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from readiness.scoring import Kind
from serve.moments import MomentField
from serve.schemas import Name

AT_ONCE: Final = 1_000
"""So many suppressions fit into one request."""

KindField: TypeAlias = Annotated[
    Kind,
    Field(description="By what: your own id of the lead, an e-mail address, a phone number or a domain."),
]
Value: TypeAlias = Annotated[
    str,
    StringConstraints(min_length=1, max_length=320),
    Field(
        description="The value itself. It is turned into a key and not kept.", examples=["ann@example.com"]
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class NewSuppression(_Part):
    """Somebody who must not be called."""

    kind: KindField
    value: Value
    source: Name = Field(
        description="Where it comes from; say nothing in it that tells who somebody is.",
        examples=["unsubscribe link"],
    )
    since: MomentField | None = Field(default=None, description="When it was said, if it is known.")


class SuppressionRequest(_Part):
    """Whoever must not be called from now on: one, or up to 1,000."""

    suppressions: list[NewSuppression] = Field(
        min_length=1, max_length=AT_ONCE, description="All of them are stored, or none."
    )


class SearchRequest(_Part):
    """A value that may be on the list."""

    kind: KindField
    value: Value


class RemovalRequest(_Part):
    """Why somebody may be called again."""

    by: Name = Field(description="Who takes it off the list.", examples=["Head of marketing operations"])
    reason: Name = Field(description="Why; it is kept.", examples=["Mistyped: it was another customer."])


class SuppressionAnswer(_Part):
    """A suppression, without the value."""

    id: int = Field(description="Its number; it is never given to another.")
    kind: Kind = Field(description="By what somebody is suppressed.")
    source: str = Field(description="Where it came from.")
    since: str | None = Field(description="When it was said, if it is known.")
    added_at: str = Field(description="When it was put on the list.")


class AddedAnswer(SuppressionAnswer):
    """A suppression that is on the list now."""

    status: Literal["added", "known"] = Field(description="`known`: it was on the list before.")


class AddedAnswers(_Part):
    """What is on the list now, on disk, in the order sent."""

    suppressions: list[AddedAnswer]


class SuppressionPage(_Part):
    """Some of the list, by number."""

    suppressions: list[SuppressionAnswer]
    next: int | None = Field(description="Send it as `after` to read on; null at the end.")


class FoundAnswers(_Part):
    """The entries under which this value is suppressed; empty if it is not.

    An e-mail address is also suppressed by its domain, a domain also by those above it, a number with an
    extension also by the number without.
    """

    suppressions: list[SuppressionAnswer]


class RemovalAnswer(SuppressionAnswer):
    """A suppression that was taken off the list, and what is kept of that."""

    removed_at: str = Field(description="When.")
    removed_by: str = Field(description="Who.")
    reason: str = Field(description="Why.")


class RemovalPage(_Part):
    """Some of what was taken off the list, by number."""

    removals: list[RemovalAnswer]
    next: int | None = Field(description="Send it as `after` to read on; null at the end.")
