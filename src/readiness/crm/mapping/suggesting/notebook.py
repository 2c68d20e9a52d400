"""What was decided, assumed, asked and found missing while a mapping was drafted."""

from __future__ import annotations

from dataclasses import dataclass, field

from readiness.crm.mapping.suggesting.dating import Order, Writing
from readiness.crm.mapping.suggesting.names import Means
from readiness.crm.mapping.suggesting.profiles import Kind, Profile, Sheet


@dataclass(slots=True)
class Notebook:
    """One draft's notes, in the order in which they were made."""

    zone: str | None = None
    """The zone of times that name none, if somebody said it."""
    order: Order = "either"
    """Which of day and month stands first where no value tells, if somebody said it."""
    decided: list[str] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    used: dict[str, list[Profile]] = field(default_factory=dict)
    """By file, the columns of dates that the mapping reads."""

    def ask(self, question: str) -> str:
        """Note a question and return it as it stands in the mapping."""
        self.asked.append(question)
        return f"DECIDE: {question}"

    def follow(self, first: Notebook) -> None:
        """Put the notes of another one before these."""
        self.decided[:0] = first.decided
        self.assumed[:0] = first.assumed
        self.asked[:0] = first.asked
        self.missing[:0] = first.missing
        for name, profiles in first.used.items():
            self.used.setdefault(name, []).extend(each for each in profiles if each not in self.used[name])

    def reads(self, sheet: Sheet, column: str | None) -> None:
        """Note that the mapping reads a column; its dates must then be described."""
        found = sheet.profiles.get(column or "")
        if (
            found is not None
            and found.kind is Kind.DATE
            and found not in self.used.setdefault(sheet.name, [])
        ):
            self.used[sheet.name].append(found)


def order_elsewhere(sheet: Sheet, sheets: list[Sheet]) -> tuple[Order, str]:
    """Return which of day and month the same file, else another one, puts first, and where that shows.

    Files that contradict each other tell nothing.
    """
    for looked in ([sheet], sheets):
        found = {
            each.writing.order: f"{each.name} in {one.path} has {each.writing.because}"
            for one in looked
            for each in one.those(Kind.DATE)
            if each.writing is not None and each.writing.because and not each.says(Means.PERSON)
        }
        if len(found) == 1:
            return next(iter(found.items()))
    return "either", ""


def formats_of(writings: list[Writing]) -> list[str]:
    """Return all formats in which these columns write dates, each once."""
    return list(dict.fromkeys(each for writing in writings for each in writing.formats))
