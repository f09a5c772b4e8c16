"""``cardhouse bubbles FILE --run NAME``: the result becomes a page of the run's report and stays there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_bubbles import MONTHS, write
from typer.testing import CliRunner

from cardhouse.basics.errors import InputError, StoreError
from cardhouse.bubbles.worlds import one_bubble
from cardhouse.cli.main import app
from cardhouse.cli.price_pages import pages_of

RUN = ("run", "--draws", "4", "--quarters", "3", "--out", "kept", "--json")


def call(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.fixture
def price(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    levels = one_bubble(160, seed=2, draw=1, start=90, end=130, growth=0.07)
    return write(tmp_path / "price.csv", "date,close", MONTHS, levels)


def test_page_is_added_once_stays_when_the_run_is_opened_again_and_goes_with_it(price: Path) -> None:
    call(*RUN)
    assert "What prices say" not in Path("kept/report.html").read_text(encoding="utf-8")
    for _ in range(2):
        assert "report: kept/report.html" in call("bubbles", str(price), "--no-lppls", "--run", "kept")
    assert [page.source for page in pages_of(Path("kept"))] == ["price.csv"]
    first = Path("kept/report.html").read_bytes()
    assert b"What prices say" in first
    call(*RUN)
    assert Path("kept/report.html").read_bytes() == first
    call("runs", "remove", "kept", "--yes")
    assert not Path("kept").exists()


def test_unknown_run_is_one_message(price: Path) -> None:
    with pytest.raises(InputError, match="no such run"):
        call("bubbles", str(price), "--no-lppls", "--run", "nothing")


@pytest.mark.parametrize(
    ("text", "message"), [("{", "not JSON"), ("[]", "not a page"), ('{"format": 1}', "not a page")]
)
def test_broken_page_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=rf"x\.json.*{message}"):
        pages_of(tmp_path)


def test_json_page_is_plain_and_finite(price: Path) -> None:
    found = json.loads(call("bubbles", str(price), "--no-lppls", "--json"))
    assert found["episodes"][0]["start_label"] < found["episodes"][0]["end_label"]
