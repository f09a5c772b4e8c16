"""Clearing and a falling price together: more than either alone."""

from collections.abc import Mapping

import numpy as np

from cardhouse.contagion.clearing import clear, debt_network
from cardhouse.contagion.compose import joint_fixed_point

debts = debt_network([[0, 0, 6.0], [7.0, 0, 0], [0, 5.0, 0]], outside_debt=[3.0, 4.0, 4.0])
units = np.array([3.2, 4.6, 7.0])


def unpaid(state: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return debts that firms cannot pay when their assets are worth the price."""
    result = clear(debts, units * state["price"])
    return result.owed - result.payments


def price(state: Mapping[str, np.ndarray]) -> np.ndarray:
    """Let the price fall with what is unpaid, because estates are sold."""
    return np.array([0.97 * np.exp(-0.05 * state["unpaid"].sum())])


start = {"unpaid": np.zeros(3), "price": np.array([0.97])}
alone = joint_fixed_point({"unpaid": unpaid}, start)
both = joint_fixed_point({"unpaid": unpaid, "price": price}, start)
print(
    f"clearing alone leaves {alone.state['unpaid'].sum():.2f} unpaid; with the price {both.state['unpaid'].sum():.2f}"
)
print(f"price {both.state['price'][0]:.4f}, converged {both.convergence.converged}, monotone {both.is_monotone}")
