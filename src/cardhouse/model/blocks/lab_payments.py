"""Block F: the cash of a round moves, and the shares with it."""

from __future__ import annotations

from cardhouse.basics.compiled import as_index, compiled
from cardhouse.model.blocks.credit import in_business
from cardhouse.model.equations.lab_funding import tranche_paid
from cardhouse.model.equations.strategic_money import placed_part
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Kind, Ledger, move_net, post, post_within, tag_of
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.rounding import beyond_rounding, remainder
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
def pay_strategic(w: World, gate: Gates, s: State, ledger: Ledger, slot: int) -> None:
    """Collect the strategic money of one round that comes beside outside money (F3).

    Who pays in the end depends on the gates: the giver itself; without wrong-way risk outsiders, to whom the giver
    sells the new stake at cost; in the world of the same money from outside, outsiders alone.
    """
    if s.strategic_total[slot] <= 0.0:
        return
    lab = as_index(w.laboratory[slot])
    for giver in range(w.givers):
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
def pay_replaced(w: World, gate: Gates, s: State, ledger: Ledger, slot: int) -> None:
    """Collect a round in which strategic money replaces outside money one for one (F3e at zero additionality).

    Each outsider's share of the round falls by the same part. Where givers bear no wrong-way risk they sell the stake
    on to the very outsiders whose money they replaced: then shares and cash end as if they had not been there.
    """
    lab = as_index(w.laboratory[slot])
    strategic = 0.0
    for giver in range(w.givers):
        strategic += s.strategic_due[slot, giver]
        if gives_own_money(gate):
            invest(w, s, ledger, (lab, giver, STRATEGIC), s.strategic_due[slot, giver])
    total = s.outside_equity[lab]
    part = min(strategic / total, 1.0) if total > 0.0 else 0.0
    for step in range(w.sponsors + 1):
        # the venture holder first, then sponsors, as in a round without strategic money
        outsider = w.venture_investor if step == 0 else w.sponsor[step - 1]
        due = s.outside_due[slot, outsider]
        if due > 0.0:
            left = due * (1.0 - part)
            if gives_own_money(gate):
                invest(w, s, ledger, (lab, outsider, OUTSIDE), left)
            else:
                _issue_to(w, s, (lab, outsider), due)
                post_within(ledger, outsider, lab, OUTSIDE, left)
                for giver in range(w.givers):
                    placed = placed_part(s.strategic_due[slot, giver], due, total)
                    _post_outsiders(gate, s, ledger, (lab, giver, outsider), placed)
                move_net(s.cash, outsider, lab, due)
    s.strategic_in[lab] += strategic
    s.outside_equity[lab] = remainder(total, strategic)


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
def covered_part(means: float, asked: float) -> float:
    """Part of what is asked that the means cover; the last digit of a sum is no means.

    >>> covered_part(30.0, 120.0), covered_part(1e-14, 120.0), covered_part(5.0, 0.0)
    (0.25, 0.0, 1.0)
    """
    return min(1.0, max(0.0, beyond_rounding(means, asked)) / asked) if asked > 0.0 else 1.0


@compiled
def split_outside(w: World, par: Parameters, s: State) -> None:
    """Split the outside money of all rounds: sponsors by stakes and means, the venture holder the rest (F2, G8).

    A sponsor that lacks means serves every round alike. What it cannot bring, nobody brings in its place.
    """
    for slot in range(w.laboratories):
        part = _part_of_sponsors(w, s, slot)
        s.outside_due[slot, w.venture_investor] = s.outside_equity[as_index(w.laboratory[slot])] * part
    for k in range(w.sponsors):
        sponsor = as_index(w.sponsor[k])
        asked = 0.0
        for slot in range(w.laboratories):
            asked += s.outside_due[slot, sponsor]
        part = covered_part(_sponsor_means(par, s, sponsor) if in_business(s, sponsor) else 0.0, asked)
        for slot in range(w.laboratories):
            s.outside_due[slot, sponsor] *= part
    for slot in range(w.laboratories):
        total = s.outside_due[slot, w.venture_investor]
        for k in range(w.sponsors):
            total += s.outside_due[slot, as_index(w.sponsor[k])]
        s.outside_equity[as_index(w.laboratory[slot])] = total


@compiled(inline=True)
def _part_of_sponsors(w: World, s: State, slot: int) -> float:
    """Ask each sponsor for its part of a round, by its stake; return the part that is left to the venture holder."""
    lab = as_index(w.laboratory[slot])
    owned = s.stake[w.venture_investor, lab]
    for k in range(w.sponsors):
        owned += s.stake[as_index(w.sponsor[k]), lab]
    left = 1.0
    for k in range(w.sponsors):
        sponsor = as_index(w.sponsor[k])
        part = s.stake[sponsor, lab] / owned if owned > 0.0 else 0.0
        s.outside_due[slot, sponsor] = s.outside_equity[lab] * part
        left = remainder(left, part)
    return left


@compiled
def pay_outside(w: World, s: State, ledger: Ledger, slot: int) -> None:
    """Collect the outside money of a round, as it was split (F2)."""
    lab = as_index(w.laboratory[slot])
    invest(w, s, ledger, (lab, w.venture_investor, OUTSIDE), s.outside_due[slot, w.venture_investor])
    for k in range(w.sponsors):
        invest(w, s, ledger, (lab, as_index(w.sponsor[k]), OUTSIDE), s.outside_due[slot, as_index(w.sponsor[k])])


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
    lab, investor = as_index(parties[0]), as_index(parties[1])
    s.pre_money[lab] += amount
    give_shares(w, s, (lab, investor), (amount, s.pre_money[lab]))
    if investor < w.firms:
        # a stake bought at its price changes what the investor owns, not what it is worth
        s.stake_value[investor] += amount
        least = least_value(s.reference_value[investor])
        s.own_value[investor] = max(s.own_value[investor] - amount, least)
        s.fundamental_value[investor] = max(s.fundamental_value[investor] - amount, least)


@compiled
def ask_tranches(w: World, gate: Gates, s: State, slot: int) -> float:
    """Share what falls due on dates and milestones among those who stand behind it (F4); return the amount.

    Givers with strategic money ready stand behind it in proportion to that money, else sponsors in proportion to their
    value, else the venture holder. Suppliers whose stakes end with outsiders leave tranches to sponsors.
    """
    lab = as_index(w.laboratory[slot])
    amount = s.scheduled_due[lab] + s.tranche_due[lab]
    for i in range(w.firms):
        s.tranche_from[slot, i] = 0.0
    s.tranche_from[slot, w.venture_investor] = 0.0
    if amount <= 0.0:
        return 0.0
    ready, value = 0.0, 0.0
    for k in range(w.investors):
        i = as_index(w.investor[k])
        if in_business(s, i):
            ready += s.strategic_pool[slot, i] if gives_own_money(gate) else 0.0
            value += max(s.market_value[i], 0.0) if w.role[i] == EQUITY_SPONSOR else 0.0
    for k in range(w.investors):
        i = as_index(w.investor[k])
        if in_business(s, i) and ready > 0.0:
            s.tranche_from[slot, i] = amount * s.strategic_pool[slot, i] / ready
        elif in_business(s, i) and w.role[i] == EQUITY_SPONSOR and value > 0.0:
            s.tranche_from[slot, i] = amount * max(s.market_value[i], 0.0) / value
    s.tranche_from[slot, w.venture_investor] = amount if ready <= 0.0 and value <= 0.0 else 0.0
    return float(amount)


@compiled
def pay_tranches(w: World, s: State, ledger: Ledger) -> None:
    """Pay what falls due on dates and milestones, as far as givers' cash goes, to every round the same part (F4)."""
    for k in range(w.investors):
        _cover_tranches(w, s, as_index(w.investor[k]))
    _cover_tranches(w, s, w.venture_investor)
    for slot in range(w.laboratories):
        lab = as_index(w.laboratory[slot])
        due = s.scheduled_due[lab] + s.tranche_due[lab]
        if due > 0.0:
            paid = 0.0
            for k in range(w.investors):
                paid += _pay_tranche(w, s, ledger, (slot, as_index(w.investor[k])))
            paid += _pay_tranche(w, s, ledger, (slot, w.venture_investor))
            s.tranche_left[lab] = remainder(s.tranche_left[lab], s.tranche_due[lab] * min(1.0, paid / due))
            s.strategic_in[lab] += paid


@compiled
def _cover_tranches(w: World, s: State, giver: int) -> None:
    """Cut what one giver has promised to all rounds to what its cash covers (F4)."""
    asked = 0.0
    for slot in range(w.laboratories):
        asked += max(s.tranche_from[slot, giver], 0.0)
    if asked <= 0.0:
        return
    cash = s.cash[giver]
    for slot in range(w.laboratories):
        if s.tranche_from[slot, giver] > 0.0:
            means = cash * s.tranche_from[slot, giver] / asked
            s.tranche_from[slot, giver] = tranche_paid(s.tranche_from[slot, giver], 1.0, 1.0, means)


@compiled
def _pay_tranche(w: World, s: State, ledger: Ledger, pair: tuple[int, int]) -> float:
    """Let one giver pay its part of what falls due in one round; ``pair`` is (slot, giver). Return what it pays."""
    slot, giver = pair
    amount = s.tranche_from[slot, giver]
    if amount <= 0.0:
        return 0.0
    invest(w, s, ledger, (as_index(w.laboratory[slot]), giver, TRANCHE), amount)
    return float(amount)


@compiled
def _sponsor_means(par: Parameters, s: State, sponsor: int) -> float:
    """Money a sponsor can bring: half its cash, and no more than keeps its net debt within the margin limit (G8)."""
    holdings = max(s.stake_value[sponsor] + s.other_net_assets[sponsor], 0.0)
    net_debt = s.debt_total[sponsor] - s.cash[sponsor]
    # a dollar invested adds a dollar of net debt and a dollar of holdings
    room = (par.margin_limit * holdings - net_debt) / max(1.0 - par.margin_limit, 0.01)
    return float(max(0.0, min(0.5 * s.cash[sponsor], room)))
