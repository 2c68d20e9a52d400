"""A document that people write by hand is read whole, or every fault is told with its place."""

import datetime as dt

import pytest
from pydantic import BaseModel, ConfigDict, Field

from readiness.yaml_document import Contradiction, Misread, read


class Menu(BaseModel):
    model_config = ConfigDict(extra="forbid")
    dish: str
    price: float = Field(default=1.0, strict=True, gt=0)
    since: dt.date | None = None


def faults(text: str) -> tuple[Misread, ...]:
    found = read(text, Menu)
    assert found.document is None
    return found.faults


def test_a_right_document_has_no_faults() -> None:
    assert read("dish: soup\nprice: 2.5\n", Menu).document == Menu(dish="soup", price=2.5)


def test_json_is_yaml() -> None:
    assert read('{"dish": "soup"}', Menu).document == Menu(dish="soup")


def test_only_true_and_false_are_booleans() -> None:
    assert read("dish: no", Menu).document == Menu(dish="no")


def test_faults_come_in_the_order_of_lines_with_what_to_do() -> None:
    assert faults("price: 0\ndisch: soup\n") == (
        Misread(1, 1, "dish", "nothing", "this key", "Add it."),
        Misread(1, 1, "price", "0", "a number greater than 0", "Change it accordingly."),
        Misread(2, 1, "disch", "an unknown key", "one of dish, price, since", "Did you mean `dish`?"),
    )


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "keys and values"),
        ("- a", 1, "keys and values"),
        ("dish: soup\n  price: 1", 2, "YAML"),
        ("dish: soup\ndish: stew", 2, "it once"),
        ("? {a: b}\n: soup", 1, "a word"),
        ("dish: &a [*a]", 1, "YAML"),
    ],
    ids=["nothing", "a list", "bad indentation", "a key twice", "a key of keys", "a loop"],
)
def test_what_is_no_document_is_told_and_never_raised(text: str, line: int, expected: str) -> None:
    assert (faults(text)[0].line, faults(text)[0].expected) == (line, expected)


def test_a_day_that_no_calendar_has_is_told_at_its_key() -> None:
    (fault,) = faults("dish: soup\nsince: 2026-13-01")
    assert (fault.line, fault.key, fault.seen) == (2, "since", "'2026-13-01'")
    assert fault.remedy == "Write a date here: 2026-03-14."


def test_what_contradicts_itself_is_told_at_its_place() -> None:
    def check(menu: Menu) -> list[Contradiction]:
        return [Contradiction(("price",), repr(menu.price), "a price that soup is worth", "Lower it.")]

    found = read("dish: soup\nprice: 90.0\n", Menu, check)
    assert found.faults == (Misread(2, 1, "price", "90.0", "a price that soup is worth", "Lower it."),)
