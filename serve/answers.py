"""What the service answers, field by field, for the people and programs that read it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from serve.problems import FieldProblem


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class CurvePoint(_Part):
    """How likely a sale, and a stop, is by so many days after the cutoff."""

    days: float = Field(description="Days after the cutoff.")
    won: float | None = Field(
        description="Probability of a sale by then; null beyond what the data can say.", ge=0, le=1
    )
    stop: float | None = Field(
        description="Probability that the lead told you to stop calling by then.", ge=0, le=1
    )


class Evidence(_Part):
    """A fact that the category rests on."""

    signal: str = Field(description="What was looked at.")
    value: Any = Field(description="What it was.")


class Category(_Part):
    """What kind of lead it is, by the rules that sales and marketing agreed."""

    name: Literal[
        "unworthy",
        "dubious",
        "unqualified_suitability",
        "unqualified_interest",
        "sales_ready_buyer",
        "sales_worthy",
    ] = Field(description="One of the six kinds of lead.")
    rule: str = Field(description="The code of the rule that decided; it stays the same over versions.")
    because: str = Field(description="Why, in one sentence.")
    evidence: list[Evidence] = Field(description="The facts behind it.")


class BantPoint(_Part):
    """What is known of one of budget, authority, need and timeframe."""

    state: Literal["confirmed", "denied", "unknown"] = Field(
        description="`unknown` means nobody asked or nobody answered; it never means no."
    )
    because: str | None = Field(description="In the lead's own facts.")
    at: str | None = Field(description="Since when it is known.")


class Bant(_Part):
    """Budget, authority, need and timeframe."""

    budget: BantPoint
    authority: BantPoint
    need: BantPoint
    timeframe: BantPoint


class Stage(_Part):
    """Where the lead is in the funnel."""

    name: Literal["awareness", "consideration", "decision"] | None = Field(description="The stage.")
    signifier: str | None = Field(description="What moved it there.")
    at: str | None = Field(description="When.")


class Track(_Part):
    """How marketing keeps in touch with a lead, as sales and marketing agreed."""

    name: str = Field(description="What both sides call it.")
    says: str | None = Field(description="What happens on it.")


class Advice(_Part):
    """What to do now."""

    action: Literal["hand_over", "qualify", "nurture", "sell_interest", "hold", "never_call"] = Field(
        description="`hand_over` to sales; `qualify`: ask what is missing; `nurture`: keep in touch; "
        "`sell_interest`: it fits, but shows little interest; `hold`: do nothing; `never_call`: it must not "
        "be called."
    )
    rule: str = Field(description="The code of the rule that decided; it stays the same over versions.")
    next_step: str = Field(description="Who does what, and by when, in a sentence or two.")
    first_of_all: str | None = Field(
        description="A request of the lead's that nobody is known to have answered; null if none waits."
    )
    how: str | None = Field(description="How it is done, as sales and marketing agreed.")
    because: str = Field(description="Why, in a sentence or two.")
    speaks_for: list[str] = Field(description="What speaks for a call, weightiest first.")
    speaks_against: list[str] = Field(description="What speaks against it, weightiest first.")
    by: str | None = Field(
        description="For `hand_over`: sales calls by then. For a lead that waits for sales' decision: sales "
        "accepts or declines it by then."
    )
    know_first: str | None = Field(description="What whoever calls should know first.")
    ask_next: str | None = Field(
        description="The question to ask next: its answer could change the advice, or helps sales."
    )
    ask_channel: Literal["form", "survey", "chat", "inside_sales", "research"] | None = Field(
        description="The cheapest way of asking it."
    )
    follow_up: str | None = Field(
        description="For a lead that sales has accepted: when the next attempt to reach it is due."
    )
    look_again: str | None = Field(description="When to assess this lead again.")
    track: Track | None = Field(description="How marketing keeps in touch; null if it is not its turn.")
    sampled: bool = Field(description="True if chance decided, to learn from the outcome.")
    propensity: float | None = Field(
        description="If chance decided: with what probability. Record it with the hand-over.", ge=0, le=1
    )


class Change(_Part):
    """One of the answers that together would have the lead handed over."""

    piece: str = Field(description="What it is about: a criterion, a BANT point, a stage or the timeframe.")
    ask: str = Field(description="The question to ask.")
    channel: Literal["form", "survey", "chat", "inside_sales", "research"] = Field(
        description="The cheapest way of asking it."
    )
    answer: str = Field(description="The answer needed, in words.")
    field: str = Field(description="Under which field of the answers it would be recorded.")
    value: str = Field(description="With which value.")
    action: Literal["hand_over"] = Field(description="The advice if all answers in the list were given.")


class Reason(_Part):
    """A fact of the lead's own that raises or lowers its score."""

    text: str = Field(description="The fact.")
    effect: float = Field(
        description="How far it moves the score, on the log-odds scale: above zero up, below zero down."
    )


class AgreementReference(_Part):
    """Which agreement answered."""

    name: str
    version: str
    sha256: str = Field(description="Its fingerprint: the same fingerprint is the same agreement.")


class AnsweredBy(_Part):
    """Who answered, so that the answer can be looked up and repeated."""

    model: str | None = Field(description="The model, or null if the rules alone answered.")
    bundle: str | None = Field(description="The fingerprint of the model's files.")
    agreement: AgreementReference


class AssessmentAnswer(_Part):
    """Everything the service says of one lead at one moment.

    Score and stop risk are probabilities under the calling practice of the data the model learned
    from; they are not the effect of a call.
    """

    assessment_id: str = Field(description="The id of this answer; quote it when you ask about it.")
    lead_id: str = Field(description="Your id of the lead.")
    cutoff: str | None = Field(
        description="Only what happened before this moment was looked at; null if your data has no dates."
    )
    horizon_days: float | None = Field(description="How many days ahead the score looks.")
    score: float | None = Field(
        description="Probability, 0 to 1, that this lead becomes a sale within the horizon. Null if it had "
        "already ended, or if the rules alone answered.",
        ge=0,
        le=1,
    )
    stop_risk: float | None = Field(
        description="Probability, 0 to 1, that it tells you to stop calling within the horizon.", ge=0, le=1
    )
    percentile: int | None = Field(
        description="How many of 100 leads of the training data scored lower or the same.", ge=0, le=100
    )
    curve: list[CurvePoint] | None = Field(description="The same two probabilities after 30 to 180 days.")
    category: Category
    bant: Bant
    stage: Stage
    advice: Advice
    reasons: list[Reason] = Field(description="What moves this score most, the strongest first.")
    would_change: list[Change] = Field(
        description="The smallest set of answers with which the advice would be `hand_over`; empty if it is "
        "already, if no answers would do, or if `explain` is `none`."
    )
    warnings: list[str] = Field(description="What you should know before you rely on this answer.")
    answered_by: AnsweredBy


class RowProblem(_Part):
    """Why a row was refused; no value of it is repeated."""

    detail: str = Field(description="How many fields are wrong.")
    errors: list[FieldProblem] = Field(description="Each field that is wrong. At most 50 are listed.")


class RowVerdict(_Part):
    """What became of one row: its assessment, or why it was refused."""

    row: int = Field(description="Which row, counted from 1; a header is not counted.", ge=1)
    status: Literal["scored", "refused"] = Field(description="Whether it was scored.")
    assessment: AssessmentAnswer | None = Field(default=None, description="Where it was scored.")
    problem: RowProblem | None = Field(default=None, description="Where it was refused.")


class BatchAnswer(_Part):
    """A verdict on every row of a batch; `received` is `scored` plus `refused`."""

    received: int = Field(description="How many rows were received.", ge=0)
    scored: int = Field(description="How many of them were scored.", ge=0)
    refused: int = Field(description="How many were refused.", ge=0)
    rows: list[RowVerdict] = Field(description="The verdicts, in the order of the rows.")


class ModelAnswer(_Part):
    """Which model is in use, and what it was made of; all null while the rules alone answer."""

    model: str | None = Field(default=None, description="Name and version.")
    bundle: str | None = Field(default=None, description="The fingerprint of the model's files.")
    horizon_days: float | None = Field(default=None, description="How many days ahead the score looks.")
    learned_until: str | None = Field(
        default=None,
        description="The model learned from nothing at or after this moment; null if the data has no dates.",
    )
    judged_from: str | None = Field(
        default=None, description="It was judged on what came at or after this moment, unseen in training."
    )
    trained_beside: AgreementReference | None = Field(
        default=None, description="The agreement that was in force at training."
    )
    data_fingerprint: str | None = Field(default=None, description="The fingerprint of the training data.")
    features: list[str] | None = Field(
        default=None, description="What the model looks at, as people recognise it."
    )
    capacity_score: float | None = Field(
        default=None, description="Above it there were as many leads a week as sales can take."
    )
    judgement: dict[str, Any] | None = Field(
        default=None, description="Every figure about the model as it was judged, with its interval."
    )


class Driver(_Part):
    """One behaviour or attribute that the scores rest on."""

    name: str = Field(description="What people call it, as in the reasons.")
    importance: float | None = Field(
        description="How much worse the score forecasts (log-loss) when this is shuffled among leads; about "
        "zero or below: the score could do without it, or another says the same."
    )
    low: float | None = Field(description="Where its 95 % interval begins.")
    high: float | None = Field(description="Where its 95 % interval ends.")
    contribution: float | None = Field(
        description="How far the score (0 to 1) moves on average when this is shuffled.", ge=0, le=1
    )
    direction: Literal["up", "down", "by level", "mixed"] = Field(
        description="`up`: more of it raises the score; `down`: lowers it; `by level`: it depends on the "
        "word, see `raises` and `lowers`; `mixed`: neither is clear."
    )
    raises: str | None = Field(description="The word that raises the score most.")
    lowers: str | None = Field(description="The word that lowers it most.")


class ImportanceAnswer(_Part):
    """What the scores of the model in use rest on, measured on leads that it had not learned from."""

    model: str | None = Field(description="The model, or null if the rules alone answer.")
    bundle: str | None = Field(description="The fingerprint of the model's files.")
    drivers: list[Driver] = Field(description="The most important first; empty if nothing was measured.")
    because: str | None = Field(description="Why nothing was measured; null if something was.")


class AgreementAnswer(_Part):
    """The agreement in use: how sales and marketing define a sales-ready lead."""

    name: str
    version: str
    sha256: str = Field(description="Its fingerprint, as it stands in every answer.")
    document: dict[str, Any] = Field(description="The agreement itself.")
    text: str = Field(description="The same as people wrote it, in YAML, with their comments.")


class Live(_Part):
    """The process runs."""

    status: Literal["live"]


class Started(_Part):
    """What is published was looked at: it is known what answers."""

    status: Literal["started"]


class Refused(_Part):
    """A published model that was not taken into use; the one before keeps answering."""

    bundle: str = Field(
        description="The fingerprint of the refused model's files, or `unknown`; the log says why."
    )


class Ready(_Part):
    """What answers right now."""

    status: Literal["ready", "rules_only"] = Field(
        description="`rules_only`: no model is in use; categories and advice are given, scores are null."
    )
    model: str | None
    bundle: str | None
    agreement: AgreementReference
    refused: Refused | None
    suppressions: Literal["read", "unread"] = Field(
        description="Whether the list of who must not be called can be read; while it cannot, nobody is "
        "handed over."
    )
    because: str | None = Field(description="Why it cannot be read, and what to do.")
    audit: Literal["on", "off", "unwritten"] = Field(
        description="Whether every answer is written down before it leaves; while that fails (`unwritten`), "
        "no assessment is given."
    )
