from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.basics.errors import Problem, ScenarioError
from cardhouse.scenarios.catalogue import LIBRARY, library_names, load_scenario, packaged
from cardhouse.scenarios.shock import Moment

GOOD = """\
format: 1
id: mine
title: My scenario
story: Something happens.
shocks:
  - variable: firm_spread
    target: oracle
    start: q2
    size: +100 bp
    rationale: a guess
"""


def load(tmp_path: Path, text: str):
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    return load_scenario("mine.yaml", tmp_path)


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, text)
    assert caught.value.problems
    return str(caught.value)


def test_a_file_becomes_a_scenario(tmp_path: Path):
    scenario = load(tmp_path, GOOD)
    assert (scenario.id, scenario.kind, len(scenario.shocks)) == ("mine", "own", 1)
    assert scenario.shocks[0].size == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rationale", "rational", "mine.yaml:10: shocks.0.rational: there is no such key"),
        ("firm_spread", "firm_spred", "mine.yaml:6: shocks.0.variable: 'firm_spred': there is no such shock variable"),
        ("start: q2", "start: q0", "mine.yaml:8: shocks.0.start: 'q0'"),
        ("start: q2", "start: 2026Q7", "mine.yaml:8: shocks.0.start: '2026Q7'"),
        ("+100 bp", ".nan", "mine.yaml:9: shocks.0.size: 'nan': a size is a finite number"),
        ("+100 bp", "9", "mine.yaml:9: shocks.0.size: '9': firm_spread lies between"),
        ("+100 bp", "yes", "mine.yaml:9: shocks.0.size"),
        ("target: oracle", "target: {role: bank}", "shocks.0.target.role: 'bank': there is no such role"),
        ("    target: oracle\n", "", "shocks.0.target: firm_spread needs a target"),
        ("firm_spread", "spot_price", "takes no target"),
        ("    size: +100 bp\n", "", "a step needs 'size'"),
        ("    size", "    quarters: 3\n    size", "a step takes no 'quarters'"),
        ("start: q2", "start: q2\n    end: q1", "the end is not before the start"),
        ("start: q2", "start: q2\n    end: 2027Q1", "counted in the same way"),
        ("format: 1", "format: 2", "mine.yaml:1: format"),
        ("id: mine", "id: ../mine", "mine.yaml:2: id"),
        ("a guess", "'a \\u001b guess'", ""),
    ],
)
def test_bad_input_is_named_with_file_line_and_key(tmp_path: Path, old: str, new: str, expected: object):
    if not expected:
        text = GOOD.replace("rationale: a guess", 'rationale: "a \\u001b[2J guess"')
        expected = "control characters"
    else:
        text = GOOD.replace(old, new)
    assert expected in problems(tmp_path, text)


def test_all_problems_are_reported_at_once(tmp_path: Path):
    text = GOOD.replace("firm_spread", "firm_spred").replace("q2", "q0").replace("rationale", "why")
    found = problems(tmp_path, text)
    assert len(found.splitlines()) == 4
    assert "there is no such shock variable" in found
    assert "the key is missing" in found


def test_a_scenario_that_includes_itself_is_refused(tmp_path: Path):
    text = "format: 1\nid: mine\ntitle: t\nstory: s\nincludes:\n  - scenario: other.yaml\n"
    (tmp_path / "other.yaml").write_text(text.replace("mine", "other").replace("other.yaml", "mine.yaml"))
    assert "does not include itself" in problems(tmp_path, text)


def test_included_scenario_is_shifted_to_its_start():
    starts = {shock.start for shock in packaged("SIMUL").shocks if shock.variable.name != "conditional_tranche_paid"}
    assert starts == {Moment(offset=5)}


def test_the_condition_fails_a_year_before_the_round():
    for name, first in (("LABFAIL", 0), ("SIMUL", 1)):
        start = {shock.variable.name: shock.start.offset for shock in packaged(name).shocks}
        assert start["conditional_tranche_paid"] == first
        assert start["outside_equity"] == first + 4


def test_every_packaged_scenario_has_a_reason_and_the_library_a_reference_for_each():
    assert {path.stem.upper() for path in LIBRARY.glob("*.yaml")} == set(library_names())
    for name in library_names():
        scenario = packaged(name)
        assert all(len(shock.rationale) > 20 for shock in scenario.shocks)
        assert scenario.reference != "not stated"
        assert scenario.kind == ("core" if library_names().index(name) < 12 else "overlay")
        assert not scenario.shocks or name in ("ORACLE",) or any(shock.references for shock in scenario.shocks)


def test_unknown_scenario_is_answered_with_the_nearest_name():
    with pytest.raises(ScenarioError, match="Did you mean 'PLATEAU'"):
        load_scenario("PLATEU")


def refusals(folder: Path) -> list[Problem]:
    try:
        load_scenario("x.yaml", folder)
    except ScenarioError as error:
        return list(error.problems) or [Problem(file="", rule="")]
    return []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sampled_from(["plateau", "pause", "wall", "simul"]),
    st.lists(
        st.tuples(
            st.integers(0, 4000),
            st.integers(0, 6),
            st.sampled_from(["", "\n", "- ", ": ", "{", "[", "'", "é", "-9", "&a", "*a", "!t"]),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_a_damaged_file_loads_or_is_refused_in_words(tmp_path_factory: pytest.TempPathFactory, name: str, edits: Any):
    text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
    for number, length, put in edits:
        place = number % (len(text) + 1)
        text = text[:place] + put + text[place + length :]
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    found = refusals(folder)
    assert all(problem.rule and problem.file for problem in found)
