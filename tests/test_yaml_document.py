"""A document that people write by hand is read whole, or every fault is told with its place."""

import datetime as dt

import pytest
from pydantic import BaseModel, ConfigDict, Field

from readiness.yaml_document import Contradiction, Misread, part, read, replaced


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


@pytest.mark.parametrize(("written", "read_as"), [(r"\ud83d\ude00", "😀"), (r"\u00e9", "é"), ("😀", "😀")])
def test_a_sign_that_json_writes_as_two_escapes_is_one_sign(written: str, read_as: str) -> None:
    assert read(f'{{"dish": "{written}"}}', Menu).document == Menu(dish=read_as)


def test_half_a_sign_is_refused_with_its_line() -> None:
    (misread,) = faults('dish: "\\ud83d"\n')
    assert (misread.line, misread.seen) == (1, "half a sign")


@pytest.mark.parametrize(("written", "value"), [("1e-05", 1e-05), ("2.5E+3", 2500.0), ("3", 3.0)])
def test_a_number_is_read_as_json_writes_it(written: str, value: float) -> None:
    assert read(f"dish: soup\nprice: {written}\n", Menu).document == Menu(dish="soup", price=value)


@pytest.mark.parametrize("tag", ["int", "float", "bool", "timestamp"])
def test_what_is_only_called_a_number_or_a_date_is_a_text(tag: str) -> None:
    assert read(f"dish: !!{tag} soup\n", Menu).document == Menu(dish="soup")


def test_one_part_is_replaced_and_all_the_rest_stays_letter_by_letter() -> None:
    text = "# menu\ndishes:\n  - soup   # hot\n  - [a,\n     b]\n\n# end\nprice: 1\n"

    assert replaced(text, ("dishes", 1), ["c"]) == text.replace("[a,\n     b]", '["c"]')
    assert replaced(text, ("dishes",), {"x": 1}) == '# menu\ndishes:\n  {"x": 1}\n\n# end\nprice: 1\n'
    assert replaced(text, ("dishes", 5), 1) == text
    assert part(text, ("dishes", 1)) == ["a", "b"]
    assert part("a: [", ("a",)) is None
    assert part('a: "\\ud83d"', ("a",)) is None
