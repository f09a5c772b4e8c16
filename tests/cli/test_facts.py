import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cardhouse.basics.errors import CardhouseError
from cardhouse.casebook.folder import find_case
from cardhouse.cli.main import app

RUNNER = CliRunner()


def call(*arguments: str) -> str:
    result = RUNNER.invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def document(*arguments: str):
    return json.loads(call(*arguments, "--json"))


def test_list_prints_one_document_with_source_and_use():
    found = document("facts", "list", "--subject", "oracle", "--metric", "capex")
    assert found["read_as_of"] == "2026-07-03"
    assert len(found["facts"]) > 3
    for fact in found["facts"]:
        assert fact["source"]["address"].startswith("http")
        assert fact["used_by"] or fact["unused_because"]


def test_list_reads_an_earlier_day():
    now = document("facts", "list", "--subject", "openai")
    then = document("facts", "list", "--subject", "openai", "--known-on", "2026-02-13")
    assert then["read_as_of"] == "2026-02-13"
    assert {fact["id"] for fact in then["facts"]} < {fact["id"] for fact in now["facts"]}
    assert all(fact["known_on"] <= "2026-02-13" for fact in then["facts"])


def test_list_can_show_what_nothing_rests_on_and_what_conflicts():
    assert all(fact["unused_because"] for fact in document("facts", "list", "--unused")["facts"])
    conflicts = document("facts", "list", "--conflicts")["conflicts"]
    assert conflicts
    assert all(item["low"] < item["high"] and len(item["fact_ids"]) > 1 for item in conflicts)
    assert "openai.revenue" in call("facts", "list", "--conflicts")


def test_show_tells_everything_about_a_fact_and_an_opening_figure():
    fact = document("facts", "show", "openai__amazon__aws_38")
    assert (fact["value"], fact["tier"], fact["status"]) == (38.0, "major_press", "signed")
    cell = document("facts", "show", "openai.cash", "--known-on", "2026-02-13")
    assert (cell["value"], cell["low"], cell["high"], cell["basis"]) == (40.0, 30.0, 45.0, "estimated")
    assert "dating" in call("facts", "show", "openai__amazon__aws_38")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("facts", "show", "openai__amazon__aws_39"), "'openai__amazon__aws_38'"),
        (("facts", "show", "openai__amazon__aws_100", "--known-on", "2026-02-13"), "became known on 2026-02-28"),
        (("facts", "show", "openai__amazon__aws_38", "--tier", "filing"), "leaves out"),
        (("facts", "list", "--subject", "opnai"), "'openai'"),
        (("facts", "list", "--known-on", "2026-02-31"), "--known-on: '2026-02-31': .*no day 31"),
        (("facts", "list", "--tier", "filings"), "--tier: 'filings': .*'filing'"),
        (("facts", "gaps", "--case", "ai_2027"), "ai_2027: .*'ai_2026'"),
        (("facts", "check", "no/such/file.csv"), "no packaged case and no folder"),
        (("facts", "gaps", "--known-on", "2025-06-30"), "no opening balance known on 2025-06-30"),
        (("cite", "nothing.at.all"), "there is no fact, opening figure or parameter"),
    ],
)
def test_a_wrong_request_is_an_error_with_a_remedy(arguments: tuple[str, ...], message: str):
    with pytest.raises(CardhouseError) as caught:
        call(*arguments)
    assert re.search(message, str(caught.value))


def test_gaps_are_ordered_by_amount():
    gaps = document("facts", "gaps")["gaps"]
    money = [gap for gap in gaps if gap["unit"] == "usd_bn"]
    sizes = [max(abs(gap[key]) for key in ("value", "low", "high")) for gap in money]
    assert sizes == sorted(sizes, reverse=True)
    assert gaps[: len(money)] == money
    assert all(gap["basis"] == "assumed" and gap["reason"] for gap in gaps)
    assert len(document("facts", "gaps", "--tier", "filing")["gaps"]) > len(gaps)
    assert "are gaps; 3 shown" in call("facts", "gaps", "--limit", "3")


def test_check_counts_what_is_there():
    found = document("facts", "check", "ai_2026")
    assert found["findings"] == []
    assert found["counts"]["contracts"] >= 256
    assert "every check passes" in call("facts", "check", "three_firm_ring")


def test_cite_follows_formulas_down_to_pages():
    found = document("cite", "softbank.strategic_stakes_market_value")["citations"]
    assert any("openai" in item["id"] for item in found)
    assert all(item["source"] for item in found)
    assert "https://" in call("cite", "openai__oracle__300")
    assert "no page states it" in call("cite", "government.total_assets")
    assert "due 40 days after" in call("facts", "show", "reading.reporting_lag_days")


def test_check_ends_with_code_1_when_the_network_breaks_a_named_check(tmp_path: Path):
    folder = tmp_path / "ring"
    shutil.copytree(find_case("three_firm_ring"), folder)
    table = folder / "relations.csv"
    stake = next(line for line in table.read_text().splitlines() if line.startswith("anvil__beacon__stake"))
    table.write_text(f"{table.read_text()}{stake.replace('anvil__beacon__stake', 'second').replace(',20,', ',95,')}\n")
    result = RUNNER.invoke(app, ["facts", "check", str(folder)])
    assert result.exit_code == 1
    assert "NET015" in result.stdout
    assert "1 check fails" in result.stdout
