"""Who takes cash out of the sector, and what claims it is left with: the figures behind "one clear winner".

The cash that a firm takes out over some quarters is

    taken out = sum(free cash flow - strategic money given + strategic money received)

with free cash flow after interest, tax and capital spending (E4). Money that a supplier gives its customers comes back
as sales: it counts only net. Over the same quarters a firm's books close with

    taken out + outside equity + net new debt - change of cash = paid to owners, less dividends and other receipts

Free cash flow is that of the whole firm: the other business of a platform is in it, because the accounts do not split
capital spending and tax. From its default on a firm's figures are no longer its own: sums end with that quarter.
Nothing here presupposes a winner: who takes most, and how far ahead of the next, is counted draw by draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cardhouse.analysis.bands import good_draws, has_draws, range_of, share_of
from cardhouse.analysis.cast import OPERATING_ROLES, Cast
from cardhouse.analysis.horizons import ends_of
from cardhouse.analysis.records import Range, ShareOfDraws, number
from cardhouse.basics.arrays import BoolArray, FloatArray, IntArray
from cardhouse.simulation.results import Run

CLEAR = 2.0
"""A firm stands out in a draw when it takes out so many times what the next firm does, or more."""
USUAL = 0.5
"""A firm stands out in a run when it does so in this part of the draws."""
_FLOWS = ("free_cash_flow", "strategic_given", "strategic_received", "equity_raised", "ebitda", "capex")
_STOCKS = ("cash", "debt", "stake_value", "backlog", "backlog_impairment")
_NEEDED = (*_FLOWS, *_STOCKS, "new_debt", "rolled_over", "principal_due", "opening_cash", "claims_lost")


@dataclass(frozen=True, kw_only=True)
class CashLine:
    """One firm: the cash that it took out, USD bn over the run, and the claims that it has at the end, USD bn.

    Parameters
    ----------
    entity, name, role : str
        Who.
    ebitda, capex, free_cash_flow, given, received : Range
        Added up over the quarters, to the firm's default where it defaults.
    taken_out : Range
        Free cash flow less strategic money given, plus strategic money received; negative: the sector fed the firm.
    mean : float, optional
        Mean of the same. Means of firms add up, medians do not.
    at : tuple of Range
        Cash taken out by each of the horizons of :class:`CashTaken`.
    part_of_cash : Range
        Its part of the cash of all firms that take any out, draw by draw; 0 where it takes none.
    part_of_ebitda : Range
        Its part of the EBITDA of all operating firms, in draws in which that is positive.
    most, clear : ShareOfDraws
        Draws in which it takes out the most, and at least twice as much as the next.
    outside_money, cash_change, paid_out : Range
        How the books close, in draws in which the firm survives: equity from outside the sector and net new debt;
        change of cash; what was paid to owners, less dividends and other receipts.
    stakes, backlog, at_risk : Range
        In such draws, at the end: stakes in other firms of the model at market value, contracts of other firms not
        delivered yet, and what it must expect to lose on these.
    backlog_start : Range
        Contracts not delivered yet at the end of the first quarter, over all draws.
    never_paid : Range
        Its claims that were never paid, over all draws.
    """

    entity: str
    name: str
    role: str
    ebitda: Range
    capex: Range
    free_cash_flow: Range
    given: Range
    received: Range
    taken_out: Range
    mean: float | None
    at: tuple[Range, ...]
    part_of_cash: Range
    part_of_ebitda: Range
    most: ShareOfDraws
    clear: ShareOfDraws
    outside_money: Range
    cash_change: Range
    paid_out: Range
    stakes: Range
    backlog_start: Range
    backlog: Range
    at_risk: Range
    never_paid: Range


@dataclass(frozen=True, kw_only=True)
class CashTaken:
    """The cash that firms take out of the sector.

    Parameters
    ----------
    horizons : tuple of str
        Quarters to which ``CashLine.at`` adds up.
    lines : tuple of CashLine
        Largest median first.
    leader : str
        Entity that takes out the most in most draws; empty when nobody ever takes any out.
    stands_out : bool
        Whether it takes out at least twice as much as the next in half of the draws or more.
    """

    horizons: tuple[str, ...]
    lines: tuple[CashLine, ...]
    leader: str
    stands_out: bool


@dataclass(frozen=True)
class _Books:
    """Books of operating firms by name, shape (draw, firm): sums of flows to a firm's default, stocks at both ends."""

    places: tuple[int, ...]
    survives: BoolArray
    totals: dict[str, FloatArray]
    start: dict[str, FloatArray]
    end: dict[str, FloatArray]
    borrowed: FloatArray


def cash_taken(run: Run, cast: Cast) -> CashTaken | None:
    """Return who takes cash out; None when the run kept no paths or has no operating firm."""
    places = cast.places(OPERATING_ROLES)
    if not places or not can_add_up(run):
        return None
    ends = ends_of(len(run.coordinates["quarter"]))
    by_end = np.cumsum(_taken(run, places), axis=1)[:, [end - 1 for end in ends]]
    books = _books(run, places)
    first, clear = who_leads(by_end[:, -1])
    found = [_line(run, cast, books, k, by_end, (first, clear)) for k in range(len(places))]
    lines = tuple(sorted(found, key=lambda line: (-(line.taken_out.p50 or 0.0), line.entity)))
    top = max(lines, key=lambda line: line.most.share or 0.0)
    return CashTaken(
        horizons=tuple(run.coordinates["quarter"][end - 1] for end in ends),
        lines=lines,
        leader=top.entity if top.most.share else "",
        stands_out=(top.clear.share or 0.0) >= USUAL,
    )


def can_add_up(run: Run) -> bool:
    """Tell whether a run kept what the sums need, draw by draw."""
    return has_draws(run, *_NEEDED)


def taken_by(run: Run, places: tuple[int, ...], quarters: int) -> FloatArray:
    """Return the cash that firms took out over the first quarters of each good draw, shape (draw, firm)."""
    return np.asarray(_taken(run, places)[:, :quarters].sum(axis=1))


def parts_of_cash(taken: FloatArray) -> FloatArray:
    """Return each firm's part of the cash of all firms that take any out; NaN in a draw in which nobody does.

    >>> parts_of_cash(np.array([[30.0, 10.0, -25.0], [-1.0, -2.0, 0.0]])).tolist()
    [[0.75, 0.25, 0.0], [nan, nan, nan]]
    """
    positive = np.maximum(taken, 0.0)
    return _ratio(positive, positive.sum(axis=1, keepdims=True))


def who_leads(taken: FloatArray) -> tuple[IntArray, BoolArray]:
    """Tell who takes out the most in each draw, and whether that is at least twice as much as the next.

    Parameters
    ----------
    taken : array, shape (draw, firm)
        Cash taken out, USD bn.

    Returns
    -------
    first : array of int, shape (draw,)
        Position of the firm; -1 where no firm takes any out.
    clear : array of bool, shape (draw,)
        Twice the next or more. A firm that is the only one to take any out stands out.

    Examples
    --------
    >>> first, clear = who_leads(np.array([[30.0, 10.0, -25.0], [30.0, 16.0, 0.0], [-1.0, -2.0, 0.0]]))
    >>> first.tolist(), clear.tolist()
    ([0, 0, -1], [True, False, False])
    """
    positive = np.maximum(taken, 0.0)
    top = positive.max(axis=1)
    rest = np.sort(positive, axis=1)[:, :-1].max(axis=1, initial=0.0)
    first = np.where(top > 0.0, positive.argmax(axis=1), -1)
    return first, np.asarray((top > 0.0) & (top >= CLEAR * rest))


def _books(run: Run, places: tuple[int, ...]) -> _Books:
    own = _own(run, places)
    ends = {name: _path(run, name, places)[:, [0, -1]] for name in _STOCKS}
    start, end = ({name: values[:, at] for name, values in ends.items()} for at in (0, 1))
    # debt before the first quarter is no output: what that quarter borrowed and owed says what it added
    new, rolled, due = (_path(run, name, places)[:, 0] for name in ("new_debt", "rolled_over", "principal_due"))
    return _Books(
        places=places,
        survives=np.asarray(good_draws(run, "default_quarter")[:, list(places)] < 0),
        totals={name: np.where(own, _path(run, name, places), 0.0).sum(axis=1) for name in _FLOWS},
        start=start,
        end=end,
        borrowed=end["debt"] - start["debt"] + new + rolled - due,
    )


def _path(run: Run, name: str, places: tuple[int, ...]) -> FloatArray:
    """Return the paths of firms, shape (draw, quarter, firm)."""
    return np.asarray(good_draws(run, name)[:, :, list(places)], dtype=np.float64)


def _own(run: Run, places: tuple[int, ...]) -> BoolArray:
    """Tell in which quarters a firm's figures are its own: to that of its default."""
    when = good_draws(run, "default_quarter")[:, np.newaxis, list(places)]
    quarters = np.arange(len(run.coordinates["quarter"]))[np.newaxis, :, np.newaxis]
    return np.asarray((when < 0) | (quarters <= when))


def _taken(run: Run, places: tuple[int, ...]) -> FloatArray:
    """Return the cash that firms take out in each quarter, 0 after their default, shape (draw, quarter, firm)."""
    taken = _path(run, "free_cash_flow", places) - _path(run, "strategic_given", places)
    return np.where(_own(run, places), taken + _path(run, "strategic_received", places), 0.0)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide; NaN where the whole is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole > 0.0, part / whole, np.nan))


def _line(
    run: Run, cast: Cast, books: _Books, k: int, by_end: FloatArray, leads: tuple[IntArray, BoolArray]
) -> CashLine:
    place = books.places[k]
    alive, per_row = books.survives[:, k], run.sampling.news_per_row
    taken = by_end[:, -1]
    first = leads[0] == k
    equity = books.totals["equity_raised"] - books.totals["strategic_received"]
    outside = (equity + books.borrowed)[alive, k]
    opening = np.asarray(good_draws(run, "opening_cash")[:, place], dtype=np.float64)
    change = (books.end["cash"][:, k] - opening)[alive]
    ebitda = books.totals["ebitda"]
    member = cast.members[place]
    return CashLine(
        entity=member.id,
        name=member.name,
        role=member.role,
        ebitda=range_of(ebitda[:, k]),
        capex=range_of(books.totals["capex"][:, k]),
        free_cash_flow=range_of(books.totals["free_cash_flow"][:, k]),
        given=range_of(books.totals["strategic_given"][:, k]),
        received=range_of(books.totals["strategic_received"][:, k]),
        taken_out=range_of(taken[:, k]),
        mean=number(taken[:, k].mean()),
        at=tuple(range_of(by_end[:, step, k]) for step in range(by_end.shape[1])),
        part_of_cash=range_of(parts_of_cash(taken)[:, k]),
        part_of_ebitda=range_of(_ratio(ebitda, ebitda.sum(axis=1, keepdims=True))[:, k]),
        most=share_of(first, per_row),
        clear=share_of(first & leads[1], per_row),
        outside_money=range_of(outside),
        cash_change=range_of(change),
        # runs keep single precision: what is left of sums that cancel is no payment
        paid_out=range_of(np.round(taken[alive, k] + outside - change, 3) + 0.0),
        stakes=range_of(books.end["stake_value"][alive, k]),
        backlog_start=range_of(books.start["backlog"][:, k]),
        backlog=range_of(books.end["backlog"][alive, k]),
        at_risk=range_of(books.end["backlog_impairment"][alive, k]),
        never_paid=range_of(good_draws(run, "claims_lost")[:, place]),
    )
