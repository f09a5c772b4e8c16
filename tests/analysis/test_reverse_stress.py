from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from cardhouse.analysis.answer_book import AnswerBook
from cardhouse.analysis.reverse_stress import Search, frontier, least, scaled
from cardhouse.basics.errors import InputError, StoreError
from cardhouse.scenarios.catalogue import library_names, packaged


def plane(*weights: float):
    """The criterion is met beyond a plane; how far short of it shows in the share."""

    def verdict(scales: tuple[float, ...]) -> float:
        return min(1.0, 0.5 * float(np.dot(weights, scales)))

    return verdict


def test_the_shortest_way_to_a_plane_is_its_normal():
    found = Search(("A", "B", "C"), plane(1.0, 2.0, 0.5), 0.5).shortest(8, seed=1)
    expected = np.array([1.0, 2.0, 0.5]) / 5.25
    assert found.length == pytest.approx(1 / math.sqrt(5.25), rel=0.03)
    np.testing.assert_allclose(found.scales, expected, atol=0.12)
    assert found.share >= 0.5


def test_single_axes_are_told_also_when_they_are_not_enough():
    found = Search(("A", "B"), plane(1.0, 0.5), 0.5).shortest(2, seed=1)
    assert found.singles[0] == pytest.approx(1.0, abs=0.02)
    assert found.singles[1] == math.inf


def test_a_criterion_that_is_never_met_is_told_as_such():
    found = Search(("A", "B"), lambda scales: 0.1 * float(sum(scales)), 0.5).shortest(2, seed=1)
    assert found.length == math.inf
    assert found.scales == (math.inf, math.inf)
    assert math.isnan(found.share)


def test_what_happens_anyway_needs_no_shock():
    found = Search(("A", "B"), lambda _: 0.9, 0.5).shortest(2, seed=1)
    assert found.length == 0.0
    assert found.scales == found.singles == (0.0, 0.0)
    assert found.points == 1


def test_a_narrow_corner_is_found_where_only_a_mixture_breaks():
    def verdict(scales: tuple[float, ...]) -> float:
        return float(min(scales[0], scales[1]) >= 0.5)

    found = Search(("A", "B", "C"), verdict, 0.5).shortest(6, seed=2)
    assert found.singles == (math.inf,) * 3
    assert found.length == pytest.approx(math.sqrt(0.5), rel=0.1)


def test_the_same_seed_finds_the_same_point_and_no_point_is_computed_twice():
    seen: list[tuple[float, ...]] = []

    def verdict(scales: tuple[float, ...]) -> float:
        seen.append(scales)
        return plane(1.0, 2.0)(scales)

    one = Search(("A", "B"), verdict, 0.5).shortest(3, seed=5)
    assert len(seen) == len(set(seen)) == one.points
    other = Search(("A", "B"), plane(1.0, 2.0), 0.5).shortest(3, seed=5)
    assert one == other


def test_the_frontier_lies_on_the_border():
    points = frontier(Search(("A", "B", "C"), plane(1.0, 2.0, 9.0), 0.5), 0, 1)
    assert len(points) >= 7
    for first, second in points:
        assert first + 2.0 * second == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize(("border", "expected"), [(0.7, 0.7), (-1.0, 0.2), (9.0, math.nan)])
def test_the_least_value_is_the_border_or_an_end_or_unknown(border: float, expected: float):
    found = least(lambda value: float(value >= border), 0.5, 0.2, 3.0)
    assert found == pytest.approx(expected, abs=0.01, nan_ok=True)


def test_an_impossible_range_is_refused():
    with pytest.raises(InputError, match="from low to high"):
        least(lambda _: 1.0, 0.5, 2.0, 1.0)


@pytest.mark.parametrize("name", library_names())
def test_a_whole_scenario_is_itself_and_a_scenario_of_size_nothing_does_nothing(name: str):
    scenario = packaged(name)
    whole = scaled(scenario, 1.0)
    assert [shock.variable.name for shock in whole.shocks] == [shock.variable.name for shock in scenario.shocks]
    for one, other in zip(whole.shocks, scenario.shocks, strict=True):
        assert one.size == pytest.approx(other.size, nan_ok=True)
        assert one.values == pytest.approx(other.values)
    assert scaled(scenario, 0.0).shocks == ()


def test_a_scaled_shock_stays_inside_the_limits_of_its_variable():
    for shock in scaled(packaged("RUN08"), 1.5).shocks:
        assert shock.variable.lower <= shock.size <= shock.variable.upper


def test_a_book_remembers_answers_over_a_crash_in_the_middle_of_a_line(tmp_path: Path):
    path = tmp_path / "answers.jsonl"
    book = AnswerBook(path, "subject")
    for number in range(3):
        book.ask((float(number),), lambda number=number: number / 2)
    with path.open("ab") as file:
        file.write(b'{"question": [9.0], "ans')
    again = AnswerBook(path, "subject")
    assert len(again) == 3
    assert again.ask((2.0,), pytest.fail) == 1.0
    assert again.ask((9.0,), lambda: 0.25) == 0.25
    assert AnswerBook(path, "subject").ask((9.0,), pytest.fail) == 0.25


@pytest.mark.parametrize(
    "text", ["thesis\n", "{}\n", json.dumps({"format": "cardhouse-answers-1", "subject": "b"}) + "\n"]
)
def test_the_book_of_another_search_is_left_alone(text: str, tmp_path: Path):
    path = tmp_path / "answers.jsonl"
    path.write_text(text)
    with pytest.raises(StoreError, match=r"another search|no answers"):
        AnswerBook(path, "a")
    assert path.read_text() == text
