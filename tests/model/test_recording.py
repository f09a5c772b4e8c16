import numpy as np

from cardhouse.model.layout import new_record
from cardhouse.model.outputs_layout import COPIED, DrawOutputs, QuarterOutputs
from cardhouse.model.recording import add_channels, begin_record, finish_record, record_quarter
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


def test_the_value_lost_by_channel_adds_up_over_quarters_for_firms_only() -> None:
    world, state, out = new_record(World), new_record(State), new_record(DrawOutputs)
    world.agents, world.firms = 3, 2
    begin_record(world, state, out)
    for change in ([1.0, 2.0, 3.0, 4.0, 5.0], [0.5, 0.0, -1.0, 0.0, 2.0]):
        state.value_by_channel[:2] = [change, [10.0 * part for part in change]]
        add_channels(world, state, out)
    assert np.asarray(out.loss_by_channel[0]).tolist() == [1.5, 2.0, 2.0, 4.0, 7.0]
    assert np.asarray(out.loss_by_channel[1]).tolist() == [15.0, 20.0, 20.0, 40.0, 70.0]
    assert np.asarray(out.loss_by_channel[2]).tolist() == [0.0] * 5


def test_a_quarter_keeps_what_users_spend_and_its_fields_of_the_state() -> None:
    world, state, out = new_record(World), new_record(State), new_record(QuarterOutputs)
    world.agents = world.firms = 0
    state.enterprise_spending, state.consumer_spending = 30.0, 12.0
    record_quarter(world, state, out)
    assert float(out.end_user_spending) == 42.0
    assert {"consumption_gap", "investment_gap", "stake_value"} <= set(COPIED)
