"""Views of one draw's ledger: transaction-flow and balance-sheet matrices with computed totals.

The form is that of Godley and Lavoie (2007, tables 2.2 and 2.5): a column is a sector or an agent, a row a kind of
payment or of asset. In the flow matrix a receipt is positive and a payment negative; in the balance-sheet matrix an
asset is positive and a liability negative. Totals are added up here from the cells; nothing is forced to zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.basics.identifiers import suggestion
from cardhouse.model.ledger import Kind
from cardhouse.model.replay import Replay, replay
from cardhouse.model.setup import ModelSetup

SECTORS: dict[str, tuple[str, ...]] = {
    "households": ("households",),
    "other firms": ("other_firms",),
    "labs": ("laboratory",),
    "clouds": ("platform", "leveraged_cloud"),
    "vehicles": ("vehicle",),
    "chips": ("chips",),
    "suppliers": ("suppliers",),
    "funds": ("equity_sponsor", "holder"),
    "lenders": ("lender",),
    "state": ("government",),
}
"""Sectors of the flow matrix and the roles in each, in the order of the columns."""

KIND_LABELS: dict[str, str] = {
    "ai_consumer": "AI subscriptions and ads",
    "ai_business": "AI spending by firms",
    "other_sales": "other business",
    "other_consumption": "other consumption",
    "compute_rent": "compute rental",
    "lease": "site and capacity leases",
    "chips": "chips and systems (k)",
    "construction": "construction (k)",
    "operating_cost": "power and supplies",
    "wages": "wages",
    "tax": "taxes",
    "public_spending": "public spending",
    "interest": "interest",
    "income_passed_on": "income passed on",
    "payout": "dividends and buybacks",
    "new_debt": "new debt",
    "repayment": "repayment",
    "outside_equity": "outside equity issued",
    "strategic_equity": "strategic finance",
    "saver_contribution": "contributions to funds",
    "saver_lending": "saver lending",
    "other_capex": "other capital spending (k)",
    "bankruptcy_cost": "cost of bankruptcy",
    "stake_sale": "sale of stakes and assets",
    "public_support": "public support",
    "contract_damages": "contract damages",
    "securities": "public securities",
}
"""Words for each kind of payment, in the order of the rows."""

DEBT_CLASSES = ("bonds", "loans", "asset-backed notes", "vendor credit", "convertibles")


FLOWS_NOTE = (
    "Positive is money received, negative money paid; the last row is minus the change in deposits, so that "
    "columns sum to zero."
)
BALANCE_NOTE = (
    "Positive is an asset, negative a liability; the last row is minus net worth, so that columns sum to zero. "
    "Deposits, debt and shares have both sides here and sum to zero; real assets have no debtor, and other net "
    "assets and leases are owed from or to outside the model. Of the assets of lenders only loans to the sector "
    "are modelled, though they owe everybody's deposits, and what funds, pensions and the government owe savers "
    "is not modelled: the net worth of these is a balancing figure."
)


@dataclass(frozen=True, eq=False)
class Matrix:
    """A labelled matrix of amounts in USD bn.

    Parameters
    ----------
    title : str
        What it shows, with its quarter.
    rows, columns : tuple of str
        Labels.
    values : array, shape (row, column)
        Amounts, USD bn; flows per quarter.
    note : str
        What a reader must know of its signs and of what it leaves out.

    Examples
    --------
    >>> matrix = Matrix("flows", ("wages",), ("households", "chips"), np.array([[3.0, -3.0]]))
    >>> matrix.row_totals.tolist(), matrix.column_totals.tolist()
    ([0.0], [3.0, -3.0])
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    note: str = ""

    @property
    def row_totals(self) -> FloatArray:
        """Sum of each row, shape (row,)."""
        totals: FloatArray = self.values.sum(axis=1)
        return totals

    @property
    def column_totals(self) -> FloatArray:
        """Sum of each column, shape (column,)."""
        totals: FloatArray = self.values.sum(axis=0)
        return totals

    def to_json(self) -> dict[str, object]:
        """Return the matrix with its totals as plain values."""
        return {
            "title": self.title,
            "unit": "USD bn",
            "columns": list(self.columns),
            "rows": [
                {"label": label, "values": [float(v) for v in line], "total": float(total)}
                for label, line, total in zip(self.rows, self.values, self.row_totals, strict=True)
            ],
            "column_totals": [float(v) for v in self.column_totals],
        }


def flow_matrix(postings: AnyArray, group: Mapping[str, str], title: str) -> Matrix:
    """Build the transaction-flow matrix of one quarter's postings.

    Parameters
    ----------
    postings : structured array
        With fields ``payer``, ``payee``, ``kind``, ``amount``, as a draw's journal has them.
    group : mapping of str to str
        Column of each agent; the order of first appearance is the order of the columns.
    title : str
        Title of the matrix.

    Returns
    -------
    Matrix
        One row per kind that occurs, then the change in deposits, which balances each column.

    Examples
    --------
    >>> dtype = [("payer", "U9"), ("payee", "U9"), ("kind", "U9"), ("amount", "f8")]
    >>> postings = np.array([("lab", "cloud", "compute_rent", 5.0)], dtype=dtype[:2] + [("kind", "U12")] + dtype[3:])
    >>> matrix = flow_matrix(postings, {"lab": "labs", "cloud": "clouds"}, "flows")
    >>> matrix.rows, matrix.values.tolist()
    (('compute rental', 'change in deposits'), [[-5.0, 5.0], [5.0, -5.0]])
    """
    columns = tuple(dict.fromkeys(group.values()))
    place = {column: k for k, column in enumerate(columns)}
    kinds = [kind for kind in KIND_LABELS if kind in set(postings["kind"].tolist())]
    values = np.zeros((len(kinds) + 1, len(columns)))
    line = {kind: k for k, kind in enumerate(kinds)}
    for posting in postings:
        row = line[str(posting["kind"])]
        values[row, place[group[str(posting["payer"])]]] -= posting["amount"]
        values[row, place[group[str(posting["payee"])]]] += posting["amount"]
    values[-1] = -values[:-1].sum(axis=0)
    return Matrix(title, (*(KIND_LABELS[kind] for kind in kinds), "change in deposits"), columns, values, FLOWS_NOTE)


def balance_matrix(found: Replay, setup: ModelSetup, group: Mapping[str, str], title: str) -> Matrix:
    """Build the balance-sheet matrix at the end of a quarter.

    Deposits are a liability of the lenders, debt of the borrowers, shares of their issuers at market value; real assets
    are at economic value. Net worth balances each column.
    """
    columns = tuple(dict.fromkeys(group.values()))
    sum_over = np.zeros((len(setup.entity_ids), len(columns)))
    for i, agent in enumerate(setup.entity_ids):
        sum_over[i, columns.index(group[agent])] = 1.0
    lines = _stocks(found, setup)
    values = np.array([line @ sum_over for line in lines.values()])
    worth = -values.sum(axis=0)
    return Matrix(title, (*lines, "net worth"), columns, np.vstack([values, worth]), BALANCE_NOTE)


def _stocks(found: Replay, setup: ModelSetup) -> dict[str, FloatArray]:
    """Return one line of amounts by agent for every kind of asset and liability."""
    s, n, firms = found.state, len(setup.entity_ids), setup.firms
    slots = int(setup.world[0].lenders)
    lenders = np.array(setup.world[0].lender_agent[:slots])
    lines: dict[str, FloatArray] = {}
    deposits = np.array(s.cash[:n])
    banks = np.array([role == "lender" for role in setup.roles])
    held = np.where(banks, deposits, 0.0).sum()
    weight = np.where(banks, deposits, 0.0) / held if held > 0.0 else banks / max(banks.sum(), 1)
    lines["deposits"] = deposits - weight * deposits.sum()
    debt = np.array(s.debt_total[:firms])
    by_lender = np.array(s.debt_by_lender[:firms, :slots])
    for c, name in enumerate(DEBT_CLASSES):
        owed = np.array(s.debt_by_class[:firms, c])
        line = np.zeros(n)
        line[:firms] -= owed
        share = np.divide(by_lender, debt[:, None], out=np.zeros_like(by_lender), where=debt[:, None] > 0.0)
        np.add.at(line, lenders, owed @ share)
        lines[name] = line
    value = np.array(s.market_value[:firms])
    shares = np.array(s.stake[:n, :firms]) @ value
    shares[:firms] -= value * np.array(s.stake[:n, :firms]).sum(axis=0)
    lines["shares at market value"] = shares
    for name, field in (
        ("chips (economic value)", s.chips_economic),
        ("shells and power", s.shells_book),
        ("construction and prepaid orders", s.construction),
        ("other property", s.other_property),
        ("other net assets", s.other_net_assets),
    ):
        line = np.zeros(n)
        line[:firms] = field[:firms]
        lines[name] = line
    leases = np.zeros(n)
    leases[:firms] = -np.array(s.lease_liability[:firms])
    lines["leases owed to others"] = leases
    return lines


def sector_of_agents(setup: ModelSetup) -> dict[str, str]:
    """Return the sector of every agent, sectors in the order of :data:`SECTORS`."""
    sector = {role: name for name, roles in SECTORS.items() for role in roles}
    order = list(SECTORS)
    found = {agent: sector[role] for agent, role in zip(setup.entity_ids, setup.roles, strict=True)}
    return dict(sorted(found.items(), key=lambda item: order.index(item[1])))


def ledger_view(setup: ModelSetup, row: FloatArray, draw: int, choice: Sequence[str]) -> Matrix:
    """Recompute a draw up to a quarter and return one of its matrices.

    Parameters
    ----------
    setup : ModelSetup
        World of the run.
    row : array, shape (parameter,)
        The draw's parameters.
    draw : int
        Number of the draw's random stream.
    choice : (quarter, matrix, columns)
        Quarter as ``2027Q2``; ``flows`` or ``balance``; ``sector`` or ``agent``.

    Raises
    ------
    InputError
        When the run has no such quarter or there is no such matrix.
    """
    quarter, matrix, columns = choice
    labels = setup.quarter_labels
    for key, value, allowed in (
        ("quarter", quarter, labels),
        ("matrix", matrix, ("flows", "balance")),
        ("by", columns, ("sector", "agent")),
    ):
        if value not in allowed:
            rule = f"one of {allowed[0]} to {allowed[-1]}" if key == "quarter" else f"one of {', '.join(allowed)}"
            remedy = suggestion(value, allowed)
            raise InputError("", (Problem(file="ledger", key=key, value=value, rule=rule, remedy=remedy),))
    found = replay(setup, row, draw, labels.index(quarter) + 1)
    group = sector_of_agents(setup) if columns == "sector" else {agent: agent for agent in setup.entity_ids}
    if matrix == "flows":
        title = f"Transaction flows of {quarter}, USD bn"
        return flow_matrix(found.postings, group, title)
    return balance_matrix(found, setup, group, f"Balance sheets at the end of {quarter}, USD bn")


def unlabelled_kinds() -> tuple[str, ...]:
    """Name kinds of payment that the flow matrix has no words for; empty when all have."""
    return tuple(kind.name.lower() for kind in Kind if kind.name.lower() not in KIND_LABELS)
