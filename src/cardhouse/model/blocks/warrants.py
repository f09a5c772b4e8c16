"""Block F, warrants (F6): shares that a supplier promises to a customer vest as the customer buys.

New shares cost the customer next to nothing, so that every other holder of the supplier is diluted by what it gains.
The capital of the supplier does not change: no money moves, and value only changes hands.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled, lowest_bit
from cardhouse.model.equations.lab_funding import vested_share, vested_value
from cardhouse.model.gates import Gates
from cardhouse.model.shares import add_stake
from cardhouse.model.state import DEFAULT, State
from cardhouse.model.world import LABORATORY, World


@compiled
def vest_warrants(w: World, gate: Gates, s: State) -> None:
    """Give holders of warrants the shares that their purchases earned (F6b), at the expense of all holders (F6c)."""
    if gate.warrants < 0.5:
        return
    for k in range(w.warrants):
        s.warrant_part[k] = _part_vested(w, s, k)
    for k in range(w.warrants):
        if s.warrant_part[k] > 0.0:
            _dilute(w, s, k)
    for k in range(w.warrants):
        if s.warrant_part[k] > 0.0:
            holder, issuer, part = w.warrant_holder[k], w.warrant_issuer[k], s.warrant_part[k]
            won = vested_value(part, s.market_value[issuer])
            add_stake(s, (holder, issuer), part)
            s.equity_loss[holder] -= won
            s.warrant_gain[holder] += won


@compiled
def _part_vested(w: World, s: State, k: int) -> float:
    """Part of the issuer that one warrant gives its holder this quarter (F6b)."""
    holder, issuer = w.warrant_holder[k], w.warrant_issuer[k]
    if s.warrant_left[k] <= 0.0 or s.status[holder] >= DEFAULT or s.status[issuer] >= DEFAULT:
        return 0.0
    bought = _chips_bought(w, s, holder) * s.chip_share[issuer]
    part = vested_share(w.warrant_share[k], bought, w.warrant_order[k], s.warrant_left[k])
    s.warrant_left[k] -= part
    return part


@compiled
def _chips_bought(w: World, s: State, holder: int) -> float:
    """Chips bought last quarter by a firm, or for a laboratory by the clouds that serve it."""
    if w.role[holder] != LABORATORY:
        return float(s.chip_purchases[holder])
    return float(s.chips_behind[w.slot[holder]])


@compiled
def _dilute(w: World, s: State, k: int) -> None:
    """Dilute every holder of an issuer by all shares that vest in it, once, whatever the order of the warrants."""
    issuer = w.warrant_issuer[k]
    part = 0.0
    for other in range(w.warrants):
        if w.warrant_issuer[other] == issuer and s.warrant_part[other] > 0.0:
            if other < k:
                return
            part += s.warrant_part[other]
    left = s.owners[issuer]
    while left != 0:
        owner = lowest_bit(left)
        lost = vested_value(s.stake[owner, issuer] * part, s.market_value[issuer])
        s.equity_loss[owner] += lost
        s.warrant_gain[owner] -= lost
        s.stake[owner, issuer] *= 1.0 - part
        left &= left - 1
