"""What the two sides do with a lead, read aloud: hand-over, nurture, questions, points and labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.handover_terms import Handover, Returns
from readiness.agreement.nurture_terms import Track
from readiness.agreement.phrases import choice, named, share
from readiness.agreement.recital.section import Paragraph, Section
from readiness.agreement.vocabulary import CATEGORIES, KINDS, STAGES, OutcomeName
from readiness.agreement.wording import capital, category_said, listed, number, plain
from readiness.counting import counted, figure

_ENDS: Final[Mapping[OutcomeName, str]] = {
    "closed_won": "bought",
    "stop_calling": "told us to stop calling",
    "closed_lost": "was lost",
    "disqualified": "was disqualified",
}


def handover(agreement: Agreement) -> Section:
    """Tell when a lead passes to sales, what sales promises, and what brings it back."""
    terms = agreement.handover
    kinds = {"sales_worthy": "a sales-worthy lead", "sales_ready_buyer": "a sales-ready buyer"}
    who = choice([kinds[name] for name in terms.categories])
    items = (
        f"it is {who};",
        f"{_bant(terms)};",
        f"a sale is at least {share(terms.score_at_least)} likely within {_horizon(agreement)};",
        f"being told to stop calling is at most {share(terms.stop_risk_at_most)} likely;",
        f"sales has room: it takes {counted(terms.weekly_capacity, 'lead')} a week, the likeliest first."
        f"{_first(terms, kinds)}",
    )
    promise = f"Sales makes its first attempt within {counted(terms.response_hours, 'hour')}."
    if terms.follow_up_after_days:
        days = listed([figure(after) for after in terms.follow_up_after_days])
        promise += f" It tries again until it reaches the lead: on days {days} after accepting it."
    paragraphs = [Paragraph("Marketing hands a lead over to sales if", items), Paragraph(promise)]
    paragraphs.append(Paragraph(_salesperson(terms)))
    if terms.requests:
        text = f"A request ({named(terms.requests)}) is answered by sales before all else, "
        paragraphs.append(Paragraph(f"{text}even if nobody calls the lead yet."))
    if terms.returns is not None:
        paragraphs += _returns(terms.returns)
    if terms.random_share > 0:
        text = f"{share(terms.random_share)} of the leads that only likelihood or room keeps back are handed "
        paragraphs.append(Paragraph(f"{text}over all the same, drawn by lot, so that we learn from them."))
    return Section("handover", "The hand-over", tuple(paragraphs))


def _first(terms: Handover, kinds: Mapping[str, str]) -> str:
    who = [kinds[name] for name in terms.first_in_line]
    return f" {capital(choice(who))} does not wait for room." if who else ""


def nurture(agreement: Agreement) -> Section:
    """Tell what marketing does with leads that it keeps."""
    terms = agreement.nurture
    days = [
        f"{category_said(name)} ({KINDS[name]}): after {counted(terms.look_again_days.days(name), 'day')}"
        for name in CATEGORIES
    ]
    sooner = [
        f"in {name} after {counted(terms.by_stage[name], 'day')}" for name in STAGES if name in terms.by_stage
    ]
    items = (*days, *([f"if that is sooner, {listed(sooner)}"] if sooner else []))
    paragraphs = [Paragraph("Marketing looks again at a lead that it keeps:", items)]
    if terms.tracks:
        text = "It keeps in touch in one of these ways; the first that suits a lead is its own:"
        paragraphs.append(Paragraph(text, tuple(map(track, terms.tracks))))
    return Section("nurture", "The leads that marketing keeps", tuple(paragraphs))


def questions(agreement: Agreement) -> Section:
    """Tell what to ask for a missing piece."""
    items = tuple(
        f"{question.about}: “{question.ask}” ({plain(question.channel)})" for question in agreement.questions
    )
    paragraph = Paragraph("What is missing we ask for, by the cheapest way that will do:", items)
    return Section("questions", "What to ask", (paragraph,) if items else ())


def points_card(agreement: Agreement) -> Section:
    """Tell what the plain scorecard gives."""
    card = agreement.points_card
    text = (
        f"A model has to beat this card: {counted(card.fit, 'point')} for fit, {figure(card.interest)} for "
        f"interest, {figure(card.bant)} for each BANT piece confirmed (taken away for each denied), "
        f"{figure(card.referral)} for a referral, {figure(card.dubious)} for a dubious source."
    )
    return Section("points_card", "The plain scorecard", (Paragraph(text),))


def labels(agreement: Agreement) -> Section:
    """Tell which ends count as what."""
    terms = agreement.labels
    text = f"The score looks {_horizon(agreement)} ahead. A call was worth it if the lead "
    text += f"{choice([_ENDS[name] for name in terms.won])}, and a mistake if it "
    text += f"{choice([_ENDS[name] for name in terms.stop])}."
    if terms.neutral:
        text += f" That it {choice([_ENDS[name] for name in terms.neutral])} shows neither."
    text += " A lead that has not ended is not known yet, and never counts as a no."
    return Section("labels", "What counts as success", (Paragraph(text),))


def track(terms: Track) -> str:
    """Tell whom a track is for, and what happens on it."""
    who = [choice([*map(category_said, terms.categories)])] if terms.categories else []
    who += [f"in {choice(terms.stages)}"] if terms.stages else []
    who += [f"{choice(terms.missing)} unknown"] if terms.missing else []
    says = f". {capital(terms.says.removesuffix('.'))}" if terms.says else ""
    return f"{terms.name}: {', '.join(who) or 'all that are left'}{says}"


def _horizon(agreement: Agreement) -> str:
    return counted(agreement.horizon_days, "day")


def _bant(terms: Handover) -> str:
    if terms.bant_at_least == 0:
        return "its BANT may be unknown"
    among = f", among them {listed(terms.bant_required)}" if terms.bant_required else ""
    if terms.bant_at_least == len(PIECES):
        return "all four BANT pieces are confirmed"
    verb = "is" if terms.bant_at_least == 1 else "are"
    return f"at least {number(terms.bant_at_least)} of the four BANT pieces {verb} confirmed{among}"


def _salesperson(terms: Handover) -> str:
    touch = "anything that we did but mails, newsletters, campaigns, invitations and advertisements"
    if terms.sales_activities:
        touch = f"any of {named(terms.sales_activities, 'or')}"
    return (
        f"A salesperson of ours was in touch with a lead if the CRM holds {touch}, or if sales accepted it. "
        "Otherwise somebody else has probably sold to a lead that is about to decide."
    )


def _returns(terms: Returns) -> list[Paragraph]:
    items = (
        f"sales has neither accepted nor declined it after {counted(terms.undecided_after_days, 'day')};",
        "sales accepted it, but it has done nothing that counts within "
        f"{counted(terms.unreached_after_days, 'day')};",
        "sales declines it or hands it back.",
    )
    again = "It is not handed over again for "
    again += f"{counted(terms.again_after_days, 'day')}, unless a key signifier comes."
    paragraphs = [Paragraph("A lead goes back to marketing if", items)]
    reasons = tuple(
        f"{reason.says or plain(reason.any_of[0])} (sales' word: "
        f"{choice([f'“{word}”' for word in reason.any_of])}): after {counted(reason.look_again_days, 'day')}"
        for reason in terms.reasons
    )
    if reasons:
        again += " Marketing looks again by sales' reason:"
    return [*paragraphs, Paragraph(again, reasons)]
