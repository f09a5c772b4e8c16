"""Ten thousand shocks to one debt network: how often, and how deep, it falls."""

import numpy as np

from cardhouse.contagion.clearing import clear_scenarios, debt_network

rng = np.random.default_rng(7)
exposure = rng.lognormal(0, 1, (40, 40)) * (rng.random((40, 40)) < 0.15) * (1 - np.eye(40))
debts = debt_network(exposure, outside_debt=2.0)
sound = np.maximum(debts.arrays.owed_total / 0.9 - debts.arrays.held, 0.1)
result = clear_scenarios(debts, sound * rng.lognormal(-0.05, 0.1, (10_000, 40)), threads=2)
defaults = (result.default_round >= 0).sum(axis=1)
contagion = (result.default_round > 0).sum(axis=1)
print(f"Converged in all {result.converged.size} scenarios: {bool(result.converged.all())}")
print(f"Defaults: {defaults.mean():.2f} on average, {np.quantile(defaults, 0.99):.0f} at the 99th percentile;")
print(f"{contagion.sum() / max(1, defaults.sum()):.0%} of them would not have happened if everyone else had paid.")
