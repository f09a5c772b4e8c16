"""The opening of a draw: sourced figures come out, and the books balance, whatever the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cardhouse.casebook.load import load_case, parse_known_on
from cardhouse.model.agents import model_agents
from cardhouse.model.gates import gate_values
from cardhouse.model.layout import ROOM, fields_of, new_record
from cardhouse.model.opening import OUTSIDE_ROUND, STRATEGIC_ROUND, open_state
from cardhouse.model.parameters import as_records
from cardhouse.model.setup import ModelSetup, build_setup
from cardhouse.model.state import State
from cardhouse.scenarios.path import neutral_paths

PLACES = ROOM["varied"] * ROOM["agent"] + ROOM["relation"]


@pytest.fixture(scope="module")
def case() -> Any:
    return load_case("ai_2026")


@pytest.fixture(scope="module")
def setup(case: Any) -> ModelSetup:
    agents, _ = model_agents(case.snapshot)
    quarters = [case.snapshot.base_quarter + 1]
    return build_setup(case.snapshot, case.priors, neutral_paths(quarters, agents), 1, 0)


def opened(case: Any, setup: ModelSetup, values: np.ndarray, *, vary: bool) -> State:
    state = new_record(State)
    gates = gate_values({"opening_uncertainty": vary})
    chance = np.random.default_rng(5).random(PLACES)
    open_state(setup.world[0], gates, as_records(values[None, :])[0], state, chance)
    return state


def test_opening_figures_are_the_sourced_ones(case: Any, setup: ModelSetup):
    state = opened(case, setup, case.priors.values, vary=False)
    for i, agent in enumerate(setup.entity_ids[: setup.firms]):
        balance = case.snapshot.balances[agent]
        assert state.cash[i] == pytest.approx(balance["cash"].value), agent
        assert state.debt_total[i] == pytest.approx(balance["debt_total"].value, abs=0.01), agent
        assert state.market_value[i] == pytest.approx(balance["market_value"].value), agent
        assert state.capacity[i] == pytest.approx(balance["energised_ai_capacity_gw"].value or 0.0), agent


def test_rounds_of_laboratories_lie_in_their_ranges_and_move_on_their_own():
    case = load_case("ai_2026", known_on=parse_known_on("2026-02-13"))
    agents, _ = model_agents(case.snapshot)
    quarters = [case.snapshot.base_quarter + 1]
    setup = build_setup(case.snapshot, case.priors, neutral_paths(quarters, agents), 1, 0)
    world, balance, lab = setup.world[0], case.snapshot.balances["openai"], setup.entity_ids.index("openai")
    places = {"outside": OUTSIDE_ROUND * world.agents, "strategic": STRATEGIC_ROUND * world.agents + world.relations}
    par, on = as_records(case.priors.values[None, :])[0], gate_values({"opening_uncertainty": True})
    before = new_record(State)
    open_state(world, on, par, before, np.full(PLACES, 0.5))
    for name, first in places.items():
        cell = balance[f"{name}_funding_next_quarter"]
        for number, expected in ((0.0, cell.low), (0.5, cell.value), (1.0, cell.high)):
            chance = np.full(PLACES, 0.5)
            chance[first + lab] = number
            state = new_record(State)
            open_state(world, on, par, state, chance)
            assert getattr(state, f"known_{name}")[lab] == pytest.approx(expected)
            pairs = ((field, state[field], before[field]) for field in fields_of(State))
            moved = {field for field, one, other in pairs if not np.array_equal(one, other, equal_nan=True)}
            assert moved <= {f"known_{name}"}
    open_state(world, gate_values({"opening_uncertainty": False}), par, before, np.zeros(PLACES))
    assert before.known_outside[lab] == balance["outside_funding_next_quarter"].value
    # what others raise is a floor of their credit, not money that comes: no range is drawn for it
    assert world.low[OUTSIDE_ROUND, setup.entity_ids.index("amazon")] == 1.0


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_spending_comes_out_for_any_size_of_the_market(case: Any, setup: ModelSetup, share: float):
    values = case.priors.low + share * (case.priors.high - case.priors.low)
    state = opened(case, setup, values, vary=False)
    par = as_records(values[None, :])[0]
    spending = par.addressable_spend / 4.0 * (par.pilot_intensity * state.pilots + state.adopters)
    assert spending == pytest.approx(case.snapshot.market["ai_enterprise_spend_quarter"].value)
    assert state.pilots >= 0.0
    assert state.adopters >= 0.0


def test_books_balance_when_figures_vary_inside_their_ranges(case: Any, setup: ModelSetup):
    state = opened(case, setup, case.priors.values, vary=True)
    moved = 0
    for i, agent in enumerate(setup.entity_ids[: setup.firms]):
        fixed = state.chips_book[i] + state.shells_book[i] + state.construction[i] + state.other_property[i]
        assets = state.cash[i] + fixed + state.stake_book[i] + state.other_net_assets[i]
        owed = state.debt_total[i] + state.lease_liability[i]
        assert assets - owed == pytest.approx(state.book_equity[i], abs=1e-9), agent
        cell = case.snapshot.balances[agent]["cash"]
        assert cell.low - 1e-9 <= state.cash[i] <= cell.high + 1e-9, agent
        moved += abs(state.cash[i] - cell.value) > 1e-6
    assert moved > 5


def test_owners_of_every_firm_hold_all_of_it(case: Any, setup: ModelSetup):
    state = opened(case, setup, case.priors.values, vary=False)
    agents = len(setup.entity_ids)
    np.testing.assert_allclose(state.stake[:agents, : setup.firms].sum(axis=0), 1.0, atol=1e-12)


def test_schedules_of_contracts_use_them_up(case: Any, setup: ModelSetup):
    state = opened(case, setup, case.priors.values, vary=False)
    world = setup.world[0]
    par = as_records(case.priors.values[None, :])[0]
    buyer = setup.entity_ids.index("openai")
    seller = setup.entity_ids.index("oracle")
    r = next(k for k in range(world.relations) if world.buyer[k] == buyer and world.seller[k] == seller)
    ramp = [min(1.0, t / par.compute_contract_ramp) for t in range(1, int(par.compute_contract_life) + 1)]
    billed = sum(world.opening_bill[r] + (state.plateau[r] - world.opening_bill[r]) * part for part in ramp)
    assert billed == pytest.approx(state.backlog[r])


@pytest.mark.parametrize("lag", [4, 5, 7])
def test_orders_on_their_way_reach_to_the_first_new_one(case: Any, setup: ModelSetup, lag: int):
    values = case.priors.values.copy()
    values[case.priors.names.index("construction_lag")] = lag
    state = opened(case, setup, values, vary=False)
    buyer, vehicle = setup.entity_ids.index("amazon"), setup.entity_ids.index("vehicles_oracle")
    known = setup.world[0]["pipeline"]
    last = int(np.flatnonzero(known[buyer])[-1])
    expected = [*known[buyer, : last + 1], *[known[buyer, last]] * 12][:lag]
    np.testing.assert_allclose(state.pipeline[buyer, :lag], expected)
    assert not state.pipeline[buyer, lag:].any()
    np.testing.assert_allclose(state.pipeline[vehicle], known[vehicle])
