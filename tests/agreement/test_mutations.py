"""Whatever becomes of one place of a valid agreement, it stays valid or is refused with a line."""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from readiness.agreement.document import Agreement
from readiness.agreement.reading import parse
from readiness.errors import AgreementError
from tests.agreement.agreements import FULL as TEXT

CONTENT = parse(TEXT).model_dump(mode="json", exclude_none=True)
Place: TypeAlias = tuple[int | str, ...]


def places(part: object, way: Place = ()) -> list[Place]:
    """Return the way to every part of a document."""
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [way, *(place for step, inner in steps for place in places(inner, (*way, step)))]


FAULTS = re.compile(r"(agreement, line \d+: .+(\n|$))+")
PLACES = [place for place in places(CONTENT) if place]
SIGNS = "ab:-[]{}\"'#&*!|>%@`?, \n\t\\\0é☃0"
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 400),
    st.sampled_from([10**30, 10**400, -1, 0, 4, 1e308, 5e-324, -0.0, 1.5]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["yes", "budget", "demo_requested", "email_opened", "(", "a{99999999999}", "[[a]", "2026"]
    ),
    st.sampled_from([[], {}, [[]], [None], {"": 1}, ["a", "A"], {"reads": ["a"]}]),
)


def stays_or_is_refused(text: str) -> None:
    try:
        outcome: Agreement | str = parse(text)
    except AgreementError as refused:
        outcome = str(refused)
    assert isinstance(outcome, Agreement) or FAULTS.fullmatch(outcome), outcome


def changed(place: Place, how: str, value: object) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps(CONTENT))
    part: Any = content
    for step in place[:-1]:
        part = part[step]
    last = place[-1]
    if how == "replace":
        part[last] = value
    elif how == "remove":
        del part[last]
    elif isinstance(part, list):
        part.append(part[last])
    else:
        part[str(value)] = part[last] if how == "copy" else part.pop(last)
    return content


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(["replace", "remove", "copy", "rename"]), VALUES)
def test_a_changed_place_leaves_it_valid_or_refused_with_a_line(
    place: Place, how: str, value: object
) -> None:
    stays_or_is_refused(json.dumps(changed(place, how, value), indent=1))


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, len(TEXT)), st.integers(0, 3), st.text("ab:-[]{}\"'#&*!|>%@`?, \n\t\\\0é☃0", max_size=3)
)
@example(at=0, gone=0, new="a: !!int x\n")
@example(at=0, gone=0, new="a: !!timestamp x\n")
@example(at=0, gone=0, new="a: &a [*a]\n")
@example(at=0, gone=0, new="<<: 5\n")
@example(at=0, gone=0, new=f"a: {'9' * 5000}\n")
@example(at=0, gone=0, new="a: !!python/object:os.system {}\n")
@example(at=0, gone=0, new="a: !!bool x\n")
@example(at=0, gone=0, new="a: !!float x\n")
@example(at=0, gone=0, new="[" * 400)
@example(at=0, gone=0, new="? {a: b}\n: c\n")
@example(at=0, gone=0, new="a: 1:99:99\n")
@example(at=0, gone=0, new="a: .inf\n")
@example(at=0, gone=0, new="a: \ud800\n")
def test_changed_letters_leave_it_valid_or_refused_with_a_line(at: int, gone: int, new: str) -> None:
    stays_or_is_refused(TEXT[:at] + new + TEXT[at + gone :])


@pytest.mark.parametrize("line", range(0, TEXT.count("\n"), 4))
def test_a_line_that_is_lost_or_stands_twice_leaves_it_valid_or_refused_with_a_line(line: int) -> None:
    lines = TEXT.split("\n")
    stays_or_is_refused("\n".join(lines[:line] + lines[line + 1 :]))
    stays_or_is_refused("\n".join([*lines[: line + 1], *lines[line:]]))
