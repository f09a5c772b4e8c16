"""What came first, a debt problem or income: paths written by hand."""

from functools import cache

import numpy as np
import pytest
from tests.analysis.worlds import AGENTS, HandWorld, toy_run

from cardhouse.analysis.cast import cast_of
from cardhouse.analysis.comparison import compare
from cardhouse.analysis.debt_or_income import DebtOrIncome, Order, debt_or_income, debt_quarters
from cardhouse.analysis.summary import summarise
from cardhouse.casebook.load import load_case
from cardhouse.report.order import debt_or_income as order_figure
from cardhouse.report.order import what_came_first
from cardhouse.simulation.results import Run

DRAWS, QUARTERS = 5, 6
PAID = (
    (0.6, 0.4, 0.4, 0.4, 0.4, 0.6),  # there at the opening, back in the last quarter to stay
    (0.4, 0.4, 0.4, 0.6, 0.6, 0.6),  # comes in the fourth quarter
    (0.4, 0.5, 0.5, 0.5, 0.5, 0.5),  # never: half is not more than half
    (0.4, 0.4, 0.4, 0.4, 0.6, 0.6),  # comes in the fifth
    (0.4, 0.4, 0.4, 0.4, 0.4, 0.4),  # never
)


def place(entity: str) -> int:
    return list(AGENTS).index(entity)


def by_hand() -> dict[str, np.ndarray]:
    """Debt problems by draw: none, a rollover, an illiquid default, a sweep, and some that do not count."""
    shape = (DRAWS, QUARTERS, len(AGENTS))
    found = {"organic_revenue": np.array(PAID), "status": np.zeros(shape), "rating": np.full(shape, 14.0)}
    found["principal_due"], found["rolled_over"] = np.full(shape, 8.0), np.full(shape, 7.0)
    found["default_quarter"] = np.full((DRAWS, len(AGENTS)), -1)
    found["default_label"] = np.zeros((DRAWS, len(AGENTS)))
    found["rolled_over"][1, 1, place("coreweave")] = 6.0
    found["default_quarter"][2, place("xai")], found["default_label"][2, place("xai")] = 2, 1
    found["status"][3, 4, place("vehicles_oracle")] = 1
    # a strong borrower, a vehicle, a firm already under a receiver, an insolvent default: no debt problem
    found["rating"][4, :, place("nvidia")] = 3.0
    found["rolled_over"][4, 0, [place("nvidia"), place("vehicles_oracle")]] = 0.0
    found["default_quarter"][4, place("openai")], found["default_label"][4, place("openai")] = 3, 2
    found["rolled_over"][4, 4:, place("openai")] = 0.0
    found["status"][4, 3:, place("openai")] = 3
    return found


@cache
def run() -> Run:
    return toy_run(DRAWS, world=HandWorld(quarters=QUARTERS, by_hand=by_hand()))


@cache
def found() -> DebtOrIncome:
    order = debt_or_income(run(), cast_of(list(AGENTS), load_case("ai_2026").snapshot))
    assert order is not None
    return order


def order(event: str) -> Order:
    return next(item for item in found().orders if item.event == event)


def test_the_first_quarter_of_each_kind_is_found() -> None:
    quarters = debt_quarters(run(), cast_of(list(AGENTS), load_case("ai_2026").snapshot))
    assert quarters["rollover"].tolist() == [-1, 1, -1, -1, -1]
    assert quarters["illiquid_default"].tolist() == [-1, -1, 2, -1, -1]
    assert quarters["covenant"].tolist() == [-1, -1, -1, 4, -1]
    assert quarters["any"].tolist() == [-1, 1, 2, 4, -1]
    assert quarters["default"].tolist() == [-1, -1, 2, -1, 3]


def test_order_counts_what_has_not_come_as_later() -> None:
    any_kind = order("any")
    # draws: income alone, debt first by two quarters, debt alone, same quarter, neither
    shares = [getattr(any_kind, name).share for name in ("income_first", "event_first", "same_quarter", "neither")]
    assert shares == pytest.approx([0.2, 0.4, 0.2, 0.2])
    assert (any_kind.happens.share, any_kind.event_only.share, any_kind.income_only.share) == (0.6, 0.2, 0.2)
    assert any_kind.both == 2
    # -2 where debt came in the second quarter and income in the fourth, 0 in the other
    assert any_kind.distance.p50 == pytest.approx(-1.0)


def test_no_distance_where_only_one_came() -> None:
    illiquid = order("illiquid_default")
    assert (illiquid.both, illiquid.distance.p50) == (0, None)
    assert illiquid.event_only.share == pytest.approx(0.2)


def test_income_that_was_there_at_the_opening_is_said() -> None:
    assert (found().at_start.share, found().ever.share, found().falls_back.share) == pytest.approx((0.2, 0.6, 0.2))
    assert [point.share for point in found().income_by_quarter] == pytest.approx([0.2, 0.2, 0.2, 0.4, 0.6, 0.6])
    assert [point.share for point in found().debt_by_quarter] == pytest.approx([0.0, 0.2, 0.4, 0.4, 0.6, 0.6])
    text = what_came_first(found())
    assert "before income in 40 of 100 draws, income comes first in 20 of 100 draws" in text
    assert "neither comes by the end in 20 of 100 draws" in text
    assert "already in the first quarter in 20 of 100 draws: end users pay 40 % of AI revenue then" in text


def test_income_that_stays_is_told_beside() -> None:
    lasting = order("any_lasting")
    # from the last, fourth and fifth quarter on; the first draw has income to stay and no debt problem
    assert (lasting.income_first.share, lasting.event_first.share) == pytest.approx((0.2, 0.4))
    assert (lasting.same_quarter.share, lasting.neither.share) == pytest.approx((0.2, 0.2))


def test_the_figure_shows_both_curves() -> None:
    figure = order_figure(summarise(run(), load_case("ai_2026")))
    assert figure is not None
    income, debt = (item["values"] for item in figure.data["lines"])
    assert (income[-1], debt[1]) == (60.0, 20.0)
    assert figure.rows[0][8:] == ("−1 (−2 to 0)", "2")
    assert figure.rows[3][8:] == ("–", "0")


def test_compare_counts_only_what_both_runs_have_seen() -> None:
    names = {item.name: item for item in compare(run(), run(), load_case("ai_2026")).measures}
    assert names["debt_before_income"].first == pytest.approx(0.4)
    cut = toy_run(DRAWS, world=HandWorld(quarters=4, by_hand={**by_hand(), **_first_quarters(4)}))
    names = {item.name: item for item in compare(run(), cut, load_case("ai_2026")).measures}
    assert names["debt_before_income"].first == names["debt_before_income"].second == pytest.approx(0.4)


def _first_quarters(count: int) -> dict[str, np.ndarray]:
    paths = ("organic_revenue", "status", "rating", "principal_due", "rolled_over")
    return {name: by_hand()[name][:, :count] for name in paths}


def test_a_run_without_paths_leaves_it_out_and_says_so() -> None:
    thin = toy_run(keep="draws")
    assert debt_or_income(thin, cast_of(list(AGENTS), load_case("ai_2026").snapshot)) is None
    assert any(text.startswith("whether a debt problem or income") for text in summarise(thin).left_out)
    assert order_figure(summarise(thin)) is None
