from __future__ import annotations

import numpy as np
import pytest

from cardhouse.basics.arrays import AnyArray
from cardhouse.model.layout import ROOM, new_records
from cardhouse.model.outputs_layout import COPIED, OF_EVERYBODY
from cardhouse.model.packing import Size, by_name, copy_record, new_results, unpacked_results, words_of
from cardhouse.model.state import State
from cardhouse.model.variables import DRAW_VARIABLES, OUTPUTS, QUARTER_VARIABLES, Variable

SIZE = Size(draws=2, quarters=3, agents=5, firms=3)


def _kept(item: Variable, record: AnyArray, field: str) -> np.ndarray:
    """Read from a record what the results must hold of a variable."""
    whole = np.array(record[field][0])
    if "entity" in item.dims:
        whole = whole[: SIZE.agents]
    if "entity" in item.dims and item.name not in OF_EVERYBODY and "quarter" in item.dims:
        whole[SIZE.firms :] = -1 if item.dtype == "<i4" else np.nan
    return whole


def test_every_result_arrives_at_its_place_and_in_its_type() -> None:
    results, state = new_results(SIZE), new_records(State, 1)
    _, _, words, places, blocks = unpacked_results(results)
    sources = {item.name: (state, COPIED[item.name]) for item in QUARTER_VARIABLES if item.name in COPIED}
    sources |= {item.name: (results.quarter_record, item.name) for item in QUARTER_VARIABLES if item.name not in COPIED}
    sources |= {item.name: (results.draw_record, item.name) for item in DRAW_VARIABLES}
    expected: dict[str, list[np.ndarray]] = {item.name: [] for item in OUTPUTS}
    random = np.random.default_rng(1)
    for draw in range(SIZE.draws):
        for variables, tables, rows in (
            (QUARTER_VARIABLES, ((words_of(state), places[0]), (words[0], places[1])), SIZE.quarters),
            (DRAW_VARIABLES, ((words[1], places[2]),), 1),
        ):
            for row in range(rows):
                for item in variables:
                    record, field = sources[item.name]
                    # two times in three a number that four bytes cannot hold exactly
                    record[field] = random.integers(0, 99, record[field].shape) / (1 if item.dtype == "<i4" else 3)
                    expected[item.name].append(_kept(item, record, field))
                for table in tables:
                    copy_record(*table, blocks, SIZE.draws, draw * rows + row)
    found = by_name(results, SIZE.draws)
    assert tuple(found) == tuple(item.name for item in OUTPUTS)
    axes = {"quarter": SIZE.quarters, "entity": SIZE.agents}
    for item in OUTPUTS:
        array = found[item.name]
        assert array.shape == (SIZE.draws, *(axes.get(axis, ROOM.get(axis)) for axis in item.dims)), item.name
        assert array.dtype == np.dtype(item.dtype)
        np.testing.assert_array_equal(array, np.array(expected[item.name]).reshape(array.shape).astype(item.dtype))


def test_no_number_of_a_block_belongs_to_two_variables_or_to_none() -> None:
    results = new_results(SIZE)
    for block in results.blocks:
        block[:] = 0
    for array in by_name(results, SIZE.draws).values():
        np.add(array, 1, out=array)
    assert all((block == 1).all() for block in results.blocks)


@pytest.mark.parametrize("name", ["chip_sales", "outside_equity"])
def test_a_sum_is_not_taken_for_the_field_of_the_same_name(name: str) -> None:
    assert name not in COPIED
    assert COPIED["compute_price"] == "spot_price"


def test_new_room_is_blank() -> None:
    for array in by_name(new_results(SIZE), SIZE.draws).values():
        assert (array == -1).all() if array.dtype == np.dtype("<i4") else np.isnan(array).all()
