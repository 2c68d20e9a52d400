"""The audit comes into the database once, whole and in order, and whatever is done to it there is found."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from readiness.scoring import Hashing
from serve.audit.chain import Chain, left_behind, waiting
from serve.auditing import erasing, verifying
from serve.auditing.moving import move, move_left_behind
from serve.database import AuditStore
from serve.database.tables import audit_chains, audit_entries, audit_payloads
from tests.serve.audited import AGREEMENT, AGREEMENT_TEXT, draft, moved, spoil, write
from tests.serve.database.conftest import OpenDatabase
from tests.serve.tampering import TAMPERINGS


@pytest.fixture
def audit(opened: OpenDatabase) -> AuditStore:
    return AuditStore(opened())


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path / "audit")


def _whats(audit: AuditStore) -> list[str]:
    return [each.what for each in verifying.verify(audit).findings]


def _key(audit: AuditStore, lead: str) -> bytes:
    return Hashing(audit.secret).key("lead_id", lead)


def test_an_audit_without_entries_verifies(audit: AuditStore) -> None:
    assert verifying.verify(audit) == verifying.Verified(0, 0, 0, 0, ())
    assert [*verifying.every(audit)] == []
    assert audit.find("A-1") is None


def test_what_is_moved_is_found_with_its_payloads_and_verifies(audit: AuditStore, chain: Chain) -> None:
    write(chain, 1)
    (done,) = moved(chain, audit)
    kept = audit.find("A-1")
    assert done.entries == 1
    assert kept is not None
    assert kept.answered is not None
    assert (kept.entry.sequence, kept.answered.content) == (1, b'{"score":0.4}')
    assert audit.agreement(AGREEMENT) == AGREEMENT_TEXT
    assert verifying.verify(audit) == verifying.Verified(1, 1, 0, 0, ())


def test_a_chain_goes_on_over_many_files_and_other_chains_stand_beside(
    audit: AuditStore, chain: Chain, tmp_path: Path
) -> None:
    other = Chain(tmp_path / "audit")
    for number in range(1, 4):
        write(chain, number)
        write(other, 10 * number)
        moved(chain, audit)
        moved(other, audit)
    assert verifying.verify(audit) == verifying.Verified(2, 6, 0, 0, ())
    assert waiting(tmp_path / "audit") == ()


def test_a_file_that_is_moved_twice_is_there_once(audit: AuditStore, chain: Chain, tmp_path: Path) -> None:
    write(chain, 1, 2, 3)
    (path,) = chain.closed()
    copy = path.read_bytes()
    assert move(path, chain.name, audit, at=2).entries == 3
    path.write_bytes(copy)
    assert move(path, chain.name, audit, at=3).entries == 0
    assert verifying.verify(audit).entries == 3


def test_what_a_process_that_is_gone_left_is_moved_and_what_one_that_lives_writes_is_not(
    audit: AuditStore, tmp_path: Path
) -> None:
    gone, lives = Chain(tmp_path), Chain(tmp_path)
    write(gone, 1, 2)
    write(lives, 3)
    gone.end()
    assert [each.entries for each in move_left_behind(tmp_path, audit, at=2)] == [2]
    assert [path.name.partition("-")[0] for path in waiting(tmp_path)] == [lives.name]
    assert [*left_behind(tmp_path)] == []
    assert _whats(audit) == []


def test_a_torn_last_line_is_told_and_what_stands_before_it_is_kept(
    audit: AuditStore, tmp_path: Path
) -> None:
    gone = Chain(tmp_path)
    write(gone, 1, 2)
    gone.end()
    spoil(waiting(tmp_path)[0], lambda content: content[:-10])
    (done,) = move_left_behind(tmp_path, audit, at=2)
    verified = verifying.verify(audit)
    assert (done.entries, done.broken, verified.entries, verified.findings) == (1, None, 1, ())
    assert done.torn == verified.torn > 0


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"A-2", b"A-9"),
        lambda content: content.replace(b'"score":0.4', b'"score":0.5'),
        lambda content: b"".join(
            content.splitlines(keepends=True)[:1] + content.splitlines(keepends=True)[4:]
        ),
        lambda content: (
            content
            + b"".join(content.splitlines(keepends=True)[1:4]).replace(b'"sequence":1', b'"sequence":9')
        ),
        lambda content: content.replace(b'{"chain', b'{ "chain', 1),
        lambda content: content + b"something else\n",
    ],
    ids=["an entry", "a payload", "one dropped", "one inserted", "another spelling", "no entry"],
)
def test_a_file_that_was_changed_before_it_was_moved_is_told_and_kept_aside(
    audit: AuditStore, tmp_path: Path, change: object
) -> None:
    folder = tmp_path / "audit"
    gone = Chain(folder)
    write(gone, 1, 2)
    gone.end()
    spoil(waiting(folder)[0], change)  # type: ignore[arg-type]
    (done,) = move_left_behind(folder, audit, at=2)
    assert done.broken
    assert "unmoved" in _whats(audit)
    assert [path.suffix for path in folder.iterdir()] == [".broken"]


def test_a_file_that_was_taken_away_before_it_was_moved_is_told(
    audit: AuditStore, chain: Chain, tmp_path: Path
) -> None:
    write(chain, 1)
    waiting(tmp_path / "audit")[0].unlink()
    (done,) = moved(chain, audit)
    assert (done.entries, done.broken) == (0, "a file was taken away before it was moved")
    assert _whats(audit) == ["unmoved"]


@pytest.mark.parametrize("how", TAMPERINGS)
def test_whatever_somebody_without_the_secret_does_to_it_is_found(
    audit: AuditStore, opened: OpenDatabase, tmp_path: Path, how: str
) -> None:
    one, other = Chain(tmp_path), Chain(tmp_path)
    write(one, *range(1, 8))
    write(other, 20, 21)
    moved(one, audit)
    moved(other, audit)
    assert _whats(audit) == []
    opened().write(lambda connection: TAMPERINGS[how](connection, random.Random(1)))
    assert _whats(audit)


@pytest.mark.parametrize(
    ("how", "what", "sequence"),
    [
        ("change an entry", "changed", None),
        ("drop one", "missing", None),
        ("drop one and close the gap", "missing", None),
        ("swap two", "reordered", None),
        ("insert between", "inserted", None),
        ("insert at the end", "inserted", 6),
        ("cut the end off", "truncated", None),
        ("cut the end off and say so", "rewritten", None),
        ("rewrite all", "rewritten", None),
        ("rewrite the last", "rewritten", 5),
        ("change a payload", "payload_changed", None),
        ("drop a payload", "payload_missing", None),
        ("call a payload erased", "not_erased", None),
        ("change an agreement", "agreement_changed", None),
        ("drop a chain", "chains_missing", None),
    ],
)
def test_what_was_done_is_told_by_name(
    audit: AuditStore, chain: Chain, opened: OpenDatabase, how: str, what: str, sequence: int | None
) -> None:
    write(chain, 1, 2, 3, 4, 5)
    moved(chain, audit)
    # Not the last entry, which is told with the end of the chain.
    opened().write(lambda connection: TAMPERINGS[how](connection, random.Random(3)))
    found = verifying.verify(audit).findings
    assert what in [each.what for each in found]
    assert sequence is None or sequence in [each.sequence for each in found]
    assert all(str(each) for each in found)


def test_a_payload_that_is_packed_otherwise_and_says_the_same_is_found(
    audit: AuditStore, chain: Chain, opened: OpenDatabase
) -> None:
    write(chain, 1)
    moved(chain, audit)
    again = zlib.compress(b'{"score":0.4}', 9)
    opened().write(lambda connection: connection.execute(audit_payloads.update().values(answered=again)))
    assert _whats(audit) == ["payload_changed"]


def test_what_is_erased_is_gone_and_the_chain_still_verifies(audit: AuditStore, chain: Chain) -> None:
    for number, lead in enumerate(("L-7", "L-8", "L-7", "L-7#2")):
        write(chain, number, lead=_key(audit, lead.partition("#")[0]))
    moved(chain, audit)
    assert erasing.erase(audit, " L-7 ", at=3) == 3
    assert erasing.erase(audit, "L-7", at=4) == 0
    verified = verifying.verify(audit)
    assert (verified.erased, verified.findings) == (3, ())
    assert [kept.asked is None for kept in verifying.every(audit)] == [True, False, True, True]


def test_an_answer_that_is_moved_after_its_lead_was_erased_is_erased_and_a_later_one_is_not(
    audit: AuditStore, chain: Chain
) -> None:
    key = _key(audit, "L-7")
    assert erasing.erase(audit, "L-7", at=10) == 0
    write(chain, 1, lead=key, at=10)
    write(chain, 2, lead=key, at=11)
    moved(chain, audit)
    assert [kept.asked is None for kept in verifying.every(audit)] == [True, False]
    assert _whats(audit) == []


def test_an_entry_whose_key_was_not_known_is_erased_by_what_was_asked(
    audit: AuditStore, chain: Chain
) -> None:
    drafts = [draft(number) for number in (7, 8)]
    chain.append(
        [
            type(each)(**{name: getattr(each, name) for name in each.__slots__} | {"lead": None})
            for each in drafts
        ],
        agreement_text=AGREEMENT_TEXT,
        at=lambda: 1,
    )
    moved(chain, audit)
    assert erasing.erase(audit, "L-7", at=3) == 1
    assert [kept.asked is None for kept in verifying.every(audit)] == [True, False]


def test_what_is_too_old_is_cut_off_and_the_rest_verifies(audit: AuditStore, chain: Chain) -> None:
    for at in (10, 20, 30):
        write(chain, at, at=at)
    moved(chain, audit)
    assert audit.forget(20, at=40) == 1
    assert [kept.entry.at for kept in verifying.every(audit)] == [20, 30]
    assert (audit.forget(20, at=40), _whats(audit)) == (0, [])
    assert (audit.forget(31, at=41), _whats(audit)) == (2, [])
    write(chain, 4, at=50)
    moved(chain, audit)
    assert verifying.verify(audit) == verifying.Verified(1, 1, 0, 0, ())


def test_near_an_entry_what_is_wrong_is_told_as_far_as_it_is_looked(
    audit: AuditStore, chain: Chain, opened: OpenDatabase
) -> None:
    write(chain, 1, 2, 3, 4, 5)
    moved(chain, audit)
    kept = audit.find("A-1")
    assert kept is not None
    assert verifying.around(audit, kept, each_way=2) is None
    opened().write(lambda connection: TAMPERINGS["rewrite the last"](connection, random.Random(1)))
    assert verifying.around(audit, kept, each_way=2) is None
    found = verifying.around(audit, kept, each_way=4)
    assert found is not None
    assert (found.what, found.sequence) == ("rewritten", 5)
    opened().write(lambda connection: connection.execute(audit_chains.update().values(last=9)))
    assert "sealed" in str(verifying.around(audit, kept))


def test_an_entry_that_is_cut_off_while_it_is_looked_at_is_not_told_as_wrong_and_one_taken_away_is(
    audit: AuditStore, chain: Chain, opened: OpenDatabase
) -> None:
    write(chain, 1, at=10)
    write(chain, 2, 3, at=20)
    moved(chain, audit)
    old, young = audit.find("A-1"), audit.find("A-3")
    assert old is not None
    assert young is not None
    audit.forget(20, at=30)
    assert verifying.around(audit, old) is None
    opened().write(lambda connection: connection.execute(audit_entries.delete()))
    found = verifying.around(audit, young)
    assert found is not None
    assert found.what == "missing"


def test_the_newest_come_first(audit: AuditStore, chain: Chain) -> None:
    for at in (10, 30, 20):
        write(chain, at, at=at)
    moved(chain, audit)
    assert [kept.entry.at for kept in audit.newest(2)] == [30, 20]


def test_an_empty_id_erases_nobody(audit: AuditStore) -> None:
    with pytest.raises(Exception, match="at least one letter"):
        erasing.erase(audit, " ", at=1)
