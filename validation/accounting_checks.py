"""A-1 to A-6: accounting, units, names, splits and postings, in the default case and in random worlds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.model.equation import EQUATIONS
from cardhouse.model.layout import fields_of
from cardhouse.model.ledger import Kind
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.parameters import PARAMETER_NAMES
from cardhouse.model.result_codes import ResultCode
from cardhouse.model.setup import ModelSetup
from cardhouse.model.simulate import DrawJournal, record_draw
from cardhouse.model.variables import OUTPUTS
from cardhouse.model.world import World
from cardhouse.scenarios.variables import GLOBAL_VARIABLES
from validation.altered_cases import BY_PLACE, reordered_setup, split_lender_setup
from validation.register import Outcome, check
from validation.worlds import (
    case_setup,
    central_parameters,
    copy_of_world,
    random_world,
    run,
    sampled_parameters,
    with_world,
)

Results = dict[str, AnyArray]
SINGLE = 2e-6
"""Arrays by entity are kept in single precision; differences below this share of the largest value are rounding."""
DOUBLE = 1e-9


@check(
    "A-1",
    "Identities I1 to I16 without I11 in random worlds",
    "every draw of at least 10,000 random worlds (sample: 200), most of them with defaults, keeps fifteen identities "
    "within 1e-9 relative in every quarter and ends with result code 0; I11, money by origin, is asserted wherever "
    "money is traced",
    "double-entry bookkeeping; identities of the specification",
)
def identities(full: bool) -> Outcome:
    """Run one draw in every random world."""
    base = case_setup()
    count = 10_000 if full else 200
    codes: Counter[int] = Counter()
    worst, with_default = 0.0, 0
    for number in range(count):
        setup, parameters = random_world(base, number)
        found = run(setup, parameters)
        code = int(found["result_code"][0])
        codes[code] += 1
        with_default += int(found["defaults_count"][0] > 0)
        if code == 0:
            worst = max(worst, float(found["worst_residual"][0]))
    broken = {code: number for code, number in sorted(codes.items()) if code != 0}
    words = "; ".join(f"{number} times: {ResultCode(code).sentence}" for code, number in broken.items())
    figure = f"{count} worlds, {with_default} with defaults, largest residual {worst:.0e}; {words or 'none broken'}"
    return Outcome(figure, not broken and bool(np.isfinite(worst)) and worst <= 1e-9 and 2 * with_default > count)


def gap_between(first: Results, second: Results, factor: float = 1.0) -> dict[str, float]:
    """Largest difference of each result, as a share of its largest value in the first run.

    Parameters
    ----------
    first, second : dict of str to array
        Results in the same shape.
    factor : float
        What money of the second run is divided by.
    """
    gaps = {}
    for variable in OUTPUTS:
        left = np.asarray(first[variable.name], dtype=np.float64)
        right = np.asarray(second[variable.name], dtype=np.float64)
        if variable.unit.startswith("USD"):
            right = right / factor
        both_unknown = np.isnan(left) & np.isnan(right)
        size = float(np.nanmax(np.abs(left), initial=0.0))
        difference = np.where(both_unknown, 0.0, np.abs(left - right))
        gaps[variable.name] = float(difference.max(initial=0.0)) / max(size, 1e-12)
    del gaps["worst_residual"]
    return gaps


def same(first: Results, second: Results, factor: float = 1.0) -> tuple[bool, str]:
    """Tell whether all results agree within rounding, in how many draws they do, and where the gap is largest."""
    by_name = {variable.name: DOUBLE if variable.dtype == "<f8" else SINGLE for variable in OUTPUTS}
    worst, worst_name, good = 0.0, "all", 0
    draws = int(np.asarray(first["result_code"]).size)
    for draw in range(draws):
        one = {name: values[draw : draw + 1] for name, values in first.items()}
        other = {name: values[draw : draw + 1] for name, values in second.items()}
        gaps = {name: np.nan_to_num(gap, nan=np.inf) for name, gap in gap_between(one, other, factor).items()}
        name = max(gaps, key=lambda key: gaps[key] / by_name[key])
        good += int(all(gap <= by_name[key] for key, gap in gaps.items()))
        if gaps[name] / by_name[name] > worst / by_name.get(worst_name, DOUBLE):
            worst, worst_name = float(gaps[name]), name
    return good == draws, f"{good} of {draws} draws agree, largest relative difference {worst:.0e} ({worst_name})"


def scaled_setup(setup: ModelSetup, parameters: FloatArray, factor: float) -> tuple[ModelSetup, FloatArray]:
    """Multiply everything that is measured in dollars."""
    world = copy_of_world(setup)
    for name, (_, field) in fields_of(World).items():
        if field.unit.startswith("USD"):
            setattr(world, name, np.asarray(getattr(world, name)) * factor)
    scaled = parameters.copy()
    for name, (_, field) in fields_of(Parameters).items():
        if field.unit.startswith("USD"):
            scaled[:, PARAMETER_NAMES.index(name)] *= factor
    common = setup.common.copy()
    for row, variable in enumerate(GLOBAL_VARIABLES):
        if "USD" in variable.unit:
            common[row] *= factor
    return replace(with_world(setup, world), common=common), scaled


@check(
    "A-2",
    "Units: all money times seven",
    "every result in dollars is seven times as large and every other result the same, within rounding (1e-9, results "
    "by entity 2e-6), over 24 quarters, without and with a scenario of several shocks",
    "invariance under the unit of account",
)
def units(full: bool) -> Outcome:
    """Scale world, parameters and shocks."""
    words, passed = [], True
    for scenarios in ((), ("SIMUL",)):
        setup, parameters = case_setup(scenarios), sampled_parameters(50 if full else 4, 2)
        seven, scaled = scaled_setup(setup, parameters, 7.0)
        good, text = same(run(setup, parameters), run(seven, scaled), 7.0)
        words.append(f"{'+'.join(scenarios) or 'no shock'}: {text}")
        passed = passed and good
    return Outcome("; ".join(words), passed)


@check(
    "A-2b",
    "Units: all money times eight, which rounds nothing",
    "every result in dollars is eight times as large and every other result the same, to the last digit, over 24 "
    "quarters, without and with a scenario of several shocks",
    "invariance under the unit of account, apart from rounding",
)
def units_exactly(full: bool) -> Outcome:
    """Scale by a power of two: arithmetic is the same to the last digit unless the code holds a sum of money."""
    words, passed = [], True
    for scenarios in ((), ("SIMUL",)):
        setup, parameters = case_setup(scenarios), sampled_parameters(50 if full else 4, 2)
        eight, scaled = scaled_setup(setup, parameters, 8.0)
        found, other = run(setup, parameters), run(eight, scaled)
        good = 0
        for draw in range(parameters.shape[0]):
            gaps = gap_between(
                {name: values[draw : draw + 1] for name, values in found.items()},
                {name: values[draw : draw + 1] for name, values in other.items()},
                8.0,
            )
            good += int(all(gap == 0.0 for gap in gaps.values()))
        words.append(f"{'+'.join(scenarios) or 'no shock'}: {good} of {parameters.shape[0]} draws agree")
        passed = passed and good == parameters.shape[0]
    return Outcome("; ".join(words), passed)


def _in_order(results: Results, source: ModelSetup, target: ModelSetup) -> Results:
    """Bring results by entity into another setup's order of entities."""
    place = [source.entity_ids.index(name) for name in target.entity_ids]
    ordered = {}
    for variable in OUTPUTS:
        values = results[variable.name]
        if "entity" in variable.dims:
            values = np.take(values, place, axis=1 + variable.dims.index("entity"))
        ordered[variable.name] = values
    return ordered


@check(
    "A-3",
    "Names and order: entities and contracts listed in reverse",
    "every result of every entity is the same within rounding (1e-9, by entity 2e-6), over 24 quarters; opening "
    "figures at their central values and news off, because their random numbers are dealt by place",
    "invariance under relabelling",
)
def relabelling(full: bool) -> Outcome:
    """Reverse the order of balances, entities and contracts of the case."""
    parameters = sampled_parameters(50 if full else 4, 3)
    setup, reverse = case_setup((), BY_PLACE), reordered_setup()
    if setup.entity_ids == reverse.entity_ids:
        return Outcome("the order did not change", False)
    found = run(setup, parameters)
    good, text = same(found, _in_order(run(reverse, parameters), reverse, setup))
    return Outcome(text, good)


@check(
    "A-4",
    "One lender split in two identical ones",
    "results of all others are the same within rounding, and those of the two halves add up to the whole; "
    "opening figures at their central values",
    "invariance under splitting a creditor",
)
def split_lender(full: bool) -> Outcome:
    """Split the banks."""
    parameters = sampled_parameters(50 if full else 4, 4)
    setup, split, whole, halves = split_lender_setup("banks")
    found, other = run(setup, parameters), run(split, parameters)
    joined = {}
    for variable in OUTPUTS:
        values = other[variable.name]
        if "entity" in variable.dims:
            axis = 1 + variable.dims.index("entity")
            values = np.moveaxis(np.array(values, dtype=np.float64), axis, 0)
            first, second = (split.entity_ids.index(half) for half in halves)
            if variable.unit.startswith("USD"):
                values[first] = values[first] + values[second]
            names = [whole if name == halves[0] else name for name in split.entity_ids]
            values = np.moveaxis(values[[names.index(name) for name in setup.entity_ids]], 0, axis)
        joined[variable.name] = values
    good, text = same(found, joined)
    return Outcome(text, good)


NOTHING_FLOWS = (
    "revenue_ai",
    "revenue_other",
    "ebitda",
    "operating_cash",
    "capex",
    "capex_plan",
    "pipeline",
    "compute_used",
    "compute_bill",
    "debt",
    "headline",
    "binding",
    "opening_bill",
    "outside_round",
    "strategic_round",
    "conditional_tranche",
    "scheduled_tranche",
    "planned_orders",
    "chips_book",
    "shells_book",
    "construction",
    "other_property",
    "margin_loan",
    "outside_backlog",
    "undrawn_lines",
)


@check(
    "A-5",
    "A world in which nothing flows",
    "with sales, debts, contracts, capacity and adoption at zero and marks off, cash, debt and book equity of every "
    "agent stay what they are to the last digit of single precision, and no payment is made, over 24 quarters",
    "stocks change through flows only",
)
def nothing_flows(full: bool) -> Outcome:
    """Empty the case of flows and of what makes them."""
    setup = case_setup((), {"circular_marks": False})
    world = copy_of_world(setup)
    for name in NOTHING_FLOWS:
        setattr(world, name, np.zeros_like(np.asarray(getattr(world, name))))
    world.capacity[:] = 0.0
    for name in ("enterprise_spending", "consumer_spending", "pilots", "adopters", "paying_share", "fee"):
        setattr(world, name, 0.0)
    world.outside_lab_money = world.opening_orders = 0.0
    still = with_world(setup, world)
    parameters = central_parameters(4 if full else 1)
    for name in ("innovation_rate", "imitation_rate", "advertising_per_user", "outside_lab_money"):
        parameters[:, PARAMETER_NAMES.index(name)] = 0.0
    found = run(still, parameters)
    journal = record_draw(still, parameters[0], 0)
    moved = {}
    for name in ("cash", "debt", "book_equity"):
        values = np.asarray(found[name], dtype=np.float64)
        moved[name] = float(np.nanmax(np.abs(values - values[:, :1])))
    moved["cash since the start"] = max(
        abs(journal.closing_cash[agent] - cash) for agent, cash in journal.opening_cash.items()
    )
    paid = float(journal.postings["amount"].sum())
    codes = sorted({ResultCode(int(code)).sentence for code in found["result_code"]})
    words = ", ".join(f"{name} {change:.0e}" for name, change in moved.items())
    still_there = all(change == 0.0 for change in moved.values()) and journal.postings.size == 0
    return Outcome(
        f"largest change: {words}; {journal.postings.size} payments ({paid:.3g} in all); {'; '.join(codes)}",
        still_there,
    )


SALES = ("ai_consumer", "ai_business", "other_sales", "compute_rent", "lease", "chips")
SPENDING = ("chips", "construction", "other_capex")


def _by_quarter(
    journal: DrawJournal, setup: ModelSetup, side: str, kinds: tuple[str, ...], equations: tuple[str, ...] = ()
) -> FloatArray:
    """Add up postings by quarter and firm: what firms received (``payee``) or paid (``payer``)."""
    total = np.zeros((setup.quarters, len(setup.entity_ids)))
    place = {name: i for i, name in enumerate(setup.entity_ids)}
    for posting in journal.postings:
        if posting["kind"] in kinds and (not equations or posting["equation"] in equations):
            total[int(posting["quarter"]) - 1, place[str(posting[side])]] += float(posting["amount"])
    return total[:, : setup.firms]


@check(
    "A-6",
    "Postings reproduce every reported flow",
    "revenue, capital spending, new debt, strategic money and cash of every firm and quarter are sums of postings "
    "within 2e-6 of the largest value; every posting carries an equation of the register; sums by equation add up "
    "to all payments",
    "identity I16, recomputed from the journal outside of the model",
)
def postings(full: bool) -> Outcome:
    """Add up the journal of some draws."""
    worst, unknown, count = {}, set(), 0
    for draw in range(4 if full else 1):
        setup, parameters = case_setup(("SIMUL",) if draw % 2 else ()), sampled_parameters(draw + 1, 5)[-1:]
        found, journal = run(setup, parameters, draw), record_draw(setup, parameters[0], draw)
        count += journal.postings.size
        unknown |= set(np.unique(journal.postings["equation"]).tolist()) - set(EQUATIONS)
        for name, gap in _reported_gaps(found, journal, setup).items():
            worst[name] = max(worst.get(name, 0.0), gap)
        sums = [journal.postings["amount"][journal.postings["equation"] == e].sum() for e in sorted(EQUATIONS)]
        whole = float(journal.postings["amount"].sum())
        worst["sums by equation"] = max(worst.get("sums by equation", 0.0), abs(sum(sums) - whole) / whole)
    name = max(worst, key=lambda key: worst[key])
    figure = f"{count} postings; largest gap {worst[name]:.0e} ({name})"
    figure += f"; unknown equations {sorted(unknown)}" if unknown else ""
    return Outcome(figure, not unknown and all(np.isfinite(gap) and gap <= SINGLE for gap in worst.values()))


def _reported_gaps(found: Results, journal: DrawJournal, setup: ModelSetup) -> dict[str, float]:
    firms = setup.firms
    rebuilt = {
        "revenue": _by_quarter(journal, setup, "payee", SALES),
        "capex": _by_quarter(journal, setup, "payer", SPENDING),
        "strategic_received": _by_quarter(journal, setup, "payee", (Kind.STRATEGIC_EQUITY.name.lower(),)),
    }
    borrowed = _by_quarter(journal, setup, "payee", (Kind.NEW_DEBT.name.lower(),), ("G2", "G3"))
    reported = {name: np.asarray(found[name][0, :, :firms], dtype=np.float64) for name in rebuilt}
    rebuilt["new and rolled debt"] = borrowed
    reported["new and rolled debt"] = np.asarray(
        found["new_debt"][0, :, :firms] + found["rolled_over"][0, :, :firms], dtype=np.float64
    )
    received = _by_quarter(journal, setup, "payee", tuple(kind.name.lower() for kind in Kind))
    spent = _by_quarter(journal, setup, "payer", tuple(kind.name.lower() for kind in Kind))
    opening = np.array([journal.opening_cash[name] for name in setup.entity_ids[:firms]])
    rebuilt["cash"] = opening + np.cumsum(received - spent, axis=0)
    reported["cash"] = np.asarray(found["cash"][0, :, :firms], dtype=np.float64)
    return {
        name: float(np.abs(values - reported[name]).max()) / max(float(np.abs(reported[name]).max()), 1e-9)
        for name, values in rebuilt.items()
    }
