from __future__ import annotations

import pytest

from cardhouse.analysis.experiment import Request, parse_correlation, parse_setting, prepare
from cardhouse.basics.errors import CaseError, InputError, ScenarioError


def test_a_request_is_the_same_after_a_trip_through_a_manifest():
    request = Request(
        scenarios=("PLATEAU", "WALL"),
        off=("strategic_finance",),
        settings=(("adoption_ceiling", 0.3, 0.6),),
        correlations=(("imitation_rate", "adoption_ceiling", 0.4),),
    )
    assert Request.from_plain(request.to_plain()) == request


def test_settings_change_the_priors_and_nothing_else():
    plain, changed = prepare(Request()), prepare(Request(settings=(("adoption_ceiling", 0.4, 0.4),)))
    assert changed.priors.value("adoption_ceiling") == 0.4
    assert "adoption_ceiling" not in changed.priors.varying
    assert set(plain.priors.varying) - set(changed.priors.varying) <= {"adoption_ceiling"}


def test_scenarios_are_laid_over_one_another_and_named_together():
    experiment = prepare(Request(scenarios=("PLATEAU", "RUN08")))
    assert experiment.scenario_name == "PLATEAU+RUN08"
    assert experiment.paths().names == ("PLATEAU", "RUN08")
    assert prepare(Request()).scenario_name == "BASE"


def test_the_newest_day_is_written_out_in_the_plan():
    plan = prepare(Request()).plan()
    assert plan.request["known_on"] == plan.labels["known_on"] != ""
    assert plan.inputs["case"]


def test_all_problems_of_a_request_are_told_at_once():
    request = Request(
        off=("strategic_finanse",), settings=(("adoption", 1.0, 1.0), ("churn_base", 5.0, 1.0)), quarters=0
    )
    with pytest.raises(InputError, match="Did you mean 'strategic_finance'") as caught:
        prepare(request)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("text", ["adoption_ceiling", "=1", "a=", "a=x", "a=1..", "a=nan", "a=1..inf"])
def test_a_setting_that_is_none_is_told(text: str):
    with pytest.raises(InputError, match=r"Write it as name=0\.5"):
        parse_setting(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a=0.5", "joins two parameters"),
        ("a,b,c=0.5", "joins two parameters"),
        (",b=0.5", "joins two parameters"),
        ("a,b=", "is a number"),
        ("a,b=nan", "is a number"),
        ("a,b=2", "lies between -1 and 1"),
        ("a,b=-1", "lies between -1 and 1"),
    ],
)
def test_a_correlation_that_is_none_is_told(text: str, rule: str):
    with pytest.raises(InputError, match=rule):
        parse_correlation(text)


def test_unknown_cases_and_scenarios_are_told():
    with pytest.raises(CaseError):
        prepare(Request(case="ai_1926"))
    with pytest.raises(ScenarioError, match="PLATEAU"):
        prepare(Request(scenarios=("PLATO",)))


def test_a_changed_experiment_is_the_one_that_would_have_been_prepared() -> None:
    ready = prepare(Request(case="three_firm_ring", draws=10))
    settings = (("tax_rate", 0.1, 0.2),)
    quick = ready.changed(settings=settings, scenarios=("PLATEAU",))
    slow = prepare(Request(case="three_firm_ring", draws=10, settings=settings, scenarios=("PLATEAU",)))
    assert quick.plan().fingerprint == slow.plan().fingerprint
    assert quick.request == slow.request
    with pytest.raises(InputError, match="no such parameter"):
        ready.changed(settings=(("tax_rat", 0.1, 0.2),))
