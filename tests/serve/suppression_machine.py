"""Suppress, remove, score, send jobs, swap, stop, restart, break and mend, in any order, on two workers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from readiness import artefact, shipped
from readiness.agreement import reading
from readiness.agreement.advice import ACTIONS
from readiness.artefact import Pointer
from readiness.crm import records
from readiness.crm.assembly import from_records
from readiness.crm.records import instant
from readiness.history import snapshots
from readiness.scoring import lead_keys, looked_up, score
from serve.database import JobStore, SuppressionStore
from tests.serve.conftest import NAME_A, NAME_B, NOW
from tests.serve.jobs.conftest import LINES, send
from tests.serve.jobs.conftest import worker as working_on
from tests.serve.suppression_places import Place
from tests.serve.suppression_world import PEOPLE, Person, World, bars, request_of

_AGREEMENT: Final = reading.load(shipped.agreement())


_LISTED: Final = (
    *(("lead_id", person.lead_id) for person in PEOPLE),
    *(("email", person.email) for person in PEOPLE),
    *(("phone", person.phone) for person in PEOPLE),
    *(
        ("company_domain", domain)
        for domain in ("acme.example", "shop.acme.example", "other.co.uk", "new.example")
    ),
)
_STOP: Final = {"outcomes": [{"occurred_at": "2026-03-13T09:00:00Z", "outcome": "stop_calling"}]}
_SPELT: Final = ("{}", " {} ", "\u200b{}", "{}\u00a0")

_WORKERS, _FOLDERS = st.sampled_from([0, 1]), st.sampled_from(range(len(PEOPLE)))


@dataclass
class Sent:
    """A job that was sent: who told us to stop in it, and who was barred when it was worked on."""

    stops: int | None
    barred: list[bool] | None = None


class Suppression(RuleBasedStateMachine):
    """After every step each worker says of each person what the entries on the list say."""

    world: ClassVar[World | None] = None
    place: ClassVar[Place | None] = None

    def __init__(self) -> None:
        super().__init__()
        Suppression.world = Suppression.world or World(self.place)
        self.held = Suppression.world
        self.listed: dict[int, tuple[str, str]] = {}
        self.jobs: dict[str, Sent] = {}

    @initialize()
    def begin(self) -> None:
        for entry in self.held.workers[0].get("/v1/suppressions?limit=1000").json()["suppressions"]:
            self._remove(0, entry["id"])
        for job in self.held.workers[0].get("/v1/jobs?limit=1000").json()["jobs"]:
            if job["state"] == "queued":
                self.held.workers[0].ask("DELETE", f"/v1/jobs/{job['id']}")
            self.held.workers[0].ask("DELETE", f"/v1/jobs/{job['id']}")

    @property
    def broken(self) -> bool:
        return self.held.place.away

    def _remove(self, worker: int, number: int) -> int:
        body = {"by": "the tests", "reason": "to begin anew"}
        return self.held.workers[worker].ask("DELETE", f"/v1/suppressions/{number}", json=body).status_code

    @rule(worker=_WORKERS, entry=st.sampled_from(_LISTED), spelt=st.sampled_from(_SPELT))
    def suppress(self, worker: int, entry: tuple[str, str], spelt: str) -> None:
        kind, value = entry
        written = value if kind == "lead_id" else spelt.format(value)
        body = {"suppressions": [{"kind": kind, "value": written, "source": "the tests"}]}
        answered = self.held.workers[worker].ask("POST", "/v1/suppressions", json=body)
        if self.broken:
            assert answered.status_code == 503
            return
        (added,) = answered.json()["suppressions"]
        assert (added["status"] == "known") == (added["id"] in self.listed)
        self.listed[added["id"]] = entry

    @precondition(lambda self: self.listed)
    @rule(worker=_WORKERS, which=st.integers(0, 99))
    def remove(self, worker: int, which: int) -> None:
        number = sorted(self.listed)[which % len(self.listed)]
        status = self._remove(worker, number)
        if self.broken:
            assert status == 503
        else:
            assert status == 200
            del self.listed[number]

    @rule(worker=_WORKERS, who=_FOLDERS)
    def score_one(self, worker: int, who: int) -> None:
        answered = self.held.workers[worker].score(request_of(PEOPLE[who]))
        if worker in self.held.shut:
            assert answered.status_code == 503
            return
        wanted = "hold" if self.broken else ("hand_over", "never_call")[self._barred(PEOPLE[who])]
        assert answered.json()["advice"]["action"] == wanted

    @rule(worker=_WORKERS, who=st.none() | _FOLDERS)
    def score_many(self, worker: int, who: int | None) -> None:
        """Everybody in one request; one of them may have told us to stop."""
        body = [request_of(person) | (_STOP if number == who else {}) for number, person in enumerate(PEOPLE)]
        answered = self.held.workers[worker].ask("POST", "/v1/score/batch", json=body)
        if worker in self.held.shut or (self.broken and who is not None):
            assert answered.status_code == 503
            return
        if who is not None:
            self._told_to_stop(worker, who)
        said = [row["assessment"]["advice"]["action"] for row in answered.json()["rows"]]
        may = "hold" if self.broken else "hand_over"
        barred = [not self.broken and self._barred(person) for person in PEOPLE]
        assert said == ["never_call" if each else may for each in barred]

    @rule(worker=_WORKERS, name=st.sampled_from([NAME_A, NAME_B]))
    def promote(self, worker: int, name: str) -> None:
        """Another bundle is published, and one of the workers is the first to take it into use."""
        artefact.point(self.held.published, Pointer(name=name, version=str((NAME_A, NAME_B).index(name))))
        self.held.workers[worker].look()
        if worker not in self.held.shut:
            answered = self.held.workers[worker].score(request_of(PEOPLE[0])).json()
            assert answered["answered_by"]["bundle"] == name

    @rule(worker=_WORKERS, who=_FOLDERS)
    def told_to_stop(self, worker: int, who: int) -> None:
        answered = self.held.workers[worker].score(request_of(PEOPLE[who]) | _STOP)
        if self.broken:
            assert answered.status_code == 503
            return
        assert answered.json()["advice"]["action"] == "never_call"
        self._told_to_stop(worker, who)

    def _told_to_stop(self, worker: int, who: int) -> None:
        """Note what the list holds since, as the other worker shows it."""
        for entry in self.held.workers[1 - worker].get("/v1/suppressions?limit=1000").json()["suppressions"]:
            if entry["id"] not in self.listed:
                self.listed[entry["id"]] = (entry["kind"], getattr(PEOPLE[who], entry["kind"]))
        assert self._barred(PEOPLE[who])

    @rule(worker=_WORKERS, who=st.none() | _FOLDERS, at_once=st.booleans())
    def send_a_job(self, worker: int, who: int | None, at_once: bool) -> None:
        """Everybody in a file; one of them may have told us to stop."""
        rows = [request_of(person) | (_STOP if number == who else {}) for number, person in enumerate(PEOPLE)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        answered = send(self.held.workers[worker], lines, LINES)
        if self.broken or worker in self.held.shut:
            assert answered.status_code == 503
            return
        assert answered.status_code == 202
        self.jobs[answered.json()["id"]] = Sent(who)
        if at_once:
            self.work_on_a_job(1 - worker)

    @precondition(lambda self: not self.broken)
    @rule(worker=_WORKERS)
    def work_on_a_job(self, worker: int) -> None:
        """The next one that waits; whoever told us to stop in it is on the list from then on."""
        client = self.held.workers[worker]
        store: JobStore = client.app.state.service.jobs.store
        # All were sent in one instant, and their names are drawn: only the order of sending can be repeated.
        waiting = set(store.waiting(at=NOW))
        for job_id in [each for each in self.jobs if each in waiting][:1]:
            store.take(job_id, "holder", at=NOW, until=NOW + 1)
            working_on(client).work(job_id, "holder")
            sent = self.jobs[job_id]
            if sent.stops is not None:
                self._told_to_stop(worker, sent.stops)
            sent.barred = [self._barred(person) for person in PEOPLE]

    @precondition(lambda self: self.jobs)
    @rule(worker=_WORKERS, which=st.integers(0, 99))
    def fetch(self, worker: int, which: int) -> None:
        """What was handed over when it was worked on is not, as soon as its person is on the list."""
        self._fetched(worker, list(self.jobs)[which % len(self.jobs)])

    def _fetched(self, worker: int, job_id: str) -> None:
        sent = self.jobs[job_id]
        answered = self.held.workers[worker].get(f"/v1/jobs/{job_id}/result")
        if self.broken or worker in self.held.shut:
            assert answered.status_code == 503
            return
        if sent.barred is None:
            assert answered.status_code == 409
            return
        *rows, _ = answered.text.splitlines()
        said = [row["assessment"]["advice"]["action"] for row in map(json.loads, rows)]
        never = [then or self._barred(person) for then, person in zip(sent.barred, PEOPLE, strict=True)]
        assert said == ["never_call" if each else "hand_over" for each in never]

    @precondition(lambda self: not self.broken)
    @rule()
    def score_a_file(self) -> None:
        """As `readiness score --store` does: the whole list at once, and a table of leads."""
        database = self.held.opened()
        store = SuppressionStore(database)
        created = instant("2026-02-20T08:15:00Z")
        tables = from_records(
            [
                records.Lead(
                    row.lead_id,
                    created,
                    "web",
                    email=row.email,
                    phone=row.phone,
                    company_domain=row.company_domain,
                )
                for row in PEOPLE
            ]
        )
        listed = looked_up(lead_keys(tables, store.hashing), store.every_key())
        database.close()
        scored = score(
            tables,
            snapshots.at(tables, NOW),
            agreement=_AGREEMENT,
            model=None,
            explain="none",
            suppressions=listed,
        )
        never = scored.advices.action == ACTIONS.index("never_call")
        assert never.tolist() == [self._barred(person) for person in PEOPLE]

    @rule(worker=_WORKERS, really=st.sampled_from([False, False, False, True]))
    def restart(self, worker: int, really: bool) -> None:
        # A start takes as long as twenty answers; a run of many starts would show little else.
        if not really:
            return
        self.held.workers[worker].__exit__()
        self.held.workers[worker] = self.held.started()
        if self.broken:
            self.held.shut.add(worker)

    @precondition(lambda self: not self.broken)
    @rule()
    def take_the_database_away(self) -> None:
        self.held.place.take_away()

    @precondition(lambda self: self.broken)
    @rule()
    def bring_it_back(self) -> None:
        self.held.place.bring_back()
        for worker in self.held.workers:
            service = worker.app.state.service
            service.upkeep.read_keys()
            # A server that did not answer is left alone for a second, which has passed.
            service.suppressing._again_at = 0.0
        self.held.shut.clear()

    def teardown(self) -> None:
        if self.broken:
            self.bring_it_back()
        for number, job_id in enumerate(self.jobs):
            self._fetched(number % 2, job_id)

    def _barred(self, person: Person) -> bool:
        return any(bars(kind, value, person) for kind, value in self.listed.values())


def close() -> None:
    """Stop the workers, if any run started them."""
    if Suppression.world is not None:
        Suppression.world.close()
        Suppression.world = None
