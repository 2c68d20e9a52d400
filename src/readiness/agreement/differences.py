"""What changed from one agreement to another: by meaning, in sentences, never by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from readiness.agreement.conditions import Condition, Evidence, Part, fold
from readiness.agreement.definitions import Cooling, Criterion, Worth
from readiness.agreement.difference_words import CHANGED, WORDS, marked, shortly
from readiness.agreement.document import Agreement, Question
from readiness.agreement.evidence_lists import evidence_lists
from readiness.agreement.handover_terms import ReturnReason
from readiness.agreement.label_terms import Labels
from readiness.agreement.nurture_terms import Track
from readiness.agreement.phrases import asked, evidence, named, times
from readiness.agreement.recital.handing_over import track
from readiness.agreement.vocabulary import STAGES
from readiness.agreement.wording import capital
from readiness.counting import counted, figure
from readiness.crm.records import OUTCOMES
from readiness.yaml_document import Loc

_LABELS: Final = ("won", "stop", "neutral")
_DECLARED_BY: Final = (Condition, Evidence)
_HEAD: Final = ("name", "version", "changes", "valid_from", "signatures", "unknown_words")


Told: TypeAlias = Iterator[tuple[Loc, str]]
"""Where something changed, and what is said of it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed."""

    section: str
    """The section of the document; "" for what stands above them."""
    key: str
    """The way to it, `interest.meaningful.demo_requested.points`."""
    sentence: str


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The two agreements, for what has to be said in their own words."""

    old: Agreement
    new: Agreement
    proves: Mapping[Loc, str]


def differences(old: Agreement, new: Agreement) -> tuple[Difference, ...]:
    """Return everything that changed from one agreement to another, in the order of the document.

    Two agreements without a difference have the same fingerprint, and the other way round. Words that
    differ in case only are told as such. Criteria, tracks and questions are matched by name, evidence by
    what it reads.

    Parameters
    ----------
    old, new : Agreement

    Returns
    -------
    tuple of Difference
        Empty where nothing changed.
    """
    proves = {listed.loc: listed.proves for listed in evidence_lists(new)}
    both = _Comparison(old, new, proves)
    return tuple(
        Difference("" if loc[0] in _HEAD else str(loc[0]), ".".join(map(str, loc)), sentence)
        for loc, sentence in _of_parts(both, old, new, (), "")
    )


def _of_parts(both: _Comparison, old: Part, new: Part, loc: Loc, subject: str) -> Told:
    if isinstance(old, Labels) and isinstance(new, Labels):
        yield from _of_labels(old, new, loc)
    for name in type(new).model_fields:
        if isinstance(new, Labels) and name in _LABELS:
            continue
        one, other = getattr(old, name), getattr(new, name)
        if one != other:
            yield from _of_values(both, (_declaring(new, name), name), (one, other), (*loc, name), subject)


def _of_values(
    both: _Comparison, key: tuple[str, str], values: tuple[Any, Any], loc: Loc, subject: str
) -> Told:
    old, new = values
    code = ".".join(key)
    if code in CHANGED:
        template, write = CHANGED[code]
        now = write(new)
        yield loc, template.format(subject=subject, old=shortly(now, write(old)), new=now)
    elif isinstance(old, Part) and isinstance(new, Part):
        yield from _of_parts(both, old, new, loc, _subject_of_key(loc) or subject)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_mappings(both, old, new, loc)
    elif code in WORDS:
        yield from _of_words(WORDS[code], old, new, loc, subject)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _of_lists(both, old, new, loc)
    else:
        yield loc, _came_or_went(loc, old, new)


def _of_labels(old: Labels, new: Labels, loc: Loc) -> Told:
    def counts(labels: Labels, outcome: str) -> str:
        return next(key for key in _LABELS if outcome in getattr(labels, key))

    for outcome in OUTCOMES:
        was, now = counts(old, outcome), counts(new, outcome)
        if was != now:
            yield (*loc, now), f"A lead that ended as `{outcome}` counts as {now} instead of {was}."
    if all(counts(old, outcome) == counts(new, outcome) for outcome in OUTCOMES):
        for key in _LABELS:
            if getattr(old, key) != getattr(new, key):
                yield (*loc, key), f"Only the order of the ends under `{key}` changed, which changes nothing."


def _of_mappings(both: _Comparison, old: Mapping[str, Any], new: Mapping[str, Any], loc: Loc) -> Told:
    spelt = {fold(name): name for name in old}
    for name, value in new.items():
        before = spelt.pop(fold(name), None)
        if before is None:
            yield (*loc, name), _came(both, loc, name, value)
            continue
        if before != name:
            yield (*loc, name), f"`{name}` was written `{before}`, which changes nothing."
        if isinstance(value, Part):
            yield from _of_parts(both, old[before], value, (*loc, name), f"`{name}`")
        elif value != old[before]:
            yield (*loc, name), _looked_at(name, value, f"instead of {counted(old[before], 'day')}")
    for name in spelt.values():
        yield (*loc, name), _went(both, loc, name)


def _of_words(
    templates: tuple[str, str], old: Sequence[str], new: Sequence[str], loc: Loc, subject: str
) -> Told:
    was, now = {fold(word): word for word in old}, {fold(word): word for word in new}
    for template, words in (
        (templates[0], [word for key, word in now.items() if key not in was]),
        (templates[1], [word for key, word in was.items() if key not in now]),
    ):
        if words and "{words}" in template:
            yield loc, template.format(subject=subject, words=marked(words))
        elif words:
            yield from ((loc, template.format(word=marked([word]))) for word in words)
    if was.keys() == now.keys():
        yield loc, f"{subject or f'`{loc[-1]}`'} has the same words, written otherwise; that changes nothing."


def _of_lists(both: _Comparison, old: Sequence[Any], new: Sequence[Any], loc: Loc) -> Told:
    pairs, came, went = _matched(old, new)
    for one, at in pairs:
        yield from _of_parts(both, one, new[at], (*loc, at), _subject(both, loc, new[at]))
    for at in came:
        yield (*loc, at), _came(both, loc, "", new[at])
    for each in went:
        yield loc, _went(both, loc, each)
    places = [old.index(one) for one, _ in sorted(pairs, key=lambda pair: pair[1])]
    if places != sorted(places):
        yield loc, f"The order of what stands under `{loc[-1]}` changed."


def _matched(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[tuple[Any, int]], list[int], list[Any]]:
    """Match the parts of two lists: equal ones first, then those that are about the same thing."""
    left, pairs, open_ = [*old], [], []
    for at, part in enumerate(new):
        if part in left:
            left.remove(part)
            pairs.append((part, at))
        else:
            open_.append(at)
    came = []
    for at in open_:
        before = next((each for each in left if _same_thing(each, new[at])), None)
        if before is None:
            came.append(at)
        else:
            left.remove(before)
            pairs.append((before, at))
    return pairs, came, left


def _same_thing(one: Part, other: Part) -> bool:
    if isinstance(one, Evidence) and isinstance(other, Evidence):
        shared = {*one.folded_activities} & {*other.folded_activities}
        return bool(shared) or (bool(one.reads) and one.folded_reads == other.folded_reads)
    if isinstance(one, ReturnReason) and isinstance(other, ReturnReason):
        return bool({*map(fold, one.any_of)} & {*map(fold, other.any_of)})
    return _name(one) == _name(other)


def _name(part: Part) -> str:
    return fold(str(getattr(part, {Question: "about", Cooling: "says"}.get(type(part), "name"))))


def _declaring(part: Part, name: str) -> str:
    """Return the class that declares a key: conditions are said alike wherever they stand."""
    declared = next(
        (each for each in _DECLARED_BY if isinstance(part, each) and name in each.model_fields), None
    )
    return (declared or type(part)).__name__


def _subject_of_key(loc: Loc) -> str:
    if loc[0] == "signatures":
        return f"For {loc[-1]}"
    return f"In {loc[-1]}" if loc[-1] in STAGES else ""


def _subject(both: _Comparison, loc: Loc, part: Part) -> str:
    if isinstance(part, Evidence):
        by = named(part.reads) if part.reads else "what it did"
        return f"“{capital(both.proves[loc])}” by {by}"
    if isinstance(part, ReturnReason):
        return f"Sales' reason “{part.any_of[0]}”"
    if isinstance(part, Cooling):
        return f"A lead is called “{part.says}”"
    if isinstance(part, Question):
        return f"The question about {part.about}"
    return f"The track “{part.name}”" if isinstance(part, Track) else f"“{getattr(part, 'name', '')}”"


def _came(both: _Comparison, loc: Loc, name: str, value: Any) -> str:  # noqa: ANN401 - any part
    if isinstance(value, Worth):
        list_ = "means something" if loc[-1] == "meaningful" else "takes interest away"
        often = f"at most {times(value.cap_per_day)} a day"
        return f"`{name}` now {list_}: {counted(value.points, 'point')}, {often}."
    if isinstance(value, Criterion):
        said = f"{named(value.reads)} {asked(value)}"
        rank = "must-not" if value.rank == "must_not" else f"{value.rank} of weight {figure(value.weight)}"
        return f"New criterion “{value.name}”, a {rank}: {said}."
    if isinstance(value, Evidence):
        return f"{capital(both.proves[loc])}: now also if {evidence(both.new, value)}."
    if isinstance(value, Question):
        return f"New question about {value.about}: “{value.ask}”"
    if isinstance(value, Cooling):
        return f"A lead is now called “{value.says}” after {counted(value.after_days, 'day')}."
    if isinstance(value, Track):
        return f"New track: {track(value)}."
    if isinstance(value, ReturnReason):
        wait = counted(value.look_again_days, "day")
        return f"Sales' reason “{value.any_of[0]}” now means that marketing waits {wait}."
    return _looked_at(name, value, "now")


def _went(both: _Comparison, loc: Loc, gone: Any) -> str:  # noqa: ANN401 - any part, or its key
    if isinstance(gone, Evidence):
        return f"{capital(both.proves[loc])}: no longer if {evidence(both.old, gone)}."
    if isinstance(gone, Criterion):
        return f"The criterion “{gone.name}” is gone."
    if isinstance(gone, Cooling):
        return f"No lead is called “{gone.says}” any more."
    if isinstance(gone, Part):
        return f"{_subject(both, loc, gone)} is gone."
    if loc[-1] == "by_stage":
        return f"Leads in {gone} have no days of their own any more until they are looked at again."
    list_ = "means something" if loc[-1] == "meaningful" else "takes interest away"
    return f"`{gone}` no longer {list_}."


def _looked_at(stage: str, days: float, rest: str) -> str:
    return f"Leads in {stage} are looked at again after {counted(days, 'day')} {rest}."


def _came_or_went(loc: Loc, old: object, new: object) -> str:
    what = {"returns": "What brings a lead back to marketing"}.get(str(loc[-1]), f"`{loc[-1]}`")
    if old is None:
        return f"{what} is now agreed on."
    return f"{capital(what)} is no longer agreed on." if new is None else f"{what} changed."
