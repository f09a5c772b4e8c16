"""``cardhouse bubbles``: page, JSON, figure, and one clear message for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cardhouse.basics.errors import InputError, StoreError
from cardhouse.bubbles.worlds import one_bubble, technology_boom
from cardhouse.cli.main import app

MONTHS = np.arange("2001-01", "2014-05", dtype="datetime64[M]").astype("datetime64[D]")


def write(path: Path, header: str, *columns: object) -> Path:
    lines = [",".join(map(str, row)) for row in zip(*columns, strict=True)]  # type: ignore[call-overload]  # arrays
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def price(tmp_path: Path) -> Path:
    levels = one_bubble(160, seed=2, draw=1, start=90, end=130, growth=0.07)
    return write(tmp_path / "price.csv", "date,close", MONTHS, levels)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["bubbles", *words], catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == 0
    return done.output


def test_page_shows_tests_dates_rule_and_limits(price: Path) -> None:
    page = run(str(price), "--no-lppls")
    assert "GSADF" in page
    assert "significant" in page
    assert "bubble-free samples this rule reports one" in page
    assert "Greenwood, Shleifer and You 2019" in page
    assert "none is advice" in page


def test_json_holds_statistics_seed_and_verdict(price: Path) -> None:
    found = json.loads(run(str(price), "--json", "--lag", "1"))
    assert found["settings"]["lag"] == 1
    assert found["statistics"]["gsadf"]["p_value"] <= 0.05
    assert found["verdict"]["rows"]


def test_fundamentals_and_figure(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    world = technology_boom(160, seed=1, draw=0)
    prices = write(tmp_path / "p.csv", "date,value", MONTHS, world.log_price)
    proxies = write(tmp_path / "f.csv", "month,value of rents,rents", MONTHS, *world.proxies.T)
    picture = tmp_path / "figure.png"
    page = run(str(prices), "--fundamentals", str(proxies), "--figure", str(picture), "--no-lppls")
    assert "The tests disagree" in page
    assert picture.stat().st_size > 10_000


def test_values_below_zero_have_the_same_statistics_and_no_log_periodic_row(price: Path, tmp_path: Path) -> None:
    levels = np.loadtxt(price, delimiter=",", skiprows=1, usecols=1)
    high = write(tmp_path / "high.csv", "date,spread", MONTHS, levels + 1000.0)
    spread = write(tmp_path / "spread.csv", "date,spread", MONTHS, levels - 1000.0)
    first, second = (json.loads(run(str(path), "--json")) for path in (high, spread))
    assert second["statistics"]["gsadf"]["value"] == pytest.approx(first["statistics"]["gsadf"]["value"], rel=1e-6)
    tests = [[row["test"] for row in found["verdict"]["rows"]] for found in (first, second)]
    assert tests[1] == [name for name in tests[0] if "log-periodic" not in name] != tests[0]
    assert "unknown" in second["verdict"]["base_rate"]


def test_log_of_a_price_that_is_not_positive_is_one_message(tmp_path: Path) -> None:
    values = np.ones(160) + np.arange(160) % 3
    values[10] = -2.0
    path = write(tmp_path / "p.csv", "date,value", MONTHS, values)
    with pytest.raises(InputError, match="positive levels and 2001-11-01 has -2"):
        run(str(path), "--log", "--no-lppls")


def test_missing_file_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        run(str(tmp_path / "absent.csv"))


def test_figure_that_cannot_be_saved_is_one_message(price: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(InputError, match=r"f\.doc: a figure is saved as \.png, \.svg or \.pdf"):
        run(str(price), "--no-lppls", "--figure", "f.doc")
    with pytest.raises(StoreError, match="cannot be written"):
        run(str(price), "--no-lppls", "--figure", str(tmp_path / "absent" / "f.png"))
