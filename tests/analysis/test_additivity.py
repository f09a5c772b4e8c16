"""Do losses add up: the whole, the parts, and what is refused."""

import json

import numpy as np
import pytest

from cardhouse.analysis.additivity import ALL, LOSSES, NONE, _sum, add_up, taken_apart, to_plain
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.errors import InputError
from cardhouse.scenarios.catalogue import packaged


def request(*scenarios: str) -> Request:
    return Request(case="three_firm_ring", scenarios=scenarios, draws=4, quarters=6)


def test_the_excess_is_the_whole_less_the_sum_of_the_parts() -> None:
    values = {
        NONE: np.array([1.0, 2.0]),
        "A": np.array([3.0, 2.0]),
        "B": np.array([2.0, 4.0]),
        ALL: np.array([7.0, 5.0]),
    }
    found = _sum(LOSSES[0], values, ["A", "B"])
    # 6 against 2 + 1, and 3 against 0 + 2
    assert (found.parts["A"].mean, found.parts["B"].mean, found.together.mean) == (1.0, 1.5, 4.5)
    assert found.excess.mean == pytest.approx(2.0)
    assert (found.excess.share_up, found.excess.share_down) == (1.0, 0.0)


def test_two_scenarios_on_the_same_draws() -> None:
    found = add_up(prepare(request("PLATEAU", "MONEY")))
    assert (found.scenarios, found.draws, found.dropped) == (("PLATEAU", "MONEY"), 4, 0)
    for line in found.sums:
        whole = sum(part.mean for part in line.parts.values())
        assert line.excess.mean == pytest.approx(line.together.mean - whole, abs=1e-9)
    plain = json.loads(json.dumps(to_plain(found), allow_nan=False))
    assert set(plain["losses"]) == {loss.key for loss in LOSSES}


def test_a_scenario_made_of_others_is_taken_apart_at_its_own_time() -> None:
    parts = taken_apart(packaged("SIMUL"))
    assert [part.id for part in parts] == ["ORACLE", "WALL", "LABFAIL"]
    assert tuple(shock for part in parts for shock in part.shocks) == packaged("SIMUL").shocks


@pytest.mark.parametrize("names", [("PLATEAU",), ("PLATEAU", "PLATEAU")])
def test_one_part_or_the_same_twice_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=r"two scenarios|named once"):
        add_up(prepare(request(*names)))
