"""Firms that share an asset class: who bears the loss when one of them must sell."""

from cardhouse.contagion.fire_sale import LeverageLimits, Portfolios, leverage_cap, leverage_targeting

portfolios = Portfolios(holdings=[[60.0, 40.0], [10.0, 90.0], [0.0, 50.0]], equity=[8.0, 12.0, 20.0])
targeting = leverage_targeting(portfolios, asset_shock=[0.05, 0.0], price_impact=[0.0004, 0.0006])
print("targeting: own loss", targeting.shock_loss.round(2), "loss through prices", targeting.sale_loss.round(2))
capped = leverage_cap(portfolios, [0.05, 0.0], [400.0, 300.0], LeverageLimits(cap=14, target=12))
print("cap:       own loss", capped.shock_loss.round(2), "loss through prices", capped.sale_loss.round(2))
print("prices in the end", capped.price.round(4), "converged", capped.convergence.converged)
