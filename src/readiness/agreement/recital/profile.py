"""Who a lead is, read aloud: the buyer profile, where it came from, and its BANT."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.agreement.conditions import Evidence
from readiness.agreement.definitions import Criterion
from readiness.agreement.document import PIECES, RELATIONS, Agreement
from readiness.agreement.phrases import asked, choice, evidence, named, share
from readiness.agreement.recital.section import Paragraph, Section
from readiness.agreement.vocabulary import RelationName
from readiness.agreement.wording import capital, listed, plain
from readiness.counting import figure


def profile(agreement: Agreement) -> Section:
    """Tell who can buy."""
    terms = agreement.profile
    ranks = ("must", "should", "must_not")
    by_rank = {rank: [each for each in terms.criteria if each.rank == rank] for rank in ranks}
    whole = sum(each.weight for each in terms.criteria if each.rank != "must_not")
    paragraphs = []
    if by_rank["must"]:
        text = "A lead must be like this; if it is not, it is unworthy, whatever it does:"
        paragraphs.append(Paragraph(text, tuple(_criterion(each, whole) for each in by_rank["must"])))
    if by_rank["should"]:
        text = "It should be like this, which counts by its weight:"
        paragraphs.append(Paragraph(text, tuple(_criterion(each, whole) for each in by_rank["should"])))
    if by_rank["must_not"]:
        text = "It must not be like this, once it is known:"
        paragraphs.append(Paragraph(text, tuple(_criterion(each, None) for each in by_rank["must_not"])))
    every_must = "no must fails, every must is known, and " if by_rank["must"] else ""
    text = f"A lead fits if {every_must}at least {share(terms.known_at_least)} of the weight is known. "
    unknown = [f"“{word}”" for word in agreement.unknown_words]
    words = f" or is called {choice(unknown)}" if unknown else ""
    text += f"What nobody recorded{words} is unknown, and unknown is never “no”."
    return Section("profile", "The buyer profile: who can buy from us", (*paragraphs, Paragraph(text)))


def sources(agreement: Agreement) -> Section:
    """Tell which sources are dubious, and what makes a referral."""
    terms = agreement.sources
    paragraphs = []
    if terms.dubious:
        text = f"Until history says otherwise we mistrust leads from {listed([*map(plain, terms.dubious)])}: "
        text += "without interest of their own they are dubious."
        paragraphs.append(Paragraph(text))
    referrals = terms.referrals
    ways = [f"its source is {choice([*map(plain, referrals.sources)])}"] if referrals.sources else []
    ways += [
        f"{_any(agreement, referrals.relations.of(name))}: referred by {_referrer(name)}"
        for name in RELATIONS
        if referrals.relations.of(name)
    ]
    if ways:
        paragraphs.append(Paragraph("A lead is a referral if any of these holds:", tuple(ways)))
    ends = [
        f"The referrer {did} if {_any(agreement, pieces)}."
        for did, pieces in (
            ("bought from us", referrals.outcomes.won),
            ("told us to stop calling", referrals.outcomes.stop),
        )
        if pieces
    ]
    if referrals.named_in:
        ends.append(f"Who referred a lead, sales reads in {named(referrals.named_in)}.")
    if ends:
        paragraphs.append(Paragraph(" ".join(ends)))
    return Section("sources", "Where leads come from", tuple(paragraphs))


def bant(agreement: Agreement) -> Section:
    """Tell what confirms and what denies budget, authority, need and timeframe."""
    paragraphs = []
    for name in PIECES:
        piece = getattr(agreement.bant, name)
        items = [f"confirmed if {evidence(agreement, each)}" for each in piece.confirmed_by]
        items += [f"denied if {evidence(agreement, each)}" for each in piece.denied_by]
        paragraphs.append(Paragraph(f"{capital(name)} is", tuple(items)))
    text = "Otherwise it is unknown. The newest evidence decides; of equally new evidence, the denial."
    return Section("bant", "Budget, authority, need, timeframe (BANT)", (*paragraphs, Paragraph(text)))


def near_timeframe(agreement: Agreement) -> Section:
    """Tell what shows that a lead decides soon."""
    items = tuple(evidence(agreement, each) for each in agreement.near_timeframe)
    text = "A lead that fits, is highly interested and is in decision, is a sales-ready buyer if"
    paragraph = Paragraph(text, items)
    return Section("near_timeframe", "Who decides soon", (paragraph,))


def _criterion(criterion: Criterion, whole: float | None) -> str:
    weight = "" if whole is None else f"; weight {figure(criterion.weight)} of {figure(whole)}"
    return f"{criterion.name}: {named(criterion.reads)} {asked(criterion)}{weight}"


def _any(agreement: Agreement, pieces: Sequence[Evidence]) -> str:
    return ", or ".join(evidence(agreement, piece) for piece in pieces)


def _referrer(name: RelationName) -> str:
    return {"other": "somebody else", "employee": "an employee"}.get(name, f"a {name}")
