"""What somebody with the database, and without the secret, may do to the audit."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from serve.audit import seals
from serve.audit.entry import Entry, link_of
from serve.database import audit_rows
from serve.database.audit_archive import CENSUS
from serve.database.tables import audit_agreements, audit_chains, audit_entries, audit_payloads, meta

Tamper: TypeAlias = Callable[[sa.Connection, random.Random], None]


def change_an_entry(connection: sa.Connection, dice: random.Random) -> None:
    entry = dice.choice(_entries(connection))
    known = [name for name in Entry.__slots__ if getattr(entry, name) is not None]
    name = dice.choice([name for name in known if name not in {"chain", "sequence"}])
    _set(connection, entry, **{name: _other(getattr(entry, name), dice)})


def change_a_payload(connection: sa.Connection, dice: random.Random) -> None:
    entry, name = dice.choice(_entries(connection)), dice.choice(("asked", "answered", "asked_salt"))
    its = _its(audit_payloads, entry)
    found = connection.scalar(sa.select(audit_payloads.c[name]).where(*its))
    connection.execute(sa.update(audit_payloads).where(*its).values(**{name: _other(found, dice)}))


def drop_one(connection: sa.Connection, dice: random.Random) -> None:
    _drop(connection, dice.choice(_entries(connection)))


def drop_one_and_close_the_gap(connection: sa.Connection, dice: random.Random) -> None:
    entries = _entries(connection)
    gone = dice.randrange(len(entries) - 1)
    _drop(connection, entries[gone])
    for entry in entries[gone + 1 :]:
        _renumber(connection, entry, entry.sequence - 1)


def drop_a_payload(connection: sa.Connection, dice: random.Random) -> None:
    connection.execute(
        sa.delete(audit_payloads).where(*_its(audit_payloads, dice.choice(_entries(connection))))
    )


def call_a_payload_erased(connection: sa.Connection, dice: random.Random) -> None:
    its = _its(audit_payloads, dice.choice(_entries(connection)))
    gone = dict.fromkeys(("asked", "asked_salt", "answered", "answered_salt"))
    seal = dice.randbytes(32)
    erased = sa.update(audit_payloads).where(*its).values(**gone, erased_at=1, seal=seal)
    connection.execute(erased)


def swap_two(connection: sa.Connection, dice: random.Random) -> None:
    one, other = dice.sample(_entries(connection), 2)
    _renumber(connection, one, -1)
    _renumber(connection, other, one.sequence)
    _renumber(connection, replace(one, sequence=-1), other.sequence)


def insert_at_the_end(connection: sa.Connection, dice: random.Random) -> None:
    last = _entries(connection)[-1]
    made = replace(last, sequence=last.sequence + 1, before=last.link, assessment_id="made up")
    _add(connection, replace(made, link=link_of(made)))


def insert_between(connection: sa.Connection, dice: random.Random) -> None:
    entries = _entries(connection)
    place = dice.randrange(1, len(entries))
    for entry in reversed(entries[place:]):
        _renumber(connection, entry, entry.sequence + 1)
    made = replace(entries[place], before=entries[place - 1].link, assessment_id="made up")
    _add(connection, replace(made, link=link_of(made)))


def insert_a_chain(connection: sa.Connection, dice: random.Random) -> None:
    made = replace(_entries(connection)[0], chain="f" * 32)
    _add(connection, replace(made, link=link_of(made)))


def cut_the_end_off(connection: sa.Connection, dice: random.Random) -> None:
    entries = _entries(connection)
    for entry in entries[-dice.randrange(1, len(entries)) :]:
        _drop(connection, entry)


def cut_the_end_off_and_say_so(connection: sa.Connection, dice: random.Random) -> None:
    cut_the_end_off(connection, dice)
    last = _entries(connection)[-1]
    _end(connection, last.chain, last=last.sequence, link=last.link)


def cut_the_beginning_off(connection: sa.Connection, dice: random.Random) -> None:
    entries = _entries(connection)
    for entry in entries[: dice.randrange(1, len(entries))]:
        _drop(connection, entry)
    first = _entries(connection)[0]
    _end(connection, first.chain, first=first.sequence, before=first.before)


def rewrite_all(connection: sa.Connection, dice: random.Random) -> None:
    """Change one entry, tie all after it anew, and seal the end with another secret."""
    entries = _entries(connection)
    changed = dice.randrange(len(entries))
    link = entries[changed].before
    for number, entry in enumerate(entries[changed:]):
        made = replace(entry, before=link, caller="here" if number == 0 else entry.caller)
        link = link_of(made)
        _set(connection, entry, before=made.before, caller=made.caller, link=link)
    head = replace(audit_rows.head(connection, entries[0].chain), link=link)
    guess = dice.randbytes(32)
    _end(connection, head.chain, link=link, seal=seals.sealed(head, guess))
    value = seals.census([each.seal for each in audit_rows.heads(connection)], guess)
    connection.execute(sa.update(meta).where(meta.c.name == CENSUS).values(value=value))


def rewrite_the_last(connection: sa.Connection, dice: random.Random) -> None:
    last = _entries(connection)[-1]
    made = replace(last, caller="nobody")
    _set(connection, last, caller=made.caller, link=link_of(made))


def drop_a_chain(connection: sa.Connection, dice: random.Random) -> None:
    chain = dice.choice(audit_rows.heads(connection)).head.chain
    for table in (audit_entries, audit_payloads, audit_chains):
        connection.execute(sa.delete(table).where(table.c.chain == chain))


def drop_everything(connection: sa.Connection, dice: random.Random) -> None:
    for table in (audit_entries, audit_payloads, audit_chains):
        connection.execute(sa.delete(table))


def change_an_agreement(connection: sa.Connection, dice: random.Random) -> None:
    text = connection.scalar(sa.select(audit_agreements.c.text)) or ""
    place = dice.randrange(len(text))
    changed = f"{text[:place]}{_other(text[place], dice)}{text[place + 1 :]}"
    connection.execute(sa.update(audit_agreements).values(text=changed))


def flip_a_byte(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << dice.randrange(8))]) + content[place + 1 :]


def drop_an_entry(content: bytes, dice: random.Random) -> bytes:
    agreement, entries = _parts(content)
    # The last one is the end of the file, which nothing seals before it is in the database.
    del entries[dice.randrange(len(entries) - 1)]
    return b"".join([agreement, *entries])


def swap_entries(content: bytes, dice: random.Random) -> bytes:
    agreement, entries = _parts(content)
    one, other = dice.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]
    return b"".join([agreement, *entries])


def repeat_an_entry(content: bytes, dice: random.Random) -> bytes:
    agreement, entries = _parts(content)
    entries.insert(dice.randrange(len(entries) + 1), dice.choice(entries))
    return b"".join([agreement, *entries])


def tear_the_end(content: bytes, dice: random.Random) -> bytes:
    last = len(_parts(content)[1][-1])
    return content[: -dice.randrange(1, last)]


def _parts(content: bytes) -> tuple[bytes, list[bytes]]:
    lines = content.splitlines(keepends=True)
    return lines[0], [b"".join(lines[at : at + 3]) for at in range(1, len(lines), 3)]


FILE_TAMPERINGS: Final[Mapping[str, Callable[[bytes, random.Random], bytes]]] = {
    f"{each.__name__.replace('_', ' ')}, in a file": each
    for each in (flip_a_byte, drop_an_entry, swap_entries, repeat_an_entry, tear_the_end)
}
"""What may be done to a file before it is moved."""

TAMPERINGS: Final[Mapping[str, Tamper]] = {
    each.__name__.replace("_", " "): each
    for each in (
        change_an_entry,
        change_a_payload,
        drop_one,
        drop_one_and_close_the_gap,
        drop_a_payload,
        call_a_payload_erased,
        swap_two,
        insert_at_the_end,
        insert_between,
        insert_a_chain,
        cut_the_end_off,
        cut_the_end_off_and_say_so,
        cut_the_beginning_off,
        rewrite_all,
        rewrite_the_last,
        drop_a_chain,
        drop_everything,
        change_an_agreement,
    )
}
"""Each by what it does, in words."""


def _entries(connection: sa.Connection) -> list[Entry]:
    """Return the entries of the longest chain, in order."""
    rows = connection.execute(audit_rows.joined().order_by(audit_entries.c.chain, audit_entries.c.sequence))
    entries = [audit_rows.kept(row).entry for row in rows]
    chains = [entry.chain for entry in entries]
    longest = max(sorted(set(chains)), key=chains.count)
    return [entry for entry in entries if entry.chain == longest]


def _its(table: sa.Table, entry: Entry) -> tuple[Any, ...]:
    return table.c.chain == entry.chain, table.c.sequence == entry.sequence


def _set(connection: sa.Connection, entry: Entry, **values: object) -> None:
    connection.execute(sa.update(audit_entries).where(*_its(audit_entries, entry)).values(**values))


def _drop(connection: sa.Connection, entry: Entry) -> None:
    for table in (audit_entries, audit_payloads):
        connection.execute(sa.delete(table).where(*_its(table, entry)))


def _renumber(connection: sa.Connection, entry: Entry, sequence: int) -> None:
    for table in (audit_entries, audit_payloads):
        connection.execute(sa.update(table).where(*_its(table, entry)).values(sequence=sequence))


def _add(connection: sa.Connection, entry: Entry) -> None:
    connection.execute(sa.insert(audit_entries), audit_rows.entry_row(entry))


def _end(connection: sa.Connection, chain: str, **values: object) -> None:
    connection.execute(sa.update(audit_chains).where(audit_chains.c.chain == chain).values(**values))


def _other(value: Any, dice: random.Random) -> Any:  # noqa: ANN401 - of a column of any type
    if isinstance(value, bytes | memoryview):
        content = bytearray(value)
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        return bytes(content)
    if isinstance(value, int):
        return value + dice.choice((-1, 1))
    return f"{value[:-1]}{'y' if value[-1:] == 'x' else 'x'}"
