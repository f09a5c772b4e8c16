"""History matching: the targets compute, the accepted set of the case is not stale, and runs draw from it."""

from __future__ import annotations

import numpy as np
import pytest
from validation.history.compute import price_path
from validation.history.orders import chip_sales
from validation.history.page import distance
from validation.history.targets import NUISANCE_RANGES, THRESHOLD, Target, nuisances
from validation.history_matching import SEED, TARGETS, accepted, candidate_rows, implausibilities, model_values
from validation.worlds import CASE, KNOWN_ON, case_priors

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.errors import CaseError, InputError
from cardhouse.casebook.accepted import accepted_set, priors_digest
from cardhouse.simulation.designs import design_from, design_record

CHECKED = 48


def test_the_accepted_set_is_that_of_the_script_and_of_todays_priors():
    found = accepted_set(CASE)
    assert found.priors_digest == priors_digest(case_priors())
    assert (found.known_on, found.seed, found.threshold) == (KNOWN_ON, SEED, THRESHOLD)
    kept = np.flatnonzero(accepted(implausibilities(model_values(0, CHECKED))))
    assert [row for row in found.rows if row < CHECKED] == kept.tolist()
    assert 0 < kept.size < CHECKED


def test_a_run_draws_the_rows_that_were_accepted():
    request = Request(draws=64, seed=3, known_on=KNOWN_ON, prior="accepted")
    experiment = prepare(request)
    plan = experiment.plan()
    rows = plan.sampling.parameters(plan.marginals, 0, 64)
    whole = candidate_rows(0, 8192)[list(accepted_set(CASE).rows)]
    assert all(np.any(np.all(whole == row, axis=1)) for row in rows)
    assert np.unique(rows, axis=0).shape == rows.shape
    np.testing.assert_array_equal(plan.sampling.parameters(plan.marginals, 20, 30), rows[20:30])
    assert plan.labels["prior"].startswith("accepted set of")
    assert design_from(design_record(plan.sampling)) == plan.sampling
    assert plan.fingerprint != prepare(Request(draws=64, seed=3, known_on=KNOWN_ON)).plan().fingerprint


def test_a_setting_narrows_the_accepted_rows_too():
    request = Request(draws=8, known_on=KNOWN_ON, prior="accepted", settings=(("rent_decay", 0.05, 0.06),))
    plan = prepare(request).plan()
    column = plan.sampling.parameters(plan.marginals, 0, 8)[:, plan.marginals.index("rent_decay")]
    assert np.all((column >= 0.05) & (column <= 0.06))


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (Request(prior="posterior"), InputError),
        (Request(prior="accepted", scheme="latin"), InputError),
        (Request(prior="accepted", case="three_firm_ring"), CaseError),
    ],
)
def test_impossible_priors_are_refused(request_: Request, error: type[Exception]):
    with pytest.raises(error):
        prepare(request_).plan()


def test_every_target_rests_on_facts_known_at_the_cut_off():
    assert len({target.id for target in TARGETS}) == len(TARGETS)
    for target in TARGETS:
        assert target.facts, target.id
        assert np.isfinite([target.observed, target.observation_error, target.model_discrepancy]).all(), target.id


def test_quarters_of_chip_sales_add_up_to_the_years():
    sales = chip_sales()
    assert sum(sales[:4]) == pytest.approx(47.5)
    assert sum(sales[4:8]) == pytest.approx(115.2)
    assert sales[7] == pytest.approx(35.6)
    assert sales[-1] == pytest.approx(58.4)


def test_an_implausibility_is_a_distance_in_standard_deviations():
    target = Target("C-0", "a", "b", 10.0, 3.0, 4.0, "c", ("d",), "e", lambda _par, _free: 0.0)
    assert target.implausibility(20.0) == pytest.approx(2.0)
    assert target.implausibility(float("nan")) == float("inf")


def test_an_old_chip_loses_its_rent_where_the_market_stands_still():
    from cardhouse.model.parameters import as_records

    row = as_records(candidate_rows(0, 1))[0]
    free = nuisances(np.full((1, len(NUISANCE_RANGES)), 0.5))[0]
    one, other = (price_path(row, free, when) for when in (2025.75, 2026.0))
    assert other < one


def test_the_distance_of_a_sample_from_itself_is_zero():
    values = np.array([2.0, 1.0, 5.0])
    assert distance(values, values) == 0.0
