"""What a lead does, read aloud: interest and the funnel."""

from __future__ import annotations

from readiness.agreement.definitions import Worth
from readiness.agreement.document import Agreement
from readiness.agreement.phrases import asked, evidence, named, times
from readiness.agreement.recital.section import Paragraph, Section
from readiness.agreement.wording import listed
from readiness.counting import counted, figure


def interest(agreement: Agreement) -> Section:
    """Tell what each activity is worth, and where the lines of interest lie."""
    terms = agreement.interest
    text = "Only what a lead does of its own accord earns points, and points halve with time: "
    text += f"every {counted(terms.half_life_days, 'day')}, unless said otherwise."
    earning = [_worth(kind, worth) for kind, worth in terms.meaningful.items()]
    earning += [
        f"{fact.says or 'a fact'}: {counted(fact.points, 'point')} while {named(fact.reads)} {asked(fact)}"
        for fact in terms.shown_by
    ]
    paragraphs = [Paragraph(text, tuple(earning))]
    if terms.negative:
        taken = tuple(_worth(kind, worth) for kind, worth in terms.negative.items())
        paragraphs.append(Paragraph("These take interest away:", taken))
    if terms.noise:
        paragraphs.append(Paragraph(f"This means nothing: {named(terms.noise, 'and')}."))
    return Section("interest", "Interest: what a lead does", (*paragraphs, Paragraph(_lines(agreement))))


def stages(agreement: Agreement) -> Section:
    """Tell what moves a lead on and back, and what sales does in each stage."""
    terms = agreement.stages
    first = f"In awareness, where every lead starts, sales does this: {_does(terms.awareness.sales_does)}"
    paragraphs = [Paragraph(first)] if terms.awareness.sales_does else []
    for name, stage in (("consideration", terms.consideration), ("decision", terms.decision)):
        does = f" There sales does this: {_does(stage.sales_does)}" if stage.sales_does else ""
        items = tuple(evidence(agreement, each) for each in stage.signifiers)
        paragraphs.append(Paragraph(f"A lead is in {name} if one of these holds.{does}", items))
    if terms.moves_back:
        items = tuple(evidence(agreement, each) for each in terms.moves_back)
        paragraphs.append(Paragraph("It is back in awareness if one of these is newer:", items))
    return Section("stages", "The funnel: awareness, consideration, decision", tuple(paragraphs))


def _worth(kind: str, worth: Worth) -> str:
    said = f"{worth.says} (`{kind}`)" if worth.says else f"`{kind}`"
    count = f"{counted(worth.points, 'point')}, at most {times(worth.cap_per_day)} a day"
    halves = "" if worth.half_life_days is None else f", halved every {counted(worth.half_life_days, 'day')}"
    return f"{said}: {count}{halves}"


def _lines(agreement: Agreement) -> str:
    terms = agreement.interest
    little = f", from {figure(terms.high_from)} on it is high, and in between it is little."
    if terms.any_from == terms.high_from:
        little = ", and from there on it is high."
    lines = [f"Below {counted(terms.any_from, 'point')} there is no interest{little}"]
    cooling = [f"{line.says} after {counted(line.after_days, 'day')}" for line in terms.cools]
    lines.append(
        f"A lead that does nothing that counts is {listed([*cooling, f'cold after {_cold(agreement)}'])}."
    )
    lines.append(f"Interest is compared with that of {counted(terms.trend_days, 'day')} before.")
    lines.append(f"“Lately” means the last {counted(terms.recent_days, 'day')}.")
    lines.append(
        "We are in dialogue with a lead that acts after we wrote or called, within "
        f"{counted(terms.dialogue_days, 'day')}."
    )
    return " ".join(lines)


def _cold(agreement: Agreement) -> str:
    return f"{counted(agreement.interest.cold_after_days, 'day')}, when older activities count for nothing"


def _does(text: str | None) -> str:
    return f"{text}" if text and text.endswith(".") else f"{text}."
