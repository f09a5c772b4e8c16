"""The loop of the profile by block is a copy of the model's own: it must give the same results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

# Plain Python: the loop is text, and compiling it takes longer than all draws of this test.
SNIPPET = """
import numpy as np
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.model.packing import by_name
from profile_blocks import timed_run

plan = prepare(Request(scenarios=("RUN08",), draws=64, quarters=9)).plan()
# a draw with a default, whose quarter runs again
rows = plan.sampling.parameters(plan.marginals, 0, 64)[[3]]
spent, room = timed_run(plan.world.setup, rows)
timed, own = by_name(room, 1), plan.world.run(rows, np.array([0]))
unlike = [name for name in own if name not in ("regime", "peak_capex")]
unlike = [name for name in unlike if not np.array_equal(timed[name], own[name], equal_nan=True)]
print(unlike, int(own["defaults_count"][0]), min(spent.values()) >= 0, len(spent))
"""


def test_the_profile_runs_the_model_and_nothing_else() -> None:
    environment = {**os.environ, "CARDHOUSE_COMPILE": "0", "PYTHONPATH": os.pathsep.join([str(BENCHMARKS), *sys.path])}
    done = subprocess.run([sys.executable, "-c", SNIPPET], env=environment, capture_output=True, text=True, check=True)
    unlike, defaults, counted, parts = done.stdout.rsplit(maxsplit=3)
    assert (unlike, counted) == ("[]", "True")
    assert int(defaults) > 0
    assert int(parts) > 30
