"""Tracks that no lead could come on, and questions about nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from readiness.agreement.conditions import fold
from readiness.agreement.document import PIECES, Agreement
from readiness.agreement.nurture_terms import Track
from readiness.yaml_document import Contradiction, Loc


def contradictions(agreement: Agreement) -> Iterator[Contradiction]:
    """Return the tracks that earlier ones leave nobody for, and the names that nothing has."""
    tracks = agreement.nurture.tracks
    for at, track in enumerate(tracks):
        before = next((each for each in tracks[:at] if _leaves_nobody(each, track)), None)
        if before is not None:
            all_of_them = "every lead" if before.takes_everything else "all leads that could come on it"
            yield Contradiction(
                ("nurture", "tracks", at),
                f"the track `{track.name}` after `{before.name}`, which takes {all_of_them}",
                "a track that some lead can come on",
                f"Put it before `{before.name}`, or drop one of the two.",
            )
    subjects = [*(criterion.name for criterion in agreement.profile.criteria), *PIECES]
    for at, track in enumerate(tracks):
        for number, name in enumerate(track.missing):
            yield from _unknown(name, subjects, ("nurture", "tracks", at, "missing", number))
    for at, question in enumerate(agreement.questions):
        yield from _unknown(question.about, subjects, ("questions", at, "about"))


def _leaves_nobody(before: Track, track: Track) -> bool:
    if before.missing and not (track.missing and {*map(fold, track.missing)} <= {*map(fold, before.missing)}):
        return False
    return _covers(before.categories, track.categories) and _covers(before.stages, track.stages)


def _covers(named: Sequence[str], others: Sequence[str]) -> bool:
    # Where none is named, all are meant.
    return not named or (bool(others) and set(others) <= set(named))


def _unknown(name: str, subjects: Sequence[str], loc: Loc) -> Iterator[Contradiction]:
    if name in subjects:
        return
    close = difflib.get_close_matches(name, subjects, n=1)
    remedy = f"Did you mean `{close[0]}`?" if close else "Change it, or add the criterion."
    yield Contradiction(loc, f"`{name}`", f"a criterion or a BANT piece: {', '.join(subjects)}", remedy)
