import base64
import dataclasses
import hashlib
import html.parser
import json
import re
from functools import cache
from pathlib import Path

import pytest
from tests.analysis.worlds import ToyWorld, toy_run

from cardhouse.analysis.records import Range
from cardhouse.analysis.summary import Summary, summarise
from cardhouse.basics.errors import StoreError
from cardhouse.casebook.load import load_case
from cardhouse.report.headline import cards
from cardhouse.report.render import render_report, write_report
from cardhouse.scenarios.catalogue import packaged

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & \"quoted\" 'text' \u2028"


@cache
def summary() -> Summary:
    return summarise(toy_run(world=ToyWorld(bad_every=20)), load_case("ai_2026"))


@cache
def page() -> str:
    return render_report(summary(), load_case("ai_2026"), [packaged("FIBRE")])


class Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._in_script = True
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


def test_the_page_loads_nothing_from_anywhere() -> None:
    for tag, attributes in read(page()).tags:
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            value = attributes.get(name)
            if value is not None and (tag, name) != ("a", "href"):
                assert value.startswith("data:"), (tag, name, value)
    assert "@import" not in page()
    assert "url(" not in re.sub(r"<script.*?</script>", "", page(), flags=re.DOTALL)


def test_only_the_two_known_scripts_may_run() -> None:
    reader = read(page())
    assert len(reader.scripts) == 3
    policy = next(a["content"] for t, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy")
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in reader.scripts]
    assert "default-src 'none'" in str(policy)
    assert [f"sha256-{value}" in str(policy) for value in hashes] == [False, True, True]


def test_same_inputs_give_the_same_bytes() -> None:
    again = summarise(toy_run(world=ToyWorld(bad_every=20)), load_case("ai_2026"))
    assert render_report(again, load_case("ai_2026"), [packaged("FIBRE")]) == page()


def test_every_chart_has_words_a_table_and_data() -> None:
    reader = read(page())
    plots = [attributes for _, attributes in reader.tags if "data-figure" in attributes]
    data = json.loads(reader.scripts[0])
    assert len(plots) >= 18
    assert {str(plot["data-figure"]) for plot in plots} == set(data)
    assert all(plot["role"] == "img" and len(str(plot["aria-label"])) > 30 for plot in plots)
    assert sum(tag == "figure" for tag, _ in reader.tags) == len(plots)
    assert sum(tag == "table" for tag, _ in reader.tags) >= len(plots)
    kinds = set(re.findall(r"^    (\w+)\(d(?:, box)?\) \{", reader.scripts[2], re.MULTILINE))
    assert {record["kind"] for record in data.values()} <= kinds


def test_text_from_files_cannot_become_markup() -> None:
    line = dataclasses.replace(summary().defaults.lines[0], name=HOSTILE)
    defaults = dataclasses.replace(summary().defaults, lines=(line, *summary().defaults.lines[1:]))
    assert summary().cascade is not None
    hostile = dataclasses.replace(summary(), case_title=HOSTILE, scenario=HOSTILE, known_on=HOSTILE, defaults=defaults)
    scenario = dataclasses.replace(packaged("FIBRE"), title=HOSTILE, story=HOSTILE)
    text = render_report(hostile, load_case("ai_2026"), [scenario])
    reader = read(text)
    assert len(reader.scripts) == 3
    assert not any("onerror" in attributes for _, attributes in reader.tags)
    names = json.loads(reader.scripts[0])["timeline"]["data"]["names"]
    assert names[0] == HOSTILE.partition(" (")[0]
    assert "</script><script>alert" not in text


def test_the_page_names_scenario_date_limits_and_sources() -> None:
    text = page()
    for words in ("Dark fibre", "2026-02-13", "What this cannot tell you", "Source:", "sources of the contracts", "I4"):
        assert words in text
    assert "javascript:" not in text.lower().partition("<script")[0]


def test_the_page_says_what_the_labels_mean_and_where_checks_fail() -> None:
    assert "Neither word speaks of a loss on debt" in page()
    assert "docs/reference/validation.md" in page()


def test_a_world_without_defaults_still_makes_a_report() -> None:
    calm = summarise(toy_run(world=ToyWorld(calm=True)))
    text = render_report(calm)
    assert "No firm defaults in any of the 60 draws." in text
    assert "timeline" not in json.loads(read(text).scripts[0])


def test_an_unfinished_report_is_never_left_behind(tmp_path: Path) -> None:
    path = write_report(tmp_path / "new" / "report.html", summary())
    assert path.read_text(encoding="utf-8") == render_report(summary())
    assert [item.name for item in path.parent.iterdir()] == ["report.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        write_report(tmp_path / "file" / "report.html", summary())


@pytest.mark.parametrize(("median", "shown"), [(0.0, "up to $8.2 bn"), (1.0, "$1.0 bn")])
def test_a_median_of_nothing_does_not_hide_what_lenders_can_lose(median: float, shown: str) -> None:
    found = summary()
    lines = [line for line in found.holders if line.role == "lender"]
    assert lines
    loss = Range(p10=0.0, p50=median, p90=8.2)
    changed = tuple(dataclasses.replace(line, credit=loss) if line.role == "lender" else line for line in found.holders)
    values = {card.label: card.value for card in cards(dataclasses.replace(found, holders=changed))}
    assert values["Losses of lenders"] == shown
