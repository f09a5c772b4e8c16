"""Memory that draws work in lies on cache lines; what is stored or made from rows of numbers stays packed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cardhouse.model.audit import Audit
from cardhouse.model.carried_state import CarriedState
from cardhouse.model.gates import Gates
from cardhouse.model.layout import CACHE_LINE, Layout, dtype_of, fields_of, new_records
from cardhouse.model.ledger import Ledger
from cardhouse.model.opened_state import OpenedState
from cardhouse.model.outputs_layout import DrawOutputs, QuarterOutputs
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import World


@pytest.mark.parametrize("layout", [OpenedState, CarriedState, State, Ledger, Audit])
def test_arrays_of_working_memory_begin_on_a_cache_line(layout: type[Layout]) -> None:
    fields = dtype_of(layout).fields or {}
    assert [name for name, (kind, place) in fields.items() if kind.shape and place % CACHE_LINE] == []
    records = new_records(layout, 3)
    assert records.ctypes.data % CACHE_LINE == records.strides[0] % CACHE_LINE == 0


def test_no_two_fields_of_a_state_overlap() -> None:
    fields = dtype_of(State).fields or {}
    spans = sorted((place, place + kind.itemsize) for kind, place in fields.values())
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))
    assert spans[-1][1] <= dtype_of(State).itemsize


@pytest.mark.parametrize("layout", [World, Gates, Parameters, QuarterOutputs, DrawOutputs])
def test_what_is_stored_or_made_from_rows_has_no_holes(layout: type[Layout]) -> None:
    kinds = [kind for kind, _ in (dtype_of(layout).fields or {}).values()]
    assert dtype_of(layout).itemsize == sum(kind.itemsize for kind in kinds)
    assert len(kinds) == len(fields_of(layout))
