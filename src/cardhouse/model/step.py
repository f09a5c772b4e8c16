"""One quarter of one world, from top to bottom: decide, write what is owed, raise money, settle, revalue, learn."""

from __future__ import annotations

from cardhouse.basics.compiled import compiled
from cardhouse.model.blocks.adoption import decide_spending
from cardhouse.model.blocks.circuit import close_circuit
from cardhouse.model.blocks.commitments import bill_contracts, close_contracts, schedule_contracts
from cardhouse.model.blocks.compute_market import energise_capacity, match_demand, revalue_chips, set_prices
from cardhouse.model.blocks.credit import owe_debt_service, set_terms, update_credit
from cardhouse.model.blocks.economy import update_economy
from cardhouse.model.blocks.equity_market import draw_news, reprice, update_sentiment
from cardhouse.model.blocks.expectations import weigh_expectations
from cardhouse.model.blocks.income import (
    book_life,
    close_books,
    close_equity,
    expect_earnings,
    run_business,
    take_positions,
)
from cardhouse.model.blocks.inheritance import pass_on_capacity
from cardhouse.model.blocks.lab_funding import raise_rounds
from cardhouse.model.blocks.levers import pull_levers
from cardhouse.model.blocks.orders import (
    owe_deliveries,
    place_orders,
    plan_orders,
    postpone_deliveries,
    update_beliefs,
)
from cardhouse.model.blocks.rollover import roll_over_and_borrow
from cardhouse.model.blocks.stakes import mark_stakes
from cardhouse.model.blocks.warrants import vest_warrants
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.quarter_start import begin_quarter
from cardhouse.model.settlement import Clearing, settle
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World


@compiled
def decide(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """First half of a quarter: the real side moves, dues are written, money is raised, orders are placed."""
    begin_quarter(w, s, ledger)
    draw_news(w, gate, par, shock, s)  # 0  H5
    postpone_deliveries(w, gate, par, s)  # 1  C5
    energise_capacity(w, par, shock, s)  # 1  B2
    decide_spending(w, gate, par, shock, s)  # 2  A
    schedule_contracts(w, par, shock, s)  # 3  D1
    match_demand(w, gate, par, shock, s)  # 3  B1, B3, B4
    set_prices(gate, par, shock, s)  # 3  B5 to B7
    set_terms(w, gate, par, shock, s)  # 3  G1, G2
    bill_contracts(w, gate, par, shock, s, ledger)  # 4  D1 to D3
    run_business(w, par, s, ledger)  # 4  E1
    owe_deliveries(w, par, s, ledger)  # 4  C5
    expect_earnings(w, s, ledger)  # 4  E1
    owe_debt_service(w, s, ledger)  # 5  G
    take_positions(w, par, s, ledger, book_life(par, shock))  # 5
    plan_orders(w, gate, par, shock, s)  # 6  C2 to C4
    raise_rounds(w, gate, par, shock, s, ledger)  # 6  F
    vest_warrants(w, gate, s)  # 6  F6
    roll_over_and_borrow(w, gate, par, shock, s, ledger)  # 6  G3, G2
    pull_levers(w, gate, par, shock, s, ledger)  # 6  L
    place_orders(w, gate, par, s, ledger)  # 7  C5


@compiled(cache=True)
def conclude(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """Second half, after settlement: books, values, beliefs, the economy."""
    pass_on_capacity(w, gate, par, s, ledger)  # 8  J6
    close_books(w, gate, par, shock, s, ledger)  # 9  E1 to E5
    revalue_chips(gate, par, shock, s)  # 9  B8, J3
    reprice(w, gate, par, shock, s)  # 9  H1, H3, H4
    mark_stakes(w, gate, s)  # 9  I1, I2, F7
    close_equity(w, s)  # 9  E3
    close_contracts(w, s)  # 9  D
    weigh_expectations(w, par, s)  # 9  D4 to D6
    update_beliefs(w, gate, par, s)  # 10  C1, C6
    update_credit(w, gate, par, shock, s)  # 10  G5 to G7
    update_sentiment(w, gate, par, shock, s)  # 10  H2, H7
    update_economy(w, gate, par, shock, s)  # 11  K
    close_circuit(w, s, ledger)  # 11


@compiled
def advance(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, books: tuple[Ledger, Clearing]) -> None:
    """Move one world forward by one quarter."""
    ledger, clearing = books
    decide(w, gate, par, shock, s, ledger)
    settle(w, gate, par, s, ledger, clearing)  # 8  D, J
    conclude(w, gate, par, shock, s, ledger)
