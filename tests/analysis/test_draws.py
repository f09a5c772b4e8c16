from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from cardhouse.analysis.circularity.of_draws import circularity_of_draws
from cardhouse.analysis.draws import asked_draws, stored_draws
from cardhouse.analysis.experiment import Request, prepare
from cardhouse.analysis.history import inside_firms
from cardhouse.analysis.origins import trace_future
from cardhouse.basics.errors import InputError, StoreError
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import open_run, start_run

REQUEST = Request(draws=5, quarters=6, scenarios=("SIMUL",), off=("wealth_effect",), seed=7)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("runs") / "one"
    start_run(prepare(REQUEST).plan(), folder)
    return open_run(folder)


def test_a_stored_draw_comes_out_bit_for_bit(run: Run) -> None:
    experiment, draws = stored_draws(run, 5)
    assert experiment.scenario_name == "SIMUL"
    found = draws.results()
    kept = [name for name, item in run.variables.items() if not item.sketched]
    assert "cash" in kept
    for name in kept:
        stored = run.results(name)
        equal_nan = stored.dtype.kind == "f"
        assert np.array_equal(stored, found[name].astype(stored.dtype), equal_nan=equal_nan), name


def test_draws_are_chosen_by_count_or_by_number(run: Run) -> None:
    assert stored_draws(run, 2)[1].numbers.tolist() == [0, 1]
    _, one = stored_draws(run, 1, (3,))
    everything = asked_draws(prepare(REQUEST))
    assert one.news.tolist() == [everything.news[3]]
    np.testing.assert_array_equal(one.rows[0], everything.rows[3])


def test_a_draw_that_is_not_there_is_refused(run: Run) -> None:
    with pytest.raises(InputError, match="0 to 4"):
        stored_draws(run, 1, (17,))


def test_a_run_without_a_finished_draw_is_refused(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(InputError, match="no finished draw"):
        stored_draws(start_run(prepare(REQUEST).plan(), tmp_path / "none", stop=stop), 5)


def test_tracing_and_measuring_tell_each_draw(run: Run) -> None:
    experiment, draws = stored_draws(run, 3)
    inside = inside_firms(experiment.case.snapshot)
    for work in (
        lambda pace: trace_future(experiment, "nvidia", draws, pace),
        lambda pace: circularity_of_draws(draws, inside, pace),
    ):
        pace = Counted()
        work(pace)
        assert (pace.asked, pace.done) == (3, 3)


class Counted:
    asked = done = 0

    def begin(self, draws: int, done: int) -> None:
        self.asked, self.done = draws, done

    def advance(self, draws: int, codes: object) -> None:  # noqa: ARG002 the protocol prescribes it
        self.done += draws


def test_a_run_that_comes_out_otherwise_today_is_refused(run: Run) -> None:
    other = {**run.manifest, "request": {**run.manifest["request"], "scenarios": [], "seed": 8}}
    changed = Run(other, run._source)
    with pytest.raises(StoreError, match="comes out otherwise"):
        stored_draws(changed, 5)


def test_tracing_a_stored_run_gives_what_tracing_its_request_gives(run: Run) -> None:
    experiment, draws = stored_draws(run, 2)
    stored = trace_future(experiment, "nvidia", draws)
    asked = trace_future(prepare(Request(**{**REQUEST.to_plain(), "draws": 5, "scenarios": ("SIMUL",)})), "nvidia")
    np.testing.assert_array_equal(stored.tracing.revenue, asked.tracing.revenue[:, :2])
    assert stored.tracing.conservation < 1e-9


def test_backlogs_by_quarter_are_those_of_the_run_and_the_part_owed_is_a_part(run: Run) -> None:
    experiment, draws = stored_draws(run, 3)
    found = circularity_of_draws(draws, inside_firms(experiment.case.snapshot))
    names = list(draws.setup.entity_ids)
    backlog = draws.results()["backlog"]
    for k, supplier in enumerate(found.suppliers):
        np.testing.assert_allclose(found.backlog[:, :, k], backlog[:, :, names.index(supplier)], rtol=1e-6, atol=1e-6)
    assert (found.owed <= found.backlog).all()
    share = found.wrong_way("nvidia")
    assert ((share > 0.0) & (share < 1.0)).any()
    assert set(found.to_plain()["wrong_way_by_supplier"]) == set(found.suppliers)
    assert found.loop_gain.shape == (3, 6)
