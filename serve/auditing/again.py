"""Answers given again from what the audit kept of them, by the road that gave them, compared to the bit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from readiness.agreement import reading
from readiness.agreement.document import Agreement
from readiness.artefact import Bundle
from readiness.errors import ReadinessError
from readiness.scoring import AgreementReference, AnsweredBy
from serve import assessing
from serve.answered import answered
from serve.assessing import Read, Ready
from serve.audit.entry import Entry
from serve.auditing import asked
from serve.database import AuditStore
from serve.database.audit_rows import Kept
from serve.problems import Problem
from serve.store import InUse, OpenBundle, open_checked

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of answering again: how many answers are the same, which differ, which could not be given."""

    same: int
    differing: tuple[str, ...]
    """Their assessment ids."""
    skipped: Counter[str] = field(default_factory=Counter)
    """How many could not be answered again, by why."""


class NotAgainError(ReadinessError):
    """An answer cannot be given again; the message says why, alike for all with the same cause."""


class Again:
    """Answers again, with the bundle and the agreement that an entry names.

    Parameters
    ----------
    store : AuditStore
    bundles : Path
        Where bundles lie, each in a folder of its name.
    open_bundle : OpenBundle
    """

    def __init__(self, store: AuditStore, bundles: Path, *, open_bundle: OpenBundle = open_checked) -> None:
        self._store = store
        self._bundles = bundles
        self._open = open_bundle
        self._opened: dict[str, Bundle | NotAgainError] = {}
        self._agreements: dict[str, tuple[Agreement, str] | NotAgainError] = {}

    def answer(self, kept: Kept) -> bytes:
        """Return the answer to an entry's request, as it would leave now under the same id.

        Raises
        ------
        NotAgainError
            If the payload was erased, or the bundle or the agreement is gone.
        """
        if kept.asked is None:
            erased = kept.erased_at is not None
            raise NotAgainError("its payload was erased" if erased else "its payload is gone")
        try:
            request = asked.read(kept.asked.content)
        except ValueError:
            raise NotAgainError("what was asked cannot be read") from None
        in_use = self._in_use(kept.entry)
        read: Read = assessing.read([request.request], received=request.received)
        ready = Ready(read, tuple(request.suppressions for _ in read.asked), request.received)
        (verdict,) = assessing.assess(ready, in_use)
        if isinstance(verdict, Problem):
            raise NotAgainError("this version of the code refuses the request")
        return answered(verdict, kept.entry.assessment_id).content

    def _in_use(self, entry: Entry) -> InUse:
        bundle = None if entry.bundle is None else _found(self._opened, entry.bundle, self._bundle)
        agreement, text = _found(
            self._agreements, entry.agreement, lambda fingerprint: self._agreement(fingerprint, bundle)
        )
        reference = AgreementReference(agreement.name, agreement.version, agreement.fingerprint)
        return InUse(agreement, text, AnsweredBy(entry.model, entry.bundle, reference), bundle)

    def _bundle(self, name: str) -> Bundle:
        path = self._bundles / name
        if not path.is_dir():
            raise NotAgainError("its bundle is gone")
        try:
            return self._open(path, name)
        except ReadinessError:
            raise NotAgainError("its bundle is damaged") from None

    def _agreement(self, fingerprint: str, bundle: Bundle | None) -> tuple[Agreement, str]:
        if bundle is not None and bundle.agreement.fingerprint == fingerprint:
            return bundle.agreement, bundle.agreement_text
        text = self._store.agreement(fingerprint)
        if text is None:
            raise NotAgainError("its agreement is gone")
        try:
            agreement = reading.reopened(text)
        except ReadinessError:
            raise NotAgainError("its agreement cannot be read") from None
        if agreement.fingerprint != fingerprint:
            raise NotAgainError("its agreement was changed")
        return agreement, text


def replay(again: Again, entries: Iterator[Kept]) -> Replayed:
    """Answer again whatever can be, and compare each answer byte by byte with the one that left."""
    same, differing, skipped = 0, list[str](), Counter[str]()
    for kept in entries:
        try:
            answer = again.answer(kept)
        except NotAgainError as because:
            skipped[str(because)] += 1
            continue
        if kept.answered is not None and answer == kept.answered.content:
            same += 1
        else:
            differing.append(kept.entry.assessment_id)
    return Replayed(same, tuple(differing), skipped)


def _found(known: dict[str, _Value | NotAgainError], name: str, find: Callable[[str], _Value]) -> _Value:
    """Find something once, and why it cannot be found once."""
    if name not in known:
        try:
            known[name] = find(name)
        except NotAgainError as because:
            known[name] = because
    found = known[name]
    if isinstance(found, NotAgainError):
        raise found
    return found
