"""Block F: the cash of a round moves, and the shares with it."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.credit import in_business
from cardhouse.model.equations.lab_funding import tranche_paid
from cardhouse.model.equations.strategic_money import placed_part
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, move_net, post, post_within, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.shares import give_shares, least_value
from cardhouse.model.state import State
from cardhouse.model.world import EQUITY_SPONSOR, World

OUTSIDE = tag_of(Kind.OUTSIDE_EQUITY, "F2b")
STRATEGIC = tag_of(Kind.STRATEGIC_EQUITY, "F3")
TRANCHE = tag_of(Kind.STRATEGIC_EQUITY, "F4")
SUBSTITUTE = tag_of(Kind.OUTSIDE_EQUITY, "F3")
PLACED = tag_of(Kind.STAKE_SALE, "F3j")


@compiled
def gives_own_money(gate: Gates) -> bool:
    """Tell whether givers pay out of their own means: they are suppliers, and bear wrong-way risk."""
    return bool(gate.strategic_from_suppliers > 0.5 and gate.circular_wrong_way > 0.5)


@compiled
def pay_strategic(w: World, gate: Gates, s: State, ledger: Ledger, round_of: tuple[int, int]) -> None:
    """Collect strategic money that comes beside outside money; ``round_of`` is (laboratory, its slot) (F3).

    Who pays in the end depends on the gates: the giver itself; without wrong-way risk outsiders, to whom the giver
    sells the new stake at cost; in the world of the same money from outside, outsiders alone.
    """
    lab, slot = round_of
    for giver in range(w.firms):
        amount = s.strategic_due[slot, giver]
        if amount > 0.0:
            if gives_own_money(gate):
                invest(w, s, ledger, (lab, giver, STRATEGIC), amount)
            else:
                _issue_to(w, s, (lab, w.venture_investor), amount)
                _post_outsiders(gate, s, ledger, (lab, giver, w.venture_investor), amount)
                move_net(s.cash, w.venture_investor, lab, amount)
            s.strategic_in[lab] += amount


@compiled
def pay_replaced(w: World, gate: Gates, s: State, ledger: Ledger, round_of: tuple[int, int]) -> None:
    """Collect a round in which strategic money replaces outside money one for one (F3e at zero additionality).

    Each outsider's share of the round falls by the same part. Where givers bear no wrong-way risk they sell the stake
    on to the very outsiders whose money they replaced: then shares and cash end as if they had not been there.
    """
    lab, slot = round_of
    strategic = 0.0
    for giver in range(w.firms):
        strategic += s.strategic_due[slot, giver]
        if gives_own_money(gate):
            invest(w, s, ledger, (lab, giver, STRATEGIC), s.strategic_due[slot, giver])
    total = s.outside_equity[lab]
    part = min(strategic / total, 1.0) if total > 0.0 else 0.0
    for step in range(w.firms + 1):
        # the venture holder first, then sponsors, as in a round without strategic money
        outsider = w.venture_investor if step == 0 else step - 1
        due = s.outside_due[outsider]
        if due > 0.0:
            left = due * (1.0 - part)
            if gives_own_money(gate):
                invest(w, s, ledger, (lab, outsider, OUTSIDE), left)
            else:
                _issue_to(w, s, (lab, outsider), due)
                post_within(ledger, outsider, lab, OUTSIDE, left)
                for giver in range(w.firms):
                    placed = placed_part(s.strategic_due[slot, giver], due, total)
                    _post_outsiders(gate, s, ledger, (lab, giver, outsider), placed)
                move_net(s.cash, outsider, lab, due)
    s.strategic_in[lab] += strategic
    s.outside_equity[lab] = max(0.0, total - strategic)


@compiled
def _post_outsiders(gate: Gates, s: State, ledger: Ledger, parties: tuple[int, int, int], amount: float) -> None:
    """Post an outsider's money for a stake: through the giver that sold it the stake, or straight to the laboratory."""
    lab, giver, outsider = parties
    if gate.strategic_from_suppliers > 0.5:
        post_within(ledger, outsider, giver, PLACED, amount)
        post_within(ledger, giver, lab, STRATEGIC, amount)
        s.strategic_out[giver] += amount
    else:
        post_within(ledger, outsider, lab, SUBSTITUTE, amount)


@compiled
def split_outside(w: World, par: Parameters, s: State, lab: int) -> None:
    """Split outside money: leveraged sponsors by their stakes and means, the venture holder the rest (F2, G8).

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
    s.outside_due[venture] = rest
    for i in range(w.firms):
        paid += s.outside_due[i]
    s.outside_equity[lab] = paid


@compiled
def pay_outside(w: World, s: State, ledger: Ledger, lab: int) -> None:
    """Collect the outside money of a round, as it was split (F2)."""
    invest(w, s, ledger, (lab, w.venture_investor, OUTSIDE), s.outside_due[w.venture_investor])
    for i in range(w.firms):
        invest(w, s, ledger, (lab, i, OUTSIDE), s.outside_due[i])


@compiled
def invest(w: World, s: State, ledger: Ledger, parties: tuple[int, int, int], amount: float) -> None:
    """Buy new shares of a laboratory at its value after the money (F6a)."""
    if amount <= 0.0:
        return
    lab, investor, tag = parties
    post(ledger, s.cash, investor, lab, tag, amount)
    _issue_to(w, s, (lab, investor), amount)
    if investor < w.firms:
        s.strategic_out[investor] += amount


@compiled
def _issue_to(w: World, s: State, parties: tuple[int, int], amount: float) -> None:
    """Give an investor the new shares that its money buys; the money itself is posted by the caller."""
    if amount <= 0.0:
        return
    lab, investor = parties
    s.pre_money[lab] += amount
    give_shares(w, s, (lab, investor), (amount, s.pre_money[lab]))
    if investor < w.firms:
        # a stake bought at its price changes what the investor owns, not what it is worth
        s.stake_value[investor] += amount
        least = least_value(s.reference_value[investor])
        s.own_value[investor] = max(s.own_value[investor] - amount, least)
        s.fundamental_value[investor] = max(s.fundamental_value[investor] - amount, least)


@compiled
def pay_tranches(w: World, gate: Gates, s: State, ledger: Ledger, round_of: tuple[int, int]) -> None:
    """Pay what falls due on dates and milestones, as far as the giver's cash goes (F4)."""
    lab, slot = round_of
    giver = _tranche_giver(w, gate, s, slot)
    scheduled = tranche_paid(s.scheduled_due[lab], 1.0, 1.0, s.cash[giver])
    invest(w, s, ledger, (lab, giver, TRANCHE), scheduled)
    conditional = tranche_paid(s.tranche_due[lab], 1.0, 1.0, s.cash[giver])
    invest(w, s, ledger, (lab, giver, TRANCHE), conditional)
    s.tranche_left[lab] -= conditional
    s.strategic_in[lab] += scheduled + conditional


@compiled
def _tranche_giver(w: World, gate: Gates, s: State, slot: int) -> int:
    """Return who stands behind a laboratory's tranches: the firm with most strategic money ready, else a sponsor.

    Suppliers whose stakes end with outsiders leave tranches to the sponsor too.
    """
    best = -1
    most = 0.0
    for i in range(w.firms):
        if gives_own_money(gate) and in_business(s, i) and s.strategic_pool[slot, i] > most:
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
