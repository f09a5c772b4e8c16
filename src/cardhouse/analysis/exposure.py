"""The one-hop table "if this firm stops paying": who holds what kind of claim on it, without any assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cardhouse.network.dollars import Dollars
from cardhouse.network.instrument import Instrument, InstrumentKind, View
from cardhouse.network.money import is_share_without_amount
from cardhouse.network.overview import sum_of
from cardhouse.network.snapshot import Cell, NetworkSnapshot


class Claim(StrEnum):
    """What the other party loses, or has to pay, when the firm stops paying."""

    STAKE = "stake"  # shares: money paid in; the value today is a column of its own
    DEBT = "debt"
    LEASE = "lease"  # rent to the end of the base term
    BACKLOG = "backlog"  # orders not yet delivered
    PROMISED_CAPITAL = "promised capital"  # equity that the firm promised to others
    REVENUE_SHARE = "revenue share"
    WARRANT = "warrant"  # rights to the firm's shares
    GUARANTEE_CALLED = "guarantee called"  # the guarantor pays in the firm's place
    GUARANTEE_LOST = "guarantee lost"  # the firm is the guarantor; protection falls away
    SALES = "sales"  # revenue of a period, where no contract is known


_CLAIMS: Mapping[InstrumentKind, Claim] = {
    InstrumentKind.EQUITY_STAKE: Claim.STAKE,
    InstrumentKind.LOAN: Claim.DEBT,
    InstrumentKind.BOND: Claim.DEBT,
    InstrumentKind.VENDOR_CREDIT: Claim.DEBT,
    InstrumentKind.LEASE: Claim.LEASE,
    InstrumentKind.PURCHASE_COMMITMENT: Claim.BACKLOG,
    InstrumentKind.CHIP_ORDER: Claim.BACKLOG,
    InstrumentKind.EQUITY_COMMITMENT: Claim.PROMISED_CAPITAL,
    InstrumentKind.CONDITIONAL_TRANCHE: Claim.PROMISED_CAPITAL,
    InstrumentKind.REVENUE_SHARE: Claim.REVENUE_SHARE,
    InstrumentKind.WARRANT: Claim.WARRANT,
    InstrumentKind.GUARANTEE: Claim.GUARANTEE_LOST,
    InstrumentKind.CUSTOMER_REVENUE: Claim.SALES,
}
# a stake's dates say when it was paid for; these claims end with their contract
_ENDS_WITH_CONTRACT = frozenset({Claim.DEBT, Claim.LEASE, Claim.BACKLOG, Claim.REVENUE_SHARE, Claim.SALES})
# totals that a firm reports, and the claims of the table that are parts of them
_REPORTED: Mapping[str, frozenset[Claim]] = {
    "debt_total": frozenset({Claim.DEBT}),
    "lease_commitments_not_started": frozenset({Claim.LEASE}),
    "purchase_commitments_given_total": frozenset({Claim.BACKLOG}),
}


@dataclass(frozen=True)
class ClaimRow:
    """One contract in the table: the published figures, with their source.

    Parameters
    ----------
    holder : str
        Who loses or has to pay.
    claim : Claim
        What kind of claim it is.
    instrument : Instrument
        The contract with its amounts, dates, status, tier and sources.
    left_out : str
        Why the row enters no total; empty when it does.
    """

    holder: str
    claim: Claim
    instrument: Instrument
    left_out: str


@dataclass(frozen=True)
class HolderSize:
    """How large the holder is.

    Parameters
    ----------
    market_value, book_equity : Cell, optional
        USD bn, with their sources; None when the evidence has none for this holder.
    """

    market_value: Cell | None = None
    book_equity: Cell | None = None


@dataclass(frozen=True)
class HolderTotal:
    """All claims of one kind that one holder has.

    Parameters
    ----------
    holder : str
        Who loses or has to pay.
    claim : Claim
        The kind.
    headline, binding, conditional : Dollars
        Sums over the contracts that may be added; three views, never added to one another.
    rows : tuple of ClaimRow
        The contracts, those left out of the sums included.
    size : HolderSize
        The holder's market value and book equity.
    """

    holder: str
    claim: Claim
    headline: Dollars
    binding: Dollars
    conditional: Dollars
    rows: tuple[ClaimRow, ...]
    size: HolderSize

    def relative_to(self, cell: Cell | None) -> float | None:
        """Divide the headline by a size of the holder; None when either is unknown or the size is not positive."""
        if cell is None or cell.value is None or cell.value <= 0.0 or self.headline.value is None:
            return None
        return self.headline.value / cell.value


@dataclass(frozen=True)
class StakeValue:
    """What a holder's share of the firm is worth at the firm's last valuation.

    Parameters
    ----------
    holder : str
        Agent of the opening balance.
    percent : Cell
        Share of the firm, percent.
    value : float
        USD bn: share times the firm's market value.
    size : HolderSize
        The holder's market value and book equity.
    """

    holder: str
    percent: Cell
    value: float
    size: HolderSize


@dataclass(frozen=True)
class Coverage:
    """How much of what the firm itself reports is named in the table.

    Parameters
    ----------
    item : str
        Item of the opening balance, for example ``debt_total``.
    reported : Cell
        The reported total, with its source.
    named : Dollars
        Sum of the named claims of the same kind, headline; it may exceed the total where a contract is newer.
    """

    item: str
    reported: Cell
    named: Dollars


@dataclass(frozen=True)
class ExposureTable:
    """Who is exposed to one firm, and how.

    Parameters
    ----------
    entity : str
        The firm that stops paying.
    totals : tuple of HolderTotal
        By holder and kind of claim, largest headline first.
    stakes_at_value : tuple of StakeValue
        Shares of the firm in the opening balances at its last valuation, largest first; assumed shares are left out.
    valuation : Cell, optional
        That valuation.
    coverage : tuple of Coverage
        Reported totals beside what the table names.
    vehicles : tuple of str
        Entities that the firm controls; claims on them are not in this table.
    """

    entity: str
    totals: tuple[HolderTotal, ...]
    stakes_at_value: tuple[StakeValue, ...]
    valuation: Cell | None
    coverage: tuple[Coverage, ...]
    vehicles: tuple[str, ...]


def exposure_table(
    snapshot: NetworkSnapshot, entity_id: str, sizes: Mapping[str, HolderSize] | None = None
) -> ExposureTable:
    """List every claim on a firm, one hop away, at the published figures.

    Nothing is discounted, no loss rate is assumed and no second round follows: the table says who holds what, not what
    they would lose.

    Parameters
    ----------
    snapshot : NetworkSnapshot
        The network.
    entity_id : str
        The firm that stops paying.
    sizes : mapping of entity to HolderSize, optional
        Sizes of holders that have no opening balance of their own.

    Raises
    ------
    NetworkError
        When the firm is not in the network.
    """
    snapshot.entity(entity_id)
    known = sizes or {}
    rows = _claim_rows(snapshot, entity_id)
    groups: dict[tuple[str, Claim], list[ClaimRow]] = {}
    for row in rows:
        groups.setdefault((row.holder, row.claim), []).append(row)
    totals = [_holder_total(group, _size_of(snapshot, known, group[0].holder)) for group in groups.values()]
    valuation = _stated(snapshot.balance_of(entity_id), "market_value")
    return ExposureTable(
        entity=entity_id,
        totals=tuple(sorted(totals, key=_largest_first)),
        stakes_at_value=_stakes_at_value(snapshot, entity_id, valuation),
        valuation=valuation,
        coverage=_coverage(snapshot.balance_of(entity_id), rows),
        vehicles=tuple(entity.id for entity in snapshot.entities if entity.parent == entity_id),
    )


def _coverage(items: Mapping[str, Cell], rows: list[ClaimRow]) -> tuple[Coverage, ...]:
    found = []
    for item, claims in _REPORTED.items():
        cell = _stated(items, item)
        if cell is not None and cell.value:
            named = [row.instrument for row in rows if row.claim in claims and not row.left_out]
            found.append(Coverage(item, cell, sum_of(named, View.HEADLINE)))
    return tuple(found)


def _claim_rows(snapshot: NetworkSnapshot, entity_id: str) -> list[ClaimRow]:
    found = []
    for row in snapshot.instruments:
        if row.obligor == entity_id:
            found.append((row.holder, _CLAIMS[row.kind], row))
        elif row.kind is InstrumentKind.GUARANTEE and row.trigger == entity_id:
            found.append((row.obligor, Claim.GUARANTEE_CALLED, row))
    contracted = {holder for holder, claim, row in found if claim in (Claim.BACKLOG, Claim.LEASE) and not row.tags}
    return [
        ClaimRow(holder, claim, row, _why_left_out(snapshot, claim, row, under_contract=holder in contracted))
        for holder, claim, row in found
    ]


def _why_left_out(snapshot: NetworkSnapshot, claim: Claim, row: Instrument, *, under_contract: bool) -> str:
    if row.tags:
        return min(row.tags).value
    if not row.counts:
        return row.status.value.replace("_", " ")
    if claim in _ENDS_WITH_CONTRACT and row.end is not None and row.end < snapshot.as_of:
        return f"ended {row.end}"
    if is_share_without_amount(row):
        return "a share, no amount"
    if claim is Claim.SALES and under_contract:
        return "sales under a contract of the same pair"
    return ""


def _holder_total(rows: list[ClaimRow], size: HolderSize) -> HolderTotal:
    counted = [row.instrument for row in rows if not row.left_out]
    headline, binding, conditional = (sum_of(counted, view) for view in View)
    return HolderTotal(rows[0].holder, rows[0].claim, headline, binding, conditional, tuple(rows), size)


def _size_of(snapshot: NetworkSnapshot, sizes: Mapping[str, HolderSize], holder: str) -> HolderSize:
    items = snapshot.balance_of(holder)
    found = sizes.get(holder, HolderSize())
    return HolderSize(
        market_value=_stated(items, "market_value") or found.market_value,
        book_equity=_stated(items, "equity_book") or found.book_equity,
    )


def _stated(items: Mapping[str, Cell], item: str) -> Cell | None:
    """Return an opening figure unless it is an assumption: this table makes none."""
    cell = items.get(item)
    return None if cell is None or cell.basis == "assumed" else cell


def _stakes_at_value(snapshot: NetworkSnapshot, entity_id: str, valuation: Cell | None) -> tuple[StakeValue, ...]:
    if valuation is None or valuation.value is None:
        return ()
    agent = next((entity.agent for entity in snapshot.entities if entity.id == entity_id), None) or entity_id
    found = []
    for holder, items in snapshot.balances.items():
        percent = _stated(items, f"stake_in_{agent}")
        if percent is not None and percent.value:
            size = HolderSize(_stated(items, "market_value"), _stated(items, "equity_book"))
            found.append(StakeValue(holder, percent, percent.value / 100.0 * valuation.value, size))
    return tuple(sorted(found, key=lambda row: (-row.value, row.holder)))


def _largest_first(row: HolderTotal) -> tuple[bool, float, str, str]:
    value = row.headline.value
    counted = any(not claim.left_out for claim in row.rows)
    return (not counted, -(value or 0.0), row.holder, row.claim.value)
