from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from tests.simulation.toy import plan

from cardhouse.simulation.progress import Pace, TerminalProgress
from cardhouse.simulation.run import start_run


def test_nothing_is_written_when_standard_error_is_no_terminal(tmp_path: Path):
    buffer = io.StringIO()
    with TerminalProgress("base", console=Console(file=buffer)) as progress:
        start_run(plan(50), tmp_path / "run", observer=progress)
    assert buffer.getvalue() == ""


def test_a_terminal_shows_draws_pace_time_left_and_result_codes(tmp_path: Path):
    buffer = io.StringIO()
    console = Console(file=buffer, force_terminal=True, width=200)
    with TerminalProgress("base", {20: "not converged"}, console) as progress:
        start_run(plan(200), tmp_path / "run", observer=progress)
    text = buffer.getvalue()
    for word in ("base", "200/200", "draws/s", "left", "draws not converged"):
        assert word in text


def test_the_pace_of_a_resumed_run_counts_only_what_is_computed_now():
    moments = iter([0.0, 10.0])
    pace = Pace(lambda: next(moments))
    pace.begin(1000, 800)
    assert pace.seconds_left is None
    pace.advance(100)
    assert pace.per_second == 10.0
    assert pace.seconds_left == 10.0
