"""What a request to score a lead may hold, field by field; everything else is refused."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from readiness.crm.records import AttributeValue
from readiness.crm.tables import IDENTITIES
from serve.moments import MomentField

_LONGEST_TEXT: Final = 2_000
_LEAD_COLUMNS: Final = frozenset({"lead_id", "created_at", "last_known_at", "source", *IDENTITIES})

# Control characters reach terminals and files as commands; a text may still have lines and tabs. Signs that
# turn the direction of writing make one word look like another.
_TURNING: Final = r"\u007f-\u009f\u202a-\u202e\u2066-\u2069"
_IN_NO_NAME: Final = rf"\u0000-\u001f{_TURNING}"
_IN_NO_TEXT: Final = rf"\u0000-\u0008\u000b\u000c\u000e-\u001f{_TURNING}"
_NAME: Final = rf"^[^{_IN_NO_NAME}]*$"
Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NAME)]
# Empty means missing, as in a CRM's export.
OptionalName: TypeAlias = Annotated[str, StringConstraints(max_length=200, pattern=_NAME)] | None
Text: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=_LONGEST_TEXT, pattern=rf"^[^{_IN_NO_TEXT}]*$"),
]
_FORBIDDEN_IN_NAMES: Final = re.compile(f"[{_IN_NO_NAME}]")
_FORBIDDEN_IN_TEXTS: Final = re.compile(f"[{_IN_NO_TEXT}]")


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


def _scalar(value: object) -> AttributeValue:
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            raise PydanticCustomError("readiness_long", "This text is longer than 2000 characters.")
        if _FORBIDDEN_IN_TEXTS.search(value):
            raise PydanticCustomError("readiness_control", "This holds control characters.")
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    raise PydanticCustomError("readiness_scalar", "This must be text, a number, true, false or null.")


Scalar: TypeAlias = Annotated[
    AttributeValue,
    PlainValidator(_scalar),
    WithJsonSchema(
        {
            "type": ["string", "number", "boolean", "null"],
            "maxLength": _LONGEST_TEXT,
            "pattern": rf"^[^{_IN_NO_TEXT}]*$",
        }
    ),
]


def _column(name: object) -> str:
    if not isinstance(name, str) or not 1 <= len(name) <= 200 or _FORBIDDEN_IN_NAMES.search(name):
        raise PydanticCustomError(
            "readiness_column",
            "An attribute's name must be 1 to 200 characters, none of them control characters.",
        )
    if name in _LEAD_COLUMNS:
        raise PydanticCustomError("readiness_column", "This is a field of the lead itself, not an attribute.")
    return name


Column: TypeAlias = Annotated[
    str,
    PlainValidator(_column),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "not": {"anyOf": [{"enum": sorted(_LEAD_COLUMNS)}, {"pattern": f"[{_IN_NO_NAME}]"}]},
        }
    ),
]


class Lead(_Part):
    """The lead itself, as your CRM knew it when it was created."""

    lead_id: Name = Field(description="Your own id of the lead; the answer carries it.", examples=["L-10482"])
    created_at: MomentField | None = Field(
        default=None,
        description="When the lead was created. Leave it out only if your CRM keeps no dates at all: then "
        "nothing that needs time can be said.",
    )
    source: OptionalName = Field(
        default=None, description="How the lead reached you, in your CRM's word.", examples=["web_form"]
    )
    last_known_at: MomentField | None = Field(
        default=None, description="Until when this record was kept up to date, if that is not today."
    )
    email: Annotated[str, StringConstraints(max_length=320)] | None = Field(
        default=None, description="Says who it is; never used to score and never logged."
    )
    phone: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Says who it is; never used to score and never logged."
    )
    company_domain: Annotated[str, StringConstraints(max_length=253)] | None = Field(
        default=None, description="Says who it is; never used to score and never logged."
    )
    attributes: dict[Column, Scalar] = Field(
        default={},
        max_length=500,
        description="Every further column your CRM has on the lead, by its name: text, number, true or "
        "false. Use the names of the data the model was trained on. A `do_not_call` that says yes always "
        "gives the advice `never_call`.",
    )


class Activity(_Part):
    """Something the lead did (inbound) or you did (outbound)."""

    occurred_at: MomentField = Field(description="When it happened.")
    type: Name = Field(description="What happened, in your CRM's word.", examples=["demo_requested"])
    direction: Literal["inbound", "outbound"] = Field(
        description="`inbound`: the lead did it. `outbound`: you did."
    )
    channel: OptionalName = Field(default=None, description="Where, such as email, phone or web.")
    value: float | None = Field(default=None, description="A number that goes with it, such as minutes.")
    detail: Text | None = Field(default=None, description="A few words on it.")


class Answer(_Part):
    """A qualification answer, or a dated change of an attribute; the newest before the cutoff counts."""

    answered_at: MomentField = Field(description="When it was given.")
    field: Name = Field(description="Which question or attribute.", examples=["budget"])
    value: Text | None = Field(description="The answer, or null if it was withdrawn.", examples=["approved"])


class Outcome(_Part):
    """How the lead ended, if it did."""

    occurred_at: MomentField | None = Field(description="When; null where nobody recorded it.")
    outcome: Literal["closed_won", "stop_calling", "closed_lost", "disqualified"] = Field(
        description="`stop_calling`: it told you to stop; it is never called again."
    )


class Handover(_Part):
    """Marketing handed the lead to sales, and what sales decided."""

    handed_over_at: MomentField = Field(description="When it was handed over.")
    decided_at: MomentField | None = Field(default=None, description="When sales decided.")
    decision: Literal["accepted", "declined", "handed_back"] | None = Field(
        default=None, description="What sales decided."
    )
    reason: Text | None = Field(default=None, description="Why, in sales' words.")
    propensity: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="With what probability it was handed over, where chance decided."
    )


Explaining: TypeAlias = Annotated[
    Literal["none", "brief", "full"],
    # A null says nothing, here as in every other field that may be left out.
    BeforeValidator(lambda said: "brief" if said is None else said),
    WithJsonSchema({"enum": ["none", "brief", "full", None]}),
]


class ScoreRequest(_Part):
    """One lead, with what has happened to it so far."""

    lead: Lead
    activities: list[Activity] = Field(default=[], max_length=5_000, description="In any order.")
    answers: list[Answer] = Field(default=[], max_length=2_000, description="In any order.")
    outcomes: list[Outcome] = Field(default=[], max_length=20, description="Usually none.")
    handovers: list[Handover] = Field(default=[], max_length=500, description="In any order.")
    at: MomentField | None = Field(
        default=None,
        description="Assess the lead as it stood at this moment; whatever is dated at or after it is "
        "ignored, and counted in the warnings. Left out, the lead is assessed as of now.",
    )
    explain: Explaining = Field(
        default="brief",
        description="How much to explain. `none`: no reasons and nothing on what would change the advice; "
        "quickest. `brief`: the three strongest reasons each way. `full`: every reason. Score, category and "
        "advice are the same.",
    )
