import math
from pathlib import Path

import pytest

from cardhouse.basics.errors import ScenarioError
from cardhouse.scenarios.catalogue import BASELINE_FILE, LIBRARY, load_scenario, packaged
from cardhouse.scenarios.federal_reserve import MARKET_MULTIPLIER
from cardhouse.scenarios.scenario import Scenario
from cardhouse.scenarios.variables import OKUN

LAST_ROW = "Supervisory Severely Adverse,2029 Q1,3.9,5.1,2.8,3.9,8,1.3,0.1,1.3,2.4,4.2,4.8,3.1,56288.6,243.2,196,28.2\n"
SEVERE = LIBRARY / "federal_reserve_2026_severely_adverse.csv"


def values(scenario: Scenario):
    return {shock.variable.name: shock.values for shock in scenario.shocks}


def test_shocks_are_the_published_severe_less_the_published_baseline_path():
    paths = values(packaged("FEDSA"))
    assert paths["policy_rate"][0] == pytest.approx(0.025 - 0.038)
    assert paths["credit_spread"][2] == pytest.approx((8.1 - 2.4 - (5.6 - 4.1)) / 100)
    assert paths["unemployment"][6] + OKUN * -paths["gdp_gap"][6] == pytest.approx(0.10 - 0.044)
    assert 0.0 < paths["unemployment"][6] < 0.03
    assert paths["gdp_gap"][1] == pytest.approx((-6.1 - 1.4 - 5.0 - 1.8) / 400)


def test_market_flow_gives_the_published_fall_at_the_central_multiplier():
    flows = values(packaged("FEDSA"))["market_flow"]
    assert math.exp(MARKET_MULTIPLIER * sum(flows[:3])) == pytest.approx(29052.6 / 64520.1)


def test_a_file_in_the_published_form_is_a_scenario(tmp_path: Path):
    copy = tmp_path / "own.csv"
    copy.write_bytes(SEVERE.read_bytes())
    assert values(load_scenario(str(copy))) == values(packaged("FEDSA"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Unemployment rate", "Unemployment", "Did you mean 'Unemployment rate'"),
        ("2026 Q2", "2026 Q9", "own.csv:3: Date: '2026 Q9'"),
        ("2026 Q2", "2026 Q3", "the quarters follow one another"),
        (",-5,", ",-500,", "between -100 and 100"),
        (",34411.1,", ",0,", "a level is above 0"),
        (",34411.1,", ",n/a,", "it is not a number"),
        (",34411.1,", ",nan,", "the number is finite"),
        ("Supervisory Severely Adverse,2026 Q2", "Other,2026 Q2", "the file holds one scenario"),
        (LAST_ROW, "", "both files have the same quarters"),
    ],
)
def test_bad_tables_are_refused_in_words(tmp_path: Path, old: str, new: str, expected: object):
    text = SEVERE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "own.csv").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(str(tmp_path / "own.csv"))
    assert expected in str(caught.value)


def test_baseline_against_itself_is_no_shock(tmp_path: Path):
    copy = tmp_path / "calm.csv"
    copy.write_bytes(BASELINE_FILE.read_bytes())
    assert all(value == 0.0 for series in values(load_scenario(str(copy))).values() for value in series)
