"""The model and agreement in use, exchanged as one when another champion is published."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from readiness import artefact, shipped
from readiness.agreement import reading
from readiness.agreement.document import Agreement
from readiness.artefact import Bundle
from readiness.errors import AgreementError, NoChampionError, ReadinessError
from readiness.learning.model import ReadinessModel
from readiness.scoring import AgreementReference, AnsweredBy
from serve import logs
from serve.watched_file import Sight, sight

OpenBundle: TypeAlias = Callable[[Path, str], Bundle]
"""Opens the bundle at a path, which must have this name, or raises ArtefactError."""


@dataclass(frozen=True, slots=True)
class InUse:
    """What answers a request from its first line to its last, whatever is published meanwhile."""

    agreement: Agreement
    agreement_text: str
    answered_by: AnsweredBy
    bundle: Bundle | None

    @property
    def model(self) -> ReadinessModel | None:
        """The model, or None while the rules alone answer."""
        return self.bundle.model if self.bundle else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A published bundle that was not taken into use; ``bundle`` is None if not even its name is known."""

    bundle: str | None
    because: str


def open_checked(path: Path, name: str) -> Bundle:
    """Open a bundle, all of it checked first."""
    return artefact.open_bundle(path, name=name)


class ModelStore:
    """Watches the published pointer, opens what it names and swaps one reference.

    A bundle that is refused is named in ``refused`` and in the log, and the one before keeps
    answering; so it does when the pointer vanishes. Without any, the rules alone answer.

    Parameters
    ----------
    published : Path
        Where bundles and their pointer are published.
    agreement : Path, optional
        Used in place of each bundle's own agreement.
    open_bundle : OpenBundle

    Raises
    ------
    AgreementError
        If the agreement given, or without one the shipped one, cannot be read.
    """

    def __init__(
        self, published: Path, *, agreement: Path | None = None, open_bundle: OpenBundle = open_checked
    ) -> None:
        self._published = published
        self._open_bundle = open_bundle
        self._own_agreement = agreement is None
        self._seen: Sight = ()
        path = agreement or shipped.agreement()
        self._agreement_text = reading.text_of(path)
        self._agreement = reading.parse(self._agreement_text, name=path.name)
        self._in_use = self._put_together(None, None)
        self._refused: Refusal | None = None

    @property
    def in_use(self) -> InUse:
        """What answers now; hold on to it for the length of one request."""
        return self._in_use

    @property
    def refused(self) -> Refusal | None:
        """The published bundle that was refused last, until another one is taken into use."""
        return self._refused

    def holding(self, by: AnsweredBy) -> InUse:
        """Return what gave an earlier answer: what is in use, or its published bundle opened once more.

        Raises
        ------
        ReadinessError
            If its bundle is not there any more, or another agreement is in force.
        """
        if self._in_use.answered_by == by:
            return self._in_use
        bundle = None if by.bundle is None else self._open_bundle(self._published / by.bundle, by.bundle)
        found = self._put_together(bundle, by.model)
        if found.answered_by != by:
            raise AgreementError("The agreement that gave the earlier answer is not in use any more.")
        return found

    def look(self) -> bool:
        """Look at the pointer; open and swap if it changed. Return whether another bundle is in use."""
        seen = sight(self._published / artefact.POINTER)
        if seen == self._seen:
            return False
        self._seen = seen
        name = None
        try:
            pointer = artefact.champion(self._published)
            name = pointer.name
            before = self._in_use.answered_by
            model = f"{pointer.model} {pointer.version}"
            if (before.model, before.bundle) != (model, name):
                bundle = self._open_bundle(self._published / name, name)
                self._in_use = self._put_together(bundle, model)
        except NoChampionError:
            logs.event("pointer_missing", level=logging.WARNING, model=self._in_use.answered_by.model)
            return False
        except ReadinessError as error:
            self._refuse(name, str(error))
            return False
        except Exception as error:  # noqa: BLE001 - whatever a bundle does, the one before keeps answering
            logs.failure("bundle_broke", error, bundle=name)
            self._refuse(name, f"Opening it failed with {type(error).__name__}.")
            return False
        self._refused = None
        logs.event("model_in_use", model=model, bundle=name)
        return True

    def _refuse(self, name: str | None, because: str) -> None:
        self._refused = Refusal(name, because)
        logs.event("bundle_refused", level=logging.ERROR, bundle=name, because=because)

    def _put_together(self, bundle: Bundle | None, model: str | None) -> InUse:
        agreement, text = self._agreement, self._agreement_text
        if bundle is not None and self._own_agreement:
            agreement, text = bundle.agreement, bundle.agreement_text
        reference = AgreementReference(agreement.name, agreement.version, agreement.fingerprint)
        answered_by = AnsweredBy(model, bundle.name if bundle else None, reference)
        return InUse(agreement, text, answered_by, bundle)
