from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.simulation.toy import ToyWorld, plan

from cardhouse.analysis.sensitivity.outcomes import Outcome
from cardhouse.analysis.sensitivity.screening import agreement, elementary_effects, screen, screen_halves
from cardhouse.basics.errors import ModelError
from cardhouse.simulation.designs import ScreeningDesign
from cardhouse.simulation.results import Run
from cardhouse.simulation.run import run_in_memory

NAMES = ("income", "volatility", "opening_cash")
CASH = Outcome(
    "cash", "USD bn", "cash of the first firm at the end", ("cash",), lambda run: run.results("cash")[:, -1, 0]
)
STEPS = Outcome("nothing", "-", "always the same", (), lambda run: np.ones(run.draws.size))


def screening(trajectories: int = 30, world: ToyWorld | None = None) -> Run:
    design = ScreeningDesign(trajectories=trajectories, names=NAMES, seed=2)
    return run_in_memory(replace(plan(5, world or ToyWorld(fail_above=9.0)), sampling=design))


def test_effects_of_a_line_are_its_slopes_whatever_the_trajectory():
    design = ScreeningDesign(trajectories=9, names=("a", "b", "c"), seed=3)
    slopes = np.array([2.0, -7.0, 0.0])
    values = np.array([design.trajectory(number)[0] @ slopes for number in range(9)])
    found = elementary_effects(design, values, np.ones(values.shape, bool))
    np.testing.assert_allclose(found, np.broadcast_to(slopes, (9, 3)), atol=1e-12)


def test_a_draw_that_ended_badly_tells_nothing():
    design = ScreeningDesign(trajectories=2, names=("a", "b"), seed=3)
    good = np.ones((2, 3), bool)
    good[0, 2] = False
    found = elementary_effects(design, np.zeros((2, 3)), good)
    assert np.isnan(found[0]).sum() == 1
    assert np.isfinite(found[1]).all()


def test_opening_cash_and_income_are_found_to_matter_as_the_toy_says():
    effects = {effect.parameter: effect for effect in screen(screening(), (CASH,))}
    # opening cash enters one to one: its whole uniform prior is 4 wide
    assert effects["opening_cash"].size == pytest.approx(4.0, rel=1e-9)
    assert effects["opening_cash"].spread == pytest.approx(0.0, abs=1e-9)
    assert effects["income"].mean > 1.0
    # volatility has no sign of its own: it scales news of both signs
    assert effects["volatility"].size > 3 * abs(effects["volatility"].mean)


def test_an_outcome_that_never_changes_has_no_effects():
    assert all(effect.size == 0.0 for effect in screen(screening(5), (STEPS,)))


def test_halves_agree_when_there_are_enough_trajectories():
    first, second = screen_halves(screening(40), (CASH,))
    assert agreement(first, second, "cash") > 0.4
    assert math.isnan(agreement(first, second, "other"))


def test_a_run_of_another_design_is_refused():
    with pytest.raises(ModelError, match="not a screening"):
        screen(run_in_memory(plan(5)), (CASH,))


def test_failed_draws_leave_fewer_steps_and_no_wrong_number():
    effects = screen(screening(30, ToyWorld(fail_above=0.4)), (CASH,))
    cash = next(effect for effect in effects if effect.parameter == "opening_cash")
    assert cash.trajectories < 30
    assert cash.size == pytest.approx(4.0, rel=1e-9)
