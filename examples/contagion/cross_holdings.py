"""Two firms hold half of each other: one set of assets, two consistent outcomes."""

from cardhouse.contagion.cross_holdings import cross_holdings

for solution in ("greatest", "least"):
    result = cross_holdings(
        [[0, 0.5], [0.5, 0]], asset_value=[90, 90], failure_threshold=50, failure_cost=50, solution=solution
    )
    print(f"{solution:>8}: market values {result.market_value.round(2)}, failed {result.failures.has_failed}")
