import io

from rich.console import Console
from tests.analysis.worlds import ToyWorld, toy_run

from cardhouse.analysis.summary import summarise
from cardhouse.report.terminal import print_summary


def printed(world: ToyWorld) -> str:
    out = io.StringIO()
    print_summary(summarise(toy_run(world=world)), Console(file=out, width=120, color_system=None))
    return out.getvalue()


def test_the_table_says_who_falls_and_who_loses() -> None:
    text = printed(ToyWorld(bad_every=20))
    for words in (
        "At least one default in",
        "Oracle",
        "Losses by holder",
        "Organic revenue",
        "3 × accounting identity I4",
    ):
        assert words in text
    assert "\x1b" not in text


def test_a_calm_world_is_said_in_one_line() -> None:
    text = printed(ToyWorld(calm=True))
    assert "At least one default in none of the draws" in text
    assert "Every accounting identity held" in text
