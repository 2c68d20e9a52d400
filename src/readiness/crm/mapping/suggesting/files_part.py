"""How the files of a draft are written: their letters, their numbers, their dates and zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from readiness.counting import counted
from readiness.crm.mapping.suggesting.dating import Writing
from readiness.crm.mapping.suggesting.files import Opened
from readiness.crm.mapping.suggesting.notebook import Notebook, formats_of, order_elsewhere
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, Sheet
from readiness.crm.mapping.suggesting.writing import Flow, Line


def draft(opened: Sequence[Opened], unused: dict[str, tuple[str, str]], notes: Notebook) -> tuple[Line, ...]:
    """Describe every file that the mapping reads."""
    sheets = [each.sheet for each in opened]
    return tuple(
        Line(each.sheet.name, _file(each, sheets, notes)) for each in opened if each.sheet.name not in unused
    )


def _file(each: Opened, sheets: list[Sheet], notes: Notebook) -> tuple[Line, ...]:
    sheet = each.sheet
    told = "; ".join([counted(len(sheet), "row"), *(note.rstrip(".") for note in each.notes)])
    *place, last = each.place
    lines = [*place, replace(last, why=told)]
    if each.encoding is not None:
        question = (
            f"do letters of {sheet.path} look right? Its bytes are no UTF-8, and likely {each.encoding}"
        )
        lines.append(Line("encoding", each.encoding, notes.ask(question)))
    markers = sorted({marker for one in sheet.profiles.values() for marker in one.markers})
    if markers:
        columns = [one.name for one in sheet.profiles.values() if one.markers]
        why = f"in {len(columns)} columns" if len(columns) > 1 else f"in {columns[0]}"
        if any(marker.casefold() == "na" for marker in markers):
            why = notes.ask(
                f'{why} of {sheet.path} NA is read as "not known"; take it out if it is a word of yours'
            )
        lines.append(Line("missing", Flow(markers), why))
        notes.assumed.append(f"{', '.join(markers)} in {sheet.path} stands for nothing")
    return (*lines, *_decimals(sheet, notes), *_dates(sheet, sheets, notes))


def _decimals(sheet: Sheet, notes: Notebook) -> list[Line]:
    """Say how the file writes numbers; columns whose values leave no doubt speak for the others."""
    numbers = sheet.those(Kind.NUMBER)
    written = [one for one in numbers if one.decimal is not None]
    sure = {one.name: one.decimal for one in written if not one.doubtful}
    if "," in sure.values():
        pointed = [one.name for one in numbers if one.pointed or sure.get(one.name) == "."]
        why = "numbers are written with a decimal comma"
        if pointed:
            commas = ", ".join(name for name, sign in sure.items() if sign == ",")
            why = notes.ask(
                f"{sheet.path} writes decimals with a comma in {commas}, with a point in "
                f"{', '.join(pointed)}; taken for commas. Export them alike, or some are misread"
            )
        return [Line("decimal", ",", why)]
    if sure or any(one.pointed for one in numbers):
        # Where a point surely stands before decimals, doubtful commas group, and doubtful points do not.
        return [Line("decimal", ".", "commas group thousands")] if sure or _commas(written) else []
    if not written:
        return []
    first = written[0]
    names = ", ".join(one.name for one in written)
    shown = "1.234" if any("." in text for text, _ in first.common) else "1,234"
    taken = "1234" if (first.decimal == ",") == ("." in shown) else "decimals"
    other = "." if first.decimal == "," else ","
    question = (
        f"is {shown} 1234 in {names} of {sheet.path}, or a number with three decimals? Taken for {taken}; "
        f'if not, write `decimal: "{other}"`'
    )
    return [Line("decimal", first.decimal, notes.ask(question))]


def _commas(written: Sequence[Profile]) -> bool:
    return any("," in text for one in written for text, _ in one.common)


def _dates(sheet: Sheet, sheets: list[Sheet], notes: Notebook) -> list[Line]:
    used = [one for one in notes.used.get(sheet.name, []) if one.writing is not None]
    writings = [one.writing for one in used if one.writing is not None]
    lines: list[Line] = []
    if any(writing.order == "either" for writing in writings):
        lines.append(_ordered(sheet, sheets, writings, notes))
    elif formats_of(writings):
        because = next((writing for writing in writings if writing.because), None)
        why = f"{because.order}: {because.because}" if because else ""
        lines.append(Line("dates", Flow(formats_of(writings)), why))
    zoneless = [writing for writing in writings if writing.zoneless]
    if zoneless and all(writing.utc for writing in zoneless):
        lines.append(Line("zone", "UTC", "the times say so"))
    return lines


def zone(sheets: Sequence[Sheet], notes: Notebook) -> list[Line]:
    """Say in which zone times are that name none; where nobody said it, ask."""
    without = []
    for sheet in sheets:
        writings = [one.writing for one in notes.used.get(sheet.name, ()) if one.writing is not None]
        zoneless = [writing for writing in writings if writing.zoneless]
        if zoneless and not all(writing.utc for writing in zoneless):
            without.append(sheet.path)
    if not without:
        return []
    if notes.zone is not None:
        return [Line("zone", notes.zone, "as you said")]
    question = f"in which zone are the times of {', '.join(without)}? They name none; taken for UTC"
    return [Line("zone", "UTC", notes.ask(question))]


def _ordered(sheet: Sheet, sheets: list[Sheet], writings: list[Writing], notes: Notebook) -> Line:
    order, shown = order_elsewhere(sheet, sheets)
    why = f"{order}: {shown}"
    if order == "either" and notes.order in ("day first", "month first"):
        order, why = notes.order, f"{notes.order}: as you said"
    if order == "either":
        order = "day first"
        names = ", ".join(
            one.name for one in notes.used[sheet.name] if one.writing and one.writing.order == "either"
        )
        why = notes.ask(
            f"is 3/4 the third of April or the fourth of March? No date in {names} of {sheet.path} tells; "
            "taken for day first. "
            "If the month is first, exchange %d and %m"
        )
    else:
        notes.decided.append(f"dates of {sheet.path} are {why}")
    return Line("dates", Flow(formats_of([writing.turned(order) for writing in writings])), why)
