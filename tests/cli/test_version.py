from __future__ import annotations

from typer.testing import CliRunner

from cardhouse import __version__
from cardhouse.cli.main import app


def test_the_version_needs_no_command() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout == f"cardhouse {__version__}\n"
