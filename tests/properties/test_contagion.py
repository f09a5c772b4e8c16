"""Properties of clearing and DebtRank over networks that hypothesis invents, degenerate ones included."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardhouse.contagion.clearing import RecoveryRates, clear, clearing_gap, debt_network
from cardhouse.contagion.debtrank import debtrank

amounts = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))


@st.composite
def debt_cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, RecoveryRates]:
    """Exposure, outside debt, outside assets and costs; zeros, closed loops and empty firms are likely."""
    firms = draw(st.integers(1, 6))
    cells = draw(st.lists(amounts, min_size=firms * firms, max_size=firms * firms))
    exposure = np.array(cells).reshape(firms, firms) * (1 - np.eye(firms))
    outside = np.array(draw(st.lists(amounts, min_size=firms, max_size=firms)))
    assets = np.array(draw(st.lists(amounts, min_size=firms, max_size=firms)))
    rates = [draw(st.one_of(st.just(1.0), st.floats(0.0, 1.0))) for _ in range(2)]
    return exposure, outside, assets, RecoveryRates(outside=rates[0], inside=rates[1])


# debts of 256 and of a thousandth in one loop: the last digits of one are large beside the other
LOOP_OF_UNEQUALS = (
    np.array([[0.0, 0.0, 1e-3], [0.0, 0.0, 0.0], [256.0, 0.0, 0.0]]),
    np.zeros(3),
    np.zeros(3),
    RecoveryRates(outside=1.0, inside=0.75),
)

# a loop that loses a thousandth a round and keeps a firm outside it solvent to the cent: the exact solution lies on the
# edge of its piece
EDGE_OF_A_PIECE = (
    np.array([[0.0, 0.0, 0.5, 0.0], [0.0, 0.0, 373.0, 0.0], [0.0, 0.0, 0.0, 65.0], [1e-3, 1.0, 0.0, 0.0]]),
    np.array([1.0, 0.0, 0.0, 0.0]),
    np.array([1.0, 0.0, 0.0, 0.0]),
    RecoveryRates(outside=1.0, inside=1.0),
)

# nothing is owed by anyone with money, and all of a large debt comes back but a hundred thousandth
NEARLY_CLOSED = (
    np.array([[0.0, 1e-3], [65.0, 0.0]]),
    np.array([1e-3, 0.0]),
    np.zeros(2),
    RecoveryRates(outside=1.0, inside=1.0),
)
# the least payments lie tens of thousands of rounds above nothing
FAR_ABOVE_NOTHING = (
    np.array([[0.0, 65.0, 1.0, 65.0], [0.25, 0.0, 0.5, 0.0], [1.0, 373.0, 0.0, 1e-3], [373.0, 0.5, 0.0, 0.0]]),
    np.array([1e-3, 0.25, 1e-3, 0.0]),
    np.array([0.0, 1e-3, 0.0, 1e-3]),
    RecoveryRates(outside=1.0, inside=1.0),
)


@settings(max_examples=150, deadline=None)
@example(LOOP_OF_UNEQUALS)
@example(EDGE_OF_A_PIECE)
@example(NEARLY_CLOSED)
@example(FAR_ABOVE_NOTHING)
@given(debt_cases())
def test_both_clearing_vectors_solve_the_clearing_equation_and_are_ordered(
    case: tuple[np.ndarray, np.ndarray, np.ndarray, RecoveryRates],
) -> None:
    exposure, outside, assets, costs = case
    owed = exposure.sum(axis=0) + outside
    gap = clearing_gap(debt_network(exposure, outside_debt=outside), assets, recovery=costs, tolerance=1e-9)
    assert gap.converged
    scale = max(1.0, float(owed.max()), float(assets.max()))
    assert (gap.payments >= -1e-9 * scale).all()
    for result in (gap.greatest, gap.least):
        share = result.payments / np.where(owed > 0, owed, 1.0)
        received = exposure @ share
        failed = result.failures.has_failed
        estate = costs.outside * assets + costs.inside * received
        expected = np.where(failed, np.minimum(estate, owed), owed)
        np.testing.assert_allclose(result.payments, expected, rtol=1e-8, atol=1e-8 * scale)
        assert (assets + received >= owed - 1e-8 * scale)[~failed].all()
        kept = result.equity + result.bankruptcy_loss + result.payments
        np.testing.assert_allclose(kept, assets + received, rtol=1e-8, atol=1e-8 * scale)


@settings(max_examples=80, deadline=None)
@given(debt_cases(), st.floats(0.0, 1.0))
def test_more_outside_assets_never_lower_a_payment(
    case: tuple[np.ndarray, np.ndarray, np.ndarray, RecoveryRates], more: float
) -> None:
    exposure, outside, assets, costs = case
    network = debt_network(exposure, outside_debt=outside)
    scale = max(1.0, float(network.arrays.owed_total.max()))
    for solution in ("greatest", "least"):
        poor = clear(network, assets, recovery=costs, solution=solution).payments
        rich = clear(network, assets * (1 + more) + more, recovery=costs, solution=solution).payments
        assert (rich >= poor - 1e-8 * scale).all()


@settings(max_examples=80, deadline=None)
@given(debt_cases(), st.floats(0.0, 1.0))
def test_mixed_and_counted_debtrank_agree_and_stay_in_bounds(
    case: tuple[np.ndarray, np.ndarray, np.ndarray, RecoveryRates], hit: float
) -> None:
    exposure, _, assets, _ = case
    equity = assets + 1.0
    start = np.where(np.arange(equity.size) % 2 == 0, hit, 0.0)
    counted = debtrank(exposure, equity, start, tolerance=1e-11)
    mixed = debtrank(exposure, equity, start, count_rounds=False, tolerance=1e-11)
    assert counted.convergence.converged
    assert mixed.convergence.converged
    assert (counted.stress >= start).all()
    assert (counted.stress <= 1.0).all()
    np.testing.assert_allclose(mixed.stress, counted.stress, rtol=1e-6, atol=1e-9)
