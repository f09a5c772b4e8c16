"""Block J, aftermath: idle capacity of failed firms passes to survivors at the used-chip price (J6).

What contracts and customers keep busy goes on running under the receiver. A buyer takes over part of what it wants to
order anyway, out of spare cash; the estate hands the proceeds to its lenders. Capacity, books and cash move together.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.orders import is_builder
from cardhouse.model.debts import prepay
from cardhouse.model.equations.compute_market import usable_share
from cardhouse.model.equations.default import inherited_price, inherited_purchase
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, post, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import remainder
from cardhouse.model.state import DEFAULT, RECEIVERSHIP, State
from cardhouse.model.world import World

TAKEN_OVER = tag_of(Kind.OTHER_CAPEX, "J6b")
PROCEEDS = tag_of(Kind.REPAYMENT, "J6b")
LEAST_SALE = 1e-6
"""Capacity below this many GW is not worth a sale."""


@compiled
def pass_on_capacity(w: World, gate: Gates, par: Parameters, s: State, ledger: Ledger) -> None:
    """Let survivors buy what failed firms do not need, pro rata on both sides (J6, J6b, J6c)."""
    if gate.inheritance < 0.5 or s.inherited_capacity <= LEAST_SALE:
        return
    idle = _find_idle(w, par, s)
    price = inherited_price(s.buyer_price, par.cost_per_gw)
    if idle <= LEAST_SALE or price <= 0.0:
        return
    wanted = 0.0
    for i in range(w.firms):
        wanted += _wanted(w, s, i, price)
    part = min(1.0, idle / wanted) if wanted > 0.0 else 0.0
    sold = 0.0
    for i in range(w.firms):
        taken = part * _wanted(w, s, i, price)
        if taken > LEAST_SALE:
            _take_over(w, s, ledger, i, (taken, taken / idle, price))
            sold += taken
    if sold > 0.0:
        _hand_over(w, s, ledger, sold / idle, price)
        s.inherited_capacity = max(0.0, s.inherited_capacity - sold)


@compiled
def _find_idle(w: World, par: Parameters, s: State) -> float:
    """Find what capacity each failed firm does not need for the load it carries; return the sum."""
    total = 0.0
    for j in range(w.firms):
        s.idle_capacity[j] = 0.0
        if s.status[j] == RECEIVERSHIP and s.capacity[j] > 0.0:
            s.idle_capacity[j] = remainder(s.capacity[j], s.load[j] / usable_share(par.target_utilisation))
        total += s.idle_capacity[j]
    return total


@compiled
def _wanted(w: World, s: State, i: int, price: float) -> float:
    """Capacity that one survivor would buy: part of its orders, as far as spare cash goes (J6b)."""
    if s.status[i] >= DEFAULT or s.orders[i] <= 0.0 or not is_builder(w, i):
        return 0.0
    spare = max(0.0, s.cash[i] - s.cash_floor[i])
    return float(min(inherited_purchase(s.orders[i], s.inherited_capacity, s.orders_total), spare / price))


@compiled
def _take_over(w: World, s: State, ledger: Ledger, buyer: int, lot: tuple[float, float, float]) -> None:
    """Pay every estate for its part of one purchase and count the capacity in."""
    taken, part, price = lot
    for j in range(w.firms):
        if s.idle_capacity[j] > 0.0:
            post(ledger, s.cash, buyer, j, TAKEN_OVER, part * s.idle_capacity[j] * price)
    s.inherited_cost[buyer] += taken * price
    s.capacity_bought[buyer] += taken
    s.capacity_bought_cost[buyer] += taken * price
    s.capacity[buyer] += taken
    s.energised[buyer] += taken


@compiled
def _hand_over(w: World, s: State, ledger: Ledger, part: float, price: float) -> None:
    """Take what was sold off the estates' books, and pay their lenders with the proceeds."""
    for j in range(w.firms):
        sold = part * s.idle_capacity[j]
        if sold <= 0.0:
            continue
        left = remainder(1.0, sold / s.capacity[j])
        s.impairment[j] += (s.chips_book[j] + s.shells_book[j]) * (1.0 - left)
        s.chips_book[j] *= left
        s.chips_gross[j] *= left
        s.chips_economic[j] *= left
        s.shells_book[j] *= left
        s.capacity[j] -= sold
        s.retired[j] += sold
        prepay(w, s, ledger, j, PROCEEDS, sold * price)
