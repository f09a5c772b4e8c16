"""The one-hop table "if this firm stops paying": who holds what kind of claim on it, without any assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cardhouse.analysis.circularity.edges import Dollars, total
from cardhouse.network.instrument import Instrument, InstrumentKind, View
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
class ExposureTable:
    """Who is exposed to one firm, and how.

    Parameters
    ----------
    entity : str
        The firm that stops paying.
    totals : tuple of HolderTotal
        By holder and kind of claim, largest headline first.
    stakes_at_value : tuple of StakeValue
        Shares of the firm in the opening balances at its last valuation, largest first.
    valuation : Cell, optional
        That valuation.
    """

    entity: str
    totals: tuple[HolderTotal, ...]
    stakes_at_value: tuple[StakeValue, ...]
    valuation: Cell | None


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
    valuation = snapshot.balance_of(entity_id).get("market_value")
    return ExposureTable(
        entity=entity_id,
        totals=tuple(sorted(totals, key=_largest_first)),
        stakes_at_value=_stakes_at_value(snapshot, entity_id, valuation),
        valuation=valuation,
    )


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
    if claim is Claim.SALES and under_contract:
        return "sales under a contract of the same pair"
    return ""


def _holder_total(rows: list[ClaimRow], size: HolderSize) -> HolderTotal:
    counted = [row.instrument for row in rows if not row.left_out]
    headline, binding, conditional = (_total_of(counted, view) for view in View)
    return HolderTotal(rows[0].holder, rows[0].claim, headline, binding, conditional, tuple(rows), size)


def _total_of(contracts: list[Instrument], view: View) -> Dollars:
    sized = [row for row in contracts if row.amount(view).is_known or not row.headline.is_known]
    return total(*(row.amount(view) for row in sized))


def _size_of(snapshot: NetworkSnapshot, sizes: Mapping[str, HolderSize], holder: str) -> HolderSize:
    items = snapshot.balance_of(holder)
    found = sizes.get(holder, HolderSize())
    return HolderSize(
        market_value=items.get("market_value", found.market_value),
        book_equity=items.get("equity_book", found.book_equity),
    )


def _stakes_at_value(snapshot: NetworkSnapshot, entity_id: str, valuation: Cell | None) -> tuple[StakeValue, ...]:
    if valuation is None or valuation.value is None:
        return ()
    agent = next((entity.agent for entity in snapshot.entities if entity.id == entity_id), None) or entity_id
    found = []
    for holder, items in snapshot.balances.items():
        percent = items.get(f"stake_in_{agent}")
        if percent is not None and percent.value:
            size = HolderSize(items.get("market_value"), items.get("equity_book"))
            found.append(StakeValue(holder, percent, percent.value / 100.0 * valuation.value, size))
    return tuple(sorted(found, key=lambda row: (-row.value, row.holder)))


def _largest_first(row: HolderTotal) -> tuple[bool, float, str, str]:
    value = row.headline.value
    counted = any(not claim.left_out for claim in row.rows)
    return (not counted, -(value or 0.0), row.holder, row.claim.value)
