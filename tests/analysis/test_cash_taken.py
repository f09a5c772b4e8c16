"""Who takes cash out, and what claims are left: books written by hand."""

from functools import cache

import numpy as np
import pytest
from tests.analysis.worlds import AGENTS, HandWorld, toy_run

from cardhouse.analysis.cash_taken import CashLine, CashTaken, cash_taken, taken_by
from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.comparison import compare
from cardhouse.analysis.draws import asked_draws
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.analysis.ledger_views import ledger_view
from cardhouse.analysis.summary import Summary, summarise
from cardhouse.casebook.load import load_case
from cardhouse.report.cash import cash_tables, claims_left, taken_out, who_stands_out
from cardhouse.report.terminal import summary_lines
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory

DRAWS, QUARTERS = 4, 5
FLOWS = ("free_cash_flow", "strategic_given", "strategic_received", "equity_raised", "new_debt", "rolled_over")
FLOWS += ("principal_due", "ebitda", "capex")
STOCKS = ("cash", "debt", "stake_value", "backlog", "backlog_impairment")


def place(entity: str) -> int:
    return list(AGENTS).index(entity)


def by_hand(lead: float = 30.0) -> dict[str, np.ndarray]:
    """Nvidia earns ``lead`` a quarter and gives 5 to OpenAI; Microsoft earns 10; OpenAI burns 8 and fails in draw 3."""
    books = {name: np.zeros((DRAWS, QUARTERS, len(AGENTS))) for name in (*FLOWS, *STOCKS)}
    books["opening_cash"] = np.zeros((DRAWS, len(AGENTS)))
    books["claims_lost"] = np.zeros((DRAWS, len(AGENTS)))
    books["default_quarter"] = np.full((DRAWS, len(AGENTS)), -1)
    chips, platform, lab = place("nvidia"), place("microsoft"), place("openai")
    books["free_cash_flow"][:, :, [chips, platform, lab]] = lead, 10.0, -8.0
    books["ebitda"][:, :, [chips, platform, lab]] = lead + 10.0, 12.0, -2.0
    books["strategic_given"][:, :, chips] = books["strategic_received"][:, :, lab] = 5.0
    books["equity_raised"][:, :, lab] = 9.0
    books["default_quarter"][3, lab] = 1
    books["opening_cash"][:, [chips, platform, lab]] = 50.0, 20.0, 40.0
    books["cash"][:, -1, [chips, platform, lab]] = 100.0, 22.0, 45.0
    # Microsoft owes 30 after the first quarter, in which it repaid 4, rolled 3 over and borrowed 6 more; 26 at the end
    books["debt"][:, :, platform] = 30.0, 30.0, 30.0, 30.0, 26.0
    books["principal_due"][:, 0, platform] = 4.0
    books["rolled_over"][:, 0, platform], books["new_debt"][:, 0, platform] = 3.0, 6.0
    books["stake_value"][:, :, chips] = 7.0, 8.0, 9.0, 10.0, 11.0
    books["backlog"][:, :, chips] = 64.0, 48.0, 32.0, 16.0, 0.5
    books["backlog_impairment"][:, -1, chips] = 0.25
    books["claims_lost"][3, chips] = 2.0
    return books


@cache
def run() -> Run:
    return toy_run(DRAWS, world=HandWorld(quarters=QUARTERS, by_hand=by_hand()))


@cache
def found() -> CashTaken:
    taken = cash_taken(run(), cast_of(list(AGENTS), load_case("ai_2026").snapshot))
    assert taken is not None
    return taken


def line(entity: str) -> CashLine:
    return next(item for item in found().lines if item.entity == entity)


@cache
def summary() -> Summary:
    return summarise(run(), load_case("ai_2026"))


def test_cash_taken_out_is_free_cash_flow_less_money_given() -> None:
    nvidia = line("nvidia")
    # five quarters of 30 less 5
    assert (nvidia.free_cash_flow.p50, nvidia.given.p50, nvidia.taken_out.p50) == (150.0, 25.0, 125.0)
    assert found().horizons == ("2026Q4", "2027Q1")
    assert [value.p50 for value in nvidia.at] == [100.0, 125.0]
    assert nvidia.part_of_cash.p50 == pytest.approx(125.0 / 175.0)
    assert [item.entity for item in found().lines][:2] == ["nvidia", "microsoft"]


def test_from_its_default_on_a_firms_figures_are_not_its_own() -> None:
    # five quarters of 8 burnt and 5 received in three draws; two quarters where it fails in the second
    assert line("openai").mean == pytest.approx((3 * -15.0 - 6.0) / 4)
    ends = taken_by(run(), (place("openai"),), QUARTERS)[:, 0]
    assert ends.tolist() == [-15.0, -15.0, -15.0, -6.0]
    assert taken_by(run(), (place("openai"),), 1)[:, 0].tolist() == [-3.0] * 4


def test_books_close_on_what_owners_are_paid() -> None:
    # 125 taken out, nothing from outside, 50 more cash: 75 to owners
    assert (line("nvidia").cash_change.p50, line("nvidia").paid_out.p50) == (50.0, 75.0)
    # debt from 25 before the first quarter to 26: 1 borrowed on balance; 50 + 1 - 2 = 49 to owners
    assert (line("microsoft").outside_money.p50, line("microsoft").paid_out.p50) == (1.0, 49.0)
    # 9 raised a quarter, of which 5 strategic: 20 from outside; -15 + 20 - 5 = 0, in draws in which it survives
    lab = line("openai")
    assert (lab.outside_money.p10, lab.outside_money.p50, lab.paid_out.p50, lab.paid_out.p10) == (20.0, 20.0, 0.0, 0.0)


def test_claims_left_are_those_of_the_last_quarter() -> None:
    nvidia = line("nvidia")
    assert (nvidia.stakes.p50, nvidia.backlog_start.p50, nvidia.backlog.p50, nvidia.at_risk.p50) == (11, 64, 0.5, 0.25)
    # one draw of four
    assert nvidia.never_paid.p90 == pytest.approx(np.quantile([0, 0, 0, 2.0], 0.9))


def test_part_of_ebitda_is_taken_of_all_operating_firms() -> None:
    # 200 of 200 + 60 - 10 in three draws; two quarters of -2 in the fourth
    assert line("nvidia").part_of_ebitda.p50 == pytest.approx(200.0 / 250.0)
    assert line("nvidia").part_of_ebitda.p10 == pytest.approx(np.quantile([0.8, 0.8, 0.8, 200.0 / 256.0], 0.1))


def test_a_firm_stands_out_from_twice_the_next_on() -> None:
    assert (found().leader, found().stands_out) == ("nvidia", True)
    assert who_stands_out(found()).startswith(
        "Nvidia stands out: it takes the most cash out of the sector in all draws"
    )
    near = toy_run(DRAWS, world=HandWorld(quarters=QUARTERS, by_hand=by_hand(lead=24.5)))
    close = cash_taken(near, cast_of(list(AGENTS), load_case("ai_2026").snapshot))
    # 19.5 a quarter against 10
    assert close is not None
    assert (close.leader, close.stands_out) == ("nvidia", False)
    assert who_stands_out(close).startswith(
        "No firm stands out: Nvidia takes the most cash out of the sector in all draws"
    )
    assert "next firm in none of the draws" in who_stands_out(close)


def test_who_only_loses_is_no_winner() -> None:
    losing = by_hand()
    losing["free_cash_flow"][:] = -1.0
    losing["strategic_received"][:] = 0.0
    nobody = cash_taken(
        toy_run(DRAWS, world=HandWorld(quarters=QUARTERS, by_hand=losing)),
        cast_of(list(AGENTS), load_case("ai_2026").snapshot),
    )
    assert nobody is not None
    assert (nobody.leader, nobody.stands_out) == ("", False)
    assert nobody.lines[0].part_of_cash.p50 is None
    assert who_stands_out(nobody) == "No firm takes cash out of the sector in any draw."


def test_report_and_terminal_say_the_same() -> None:
    figure, claims = taken_out(summary()), claims_left(summary())
    assert figure is not None
    assert claims is not None
    assert figure.data["names"][:2] == ["Nvidia", "Microsoft"]
    assert figure.data["values"][0] == [125.0, 125.0, 125.0]
    assert figure.rows[0][1] == "$125 bn (125 to 125)"
    assert claims.data["names"] == ["Nvidia"]
    assert claims.rows[0][1:4] == ("$11.0 bn (11.0 to 11.0)", "$64.0 bn (64.0 to 64.0)", "$0.50 bn (0.50 to 0.50)")
    assert [table.title for table in cash_tables(summary())] == [
        "How far ahead",
        "Cash taken out so far",
        "Where the cash went",
    ]
    text = " ".join(" ".join(summary_lines(summary())).split())
    assert "Nvidia stands out: it takes the most cash out" in text
    assert "Taken out by 2027Q1: Nvidia $125 bn (125 to 125), Microsoft $50.0 bn (50.0 to 50.0)." in text


def test_two_runs_are_compared_in_cash_up_to_their_last_common_quarter() -> None:
    other = toy_run(DRAWS, world=HandWorld(quarters=QUARTERS, by_hand=by_hand(lead=15.0)))
    names = {item.name: item for item in compare(run(), other, load_case("ai_2026")).measures}
    nvidia, part = names["cash_taken.nvidia"], names["largest_part_of_cash"]
    assert (nvidia.first, nvidia.second) == (125.0, 50.0)
    assert (part.first, part.second) == (pytest.approx(125.0 / 175.0), pytest.approx(0.5))


def test_a_run_without_paths_leaves_it_out_and_says_so() -> None:
    thin = toy_run(keep="draws")
    assert cash_taken(thin, cast_of(list(AGENTS), load_case("ai_2026").snapshot)) is None
    assert any(text.startswith("cash taken out and claims left") for text in summarise(thin).left_out)
    assert taken_out(summarise(thin)) is None
    assert cash_tables(summarise(thin)) == []


def test_what_owners_are_paid_is_what_the_ledger_says() -> None:
    experiment = prepare(Request(draws=1, quarters=3, keep="paths"))
    run, draws = run_in_memory(experiment.plan()), asked_draws(experiment)
    taken = cash_taken(run, cast_of(run.coordinates["entity"], experiment.case.snapshot))
    assert taken is not None
    paid: dict[str, float] = {}
    for quarter in run.coordinates["quarter"]:
        flows = ledger_view(draws.setup, draws.rows[0], int(draws.news[0]), (quarter, "flows", "agent"))
        row = flows.values[list(flows.rows).index("dividends and buybacks")]
        for name, value in zip(flows.columns, row, strict=True):
            paid[name] = paid.get(name, 0.0) - float(value)
    lines = {item.entity: item for item in taken.lines}
    assert paid["nvidia"] > 1.0
    for name in ("nvidia", "microsoft", "alphabet", "openai"):
        assert lines[name].paid_out.p50 == pytest.approx(paid[name], abs=0.002)
