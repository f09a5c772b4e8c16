import numpy as np

from cardhouse.model.layout import new_record
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs
from cardhouse.model.recording import finish_record, record_quarter
from cardhouse.model.state import State
from cardhouse.model.world import World


def test_quarters_of_default_are_places_among_the_simulated_quarters() -> None:
    world, state, out = new_record(World), new_record(State), new_record(DrawOutputs)
    world.agents = 3
    state.code = 0
    # the state counts from 1: a default in the first simulated quarter, one in the fourth, one never
    state.default_quarter[:3] = [4, -1, 1]
    finish_record(world, state, out)
    assert np.asarray(out.default_quarter[:3]).tolist() == [3, -1, 0]
    assert (int(out.first_default_quarter), int(out.defaults_count)) == (0, 2)


def test_a_quarter_keeps_both_gaps_and_the_value_of_stakes() -> None:
    world, state, out = new_record(World), new_record(State), new_record(QuarterOutputs)
    world.agents = world.firms = 2
    state.consumption_gap, state.investment_gap = -12.0, 7.0
    state.stake_value[:2] = [40.0, 0.0]
    record_quarter(world, state, out)
    assert (float(out.consumption_gap), float(out.investment_gap)) == (-12.0, 7.0)
    assert np.asarray(out.stake_value[:2]).tolist() == [40.0, 0.0]
