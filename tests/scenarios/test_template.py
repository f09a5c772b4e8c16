from pathlib import Path

import pytest

from cardhouse.basics.errors import ScenarioError
from cardhouse.scenarios.catalogue import library_names, load_scenario, packaged
from cardhouse.scenarios.template import new_scenario


def test_a_new_scenario_is_valid_and_shows_every_shape(tmp_path: Path):
    path = new_scenario("mine", tmp_path)
    shapes = {shock.shape for shock in load_scenario(str(path)).shocks}
    assert shapes == {"step", "pulse", "ramp", "decay", "path"}


@pytest.mark.parametrize("name", library_names())
def test_a_copy_of_a_packaged_scenario_does_the_same(tmp_path: Path, name: str):
    copy = load_scenario(str(new_scenario("copy", tmp_path, name)))
    assert [s.describe_size() for s in copy.shocks] == [s.describe_size() for s in packaged(name).shocks]
    assert copy.kind == "own"


@pytest.mark.parametrize("name", ["", "../x", "PLATEAU", "a b", "x" * 41])
def test_impossible_names_are_refused(tmp_path: Path, name: str):
    with pytest.raises(ScenarioError, match="name"):
        new_scenario(name, tmp_path)


def test_an_existing_file_is_not_overwritten(tmp_path: Path):
    path = new_scenario("mine", tmp_path)
    path.write_text("kept")
    with pytest.raises(ScenarioError, match="not overwritten"):
        new_scenario("mine", tmp_path)
    assert path.read_text() == "kept"


def test_a_copy_has_its_tables_beside_it(tmp_path: Path):
    path = new_scenario("mine", tmp_path / "new", "FEDSA")
    assert {file.name for file in path.parent.iterdir()} == {
        "mine.yaml",
        "federal_reserve_2026_baseline.csv",
        "federal_reserve_2026_severely_adverse.csv",
    }
    assert "file: federal_reserve_2026_severely_adverse.csv" in path.read_text(encoding="utf-8")
    (tmp_path / "new").rename(tmp_path / "moved")
    assert load_scenario(str(tmp_path / "moved" / "mine.yaml")).shocks == packaged("FEDSA").shocks
    new_scenario("other", tmp_path / "moved", "FEDSA")


def test_a_table_of_the_same_name_is_not_overwritten(tmp_path: Path):
    own = tmp_path / "federal_reserve_2026_baseline.csv"
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(ScenarioError, match="another file has the name of a table"):
        new_scenario("mine", tmp_path, "FEDSA")
    assert own.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "mine.yaml").exists()
