"""The part of a draft that says where the leads come from, and what describes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from readiness.counting import are, counted, have
from readiness.crm.mapping.suggesting import attributes, joining_part, leaking, outcomes_part
from readiness.crm.mapping.suggesting.conditions import missing, not_deleted, together
from readiness.crm.mapping.suggesting.ending import opt_outs
from readiness.crm.mapping.suggesting.names import Means, plain
from readiness.crm.mapping.suggesting.notebook import Notebook
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, Sheet, evidence, missing_rows, percent
from readiness.crm.mapping.suggesting.roles import Cast, Part
from readiness.crm.mapping.suggesting.words import kind_of_source
from readiness.crm.mapping.suggesting.writing import Flow, Line, Value
from readiness.crm.tables import Floats

_MANY: Final = 40


@dataclass(frozen=True, slots=True)
class LeadsPart:
    """What is said of the leads, and what of it other parts need."""

    lines: tuple[Line, ...]
    joined: tuple[Part, ...]
    """The files that are looked up for it."""


def draft(cast: Cast, dated: bool, notes: Notebook, why: str, elsewhere: Collection[str]) -> LeadsPart:
    """Draft the part ``leads``.

    Parameters
    ----------
    why : str
        The reason for the condition on the leads' rows.
    elsewhere : names
        Columns that other parts read, which are therefore no attributes.
    """
    leads = cast.leads
    columns = _columns(cast, dated, notes)
    spoken = {line.value if isinstance(line.value, str) else _column_of(line.value) for line in columns}
    spoken |= ({cast.ending.column} if cast.ending is not None else set()) | {
        each.column for each in opt_outs(leads)
    }
    spoken |= set(elsewhere)
    known = outcomes_part.labels(cast)
    joins = joining_part.draft(cast, set(leads.profiles), known, notes)
    renamed, exclude = _attributes(
        cast, {name for name in spoken if name}, {line.key for line in columns}, joins.taken, known, notes
    )
    lines = [
        Line("file", leads.name, _why_leads(cast)),
        *([Line("where", cast.where, why)] * bool(cast.where)),
        Line("columns", tuple(columns)),
    ]
    if joins.lines:
        lines.append(Line("join", joins.lines))
    if len(exclude) > _MANY:
        kept = [
            each for each in leads.profiles.values() if each.name not in exclude and each.name not in spoken
        ]
        have = {_column_of(line.value) for line in renamed}
        renamed += [Line(each.name, each.name, evidence(each)) for each in kept if each.name not in have]
        why = f"{len(exclude)} columns are empty, ids, names, dates or known only later; those above are not"
        leaks = [line for line in exclude.values() if "leak" in str(line.value)]
        renamed += [Line(name, name) for name in joins.taken]
        lines += [Line("attributes", tuple(renamed))] * bool(renamed)
        lines += [Line("exclude", tuple(leaks))] * bool(leaks) + [Line("others", "drop", why)]
    else:
        lines += [Line("attributes", tuple(renamed))] * bool(renamed)
        lines += [Line("exclude", tuple(exclude.values()))] * bool(exclude)
        lines.append(Line("others", "keep", "all further columns describe the lead as it was at creation"))
    return LeadsPart(tuple(lines), joins.parts)


def _why_leads(cast: Cast) -> str:
    others = len(cast.parts)
    return counted(len(cast.leads), "row") + (
        f"; of {others + 1} files the one that others refer to" if others else ""
    )


def _columns(cast: Cast, dated: bool, notes: Notebook) -> list[Line]:
    leads, lines = cast.leads, []
    if cast.key is not None:
        lines.append(Line("lead_id", cast.key.name, evidence(cast.key)))
        notes.decided.append(f"leads are the rows of {leads.path}, told apart by {cast.key.name}")
    else:
        notes.assumed.append(
            f"leads are the rows of {leads.path}; no column tells them apart, so ids come from content"
        )
    if dated and cast.created is not None:
        notes.reads(leads, cast.created.name)
        lines.append(Line("created_at", cast.created.name, evidence(cast.created)))
        notes.decided.append(f"a lead begins at {cast.created.name}")
    lines.append(_source(cast, notes))
    for ours, kind in (("email", Kind.EMAIL), ("phone", Kind.PHONE), ("company_domain", None)):
        called = [each for each in leads.profiles.values() if plain(each.name) == ours and each.personal]
        found = next(iter([*(leads.those(kind) if kind else []), *called]), None)
        if found is not None:
            lines.append(Line(ours, found.name, f"{evidence(found)}; who it is, never an attribute"))
            if ours == "email" and (shared := found.filled - found.distinct):
                verb = "shares" if shared == 1 else "share"
                notes.asked.append(
                    f"{counted(shared, 'lead')} {verb} the {found.name} of another; "
                    "`identity: {same_lead_by: [email]}` makes them one"
                )
    return lines


def _source(cast: Cast, notes: Notebook) -> Line:
    kinds = (Kind.WORD, Kind.LABEL)
    found = [
        each for each in cast.leads.those(*kinds) if each.says(Means.SOURCE) and not each.says(Means.CHANGED)
    ]
    if not found:
        why = notes.ask(
            "no column says how leads reached us; write one word for all, such as outbound or web_form"
        )
        return Line("source", Flow({"constant": "unknown"}), why)
    best = max(found, key=lambda each: (plain(each.name) in ("source", "lead_source"), each.filled))
    words = {
        word: ours for word, _ in best.common if (ours := kind_of_source(word)) is not None and ours != word
    }
    notes.decided.append(f"leads reached us by {best.name}")
    if not words:
        return Line("source", best.name, evidence(best))
    notes.assumed.append(
        f"{', '.join(words)} in {best.name}: what agreements call {', '.join(sorted(set(words.values())))}"
    )
    return Line("source", Flow({"column": best.name, "values": Flow(words)}), evidence(best))


def where(cast: Cast, dated: bool, notes: Notebook) -> tuple[str, str]:
    """Return the condition that the rows of leads must meet, or nothing, and why."""
    leads, why = cast.leads, []
    conditions, deleted = not_deleted(leads)
    if deleted:
        why.append(f"{counted(deleted, 'deleted row')} {are(deleted)} left out")
    if dated and cast.created is not None and (without := missing_rows(leads, cast.created.name)):
        conditions.append(f"not {missing(cast.created.name)}")
        shown = f"{counted(without, 'row')} ({percent(without, len(leads))})"
        why.insert(
            0,
            notes.ask(
                f"{shown} {have(without)} no {cast.created.name} and {are(without)} left out: "
                "nobody knows when such a lead began"
            ),
        )
    return together(conditions), "; ".join(why)


def _column_of(value: Value) -> str | None:
    if isinstance(value, str):
        return value
    inner = (
        value.content.get("column")
        if isinstance(value, Flow) and isinstance(value.content, Mapping)
        else None
    )
    return inner if isinstance(inner, str) else None


def _attributes(
    cast: Cast,
    spoken: set[str],
    columns: set[str],
    joined: Sequence[str],
    known: Floats | None,
    notes: Notebook,
) -> tuple[list[Line], dict[str, Line]]:
    leads = cast.leads
    later = {ending.column for ending in cast.endings if not ending.guessed} - spoken
    exclude: dict[str, str] = {}
    kept: list[Profile] = []
    for each in (each for each in leads.profiles.values() if each.name not in spoken):
        reason = "leak: its words say how leads ended" if each.name in later else attributes.kept_out(each)
        if reason:
            exclude[each.name] = reason
        else:
            kept.append(each)
    if known is not None:
        found = leaking.by_values(leads, [each.name for each in kept], known)
        exclude |= {name: f"leak: {said}" for name, said in found.items()}
        kept = [each for each in kept if each.name not in found]
    leaks = [name for name, reason in exclude.items() if reason.startswith("leak")]
    if leaks:
        notes.decided.append(f"kept out, for they seem to know the outcome: {', '.join(leaks)}")
    others = {name: reason for name, reason in exclude.items() if name not in leaks}
    if missed := attributes.missed(leads.profiles.values(), others):
        notes.decided.append(missed)
    lines = _described(leads, kept, columns, joined)
    order = list(leads.profiles)
    return lines, {name: Line(name, exclude[name]) for name in sorted(exclude, key=order.index)}


def _described(leads: Sheet, kept: list[Profile], columns: set[str], joined: Sequence[str]) -> list[Line]:
    taken = {each.name for each in kept} | columns | set(joined)
    new = attributes.renamed([each.name for each in kept], columns)
    lines = []
    for each in kept:
        ours = new.get(each.name) or attributes.asked_as(each, taken)
        marker = attributes.sentinel(leads, each)
        if ours is None and marker is None:
            continue
        taken.add(ours or each.name)
        spec: dict[str, Value] = {"column": each.name} | (
            {"missing": Flow([marker])} if marker is not None else {}
        )
        why = [f"the name that agreements ask for; {evidence(each)}"] if ours and each.name not in new else []
        why += ["its own name is one of ours, or almost"] if each.name in new else []
        why += [f'{marker} looks like "none": no other value is near'] if marker else []
        lines.append(Line(ours or each.name, Flow(spec), "; ".join(why)))
    return lines
