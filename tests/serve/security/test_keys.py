"""Keys: shown once, kept as a digest, for something, for a while, until revoked."""

from __future__ import annotations

import pytest

from readiness.crm.records import MICROSECONDS_PER_DAY
from serve.security.keys import PREFIX, Key, KeyRefusedError, KeyRing, make
from tests.serve.conftest import NOW
from tests.serve.security.kept import InMemory


def _ring(*keys: Key) -> KeyRing:
    ring = KeyRing(lambda: InMemory(*keys))
    ring.read_again()
    return ring


def test_a_key_opens_for_what_it_was_made_for() -> None:
    written, kept = make("CRM", ["score"], at=NOW)
    assert _ring(kept).check(written, NOW).rights == {"score"}


def test_what_is_kept_of_a_key_does_not_hold_its_secret() -> None:
    written, kept = make("CRM", ["score"], at=NOW)
    secret = written.rpartition("_")[2]
    assert len(bytes.fromhex(secret)) * 8 == 256
    assert secret not in repr(kept)
    assert written.startswith(f"{PREFIX}{kept.id}_")


def test_no_two_keys_are_alike() -> None:
    assert len({make("CRM", ["score"], at=NOW)[0] for _ in range(100)}) == 100


def _with_another_end(written: str) -> str:
    return written[:-1] + ("0" if written[-1] != "0" else "1")


@pytest.mark.parametrize(
    "spoil",
    [
        _with_another_end,
        lambda written: written[:-1],
        lambda written: written + "0",
        lambda written: written.upper(),
        lambda written: written.replace("_", "-"),
        lambda written: written[:0],
        lambda written: written + "\ud800",
    ],
)
def test_a_key_that_is_not_letter_for_letter_ours_is_unknown(spoil) -> None:
    written, kept = make("CRM", ["score"], at=NOW)
    with pytest.raises(KeyRefusedError, match="not known here"):
        _ring(kept).check(spoil(written), NOW)


def test_without_keys_every_key_is_unknown() -> None:
    ring = _ring()
    assert ring.empty
    with pytest.raises(KeyRefusedError, match="not known here"):
        ring.check(make("CRM", ["score"], at=NOW)[0], NOW)


def test_a_key_expires_at_its_instant_and_not_before() -> None:
    written, kept = make("CRM", ["score"], at=NOW, expires_at=NOW + MICROSECONDS_PER_DAY)
    ring = _ring(kept)
    assert ring.check(written, NOW + MICROSECONDS_PER_DAY - 1) == kept
    with pytest.raises(KeyRefusedError, match="has expired"):
        ring.check(written, NOW + MICROSECONDS_PER_DAY)


def test_a_revoked_key_opens_nothing_once_the_keys_are_read_again() -> None:
    written, key = make("CRM", ["score"], at=NOW)
    kept = InMemory(key)
    ring = KeyRing(lambda: kept)
    ring.read_again()
    assert kept.revoke(key.id, NOW)
    ring.read_again()
    with pytest.raises(KeyRefusedError, match="was revoked"):
        ring.check(written, NOW)
    assert not ring.empty


def test_that_a_key_was_used_is_written_down_once_a_minute_at_most() -> None:
    written, key = make("CRM", ["score"], at=NOW)
    kept = InMemory(key)
    ring = KeyRing(lambda: kept)
    ring.read_again()
    for second in (0, 1, 59, 60):
        ring.check(written, NOW + second * 1_000_000)
        ring.write_uses()
    assert kept.uses == [(key.id, NOW), (key.id, NOW + 60_000_000)]


def test_while_the_store_cannot_be_read_the_keys_as_last_read_go_on() -> None:
    written, key = make("CRM", ["score"], at=NOW)
    kept = InMemory(key)
    ring = KeyRing(lambda: kept)
    ring.read_again()
    kept.broken = True
    with pytest.raises(OSError, match="gone"):
        ring.read_again()
    assert ring.check(written, NOW) == key
