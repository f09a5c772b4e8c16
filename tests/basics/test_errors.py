from __future__ import annotations

import pickle

import pytest

from cardhouse.basics.errors import FactError, InputError, Problem, raise_if_any


def test_an_error_lists_every_problem_on_its_own_line() -> None:
    problems = [
        Problem(
            file="a.csv", line=2, key="amount", value="-1", rule="an amount is not negative", remedy="swap the parties"
        ),
        Problem(file="a.csv", rule="the file is empty"),
    ]
    with pytest.raises(FactError) as caught:
        raise_if_any(problems, FactError)
    assert str(caught.value).splitlines() == [
        "a.csv:2: amount: '-1': an amount is not negative. Swap the parties.",
        "a.csv: the file is empty.",
    ]


def test_an_error_survives_the_way_between_processes() -> None:
    error = InputError("bad", (Problem(file="x", rule="y"),))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 our own object, made on the line itself
    assert str(error) == str(again)
    assert type(again) is InputError


def test_a_remedy_that_asks_ends_with_its_question_mark() -> None:
    assert str(Problem(file="x", rule="no such key", remedy="did you mean 'a'?")) == "x: no such key. Did you mean 'a'?"
