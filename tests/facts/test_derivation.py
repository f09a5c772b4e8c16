import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardhouse.facts.derivation import Cells, FormulaError, cells_read, check_formula

ITEMS = {
    "acme": {
        "debt_total": 200.0,
        "interest_rate": 5.0,
        "debt_due_1y": 50.0,
        "debt_due_2y": 150.0,
        "stake_in_bank": 25.0,
    },
    "bank": {"cash": 40.0, "market_value": 80.0, "interest_rate": None},
}


def value(formula: str) -> float:
    return Cells(ITEMS, {("acme", "new"): formula}).value("acme", "new")


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("debt_total * interest_rate / 400", 2.5),
        ("bank.cash - -2", 42.0),
        ("(1 + 2) * 3 / 2", 4.5),
        ('sum("debt_due_*")', 200.0),
        ('across("cash")', 40.0),
        ('holdings("stake_in_*", "market_value")', 20.0),
        ('sum("nothing_*")', 0.0),
    ],
)
def test_arithmetic_names_and_sums_are_evaluated(formula: str, result: float):
    assert result == value(formula)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("1 / 0", "divides by zero"),
        ("cash", "'acme' has no item 'cash'"),
        ("nobody.cash", "no agent 'nobody'"),
        ("bank.interest_rate", "is unknown"),
        ("new", "in a circle"),
        ("1e308 * 10", "not finite"),
    ],
)
def test_a_formula_that_cannot_be_computed_says_why(formula: str, message: str):
    with pytest.raises(FormulaError, match=message):
        value(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "2 ** 9",
        "__import__('os').system('x')",
        "open('a')",
        "[1, 2]",
        "a if b else c",
        "True + 1",
        "'text'",
        "a.b.c",
        "sum(debt)",
        "lambda: 1",
        "1 +",
        "(" * 500,
        "1" * 2000,
    ],
)
def test_anything_else_is_refused(formula: str):
    with pytest.raises(FormulaError):
        check_formula(formula)


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_formula_error(text: str):
    try:
        check_formula(text)
    except FormulaError:
        return
    try:
        assert math.isfinite(value(text))
    except FormulaError:
        return


def test_computed_cells_may_read_computed_cells():
    cells = Cells(ITEMS, {("acme", "a"): "b + 1", ("acme", "b"): "debt_total / 2"})
    assert 101.0 == cells.value("acme", "a")


def test_the_cells_behind_a_formula_are_listed():
    formula = 'bank.cash + holdings("stake_in_*", "market_value") - across("cash")'
    expected = (("bank", "cash"), ("acme", "stake_in_*"), ("*", "market_value"), ("*", "cash"))
    assert expected == cells_read(formula, "acme")
