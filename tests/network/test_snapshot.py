import dataclasses
import pickle

import pytest
from tests.network.builders import cell, entity, network, ring

from cardhouse.basics.errors import NetworkError


def test_a_snapshot_cannot_be_changed():
    snapshot = network([entity("a")], [], {"a": {"cash": cell(1.0)}})
    with pytest.raises(dataclasses.FrozenInstanceError):
        snapshot.entities = ()  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        snapshot.balances["a"]["cash"] = cell(2.0)
    with pytest.raises(TypeError, match="does not support item assignment"):
        snapshot.balances["b"] = {}


def test_a_snapshot_keeps_its_own_copy_of_what_it_was_given():
    items = {"cash": cell(1.0)}
    balances = {"a": items}
    snapshot = network([entity("a")], [], balances)
    items["cash"] = cell(9.0)
    balances["b"] = {}
    assert dict(snapshot.balances) == {"a": {"cash": cell(1.0)}}


def test_a_snapshot_survives_pickling():
    snapshot = dataclasses.replace(ring(), balances={"lab": {"cash": cell(1.0, 0.5, 2.0)}}, market={"rate": cell(4.0)})
    assert snapshot == pickle.loads(pickle.dumps(snapshot))  # noqa: S301  # our own bytes


def test_an_unknown_entity_is_answered_with_the_nearest_name():
    with pytest.raises(NetworkError, match=r"no entity 'clod' .*did you mean 'cloud'"):
        ring().entity("clod")


def test_contracts_of_a_firm_are_those_on_either_side():
    found = [row.id for row in ring().instruments_of("cloud")]
    assert found == ["lab__cloud__compute", "cloud__maker__chips", "cloud__bank__loan"]


def test_the_balance_of_a_group_is_not_given_to_one_of_several_members():
    firms = [entity("iren", agent="clouds"), entity("nebius", agent="clouds"), entity("xai", agent="xai_agent")]
    snapshot = network(firms, [], {"clouds": {"cash": cell(5.0)}, "xai_agent": {"cash": cell(7.0)}})
    assert dict(snapshot.balance_of("iren")) == {}
    assert snapshot.balance_of("xai")["cash"].value == 7.0
