"""Remarks on the leads' columns, and on shares that change from one month to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from readiness.counting import are, counted, have
from readiness.crm.quality import Quality
from readiness.crm.quality.jumps import Jump
from readiness.reports.notation import share
from readiness.reports.quality_notation import listed, say
from readiness.reports.quality_remarks import Remark
from readiness.reports.quality_uses import Use


def of_columns(quality: Quality, uses: Mapping[str, Use], shared_by: int) -> Iterator[Remark]:
    """Say which of the leads' columns say nothing, or nothing that a model could use."""
    attributes = [column for column in quality.columns if column.role == "attribute"]
    unused = [column for column in attributes if not uses[column.name].read]
    empty = [column.name for column in unused if column.filled == 0]
    same = [column.name for column in unused if column.constant]
    texts = [column.name for column in unused if uses[column.name].kind == "text"]
    if empty:
        yield Remark(
            "empty_columns",
            "know",
            f"{counted(len(empty), 'attribute')} {are(len(empty))} empty: {listed(empty)}.",
            "Check whether the export lost what stood there.",
        )
    if same:
        yield Remark(
            "constant_columns",
            "know",
            f"{counted(len(same), 'attribute')} {say(len(same))} the same of every lead: {listed(same)}.",
            "What is always the same says nothing and can be left out.",
        )
    if texts:
        yield Remark(
            "free_text",
            "know",
            f"{counted(len(texts), 'attribute')} {have(len(texts))} hardly a value that {shared_by} leads "
            f"share, as free text has none: {listed(texts)}.",
            "No model reads such a column. If it holds what matters, sort it into a few categories first.",
        )
    rare = [
        (column.rare, column.name)
        for column in attributes
        if uses[column.name].kind == "category" and column.rare
    ]
    if rare:
        names = [
            f"{name} ({counted(count, 'lead')})"
            for count, name in sorted(rare, key=lambda one: (-one[0], one[1]))
        ]
        yield Remark(
            "rare_values",
            "know",
            f"In {counted(len(rare), 'attribute')} some leads have a value that fewer than {shared_by} "
            f"share: {listed(names)}.",
            "A model takes them all for “some other value”; put variants of one spelling together.",
        )


def of_fuller(quality: Quality) -> Iterator[Remark]:
    """Say which columns are probably filled in on the way to the end."""
    for one in quality.fuller:
        yield Remark(
            "fuller_at_end",
            "mend",
            f"{share(one.ended)} of the leads that have ended have “{one.name}”, but "
            f"{share(one.still_open)} of those still open.",
            "Leave it out if it is filled in on the way to the end: a score would learn the end from it. As "
            "a dated answer it can stay.",
        )


def of_jumps(found: Sequence[Jump]) -> Iterator[Remark]:
    """Say where a share changes from one month to the next."""
    for jump in found:
        what, remedy = _JUMPS[jump.kind]
        least, most = min(jump.before, jump.after), max(jump.before, jump.after)
        rare = least < _HARDLY * most
        verb = ("starts" if jump.after > jump.before else "stops") if rare else "jumps"
        yield Remark(
            f"jump_{jump.kind}",
            "mend",
            f"{what.format(name=jump.name)} {verb} in {jump.month}: {share(jump.before)} of the leads "
            f"before, {share(jump.after)} from then on.",
            remedy,
        )


_HARDLY: Final = 0.1
_CHANGED: Final = (
    "Check what changed then: a new form, another tool, or an export that left something out. What is "
    "filled only lately tells a model when a lead came, not how good it is."
)
_JUMPS: Final = {
    "attribute": ("The column “{name}”", _CHANGED),
    "identity": ("The column “{name}”", _CHANGED),
    "source": ("The column “{name}”", _CHANGED),
    "from": ("The source “{name}”", "Check whether it was renamed; if so, map both names to one."),
    "activity": (
        "The activity “{name}”",
        "Check whether a tool was changed, renamed it, or left the export.",
    ),
    "answer": ("The answer to “{name}”", _CHANGED),
    "outcome": (
        "Ending as “{name}” within the horizon",
        "Check whether the CRM began or ceased to record it then; a model learns what was recorded.",
    ),
}
