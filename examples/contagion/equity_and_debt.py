"""A fund holds shares and debt of an operator that holds shares of the fund."""

from cardhouse.contagion.equity_and_debt import equity_and_debt

shares = [[0, 0.3], [0.2, 0]]
debts = [[0, 0.5], [0, 0]]
for assets in ([20, 60], [20, 25]):
    result = equity_and_debt(shares, debts, assets, nominal_debt=[8, 40])
    print(f"assets {assets}: debt worth {result.debt_value.round(2)}, shares worth {result.share_value.round(2)}")
