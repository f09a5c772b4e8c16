import json

from typer.testing import CliRunner

from cardhouse.cli.main import app

SMALL = ["--case", "three_firm_ring", "--draws", "3", "--quarters", "6"]


def test_parts_and_whole_in_one_document() -> None:
    done = CliRunner().invoke(app, ["together", "PLATEAU", "MONEY", *SMALL, "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["scenarios"] == ["PLATEAU", "MONEY"]
    loss = document["losses"]["equity_loss"]
    parts = sum(part["mean"] for part in loss["parts"].values())
    assert abs(loss["together"]["mean"] - parts - loss["excess"]["mean"]) < 1e-6


def test_the_table_names_every_part() -> None:
    done = CliRunner().invoke(app, ["together", "PLATEAU", "MONEY", *SMALL])
    assert done.exit_code == 0, done.output
    for words in ("PLATEAU and MONEY together", "claims never paid", "90 % Monte Carlo interval"):
        assert words in " ".join(done.output.split())
