from __future__ import annotations

from cardhouse.basics.compiled import compile_for, compiled, compiling, is_on_disk
from cardhouse.model.second_half import compile_second_half
from cardhouse.model.step import conclude


def test_the_second_half_compiles_for_the_types_that_the_entry_point_uses() -> None:
    compile_second_half()
    compile_second_half()
    if compiling():
        assert len(conclude.signatures) == 1  # type: ignore[attr-defined]  # a compiled function


def test_a_function_is_compiled_for_examples_without_being_called() -> None:
    @compiled
    def fail_if_called(x: float) -> float:
        return x + 1.0

    compile_for(fail_if_called, 1.5)
    assert is_on_disk(fail_if_called)
