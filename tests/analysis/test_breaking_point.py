from __future__ import annotations

import json
import math
import threading
from pathlib import Path

import pytest

from cardhouse.analysis.breaking_point import InterruptedSearchError, Question, ReverseStress, reverse_stress
from cardhouse.analysis.experiment import Experiment, Request, prepare
from cardhouse.analysis.frontier_figure import draw_frontier
from cardhouse.analysis.reverse_stress import Break
from cardhouse.simulation.executors import Serial


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return prepare(Request(draws=8, quarters=6))


def answer(**changes: object) -> ReverseStress:
    smallest = Break(axes=("A", "B"), scales=(0.4, 0.3), length=0.5, share=0.6, singles=(1.0, float("inf")), points=9)
    fields: dict[str, object] = {
        "question": Question(axes=("A", "B"), defaults=3),
        "smallest": smallest,
        "plane": ("A", "B"),
        "frontier": ((1.0, 0.0), (0.4, 0.3), (0.2, 0.9)),
        "adoption": 1.25,
        "spending": (100.0, 240.0),
        "draws": 64,
        **changes,
    }
    return ReverseStress(**fields)  # type: ignore[arg-type]


def test_the_answer_is_said_in_plain_sentences():
    first, second = answer().sentences()
    assert first == (
        "The smallest combination found so that at least 3 firms are in default in 50% of 64 draws: "
        "40% of A with 30% of B (length 0.50)."
    )
    assert second.startswith("The least adoption so that no firm defaults in 50% of 64 draws: 1.25 times")
    assert "USD 240 bn a year" in second


@pytest.mark.parametrize(
    ("length", "adoption", "words"),
    [
        (float("inf"), float("nan"), ("No combination of A, B", "No adoption up to 3 times")),
        (0.0, 0.2, ("Without any further shock", "Even at 0.2 times")),
    ],
)
def test_what_was_not_found_or_needs_nothing_is_said(length: float, adoption: float, words: tuple[str, str]):
    smallest = Break(axes=("A", "B"), scales=(length,) * 2, length=length, share=1.0, singles=(length,) * 2, points=1)
    found = answer(smallest=smallest, adoption=adoption, spending=() if math.isnan(adoption) else (1.0,))
    for sentence, word in zip(found.sentences(), words, strict=True):
        assert word in sentence
    json.dumps(found.to_json(), allow_nan=False)


def test_a_search_on_the_model_goes_on_where_it_was_stopped(experiment: Experiment, tmp_path: Path):
    question = Question(axes=("RUN08", "WALL"), defaults=6, generations=0)
    stop = threading.Event()

    class StopsAfterTen(Serial):
        asked = 0

        def compute(self, *arguments: object):  # type: ignore[no-untyped-def]
            self.asked += 1
            if self.asked == 10:
                stop.set()
            return super().compute(*arguments)

    book = tmp_path / "answers.jsonl"
    with pytest.raises(InterruptedSearchError, match="go on"):
        reverse_stress(experiment, question, StopsAfterTen(), book, stop)
    done = len(book.read_text().splitlines())
    assert done == 10
    found = reverse_stress(experiment, question, Serial(), book)
    assert found == reverse_stress(experiment, question, Serial())
    assert len(book.read_text().splitlines()) > done


def test_the_frontier_is_drawn(tmp_path: Path):
    pytest.importorskip("matplotlib")
    draw_frontier(answer(), tmp_path / "frontier.png")
    assert (tmp_path / "frontier.png").stat().st_size > 5_000
