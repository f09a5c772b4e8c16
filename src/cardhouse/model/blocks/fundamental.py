"""Block H: what a firm is worth by its class (H1). No rule jumps when earnings change their sign.

- Chip makers and platforms: H-model on owner earnings, never below zero.
- Leveraged clouds: sales and margin fade to a norm; debt comes off; limited liability.
- Vehicles: contracts they hold and what their assets fetch; debt comes off; limited liability.
- Sponsors: other holdings at the move of the index; debt comes off; limited liability.
- Laboratories: their round (F6), not this module.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.equations.equity_value import (
    backlog_value,
    fading_path_value,
    h_model_value,
    limited_liability_value,
)
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import CHIPS, EQUITY_SPONSOR, PLATFORM, VEHICLE, Shock, World
from cardhouse.scenarios.variables import G_EQUITY_REQUIRED_RETURN

OPTION_WIDTH = 0.05
"""Width of the smooth floor of equity, as a share of the firm's opening value."""


@compiled(inline=True)
def fundamental_target(w: World, par: Parameters, shock: Shock, s: State, i: int, fade: float) -> float:
    """Value of one firm without its stakes, by the rule of its class, USD bn; ``fade`` is :func:`yearly_fade`."""
    required = s.long_rate + par.equity_premium + shock.common[G_EQUITY_REQUIRED_RETURN]
    role = w.role[i]
    if role in (CHIPS, PLATFORM):
        after_tax = s.ebitda[i] - _wear(par, s, i) - s.interest[i] - s.tax[i]
        return h_model_value(4.0 * after_tax, par.long_growth, s.growth_priced[i], par.growth_half_life, required)
    width = OPTION_WIDTH * max(w.market_value[i], 1.0)
    net_debt = s.debt_total[i] + s.lease_liability[i] - s.cash[i]
    if role == EQUITY_SPONSOR:
        return limited_liability_value(s.other_net_assets[i] * s.index_value / w.index_value, net_debt, width)
    if role == VEHICLE:
        return limited_liability_value(_vehicle_operations(par, s, i, required), net_debt, width)
    growth_path = (s.growth_priced[i], par.long_growth, fade)
    earnings = 4.0 * (s.ebitda[i] - _wear(par, s, i))
    operations = fading_path_value(earnings, 4.0 * s.revenue[i], par.mature_margin, growth_path, required)
    return limited_liability_value(operations, net_debt, width)


@compiled
def yearly_fade(par: Parameters) -> float:
    """Part of the distance to long-run growth that is left after a year."""
    return float(0.5 ** (1.0 / max(par.growth_half_life, 0.25)))


@compiled
def _wear(par: Parameters, s: State, i: int) -> float:
    """Economic wear of a quarter that recurs: chips over their economic life, shells, and the other business's upkeep.

    A fall of the used-chip index is a loss once and no running cost, so that it is not capitalised.
    """
    chips = s.chips_gross[i] / (4.0 * par.chip_life_economic)
    return float(chips + s.shells_book[i] / (4.0 * par.shell_life) + s.other_capex[i])


@compiled
def price_growth(w: World, par: Parameters, s: State) -> None:
    """Write the growth a year that investors expect of each firm: of AI business and of the rest, by their sales."""
    value_growth, other_growth = s.value_growth, par.other_business_growth
    for i in range(w.firms):
        other = min(max(s.other_sales[i] / max(s.revenue[i], 1e-9), 0.0), 1.0)
        s.growth_priced[i] = 4.0 * ((1.0 - other) * value_growth + other * other_growth)


@compiled
def ai_share(s: State, i: int) -> float:
    """Part of a firm's sales that is AI: how much the mood about AI weighs in its price."""
    if s.revenue[i] <= 0.0:
        return 1.0
    return float(1.0 - min(max(s.other_sales[i] / s.revenue[i], 0.0), 1.0))


@compiled
def _vehicle_operations(par: Parameters, s: State, i: int, required: float) -> float:
    """Value of a vehicle's contracts and of its assets at the end of the leases."""
    years = par.lease_life / 4.0
    margin = min(max(1.0 - s.variable_cost[i], 0.0), 1.0)
    assets = s.chips_economic[i] + s.shells_book[i] + s.construction[i]
    return backlog_value(s.backlog_received[i], margin, years, required, assets)
