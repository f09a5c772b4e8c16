from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.analysis.tracing import ORIGINS, Fungibility, QuarterFlows, trace, trace_quarter
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.errors import InputError

END_USER, EQUITY, OPENING = (ORIGINS.index(name) for name in ("end_user", "outside_equity", "opening"))
RULES = list(Fungibility)


def flows(count: int, **given_flows: FloatArray) -> QuarterFlows:
    empty = {
        "revenue": np.zeros((count, count)),
        "finance": np.zeros((count, count)),
        "revenue_from_outside": np.zeros((len(ORIGINS), count)),
        "finance_from_outside": np.zeros((len(ORIGINS), count)),
        "to_outside": np.zeros(count),
    }
    return QuarterFlows(**{**empty, **given_flows})


def random_quarters(seed: int, count: int, quarters: int) -> tuple[FloatArray, list[QuarterFlows]]:
    """Make flows in which nobody spends more than it has: a payer's bill is scaled to its means."""
    generator = np.random.default_rng(seed)
    cash = generator.uniform(0, 5, count)
    opening = cash.copy()
    made = []
    for _ in range(quarters):
        revenue = generator.uniform(0, 3, (count, count)) * (generator.random((count, count)) < 0.4)
        finance = generator.uniform(0, 3, (count, count)) * (generator.random((count, count)) < 0.2)
        for matrix in (revenue, finance):
            np.fill_diagonal(matrix, 0.0)
        bought = generator.uniform(0, 2, (len(ORIGINS), count)) * (generator.random((len(ORIGINS), count)) < 0.3)
        raised = generator.uniform(0, 2, (len(ORIGINS), count)) * (generator.random((len(ORIGINS), count)) < 0.2)
        scale = np.minimum(1.0, 0.9 * cash / np.maximum((revenue + finance).sum(axis=1), 1e-12))
        revenue, finance = revenue * scale[:, None], finance * scale[:, None]
        after = cash + (revenue + finance).sum(axis=0) - (revenue + finance).sum(axis=1) + (bought + raised).sum(axis=0)
        away = after * generator.uniform(0, 0.5, count)
        made.append(
            flows(
                count,
                revenue=revenue,
                finance=finance,
                revenue_from_outside=bought,
                finance_from_outside=raised,
                to_outside=away,
            )
        )
        cash = after - away
    return opening, made


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 7), st.sampled_from(RULES))
def test_dollars_of_every_origin_are_conserved(seed: int, count: int, rule: Fungibility) -> None:
    opening, quarters = random_quarters(seed, count, 3)
    before = np.zeros(len(ORIGINS))
    before[OPENING] = opening.sum()
    cash = opening
    for quarter, found in zip(quarters, trace(opening, quarters, rule), strict=True):
        after = found.cash.sum(axis=1) + found.left.sum(axis=1)
        np.testing.assert_allclose(after, before + quarter.from_outside.sum(axis=1), rtol=1e-9, atol=1e-9)
        cash = cash + quarter.inside.sum(axis=0) - quarter.inside.sum(axis=1)
        cash = cash + quarter.from_outside.sum(axis=0) - quarter.to_outside
        np.testing.assert_allclose(found.cash.sum(axis=0), cash, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(
            found.revenue.sum(axis=0),
            quarter.revenue.sum(axis=0) + quarter.revenue_from_outside.sum(axis=0),
            rtol=1e-9,
            atol=1e-9,
        )
        assert found.cash.min() >= -1e-12
        assert (found.earmarks.sum(axis=1) <= found.cash + 1e-9).all()
        before = found.cash.sum(axis=1)


@pytest.mark.parametrize("rule", RULES)
def test_a_closed_loop_of_three_converges_to_the_outside_share_of_one(rule: Fungibility) -> None:
    """One outside dollar a quarter enters a ring of three firms and leaves it at the other end."""
    ring = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 2.0], [1.0, 0.0, 0.0]])
    entering = np.zeros((len(ORIGINS), 3))
    entering[EQUITY, 0] = 1.0
    quarter = flows(3, revenue=ring, finance_from_outside=entering, to_outside=np.array([0.0, 0.0, 1.0]))
    opening = np.array([3.0, 2.0, 4.0])
    last = trace(opening, [quarter] * 200, rule)[-1]
    share = last.revenue[EQUITY] / last.revenue.sum(axis=0)
    np.testing.assert_allclose(share, 1.0, atol=1e-6)


def test_the_order_of_spending_bounds_the_organic_share() -> None:
    """A lab with 4 of customers' money and 6 of investors' pays its cloud 5."""
    bought, raised = np.zeros((len(ORIGINS), 2)), np.zeros((len(ORIGINS), 2))
    bought[END_USER, 0], raised[EQUITY, 0] = 4.0, 6.0
    quarter = flows(
        2, revenue=np.array([[0.0, 5.0], [0.0, 0.0]]), revenue_from_outside=bought, finance_from_outside=raised
    )
    share = {rule: trace(np.zeros(2), [quarter], rule)[0].organic_share()[1] for rule in RULES}
    assert share[Fungibility.MIXED] == pytest.approx(0.4)
    assert share[Fungibility.OUTSIDE_FIRST] == pytest.approx(0.0, abs=1e-12)
    assert share[Fungibility.LAST_IN_FIRST_OUT] == pytest.approx(0.4)


def test_earmarked_money_goes_back_to_the_firm_that_gave_it() -> None:
    """A chip maker gives 3 to a lab with 5 of customers' money; the lab buys 4 from it and 2 from another firm."""
    finance = np.zeros((3, 3))
    finance[1, 0] = 3.0
    revenue = np.array([[0.0, 4.0, 2.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    bought = np.zeros((len(ORIGINS), 3))
    bought[END_USER, 0] = 5.0
    quarter = flows(3, revenue=revenue, finance=finance, revenue_from_outside=bought)
    found = trace(np.array([0.0, 3.0, 0.0]), [quarter], Fungibility.EARMARKED)[0]
    # the chip maker's 3 comes home with 1 of customers' money; the other firm sees customers' money only
    assert found.organic_share()[2] == pytest.approx(1.0)
    assert found.revenue[END_USER, 1] < 0.5 * 4.0
    mixed = trace(np.array([0.0, 3.0, 0.0]), [quarter])[0]
    assert found.organic_share()[1] < mixed.organic_share()[1]


def test_a_firm_without_revenue_has_no_organic_share() -> None:
    assert np.isnan(trace_quarter(np.ones((len(ORIGINS), 2)), flows(2)).organic_share()).all()


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_flows_that_are_no_amounts_are_refused(bad: float) -> None:
    with pytest.raises(InputError, match="to_outside"):
        flows(2, to_outside=np.array([bad, 0.0]))
