import dataclasses

from tests.analysis.worlds import ToyWorld, toy_plan, toy_run

from cardhouse.analysis.records import HolderLoss, Range, ShareOfDraws
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
        "Who loses to",
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
    assert "Fifteen accounting identities held" in text
    assert "money by origin, is asserted wherever money is traced" in " ".join(text.split())


def test_the_headline_says_what_was_changed() -> None:
    request = {"off": ["circular_marks"], "settings": [["tax_rate", 0.2, 0.3]]}
    run = run_in_memory(dataclasses.replace(toy_plan(), request=request))
    assert "changed: circular_marks off, tax_rate 0.2 to 0.3" in " ".join(summary_lines(summarise(run), 100)[:3])
    assert not any("changed" in line for line in printed(ToyWorld()))


def holder(entity: str, equity: tuple[float, ...], credit: tuple[float, ...]) -> HolderLoss:
    ranges = [Range(p10=values[0], p50=values[1], p90=values[2]) for values in (equity, credit)]
    return HolderLoss(entity=entity, name=entity, role="holder", equity=ranges[0], credit=ranges[1])


def test_who_loses_stands_in_the_table_and_who_gains_in_a_line() -> None:
    holders = (
        holder("households", (-9000.0, -3000.0, -100.0), (0.0, 0.0, 0.0)),
        holder("sponsor", (1.0, 20.0, 60.0), (0.0, 5.0, 9.0)),
        holder("banks", (0.0, 0.0, 0.0), (0.0, 0.0, 8.0)),
        holder("insurers", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    )
    summary = dataclasses.replace(summarise(toy_run()), holders=holders)
    text = "\n".join(summary_lines(summary, 110))
    table = text[text.index("Who loses") : text.index("Gain most")]
    assert table.index("sponsor") < table.index("banks")
    assert "households" not in table
    assert "insurers" not in text
    assert "none" in next(line for line in table.splitlines() if "banks" in line)
    assert "Gain most in the median draw: households $3,000 bn." in text


def test_groups_of_other_firms_are_told_apart_in_the_headline() -> None:
    summary = summarise(toy_run())
    named = ShareOfDraws(share=0.18, low=0.1, high=0.3)
    defaults = dataclasses.replace(summary.defaults, named=named, groups=("Other laboratories (small)",))
    told = " ".join(summary_lines(dataclasses.replace(summary, defaults=defaults), 110)[:4])
    assert "with Monte Carlo error), in 18 of 100 draws without Other laboratories" in told
    assert "without" not in " ".join(summary_lines(summary, 110)[:4])
