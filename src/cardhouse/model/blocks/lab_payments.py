"""Block F: the cash of a round moves, and the shares with it."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.credit import in_business
from cardhouse.model.equations.lab_funding import tranche_paid
from cardhouse.model.ledger import Kind, Ledger, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.shares import issue_shares, least_value
from cardhouse.model.state import State
from cardhouse.model.world import EQUITY_SPONSOR, World

OUTSIDE = tag_of(Kind.OUTSIDE_EQUITY, "F2b")
STRATEGIC = tag_of(Kind.STRATEGIC_EQUITY, "F3")
TRANCHE = tag_of(Kind.STRATEGIC_EQUITY, "F4")
SUBSTITUTE = tag_of(Kind.OUTSIDE_EQUITY, "F3")


@compiled
def pay_round(w: World, par: Parameters, s: State, ledger: Ledger, lab: int, slot: int) -> None:
    """Collect tranches, strategic money and outside money of one laboratory (F4, F3, F2)."""
    _pay_tranches(w, s, ledger, lab, slot)
    for giver in range(w.agents):
        if s.strategic_due[slot, giver] > 0.0:
            tag = STRATEGIC if giver < w.firms else SUBSTITUTE
            _invest(w, s, ledger, (lab, giver, tag), s.strategic_due[slot, giver])
            s.strategic_in[lab] += s.strategic_due[slot, giver]
    _pay_outside(w, par, s, ledger, lab)


@compiled
def _pay_outside(w: World, par: Parameters, s: State, ledger: Ledger, lab: int) -> None:
    """Collect outside money: leveraged sponsors by their stakes and means, the venture holder the rest (F2, G8).

    What a sponsor cannot bring, nobody brings in its place.
    """
    venture = w.venture_investor
    owned = s.stake[venture, lab]
    for i in range(w.firms):
        if w.role[i] == EQUITY_SPONSOR:
            owned += s.stake[i, lab]
    rest = s.outside_equity[lab]
    for i in range(w.firms):
        s.outside_due[i] = 0.0
        if w.role[i] == EQUITY_SPONSOR and owned > 0.0:
            part = s.outside_equity[lab] * s.stake[i, lab] / owned
            rest -= part
            s.outside_due[i] = min(part, _sponsor_means(par, s, i)) if in_business(s, i) else 0.0
    paid = rest
    _invest(w, s, ledger, (lab, venture, OUTSIDE), rest)
    for i in range(w.firms):
        paid += s.outside_due[i]
        _invest(w, s, ledger, (lab, i, OUTSIDE), s.outside_due[i])
    s.outside_equity[lab] = paid


@compiled
def _invest(w: World, s: State, ledger: Ledger, parties: tuple[int, int, int], amount: float) -> None:
    """Buy new shares of a laboratory at its value after the money (F6a)."""
    if amount <= 0.0:
        return
    lab, investor, _ = parties
    s.pre_money[lab] += amount
    issue_shares(w, s, ledger, parties, (amount, s.pre_money[lab]))
    if investor < w.firms:
        # a stake bought at its price changes what the investor owns, not what it is worth
        s.stake_value[investor] += amount
        least = least_value(s.reference_value[investor])
        s.own_value[investor] = max(s.own_value[investor] - amount, least)
        s.fundamental_value[investor] = max(s.fundamental_value[investor] - amount, least)
        s.strategic_out[investor] += amount


@compiled
def _pay_tranches(w: World, s: State, ledger: Ledger, lab: int, slot: int) -> None:
    """Pay what falls due on dates and milestones, as far as the giver's cash goes (F4)."""
    giver = _tranche_giver(w, s, slot)
    scheduled = tranche_paid(s.scheduled_due[lab], 1.0, 1.0, s.cash[giver])
    _invest(w, s, ledger, (lab, giver, TRANCHE), scheduled)
    conditional = tranche_paid(s.tranche_due[lab], 1.0, 1.0, s.cash[giver])
    _invest(w, s, ledger, (lab, giver, TRANCHE), conditional)
    s.tranche_left[lab] -= conditional
    s.strategic_in[lab] += scheduled + conditional


@compiled
def _tranche_giver(w: World, s: State, slot: int) -> int:
    """Return who stands behind a laboratory's tranches: the firm with most strategic money ready, else a sponsor."""
    best = -1
    most = 0.0
    for i in range(w.firms):
        if in_business(s, i) and s.strategic_pool[slot, i] > most:
            most = s.strategic_pool[slot, i]
            best = i
    if best >= 0:
        return best
    for i in range(w.firms):
        if w.role[i] == EQUITY_SPONSOR and in_business(s, i):
            return i
    return w.venture_investor


@compiled
def _sponsor_means(par: Parameters, s: State, sponsor: int) -> float:
    """Money a sponsor can bring: half its cash, and no more than keeps its net debt within the margin limit (G8)."""
    holdings = max(s.stake_value[sponsor] + s.other_net_assets[sponsor], 0.0)
    net_debt = s.debt_total[sponsor] - s.cash[sponsor]
    # a dollar invested adds a dollar of net debt and a dollar of holdings
    room = (par.margin_limit * holdings - net_debt) / max(1.0 - par.margin_limit, 0.01)
    return float(max(0.0, min(0.5 * s.cash[sponsor], room)))
