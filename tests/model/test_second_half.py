from __future__ import annotations

import numpy as np

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.compiled import compile_for, compiled, compiling, is_on_disk
from cardhouse.model.chunk import judge_quarter
from cardhouse.model.opening import open_state
from cardhouse.model.recording import record_quarter
from cardhouse.model.second_half import compile_first_half, compile_second_half
from cardhouse.model.settlement import settle
from cardhouse.model.simulate import run_draws
from cardhouse.model.step import conclude, decide
from cardhouse.simulation.model_world import marginals_of


def test_the_halves_compile_for_the_types_that_the_entry_point_uses() -> None:
    experiment = prepare(Request(case="three_firm_ring", draws=1, quarters=1))
    parameters = experiment.request.sampling.parameters(marginals_of(experiment.priors), 0, 1)
    run_draws(experiment.world().setup, parameters, np.arange(1))
    compile_first_half()
    compile_second_half()
    if compiling():
        for half in (decide, settle, conclude, judge_quarter, record_quarter, open_state):
            assert len(half.signatures) == 1, half  # type: ignore[attr-defined]  # a compiled function


def test_a_function_is_compiled_for_examples_without_being_called() -> None:
    @compiled
    def fail_if_called(x: float) -> float:
        return x + 1.0

    compile_for(fail_if_called, 1.5)
    assert is_on_disk(fail_if_called)
