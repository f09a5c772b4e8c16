"""The economies of Godley and Lavoie's chapters 3 to 5, run on the ledger of the model.

Every payment is a posting of :mod:`cardhouse.model.ledger`; stocks are read from postings and nowhere else. Income
circulates inside a period in rounds: what producers receive they pay out as wages, households pay tax and spend, until
a round is too small to matter. Money is what its issuer has paid out, so that the redundant equation of the book
(money held equals money issued) is tested, not imposed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from cardhouse.basics.arrays import FloatArray
from cardhouse.model.ledger import Kind, Ledger, clear_ledger, kind_of_tag, new_ledger, owe, post, tag_of

HOUSEHOLDS, PRODUCERS, GOVERNMENT, CENTRAL_BANK = range(4)
AGENTS = ("households", "producers", "government", "central bank")
VAULT = 1000.0
"""Notes that the issuer has printed at the start; money in circulation is what has left the vault."""
SMALL = 1e-13
"""A round of spending below this ends the period."""

SPENDING = tag_of(Kind.PUBLIC_SPENDING, "K3")
WAGE = tag_of(Kind.WAGES, "E1")
CONSUMPTION = tag_of(Kind.OTHER_CONSUMPTION, "K2")
TAX = tag_of(Kind.TAX, "E3")
INTEREST = tag_of(Kind.INTEREST, "G0")
PROFIT = tag_of(Kind.INCOME_PASSED_ON, "G0")
ISSUE = tag_of(Kind.NEW_DEBT, "G2")
REDEMPTION = tag_of(Kind.REPAYMENT, "G2")


@dataclass
class Economy:
    """A ledger with four agents, and what its postings have done so far.

    Parameters
    ----------
    issuer : int
        Agent whose notes are money.
    """

    issuer: int
    ledger: Ledger = field(default_factory=new_ledger)
    cash: FloatArray = field(default_factory=lambda: np.zeros(len(AGENTS)))
    flows: FloatArray = field(default_factory=lambda: np.zeros((30, len(AGENTS))))
    worst: float = 0.0

    def __post_init__(self) -> None:
        """Fill the vault."""
        self.cash[self.issuer] = VAULT

    @property
    def money_issued(self) -> float:
        """Notes outside the vault."""
        return float(VAULT - self.cash[self.issuer])

    def pay(self, payer: int, payee: int, tag: int, amount: float) -> None:
        """Post a payment; one below zero runs the other way."""
        if amount < 0.0:
            payer, payee, amount = payee, payer, -amount
        post(self.ledger, self.cash, payer, payee, tag, amount)

    def settle_dues(self) -> None:
        """Pay what is due by posting it; nobody defaults in these economies."""
        for k in range(int(self.ledger.dues)):
            debtor, creditor = int(self.ledger.debtor[k]), int(self.ledger.creditor[k])
            post(
                self.ledger, self.cash, debtor, creditor, int(self.ledger.due_tag[k]), float(self.ledger.due_amount[k])
            )
        self.ledger.dues = 0

    def close_period(self, cash_before: FloatArray) -> None:
        """Take the transaction-flow matrix of the period, test its sums, and clear the ledger."""
        self.flows[:] = 0.0
        for k in range(int(self.ledger.postings)):
            kind = kind_of_tag(int(self.ledger.tag[k]))
            self.flows[kind, int(self.ledger.payer[k])] -= self.ledger.amount[k]
            self.flows[kind, int(self.ledger.payee[k])] += self.ledger.amount[k]
        rows = float(np.abs(self.flows.sum(axis=1)).max())
        columns = float(np.abs(self.flows.sum(axis=0) - (self.cash - cash_before)).max())
        self.worst = max(self.worst, rows, columns, abs(float(self.cash.sum()) - VAULT))
        if self.ledger.overflow:
            self.worst = np.inf
        clear_ledger(self.ledger)

    def flow(self, kind: Kind, agent: int) -> float:
        """Receipts less payments of an agent under one heading in the last period."""
        return float(self.flows[int(kind), agent])


def circulate(economy: Economy, spent: float, tax_rate: float, propensity: float) -> None:
    """Let a first sum paid to producers go round as wages, tax and consumption until it is used up.

    Parameters
    ----------
    economy : Economy
        Its ledger gets the postings.
    spent : float
        What producers have received.
    tax_rate, propensity : float
        Tax per unit of wages, consumption per unit of income after tax.
    """
    while spent > SMALL:
        economy.pay(PRODUCERS, HOUSEHOLDS, WAGE, spent)
        economy.pay(HOUSEHOLDS, GOVERNMENT, TAX, tax_rate * spent)
        spent *= propensity * (1.0 - tax_rate)
        economy.pay(HOUSEHOLDS, PRODUCERS, CONSUMPTION, spent)


@dataclass(frozen=True)
class Period:
    """What one period of an economy leaves behind, all read from postings."""

    income: float
    consumption: float
    tax: float
    wealth: float
    money: float
    bills: float
    bonds: float


def _read(economy: Economy, bills: float, bonds: float, bond_price: float) -> Period:
    money = float(economy.cash[HOUSEHOLDS])
    return Period(
        income=economy.flow(Kind.WAGES, HOUSEHOLDS),
        consumption=-economy.flow(Kind.OTHER_CONSUMPTION, HOUSEHOLDS),
        tax=-economy.flow(Kind.TAX, HOUSEHOLDS),
        wealth=money + bills + bond_price * bonds,
        money=money,
        bills=bills,
        bonds=bonds,
    )


def run_sim(periods: int) -> tuple[list[Period], Economy]:
    """Run model SIM from nothing: government spends 20, taxes 20 per cent, households consume 0.6 and 0.4."""
    economy, history = Economy(GOVERNMENT), []
    for _ in range(periods):
        before = economy.cash.copy()
        from_wealth = 0.4 * float(before[HOUSEHOLDS])
        economy.pay(GOVERNMENT, PRODUCERS, SPENDING, 20.0)
        economy.pay(HOUSEHOLDS, PRODUCERS, CONSUMPTION, from_wealth)
        circulate(economy, 20.0 + from_wealth, 0.2, 0.6)
        economy.close_period(before)
        history.append(_read(economy, 0.0, 0.0, 0.0))
    return history, economy


def run_pc(periods: int, rate_of: Callable[[int], float]) -> tuple[list[Period], Economy]:
    """Run model PC from nothing, with the bill rate of each period.

    Households hold the share 0.635 + 5 r - 0.01 YD/V of their wealth in bills; the central bank takes the rest.
    """
    economy, history = Economy(CENTRAL_BANK), []
    bills, bills_bank, rate_before, wealth = 0.0, 0.0, rate_of(0), 0.0
    for t in range(periods):
        before = economy.cash.copy()
        rate = rate_of(t)
        _serve_bills(economy, bills, bills_bank, rate_before)
        # interest is taxed and consumed from like wages
        interest = bills * rate_before
        economy.pay(HOUSEHOLDS, GOVERNMENT, TAX, 0.2 * interest)
        from_households = 0.4 * wealth + 0.6 * 0.8 * interest
        economy.pay(HOUSEHOLDS, PRODUCERS, CONSUMPTION, from_households)
        economy.pay(GOVERNMENT, PRODUCERS, SPENDING, 20.0)
        circulate(economy, 20.0 + from_households, 0.2, 0.6)
        wealth = float(economy.cash[HOUSEHOLDS]) + bills
        income = wealth - (float(before[HOUSEHOLDS]) + bills) + _consumed(economy)
        wanted = (0.635 + 5.0 * rate) * wealth - 0.01 * income
        bills, bills_bank = _place_bills(economy, bills, bills_bank, wanted)
        economy.close_period(before)
        history.append(_read(economy, bills, 0.0, 0.0))
        rate_before = rate
    return history, economy


def _consumed(economy: Economy) -> float:
    """Consumption posted so far in the open period."""
    ledger = economy.ledger
    used = int(ledger.postings)
    return float(ledger.amount[:used][ledger.tag[:used] == CONSUMPTION].sum())


def _serve_bills(economy: Economy, bills: float, bills_bank: float, rate: float) -> None:
    """Government owes interest on all bills; the central bank hands its profit back."""
    owe(economy.ledger, GOVERNMENT, HOUSEHOLDS, INTEREST, bills * rate)
    owe(economy.ledger, GOVERNMENT, CENTRAL_BANK, INTEREST, bills_bank * rate)
    owe(economy.ledger, CENTRAL_BANK, GOVERNMENT, PROFIT, bills_bank * rate)
    economy.settle_dues()


def _place_bills(economy: Economy, bills: float, bills_bank: float, wanted: float) -> tuple[float, float]:
    """Sell households the bills they want, and the central bank those that balance the budget."""
    economy.pay(HOUSEHOLDS, GOVERNMENT, ISSUE if wanted > bills else REDEMPTION, wanted - bills)
    deficit = -float(economy.cash[GOVERNMENT])
    economy.pay(CENTRAL_BANK, GOVERNMENT, ISSUE if deficit > 0.0 else REDEMPTION, deficit)
    return wanted, bills_bank + deficit


LP: Mapping[str, float] = {
    "bill_constant": 0.44196,
    "bill_own_rate": 1.1,
    "bill_cross_rate": 1.0,
    "bond_constant": 0.3997,
    "bond_own_rate": 1.1,
    "bond_cross_rate": 1.0,
    "transactions": 0.03,
    "tax_rate": 0.1938,
}
"""Published parameters of model LP; households consume 0.8 of expected income and 0.2 of wealth."""


def run_lp(
    periods: int, terms_of: Callable[[int], tuple[float, float]], spending: float = 20.0
) -> tuple[list[Period], Economy]:
    """Run model LP from nothing, with bill rate and bond price of each period; a bond pays 1 a period for ever."""
    economy, history = Economy(CENTRAL_BANK), []
    bills, bills_bank, bonds = 0.0, 0.0, 0.0
    rate_before, price_before = terms_of(0)
    wealth, income_expected = 0.0, 0.0
    for t in range(periods):
        before = economy.cash.copy()
        rate, price = terms_of(t)
        _serve_bills(economy, bills, bills_bank, rate_before)
        owe(economy.ledger, GOVERNMENT, HOUSEHOLDS, INTEREST, bonds)
        economy.settle_dues()
        coupons = bills * rate_before + bonds
        consumption = 0.8 * income_expected + 0.2 * wealth
        economy.pay(HOUSEHOLDS, PRODUCERS, CONSUMPTION, consumption)
        economy.pay(GOVERNMENT, PRODUCERS, SPENDING, spending)
        output = consumption + spending
        economy.pay(PRODUCERS, HOUSEHOLDS, WAGE, output)
        economy.pay(HOUSEHOLDS, GOVERNMENT, TAX, LP["tax_rate"] * (output + coupons))
        wealth_expected = wealth + income_expected - consumption + (price - price_before) * bonds
        wanted_bills, wanted_bonds = _lp_portfolio(wealth_expected, income_expected, rate, price)
        economy.pay(
            HOUSEHOLDS, GOVERNMENT, ISSUE if wanted_bonds > bonds else REDEMPTION, (wanted_bonds - bonds) * price
        )
        bonds = wanted_bonds
        bills, bills_bank = _place_bills(economy, bills, bills_bank, wanted_bills)
        economy.close_period(before)
        history.append(_read(economy, bills, bonds, price))
        wealth = history[-1].wealth
        income_expected = output + coupons - history[-1].tax
        rate_before, price_before = rate, price
    return history, economy


def _lp_portfolio(wealth: float, income: float, rate: float, price: float) -> tuple[float, float]:
    """Bills and bonds that households want; the price of bonds is expected to stay."""
    bond_rate = 1.0 / price
    for_use = LP["transactions"] * income
    bills = wealth * (LP["bill_constant"] + LP["bill_own_rate"] * rate - LP["bill_cross_rate"] * bond_rate) - for_use
    value = wealth * (LP["bond_constant"] - LP["bond_cross_rate"] * rate + LP["bond_own_rate"] * bond_rate) - for_use
    return bills, value / price
