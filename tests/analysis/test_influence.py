import numpy as np
from tests.analysis.worlds import ToyWorld, toy_run

from cardhouse.analysis.influence import influential_assumptions, noise_level, rank_correlation


def test_rank_correlation_sees_order_only() -> None:
    values = np.array([1.0, 5.0, 2.0, 9.0])
    assert rank_correlation(values, np.exp(values)) == 1.0
    assert rank_correlation(values, -values) == -1.0


def test_a_constant_has_no_correlation() -> None:
    assert np.isnan(rank_correlation(np.ones(5), np.arange(5.0)))


def test_noise_level_bounds_the_strongest_of_unrelated_parameters() -> None:
    random = np.random.default_rng(1)
    outcome = random.normal(size=200)
    strongest = [max(abs(rank_correlation(random.normal(size=200), outcome)) for _ in range(30)) for _ in range(100)]
    assert 0.01 <= float(np.mean(np.array(strongest) > noise_level(200, 30))) <= 0.12


def test_the_parameter_that_drives_the_made_up_world_comes_first() -> None:
    found = influential_assumptions(toy_run(draws=200), None)
    assert len(found) == 4
    assert found[0].influence is not None
    assert found[0].noise is not None
    assert abs(found[0].influence) > found[0].noise
    assert found[0].basis == "assumed"
    assert {line.outcome for line in found} == {"number of defaults"}


def test_without_a_default_the_outcome_is_the_market_value_and_says_so() -> None:
    found = influential_assumptions(toy_run(draws=200, world=ToyWorld(calm=True)), None)
    assert {line.outcome for line in found} == {"market value of the sector at the end"}
