import dataclasses

from tests.analysis.worlds import ToyWorld, toy_plan, toy_run

from cardhouse.analysis.summary import summarise
from cardhouse.report.terminal import summary_lines
from cardhouse.simulation.run import run_in_memory


def printed(world: ToyWorld, width: int = 120) -> list[str]:
    return summary_lines(summarise(toy_run(world=world)), width)


def test_the_table_says_who_falls_and_who_loses() -> None:
    text = "\n".join(printed(ToyWorld(bad_every=20)))
    for words in (
        "At least one default in",
        "Oracle",
        "(below zero: a gain)",
        "Organic revenue",
        "3 × accounting identity",
    ):
        assert words in text
    assert "\x1b" not in text


def test_lines_fit_the_width() -> None:
    assert max(map(len, printed(ToyWorld(), 90))) <= 90


def test_a_calm_world_is_said_in_one_line() -> None:
    text = "\n".join(printed(ToyWorld(calm=True)))
    assert "At least one default in none of the draws" in text
    assert "rank correlation with the market value of the sector at the end" in " ".join(text.split())
    assert "Every accounting identity held" in text


def test_the_headline_says_what_was_changed() -> None:
    request = {"off": ["circular_marks"], "settings": [["tax_rate", 0.2, 0.3]]}
    run = run_in_memory(dataclasses.replace(toy_plan(), request=request))
    assert "changed: circular_marks off, tax_rate 0.2 to 0.3" in " ".join(summary_lines(summarise(run), 100)[:3])
    assert not any("changed" in line for line in printed(ToyWorld()))
