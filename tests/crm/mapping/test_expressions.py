"""Expressions are a small language of their own: what they say, what they refuse, and that nothing runs."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.crm.mapping.expressions import Expression
from tests.oracles.expressions import worked_out

ROWS = pa.table(
    {
        "a": ["1", " x ", "", None],
        "b": ["yes", "no", None, "no"],
        "when": ["2026-01-31", "2026-01-31T10:00:00+01:00", "2026-01-31T10:00:00", "soon"],
        "email": ["Ana <ana@Example.COM>", "x@y.si", "nobody", None],
        "Deal Stage": ["won-late", "lost", "-", None],
    }
)


def _value(written: str, rows: pa.Table = ROWS) -> list[object]:
    values: list[object] = Expression.parse(written).evaluate(rows).to_pylist()
    return values


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("a", ["1", "x", None, None]),
        ("missing(a)", [False, False, True, True]),
        ('first(a, b, "none")', ["1", "x", "none", "no"]),
        ('lower("ABC")', ["abc"] * 4),
        ("upper(b)", ["YES", "NO", None, "NO"]),
        ("number(a)", ["1", None, None, None]),
        ("number(a) / 4 + 1", ["1.25", None, None, None]),
        ("number(a) / 0", [None] * 4),
        ("text(missing(a))", ["no", "no", "yes", "yes"]),
        ('concat(a, "-", b)', ["1-yes", "x-no", None, None]),
        ('replace(b, "yes", "")', [None, "no", None, "no"]),
        ('part(col("Deal Stage"), "-", 2)', ["late", None, None, None]),
        ('contains(email, "@")', [True, True, False, None]),
        ('starts(b, "y") or ends(b, "o")', [True, True, None, True]),
        (r'matches(when, r"T\d")', [False, True, True, False]),
        ("domain(email)", ["example.com", "y.si", None, None]),
        ("days_after(when, 1)", ["2026-02-01", "2026-02-01T09:00:00Z", "2026-02-01T10:00:00", None]),
        ('days_after(when, -1) if b == "yes" else None', ["2026-01-30", None, None, None]),
        ("a == 1", [True, None, None, None]),
        ('a in ("x", "y")', [False, True, None, None]),
        ("a not in (1, 2)", [False, None, None, None]),
        ('b == "yes" and missing(a)', [False, False, None, False]),
        ('not (b == "no") or True', [True] * 4),
        ("0 < number(a) <= 1", [True, None, None, None]),
        ("None", [None] * 4),
    ],
)
def test_every_function_and_operator_says_what_it_says(written: str, values: list[object]) -> None:
    assert _value(written) == values


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("lowr(a)", r"there is no function `lowr`; did you mean `lower`\? \(character 1\)"),
        ('__import__("os")', r"there is no function `__import__`; there are missing, first"),
        ('"é" == lowr(a)', r"did you mean `lower`\? \(character 8\)"),
        ("a.b", r"only columns, texts, numbers, comparisons"),
        ("[x for x in a]", r"only columns, texts, numbers, comparisons"),
        ("lambda: a", r"only columns, texts, numbers, comparisons"),
        ('f"{a}"', r"only columns, texts, numbers, comparisons"),
        ("a + 1", r"a number is wanted here: write number\(…\) \(character 1\)"),
        ("a < 3", r"numbers are compared with numbers: write number\(x\) on both sides"),
        ("a == None", r"an empty cell is missing, and nothing equals it: write missing\(x\)"),
        ('a != ""', r"an empty cell is missing, and nothing equals it"),
        ("a is None", r"values are compared by == != < <= > >= and in"),
        ("a == True", r"a cell is a text: compare it with its word"),
        ("a and b", r"a condition is wanted here"),
        ("a in b", r"`in` takes a list"),
        ('a in ("x", 1)', r"`in` takes texts or numbers that are written out, all of one kind"),
        ("matches(a, b)", r"`matches` takes a pattern in quotes"),
        ('matches(a, "(")', r"`matches` takes a pattern that RE2 can read"),
        ('part(a, "-", 0)', r"`part` takes a whole number from 1"),
        ("first()", r"`first` takes at least 1 value"),
        ("lower(a, b)", r"`lower` takes 1 value"),
        ("col(a)", r"col takes the name of one column in quotes"),
        ("a ** 2", r"a number is wanted here|numbers can be joined by"),
        ("(a", r"it breaks off or goes on where it should not \(character 1\)"),
        ('from != "web"', r'a column with the name of a Python word is written col\("from"\)'),
        ("", r"it breaks off or goes on where it should not"),
        ("(" * 150 + "a" + ")" * 150 + " b", r"it breaks off|fewer parts within parts"),
        ("-" * 1900 + "1", r"fewer parts within parts"),
        ("a" * 2001, r"at most 2,000 characters"),
        ("1e999", r"texts, numbers, True, False and None are the only literals"),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_place(written: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Expression.parse(written)


def test_an_expression_names_the_columns_it_reads_in_order() -> None:
    assert Expression.parse('first(b, a, col("Deal Stage"), b)').columns == ("b", "a", "Deal Stage")


def test_expressions_that_are_written_alike_are_equal() -> None:
    assert Expression.parse("lower(a)") == Expression.parse("lower(a)")
    assert Expression.parse("lower(a)") != Expression.parse("upper(a)")


def test_no_rows_give_no_values() -> None:
    assert _value("first(a, b)", ROWS.slice(0, 0)) == []
    assert _value("days_after(when, number(a))", ROWS.slice(0, 0)) == []


def test_a_line_break_is_a_blank() -> None:
    assert _value('a == 1\n  or b == "no"') == [True, True, None, True]


_CELLS = st.one_of(
    st.none(), st.sampled_from(["", " ", "a", "b ", "1", "2.5", "-3", "a-b", "A", "2026-02-28", "x-1"])
)
_TEXTS = st.recursive(
    st.sampled_from(["p", "q", '"a"', '"1"', "None"]),
    lambda inner: st.one_of(
        st.builds("first({}, {})".format, inner, inner),
        st.builds(
            "({0} if {1} == {2} else {0})".format, st.sampled_from(["p", "q"]), st.just("p"), st.just('"a"')
        ),
        st.builds("text(number(text({})))".format, inner),
        st.builds('replace(trim(text({})), "a", "")'.format, inner),
        st.builds('part(text({}), "-", 2)'.format, inner),
        st.builds("concat(p, {}, q)".format, st.sampled_from(['"-"', "number(q)"])),
        st.builds("upper(lower(text({})))".format, inner),
        st.builds("days_after(text({}), 3)".format, inner),
    ),
    max_leaves=4,
)
_NUMBERS = st.recursive(
    st.sampled_from(["number(p)", "number(q)", "2", "0"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=4,
)
_TRUTHS = st.recursive(
    st.one_of(
        st.builds("missing({})".format, _TEXTS),
        st.builds("yes({})".format, _TEXTS),
        st.builds("({} {} {})".format, _NUMBERS, st.sampled_from(["==", "<", ">="]), _NUMBERS),
        st.builds('(p {} "a")'.format, st.sampled_from(["==", "!=", "<", ">"])),
        st.sampled_from(['q in ("a", "1")', "q in (1, 2.5)", 'q not in ("a", "x")', "p == 1"]),
        st.sampled_from(['contains(p, "a")', 'starts(q, "x")', 'ends(q, "b")', 'matches(p, r"^[a-z]")']),
    ),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=4,
)


@given(
    written=st.one_of(_TEXTS, _NUMBERS, _TRUTHS),
    rows=st.lists(st.fixed_dictionaries({"p": _CELLS, "q": _CELLS}), max_size=6),
)
@settings(deadline=None, max_examples=150)
def test_columns_say_what_the_slow_loop_over_rows_says(
    written: str, rows: list[dict[str, str | None]]
) -> None:
    expression = Expression.parse(written)
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in ("p", "q")})

    assert expression.evaluate(table).to_pylist() == [worked_out(written, row) for row in rows]
