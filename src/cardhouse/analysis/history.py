"""The payments of the past, as far as facts reach: what the money tracer follows before the model begins.

The facts name few payments between firms outright. Every quarter is therefore built from four things that are
published: a firm's revenue, the part of it that is AI business, the payments between named firms, and the finance
raised. AI revenue whose payer no fact names enters with the origin ``unknown``, never with a guess. Where no account
splits a quarter's revenue, the AI part is taken at its share in the base quarter; that share has been rising, so the
unknown part is rather too large than too small. Costs are not published in one form, so what leaves a firm is what
keeps its cash at the opening level.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.tracing import ORIGINS, Fungibility, QuarterFlows, QuarterTrace, trace
from cardhouse.basics.arrays import FloatArray
from cardhouse.basics.quarter import Quarter
from cardhouse.facts.register import Reading, Register
from cardhouse.network.entity import Role
from cardhouse.network.instrument import Instrument, InstrumentKind, Status, Tag
from cardhouse.network.matrices import EntityIndex
from cardhouse.network.snapshot import NetworkSnapshot

FIRST_QUARTER = Quarter(2023, 1)
_OPERATING_ROLES = frozenset({Role.CHIPS, Role.PLATFORM, Role.LEVERAGED_CLOUD, Role.VEHICLE, Role.LAB})
_AI_METRICS = ("revenue_data_center", "revenue_ai")
_REVENUE_KINDS = frozenset({
    InstrumentKind.PURCHASE_COMMITMENT, InstrumentKind.CHIP_ORDER, InstrumentKind.CUSTOMER_REVENUE,
    InstrumentKind.REVENUE_SHARE, InstrumentKind.LEASE,
})  # fmt: skip
_DEBT_KINDS = frozenset({InstrumentKind.LOAN, InstrumentKind.BOND, InstrumentKind.VENDOR_CREDIT})
_FISCAL_QUARTER = re.compile(r"^Q[1-4] ")
_YEAR = re.compile(r"^(CY|FY)\d{4}$")


@dataclass(frozen=True, kw_only=True)
class History:
    """What is known of past payments.

    Parameters
    ----------
    firms : EntityIndex
        The firms traced, in the order of the arrays.
    quarters : tuple of Quarter
        From 2023Q1 to the base quarter.
    flows : tuple of QuarterFlows
        One per quarter.
    opening_cash : array, shape (firm,)
        Cash at the opening of the model, USD bn; used for every quarter.
    covered : array of bool, shape (quarter, firm)
        True where a fact gives the firm's revenue of that quarter.
    """

    firms: EntityIndex
    quarters: tuple[Quarter, ...]
    flows: tuple[QuarterFlows, ...]
    opening_cash: FloatArray
    covered: FloatArray

    def trace(self, rule: Fungibility = Fungibility.MIXED) -> list[QuarterTrace]:
        """Follow the dollars through the past."""
        return trace(self.opening_cash, self.flows, rule)

    def composition(self, rule: Fungibility = Fungibility.MIXED) -> dict[str, FloatArray]:
        """Return the origins of each firm's cash at the base quarter, as shares that sum to 1.

        A firm without any published flow has no entry: its cash keeps the origin ``opening``.
        """
        last = self.trace(rule)[-1].cash
        shares = {}
        for place, name in enumerate(self.firms.ids):
            total = float(last[:, place].sum())
            if total > 0 and self.covered[:, place].any():
                shares[name] = last[:, place] / total
        return shares


def historical_flows(snapshot: NetworkSnapshot, register: Register, first: Quarter = FIRST_QUARTER) -> History:
    """Build the payments of every quarter from ``first`` to the base quarter of the snapshot.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        The case as read: its contracts and opening cells.
    register : Register
        The facts as read, for revenue by period.
    first : Quarter
        Where to begin.
    """
    roles = {entity.id: entity.role for entity in snapshot.entities}
    names = inside_firms(snapshot)
    index = EntityIndex(tuple(names))
    quarters = tuple(first + k for k in range(snapshot.base_quarter - first + 1))
    cash = np.array([_figure(snapshot, name, "cash") for name in names])
    total, ai = _revenue(register, index, quarters)
    paid, raised, outside = _contracts(snapshot.instruments, index, quarters)
    latest = np.array([_ai_share(snapshot, name) for name in names])
    flows, holding = [], cash.copy()
    for place in range(len(quarters)):
        of_ai = np.where(np.isfinite(ai[place]), ai[place], total[place] * latest)
        receipts = _receipts([roles[name] for name in names], total[place], of_ai, paid[place].sum(axis=0))
        entering = receipts.sum(axis=0) + outside[place].sum(axis=0)
        inside = paid[place] + raised[place]
        # nobody pays what it never had: a firm whose receipts no fact gives is treated as funded from unknown sources
        gap = np.maximum(inside.sum(axis=1) - inside.sum(axis=0) - entering, 0.0)
        receipts[ORIGINS.index("unknown")] += gap
        after = holding + inside.sum(axis=0) - inside.sum(axis=1) + entering + gap
        leaving = np.maximum(after - cash, 0.0)
        holding = after - leaving
        flows.append(
            QuarterFlows(
                revenue=paid[place],
                finance=raised[place],
                revenue_from_outside=receipts,
                finance_from_outside=outside[place],
                to_outside=leaving,
            )
        )
    return History(firms=index, quarters=quarters, flows=tuple(flows), opening_cash=cash, covered=np.isfinite(total))


def inside_firms(snapshot: NetworkSnapshot) -> list[str]:
    """List the agents inside the network: operating firms, and equity sponsors that borrow to invest."""
    roles = {entity.id: entity.role for entity in snapshot.entities}
    return [
        name
        for name in snapshot.balances
        if roles[name] in _OPERATING_ROLES
        or (roles[name] is Role.EQUITY_SPONSOR and _figure(snapshot, name, "debt_total") > 0)
    ]


def _figure(snapshot: NetworkSnapshot, agent: str, item: str) -> float:
    cell = snapshot.balances[agent].get(item)
    return 0.0 if cell is None or cell.value is None else max(cell.value, 0.0)


def _ai_share(snapshot: NetworkSnapshot, agent: str) -> float:
    """Return the AI part of the base quarter's revenue; all of it where the opening cells do not tell."""
    ai, other = (_figure(snapshot, agent, f"revenue_{part}_quarter") for part in ("ai", "other"))
    return ai / (ai + other) if ai + other > 0 else 1.0


def _span(reading: Reading) -> tuple[Quarter, int] | None:
    """Return last quarter and number of quarters that an account covers; None for anything that is no account."""
    try:
        end = dt.date.fromisoformat(reading.as_of)
    except ValueError:
        return None
    last = Quarter.of(end - dt.timedelta(days=45))  # the quarter that holds the middle of the period's last quarter
    if _FISCAL_QUARTER.match(reading.period):
        return last, 1
    return (last, 4) if _YEAR.match(reading.period) else None


def _revenue(register: Register, index: EntityIndex, quarters: tuple[Quarter, ...]) -> tuple[FloatArray, FloatArray]:
    """Revenue and AI revenue by quarter and firm; NaN where no account gives it. Quarters first, then years."""
    total = np.full((len(quarters), len(index.ids)), np.nan)
    ai = total.copy()
    spans = [(reading, _span(reading)) for reading in register.readings if reading.subject in index.ids]
    for length in (1, 4):
        for reading, span in spans:
            table = total if reading.metric == "revenue" else ai if reading.metric in _AI_METRICS else None
            if table is not None and span is not None and span[1] == length:
                _fill(table[:, index.ids.index(reading.subject)], quarters, span, reading.value)
    return total, ai


def _fill(column: FloatArray, quarters: tuple[Quarter, ...], span: tuple[Quarter, int], value: float) -> None:
    """Spread an account evenly over those of its quarters that are not known by themselves."""
    places = [k for k, quarter in enumerate(quarters) if 0 <= span[0] - quarter < span[1]]
    known = [k for k in places if np.isfinite(column[k])]
    empty = [k for k in places if not np.isfinite(column[k])]
    if empty:
        column[empty] = max(value - column[known].sum(), 0.0) / (span[1] - len(known))


def _contracts(
    instruments: Iterable[Instrument], index: EntityIndex, quarters: tuple[Quarter, ...]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Payments for goods and for finance (quarter, payer, payee), and outside finance (quarter, origin, firm)."""
    count = len(index.ids)
    paid = np.zeros((len(quarters), count, count))
    raised = np.zeros_like(paid)
    outside = np.zeros((len(quarters), len(ORIGINS), count))
    for row in instruments:
        amount = row.headline.central
        weights = _timing(row, quarters)
        if amount is None or weights is None:
            continue
        payer, payee, origin = _direction(row)
        if payee not in index.ids:
            continue
        target = index.ids.index(payee)
        if payer in index.ids and payer != payee:
            table = paid if row.kind in _REVENUE_KINDS else raised
            table[:, index.ids.index(payer), target] += amount * weights
        elif origin and payer not in index.ids:
            outside[:, ORIGINS.index(origin), target] += amount * weights
    return paid, raised, outside


def _direction(row: Instrument) -> tuple[str, str, str]:
    """Return payer, payee, and the origin of the money if the payer is outside."""
    if row.kind in _REVENUE_KINDS:
        return row.obligor, row.holder, ""
    if row.kind in _DEBT_KINDS:
        return row.holder, row.obligor, "outside_debt"
    return row.holder, row.obligor, "outside_equity" if row.kind is InstrumentKind.EQUITY_STAKE else ""


def _timing(row: Instrument, quarters: tuple[Quarter, ...]) -> FloatArray | None:
    """Share of a payment per quarter; None for a promise, for money that stands elsewhere and for unknown dates."""
    measured = Tag.ACTUAL in row.tags and not row.tags - {Tag.ACTUAL}
    done = row.status is Status.COMPLETED or (row.kind in _DEBT_KINDS and row.status is Status.SIGNED)
    start = row.start or row.signed
    if start is None or not (measured or (done and row.counts)):
        return None
    periodic = row.kind in _REVENUE_KINDS or row.kind is InstrumentKind.EQUITY_STAKE
    begin = Quarter.of(start)
    finish = Quarter.of(row.end) if row.end is not None and periodic else begin
    length = max(finish - begin, 0) + 1
    return np.array([1.0 / length if 0 <= quarter - begin < length else 0.0 for quarter in quarters])


def _receipts(roles: list[Role], total: FloatArray, ai: FloatArray, named: FloatArray) -> FloatArray:
    """Sales outside by origin: a laboratory's come from end users, AI sales without a named payer are unknown."""
    receipts = np.zeros((len(ORIGINS), total.size))
    rest = np.where(np.isfinite(total), np.maximum(total - named, 0.0), 0.0)
    unnamed = np.clip(np.nan_to_num(ai) - named, 0.0, rest)
    laboratory = np.array([role is Role.LAB for role in roles])
    receipts[ORIGINS.index("end_user")] = np.where(laboratory, rest, 0.0)
    receipts[ORIGINS.index("unknown")] = np.where(laboratory, 0.0, unnamed)
    receipts[ORIGINS.index("own_other_business")] = np.where(laboratory, 0.0, rest - unnamed)
    return receipts
