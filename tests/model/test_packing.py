from __future__ import annotations

import numpy as np

from cardhouse.model.layout import ROOM
from cardhouse.model.packing import by_name, copy_record, new_results, unpacked_results
from cardhouse.model.variables import DRAW_VARIABLES, OUTPUTS, QUARTER_VARIABLES

DRAWS, QUARTERS, AGENTS = 2, 3, 5


def test_every_field_of_every_record_arrives_at_its_place_and_in_its_type() -> None:
    results = new_results(DRAWS, QUARTERS, AGENTS)
    _, _, words, places, blocks = unpacked_results(results)
    expected: dict[str, list[np.ndarray]] = {item.name: [] for item in OUTPUTS}
    random = np.random.default_rng(1)
    for draw in range(DRAWS):
        for variables, record, half, rows in (
            (QUARTER_VARIABLES, results.quarter_record, 0, QUARTERS),
            (DRAW_VARIABLES, results.draw_record, 1, 1),
        ):
            for row in range(rows):
                for item in variables:
                    shape = record[item.name].shape
                    # two times in three a number that four bytes cannot hold exactly
                    record[item.name] = random.integers(0, 99, shape) / (1 if item.dtype == "<i4" else 3)
                    kept = record[item.name][0]
                    expected[item.name].append(np.array(kept[:AGENTS] if "entity" in item.dims else kept))
                copy_record(words[half], places[half], blocks, DRAWS, draw * rows + row)
    found = by_name(results, DRAWS, QUARTERS, AGENTS)
    assert tuple(found) == tuple(item.name for item in OUTPUTS)
    for item in OUTPUTS:
        array = found[item.name]
        axes = {"quarter": QUARTERS, "entity": AGENTS}
        assert array.shape == (DRAWS, *(axes.get(axis, ROOM.get(axis)) for axis in item.dims)), item.name
        assert array.dtype == np.dtype(item.dtype)
        np.testing.assert_array_equal(array, np.array(expected[item.name]).reshape(array.shape).astype(item.dtype))


def test_no_number_of_a_block_belongs_to_two_variables_or_to_none() -> None:
    results = new_results(DRAWS, QUARTERS, AGENTS)
    found = by_name(results, DRAWS, QUARTERS, AGENTS)
    for block in results.blocks:
        block[:] = 0
    for array in found.values():
        np.add(array, 1, out=array)
    assert all((block == 1).all() for block in results.blocks)
