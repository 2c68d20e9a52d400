"""Proves that whatever is sent, by whomever, is answered as the service's own document says.

`python -m benchmarks prove fuzz` asks every operation 1,000 times and more as each kind of caller, of a
service with a model and of one with the rules alone, and keeps one line an operation and caller in out/, so
that a run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_args

import serve
from benchmarks import fuzzing, resumable
from benchmarks.evidence import Row
from benchmarks.fuzzed_service import ROLES, served
from serve.app import create_app
from serve.security.rights import RIGHTS, Right, suffices
from serve.settings import Settings
from tests.serve.published import publish

TITLE: Final = "Asked anything by anybody (in process)"
OUT: Final = Path(__file__).parents[1] / "out" / "fuzz"
CASES: Final = 1_000
IN_TURN: Final = 300
"""So many walks from one operation to the next."""
ANSWERING: Final = ("a model", "the rules alone")
_IN_TURN: Final = "in turn"


def measure() -> tuple[list[Row], str]:
    """Ask whatever was not asked yet of this code, and say what came of it."""
    found = resumable.run(work, asked(), OUT / f"{_fingerprint()}.jsonl")
    rows, failures = judged(found)
    rows.append({"answers": "verdict", "caller": "holds" if not failures else "; ".join(failures)})
    return rows, (
        f"Every operation of the OpenAPI document, at least {CASES:,} cases each: its schema at each edge "
        "once, then at random, half of them against it. Schemathesis with all its checks, seed 1; requests "
        "and answers in process, store and audit on, jobs worked on beside. `in words`: refusals of what the "
        "schema allows and the document forbids in words, such as a moment in the future; they are listed in "
        "benchmarks/fuzzing.py. `in turn`, counted with the others: one operation after the other on the "
        "same thing, made, read, removed, read."
    )


def asked() -> list[tuple[str, int]]:
    """Return every piece of the work: what answers, who asks, and which operation."""
    each = [f"{verb} {path}" for verb, path in operations()]
    pieces = [f"{how}|{role}|{one}" for how in ANSWERING for role in ROLES for one in each]
    return [
        (piece, 1)
        for piece in pieces + [f"{how}|{role}|{_IN_TURN}" for how in ANSWERING for role in ("score", "admin")]
    ]


def operations() -> list[tuple[str, str]]:
    """Return every operation of the document: (verb, path template)."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(published=Path(folder), database_url=f"sqlite:///{folder}/none")  # type: ignore[arg-type]
        paths = create_app(settings).openapi()["paths"]
    return [(verb.upper(), path) for path, verbs in paths.items() for verb in verbs]


def work(kind: str, seed: int) -> dict[str, Any]:
    """Ask one operation as one caller, or one after the other."""
    how, role, what = kind.split("|")
    # What the service logs would drown what is said here.
    logging.disable(logging.CRITICAL)
    return {
        "kind": kind,
        "seed": seed,
        **ask(_published(how), role, what, cases=CASES, in_turn=IN_TURN, seed=seed),
    }


def ask(published: Path, role: str, what: str, *, cases: int, in_turn: int, seed: int) -> dict[str, Any]:
    """Ask a fresh service; return what became of it as plain values."""
    jobs = role in {"score", "admin"} and ("/jobs" in what or what == _IN_TURN)
    with served(published, role, jobs=jobs) as service:
        if what == _IN_TURN:
            return fuzzing.ask_in_turn(service, role, cases=in_turn, seed=seed).to_dict()
        verb, path = what.split(" ")
        return fuzzing.ask(service, role, (verb, path), cases=cases, seed=seed).to_dict()


def judged(found: Sequence[dict[str, Any]]) -> tuple[list[Row], list[str]]:
    """Return a row for each that answers and asks, and what does not hold."""
    rows: list[Row] = []
    failures: list[str] = []
    for how in ANSWERING:
        for role in ROLES:
            mine = [each for each in found if each["kind"].startswith(f"{how}|{role}|")]
            if not mine:
                continue
            statuses = Counter[str]()
            for each in mine:
                statuses.update(each["statuses"])
                failures += [f"{each['kind']}: {fault}" for fault in faults(each)]
            alone = [each["cases"] for each in mine if not each["kind"].endswith(_IN_TURN)]
            rows.append(
                {
                    "answers": how,
                    "caller": role,
                    "operations": len(alone),
                    "cases": sum(each["cases"] for each in mine),
                    "fewest an operation": min(alone, default=0),
                    "2xx": _of(statuses, "2"),
                    "4xx": _of(statuses, "4"),
                    "503": statuses["503"],
                    "500": statuses["500"],
                    "in words": sum(each["in_words"] for each in mine),
                    "findings": sum(each["found"] for each in mine),
                }
            )
    return rows, failures


def faults(told: dict[str, Any]) -> list[str]:
    """Say what should not be of one piece: findings, failures of the service, or nothing but refusals."""
    statuses = Counter[str](told["statuses"])
    wrong = [f"{told['found']} findings"] if told["found"] else []
    wrong += ["failed"] if any(status[0] == "5" or status == "none" for status in statuses) else []
    _, role, what = told["kind"].split("|")
    if what == _IN_TURN:
        return wrong
    if told["cases"] < CASES:
        wrong.append(f"asked {told['cases']} times only")
    verb, path = what.split(" ")
    rights = frozenset[Right](right for right in get_args(Right) if right == role)
    may = suffices(rights, RIGHTS[verb, path])
    if may != bool(_of(statuses, "2")):
        wrong.append("nothing was answered" if may else "was let in")
    return wrong


def _of(statuses: Counter[str], first: str) -> int:
    return sum(many for status, many in statuses.items() if status.startswith(first))


def _published(how: str) -> Path:
    """Return where a small model is published, trained if it was not yet by this code; or an empty place."""
    if how != ANSWERING[0]:
        return OUT / "nothing"
    folder = OUT / f"model-{resumable.code_fingerprint(measuring=False)}"
    if not (folder / "done").exists():
        publish(folder).point(0)
        (folder / "done").touch()
    return folder


def _fingerprint() -> str:
    """Return what identifies the service that is asked."""
    digest = hashlib.sha256()
    package = Path(serve.__file__).parent
    for source in sorted(package.rglob("*.py")):
        digest.update(str(source.relative_to(package)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]
