"""Only totals are known: the loss depends on the network one imagines behind them."""

from cardhouse.contagion.clearing import clear, debt_network
from cardhouse.contagion.reconstruction import maximum_entropy, minimum_density

held = {"a": 9.0, "b": 4.0, "c": 7.0, "d": 2.0, "e": 6.0}
owed = {"a": 5.0, "b": 8.0, "c": 4.0, "d": 6.0, "e": 5.0}
cash = {"a": 1.0, "b": 0.5, "c": 1.0, "d": 4.5, "e": 1.0}
for name, network in (("even", maximum_entropy(held, owed)), ("sparse", minimum_density(held, owed, seed=1))):
    result = clear(debt_network(network.exposure, outside_debt=1.0), cash)
    print(f"{name:>6}: {network.claims} claims, {result.failures.count} defaults, missing {result.missing.sum():.2f}")
