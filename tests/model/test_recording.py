import numpy as np

from cardhouse.model.layout import new_record
from cardhouse.model.outputs_layout import DrawOutputs
from cardhouse.model.recording import finish_record
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
