from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from cardhouse.basics.arrays import within
from cardhouse.basics.compiled import as_index, compiled, compiling, lowest_bit, prefetch

SNIPPET = """
import numpy as np
from cardhouse.basics.streams import fill_normal
out = np.empty(7)
fill_normal(out, 11, 4, 2)
print(out.tolist())
"""


def in_a_process(compile_flag: str) -> str:
    environment = {**os.environ, "CARDHOUSE_COMPILE": compile_flag, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", SNIPPET], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_compiled_form_and_plain_python_give_the_same_numbers() -> None:
    machine = [float(x) for x in in_a_process("1").strip("[]\n").split(",")]
    plain = [float(x) for x in in_a_process("0").strip("[]\n").split(",")]
    assert all(within(a, b, 1e-14) for a, b in zip(machine, plain, strict=True))


def test_division_by_zero_does_not_raise_in_compiled_code() -> None:
    @compiled
    def ratio(a: float, b: float) -> float:
        return a / b

    assert ratio(1.0, 0.0) == float("inf")


def test_nan_never_passes_a_tolerance() -> None:
    assert not within(float("nan"), float("nan"), 1.0)
    assert not within(float("inf"), float("inf"), 1.0)


def sum_ahead(values: np.ndarray, order: np.ndarray, ahead: int) -> float:
    total = 0.0
    for step in range(order.size):
        prefetch(values, order[step] + ahead)
        total += values.flat[order[step]]
    return total


@pytest.mark.parametrize("ahead", [0, 5, -(10**9), 10**12])
@pytest.mark.parametrize("shape", [(12,), (6, 2)])
def test_asking_ahead_changes_no_number_even_outside_the_array(shape: tuple[int, ...], ahead: int) -> None:
    values, order = np.arange(12.0).reshape(shape) ** 2, np.array([11, 0, 7, 7])
    assert compiled(sum_ahead)(values, order, ahead) == sum_ahead(values, order, ahead) == 121.0 + 49.0 + 49.0


@pytest.mark.skipif(not compiling(), reason="plain Python asks for nothing")
def test_asking_ahead_is_an_instruction_of_the_machine() -> None:
    machine = compiled(sum_ahead)
    machine(np.ones(3), np.array([0, 2]), 1)
    assert "call void @llvm.prefetch" in "".join(machine.inspect_llvm().values())


def test_asking_ahead_does_nothing_in_plain_python() -> None:
    text = "from cardhouse.basics.compiled import prefetch\nimport sys\nprint(prefetch([], 7), 'numba' in sys.modules)"
    environment = {**os.environ, "CARDHOUSE_COMPILE": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "False"]


def count_promised(places: np.ndarray, found: np.ndarray) -> None:
    for k in range(places.size):
        found[as_index(places[k])] += 1


def count_unpromised(places: np.ndarray, found: np.ndarray) -> None:
    for k in range(places.size):
        found[places[k]] += 1


def test_a_promised_index_is_the_index() -> None:
    places, machine, plain = np.array([2, 0, 2, 3]), np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    compiled(count_promised)(places, machine)
    count_promised(places, plain)
    assert machine.tolist() == plain.tolist() == [1, 0, 2, 1]


@pytest.mark.skipif(not compiling(), reason="plain Python tests every index")
def test_a_promised_index_is_not_tested_for_counting_from_the_end() -> None:
    def tests_of_signs(function: Callable[[np.ndarray, np.ndarray], None]) -> int:
        machine = compiled(function)
        machine(np.array([1]), np.zeros(4, dtype=np.int64))
        # without the promise, every number read is held against zero and the length is added or not
        return "".join(machine.inspect_llvm().values()).count("= select i1")

    assert tests_of_signs(count_promised) == 0 < tests_of_signs(count_unpromised)


@pytest.mark.skipif(not compiling(), reason="plain Python puts nothing into its callers")
@pytest.mark.parametrize("inline", [True, False])
def test_code_is_put_into_its_caller_on_request(inline: bool) -> None:
    @compiled(inline=inline)
    def a_step_with_an_odd_name(values: np.ndarray, place: int) -> float:
        return values[place] + values[place + 1]

    @compiled
    def caller(values: np.ndarray) -> float:
        return a_step_with_an_odd_name(values, 0) * a_step_with_an_odd_name(values, 1)

    assert caller(np.array([1.0, 2.0, 3.0])) == 15.0
    definitions = a_step_with_an_odd_name.inspect_llvm().values()
    assert any("alwaysinline" in text for text in definitions) == inline


def list_members(bits: int, found: np.ndarray) -> int:
    left, count = bits, 0
    while left != 0:
        found[count] = lowest_bit(left)
        count += 1
        left &= left - 1
    return count


@pytest.mark.parametrize("members", [[0], [62], [0, 1, 39], [5, 17, 40, 61]])
def test_a_set_kept_as_bits_gives_its_members_in_order(members: list[int]) -> None:
    bits, machine, plain = sum(1 << member for member in members), np.zeros(63), np.zeros(63)
    assert compiled(list_members)(bits, machine) == list_members(bits, plain) == len(members)
    assert machine[: len(members)].tolist() == plain[: len(members)].tolist() == members


@pytest.mark.skipif(not compiling(), reason="plain Python counts otherwise")
def test_the_lowest_bit_is_an_instruction_of_the_machine() -> None:
    machine = compiled(list_members)
    machine(5, np.zeros(3))
    assert "@llvm.cttz" in "".join(machine.inspect_llvm().values())
