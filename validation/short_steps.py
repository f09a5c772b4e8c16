"""S-6a: adoption, price and beliefs in steps of a month, fed with the model's own path of all the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.model.equations.adoption import (
    adopters_after,
    churn_rate,
    consumer_spending,
    enterprise_spending,
    new_pilots,
    pilots_after,
    users_after,
)
from cardhouse.model.equations.compute_market import contract_price_after, spot_price_after
from cardhouse.model.equations.orders import adaptive_growth
from cardhouse.model.parameters import as_records
from cardhouse.model.replay import replay
from cardhouse.model.setup import ModelSetup
from validation.register import Outcome, check
from validation.worlds import case_setup, run, sampled_parameters

MONTHS = 3
NAMES = ("pilots", "adopters", "users", "enterprise spending", "spot price", "contract price", "growth believed in")


@dataclass(frozen=True)
class Surroundings:
    """What the three blocks take from the rest of the model, by quarter, the base quarter first."""

    capacity: FloatArray
    other_demand: FloatArray
    long_run_price: FloatArray
    density: float

    def at(self, quarter: float) -> tuple[float, float, float]:
        """Return capacity, other demand and long-run price at a time between quarters, on straight lines."""
        times = np.arange(self.capacity.size)
        paths = (self.capacity, self.other_demand, self.long_run_price)
        capacity, other, price = (float(np.interp(quarter, times, path)) for path in paths)
        return capacity, other, price


def surroundings(setup: ModelSetup, parameters: FloatArray, found: dict[str, AnyArray]) -> Surroundings:
    """Take one draw's path of capacity, of demand that is not of end users, and of the long-run price."""
    par = as_records(parameters)[0]
    density = float(replay(setup, parameters[0], 0, 1).state.density_start)
    quarters = np.arange(1, setup.quarters + 1)
    of_users = 4.0 * found["end_user_spending"][0] / (density * (1.0 + par.efficiency_growth) ** quarters)
    other = np.maximum(found["compute_demand"][0] - of_users, 0.0)
    paths = (found["compute_capacity"][0], other, found["long_run_price"][0])
    capacity, other, price = (np.concatenate([path[:1], path]).astype(np.float64) for path in paths)
    return Surroundings(capacity, other, price, density)


def walk(setup: ModelSetup, parameters: FloatArray, around: Surroundings, steps: int) -> FloatArray:
    """Run A1 to A6, B5, B6 and C1 with a number of steps a quarter; return the values of :data:`NAMES` by quarter.

    Rates per quarter are divided by the steps; shares of a gap that closes in a quarter are taken to the power that
    closes the same share in as many steps.
    """
    w, par = setup.world[0], as_records(parameters)[0]
    speed = 1.0 - (1.0 - par.price_adjustment) ** (1.0 / steps)
    gain = 1.0 - (1.0 - par.belief_gain) ** (1.0 / steps)
    pilots, adopters, users, paying = float(w.pilots), float(w.adopters), float(w.users), float(w.paying_share)
    spot, contract = float(w.spot_price), float(w.contract_price)
    believed, before = math.nan, math.nan
    rows = []
    for step in range(1, steps * setup.quarters + 1):
        time = step / steps
        capacity, other, long_run = around.at(time)
        density = around.density * (1.0 + par.efficiency_growth) ** time
        price = contract / w.contract_price * around.density / density
        taken, ending = pilots + adopters, par.pilot_ending_rate / steps
        examples = adopters + par.pilot_imitation_weight * pilots
        started = new_pilots(par.innovation_rate, par.imitation_rate, examples, taken, par.adoption_ceiling) / steps
        churn = churn_rate(par.churn_base, par.churn_benefit_slope, 1.0 / price) / steps
        succeeded = ending * par.pilot_success * pilots
        pilots, adopters = pilots_after(pilots, started, ending), adopters_after(adopters, succeeded, churn)
        users = users_after(users, par.user_growth_rate / steps, max(par.user_ceiling, users))
        active = par.pilot_intensity * pilots + adopters
        firms = enterprise_spending(par.addressable_spend, active, price, par.price_elasticity, 1.0)
        demand = other + 4.0 * (firms + consumer_spending(users, paying, w.fee, 0.0)) / density
        tightness = demand / (par.target_utilisation * capacity)
        spot = max(
            spot_price_after(spot, speed, long_run, tightness, par.price_exponent), par.operating_cost_per_gw_year
        )
        contract = contract_price_after(contract, spot, par.contract_duration * steps)
        if step == steps:
            believed = 0.0
        if step >= steps and not math.isnan(before):
            believed = adaptive_growth(believed, steps * math.log(demand / before), gain)
        before = demand
        if step % steps == 0:
            rows.append((pilots, adopters, users, firms, spot, contract, 1.0 + believed))
    return np.array(rows)


@check(
    "S-6a",
    "A month instead of a quarter, in adoption, prices and beliefs",
    "with the model's own path of capacity, of other demand and of the long-run price, the equations A1 to A6, B5, B6 "
    "and C1 in months agree with the same in quarters within 10 %, as means over draws in every quarter",
    "robustness to discretisation, of the parts whose rates have a step length",
)
def months(full: bool) -> Outcome:
    """Walk three blocks in both steps."""
    setup = case_setup((), {"opening_uncertainty": False})
    rows = sampled_parameters(50 if full else 3, 6)
    paths = np.zeros((2, rows.shape[0], setup.quarters, len(NAMES)))
    for draw, row in enumerate(rows):
        parameters = row[None, :]
        around = surroundings(setup, parameters, run(setup, parameters))
        for place, steps in enumerate((1, MONTHS)):
            paths[place, draw] = walk(setup, parameters, around, steps)
    worst = np.max(np.abs(paths[1] / paths[0] - 1.0), axis=(0, 1))
    means = np.mean(paths, axis=1)
    gaps = np.max(np.abs(means[1] / means[0] - 1.0), axis=0)
    words = ", ".join(f"{name} {gap:.1%} ({one:.1%})" for name, gap, one in zip(NAMES, gaps, worst, strict=True))
    figure = f"{rows.shape[0]} draws; largest difference of means over draws (of one draw): {words}"
    return Outcome(figure, bool(np.all(gaps <= 0.10)))
