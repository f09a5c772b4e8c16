"""The table of gates speaks of the draws that ``cardhouse run`` makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from typer.testing import CliRunner
from validation.gate_checks import draws_of

from cardhouse.cli.main import app
from cardhouse.simulation.run import open_run


def test_levels_of_the_table_are_those_of_a_run(tmp_path: Path):
    arguments = ["run", "SIMUL", "--draws", "6", "--off", "take_or_pay", "--out", str(tmp_path / "run")]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    run = open_run(tmp_path / "run")
    found = draws_of(6, ("SIMUL",), {"take_or_pay": False}).results()
    for name in ("default_quarter", "end_user_spending", "sp500_index"):
        np.testing.assert_array_equal(run.results(name), found[name])
