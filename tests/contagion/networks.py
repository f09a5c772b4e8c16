"""Random networks with unequal numbers everywhere, shared by the tests of contagion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RandomDebts:
    exposures: list[np.ndarray]
    outside_debt: list[np.ndarray]
    outside_assets: np.ndarray


def random_exposure(rng: np.random.Generator, firms: int, mean_claims: float = 3.0) -> np.ndarray:
    """Dense exposure[creditor, debtor] with lognormal amounts and an empty diagonal."""
    linked = rng.random((firms, firms)) < mean_claims / firms
    return rng.lognormal(0.0, 1.0, (firms, firms)) * linked * (1.0 - np.eye(firms))


def random_debts(seed: int, firms: int = 14, classes: int = 1, wealth: float = 1.0) -> RandomDebts:
    """Debts in seniority classes, debts to outsiders, and assets that leave some firms insolvent."""
    rng = np.random.default_rng(seed)
    exposures = [random_exposure(rng, firms) for _ in range(classes)]
    outside = [rng.lognormal(0.0, 1.0, firms) * (rng.random(firms) < 0.5) for _ in range(classes)]
    assets = wealth * rng.lognormal(0.0, 1.0, firms) * (rng.random(firms) < 0.6)
    return RandomDebts(exposures, outside, assets)


def plain_clearing(debts: RandomDebts, alpha: float, beta: float, *, least: bool) -> np.ndarray:
    """Payments by plain iteration of the clearing map, from full payment down or from nothing up."""
    owed = np.stack([x.sum(0) + o for x, o in zip(debts.exposures, debts.outside_debt, strict=True)], axis=1)
    share = np.zeros_like(owed) if least else np.ones_like(owed)
    for _ in range(200_000):
        received = sum(x @ share[:, k] for k, x in enumerate(debts.exposures))
        covers = debts.outside_assets + received >= owed.sum(1) * (1 - 1e-12)
        left = np.where(covers, 1e300, alpha * debts.outside_assets + beta * received)
        new = np.empty_like(share)
        for k in range(owed.shape[1]):
            new[:, k] = np.where(left >= owed[:, k], 1.0, left / np.where(owed[:, k] > 0, owed[:, k], 1.0))
            left = np.maximum(left - owed[:, k], 0.0)
        if np.abs(new - share).max() < 1e-16:
            break
        share = new
    return (share * owed).sum(1)
