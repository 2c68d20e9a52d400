"""Which models there are, which one is the champion, and how it gets to where it is used."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from readiness import artefact
from readiness.artefact import Pointer
from readiness.crm.records import Instant, iso
from readiness.errors import ChallengeError, NoChampionError, StoreError
from readiness.registry import kept_reports, recording
from readiness.registry.card import card_of
from readiness.registry.challenges import keep_challenge, summary_in
from readiness.registry.entry import BUNDLE_TAG
from readiness.registry.kept import MODEL, Version, fetch_bundle, learned_in
from readiness.registry.kept_reports import FINISHED_TAG, TRAINED_TAG, Publication
from readiness.registry.promotions import (
    CHAMPION,
    Alias,
    Promotion,
    figures_of,
    must_have_passed,
    must_have_skill,
    predecessor,
)
from readiness.registry.recording import Recorded
from readiness.registry.store import Store, boundary, connect
from readiness.whole_files import ASIDE

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

_PROMOTION: Final = "readiness.promotion."


@dataclass(frozen=True, slots=True)
class Registry:
    """The models of one store. Open it with ``Registry.open``."""

    store: Store

    @classmethod
    def open(cls, uri: str | None = None, models: Path = Path("models")) -> Registry:
        """Open a registry.

        Parameters
        ----------
        uri : str, optional
            A tracking server or store. None: ``MLFLOW_TRACKING_URI``, else the embedded store.
        models : Path
            Where the embedded store lives: a SQLite file and the models' files. It may be moved.

        Raises
        ------
        StoreError
            If the store cannot be reached or made.
        """
        return cls(connect(uri, models))

    def record(self, bundle: Path, *, report: Mapping[str, bytes] | None = None) -> Recorded:
        """Keep a bundle as a run and as the next version of the model; no alias moves.

        Parameters and metrics are read from the bundle itself.

        Parameters
        ----------
        bundle : Path
            As ``artefact.write`` returned it: the folder is called by the bundle's name.
        report : mapping, optional
            The finished report's files by their names, as ``reports.page.documents`` returns them.

        Raises
        ------
        ArtefactError
            If the bundle does not open.
        StoreError
            If the store cannot be written. The run is then marked as failed.
        """
        opened = artefact.open_bundle(bundle, name=bundle.name)
        with self._boundary("written"):
            return recording.record(self.store, opened, bundle, report, first=self._registered() is None)

    def keep_challenge(self, version: str, challenge: Mapping[str, Any], *, at: Instant) -> None:
        """Keep what a version's challenge came to: all gates with its run, the verdict beside the version.

        A later challenge of the same version takes its place; the run keeps every one.

        Parameters
        ----------
        challenge : mapping
            As `judging.gates.Challenge.to_dict` writes it.
        at : Instant
            When it was held.

        Raises
        ------
        StoreError
            If there is no such version, or the store cannot be written.
        """
        keep_challenge(self.store, self.version(version), challenge, at)

    def promote(
        self,
        version: str,
        *,
        at: Instant,
        alias: Alias = CHAMPION,
        by: str = "",
        reason: str = "",
        overrule: bool = False,
    ) -> Version:
        """Make a version the champion, or the challenger, after checking that its bundle is whole.

        Parameters
        ----------
        at : Instant
            When; kept in the history.
        by, reason : str
            Who promotes it and why; kept up to 1,000 letters each.
        overrule : bool
            Make it the champion although its challenge did not end in a yes; kept in the history. That no
            skill was found cannot be overruled.

        Raises
        ------
        StoreError
            If there is no such version, or the store cannot be written.
        ArtefactError
            If the bundle kept for it is damaged.
        NoSkillError
            If it is to be the champion and its judgement claims no skill.
        ChallengeError
            If it is to be the champion, and its challenge was not passed, or was against another one; or if
            it is to be overruled by nobody, or for no reason.
        """
        if overrule and not (by.strip() and reason.strip()):
            raise ChallengeError("Gates are overruled by somebody, for a reason: give --by and --reason.")
        return self._move(
            version,
            Promotion(
                version=str(version), alias=alias, action="promote", at=iso(at) or "", by=by, reason=reason
            ),
            overrule=overrule,
        )

    def rollback(self, *, at: Instant, by: str = "", reason: str = "") -> Version:
        """Make the version that was champion before this one the champion again.

        Raises
        ------
        NoChampionError
            If there is no champion, or none before it.
        """
        current = self.champion()
        before = predecessor(self.history(), current.version)
        if before is None:
            raise NoChampionError(
                f"Version {current.version} is the first champion: there is none to go back to"
            )
        return self._move(
            before,
            Promotion(
                version=before, alias=CHAMPION, action="rollback", at=iso(at) or "", by=by, reason=reason
            ),
        )

    def champion(self, alias: Alias = CHAMPION) -> Version:
        """Return the champion (or the challenger).

        Raises
        ------
        NoChampionError
            If nobody has promoted a model yet.
        """
        aliases = self._aliases()
        if alias not in aliases:
            raise NoChampionError(f"No model is the {alias} yet. Train one, then run `readiness promote`")
        return self.version(aliases[alias])

    def version(self, version: str) -> Version:
        """Return one version.

        Raises
        ------
        StoreError
            If there is no such version, or it has no bundle of ours.
        """
        with self._boundary(f"asked for version {version}"):
            found = self.store.client.get_model_version(MODEL, str(version))
        return self._known(found, self._aliases())

    def versions(self) -> tuple[Version, ...]:
        """Return all versions, the newest first."""
        with self._boundary("read"):
            found = self.store.client.search_model_versions(f"name = '{MODEL}'")
        aliases = self._aliases()
        return tuple(sorted((self._known(one, aliases) for one in found), key=lambda one: -int(one.version)))

    def history(self) -> tuple[Promotion, ...]:
        """Return every promotion and rollback, the oldest first."""
        registered = self._registered()
        tags = {} if registered is None else registered.tags
        moves = sorted((key, text) for key, text in tags.items() if key.startswith(_PROMOTION))
        return tuple(Promotion.model_validate_json(text) for _, text in moves)

    def fetch(self, version: str, to: Path) -> Path:
        """Bring a version's bundle to ``to/<name>/`` and return that path; checked by the name kept here.

        Raises
        ------
        ArtefactError
            If what the store keeps is damaged. Nothing is left in ``to``.
        StoreError
            If there is no such version, or the files cannot be read or written.
        """
        return fetch_bundle(self.store, self.version(version), to)

    def fetch_report(self, version: str) -> Mapping[str, bytes]:
        """Return the files of the report that training wrote for a version, by their names.

        Empty where the version was recorded without a report.

        Raises
        ------
        ArtefactError
            If what the store keeps is damaged.
        StoreError
            If there is no such version, or the files cannot be read.
        """
        return kept_reports.as_trained(self.store, self.version(version))

    def keep_report(self, version: str, report: Mapping[str, bytes]) -> None:
        """Keep a report that somebody wrote of a version; from then on it is this one that is published.

        Parameters
        ----------
        report : mapping
            Its files by their names, as ``reports.page.documents`` returns them.

        Raises
        ------
        StoreError
            If there is no such version, or the store cannot be written.
        """
        known = self.version(version)
        with self._boundary("written"):
            kept_reports.keep_finished(self.store, known, report)

    def publish_reports(self, to: Path, *, at: Instant) -> Publication:
        """Put the newest report of each version where the service finds it; those before are removed there.

        A reader sees the old list or the new one. A report that is damaged or cannot be fetched is left out
        by name, and the others are published; without any the list is empty.

        Parameters
        ----------
        at : Instant
            When; kept with those that were not published yet.

        Raises
        ------
        StoreError
            If the store cannot be read or the folder not written.
        """
        with self._boundary(f"published to {to}"):
            to.mkdir(parents=True, exist_ok=True)
            return kept_reports.publish(self.store, self.versions(), to, at=at)

    def publish(self, to: Path) -> Version:
        """Put the champion where the service finds it; a reader sees the old champion or the new one.

        The bundle is checked, opened in a process of its own, put under ``to/<name>/``, and only then the
        pointer is swapped.

        Raises
        ------
        NoChampionError
            If nobody has promoted a model yet. The pointer stays as it was.
        ArtefactError
            If the bundle is damaged or kills what opens it. The pointer stays as it was.
        StoreError
            If the store cannot be read or the folder not written.
        """
        champion = self.champion()
        with self._boundary(f"published to {to}"):
            to.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=ASIDE, dir=to) as aside:
                path = fetch_bundle(self.store, champion, Path(aside))
                artefact.try_in_child(path, name=champion.bundle)
                artefact.copy(path, name=champion.bundle, folder=to)
            artefact.point(to, Pointer(name=champion.bundle, version=champion.version))
        return champion

    def _move(self, version: str, promotion: Promotion, *, overrule: bool = False) -> Version:
        known = self.version(version)
        with tempfile.TemporaryDirectory() as aside:
            path = fetch_bundle(self.store, known, Path(aside))
            bundle = artefact.open_bundle(path, name=known.bundle)
        # Going back needs nothing to be shown anew: that version was promoted once.
        if promotion.alias == CHAMPION and promotion.action == "promote":
            promotion = self._allowed(known, bundle.judgement, promotion, overrule)
        with self._boundary("written"):
            # The alias first: a kill in between leaves a champion from which one can still go back.
            self.store.client.set_registered_model_alias(MODEL, promotion.alias, known.version)
            key = f"{_PROMOTION}{len(self.history()):06d}"
            self.store.client.set_registered_model_tag(MODEL, key, promotion.model_dump_json())
            moves = [each for each in self.history() if each.version == known.version]
            recording.keep_card(self.store, known.run_id, card_of(bundle, known.challenge, moves))
        return self.version(version)

    def _allowed(
        self, known: Version, judgement: Mapping[str, Any] | None, promotion: Promotion, overrule: bool
    ) -> Promotion:
        """Return the promotion with what it rests on; refuse one without skill, or with a gate shut."""
        must_have_skill(known.version, judgement)
        found = known.challenge
        champion = self._champion_or_none()
        if not overrule and CHAMPION not in known.aliases:
            must_have_passed(known.version, found, None if champion is None else champion.bundle)
        return promotion.model_copy(
            update={
                "figures": figures_of(found, judgement),
                "verdict": None if found is None else found.verdict,
                "overruled": found.closed if found is not None and overrule else (),
            }
        )

    def _champion_or_none(self) -> Version | None:
        aliases = self._aliases()
        return self.version(aliases[CHAMPION]) if CHAMPION in aliases else None

    def _registered(self) -> RegisteredModel | None:
        with self._boundary("read"):
            found = self.store.client.search_registered_models(f"name = '{MODEL}'")
        return found[0] if found else None

    def _aliases(self) -> dict[str, str]:
        registered = self._registered()
        return {} if registered is None else {name: str(v) for name, v in registered.aliases.items()}

    def _known(self, found: ModelVersion, aliases: dict[str, str]) -> Version:
        version = str(found.version)
        if BUNDLE_TAG not in found.tags:
            raise StoreError(
                f"Version {version} of {MODEL} was not recorded by readiness: it names no bundle"
            )
        return Version(
            version=version,
            bundle=found.tags[BUNDLE_TAG],
            run_id=str(found.run_id),
            aliases=tuple(sorted(name for name, held in aliases.items() if held == version)),
            challenge=summary_in(found.tags),
            report=found.tags.get(TRAINED_TAG),
            finished_report=found.tags.get(FINISHED_TAG),
            learned=learned_in(found.tags),
        )

    def _boundary(self, what: str) -> AbstractContextManager[None]:
        return boundary(what, self.store.shown)
