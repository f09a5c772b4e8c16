from __future__ import annotations

import os
import subprocess
import sys

from cardhouse.basics.arrays import within
from cardhouse.basics.compiled import compiled

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
