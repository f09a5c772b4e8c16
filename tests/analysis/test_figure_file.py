from pathlib import Path

import pytest

from cardhouse.analysis.figure_file import save_figure, source_of
from cardhouse.basics.errors import StoreError
from cardhouse.casebook.load import load_case


def test_a_figure_names_its_evidence(tmp_path: Path):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    source = source_of(load_case("three_firm_ring"))
    text = save_figure(Figure(layout="constrained"), tmp_path / "a.svg", source).read_text(encoding="utf-8")
    assert "case three_firm_ring, facts known on 2026-02-10" in text
    assert "Source" not in save_figure(Figure(), tmp_path / "b.svg", "").read_text(encoding="utf-8")
    with pytest.raises(StoreError, match="missing"):
        save_figure(Figure(), tmp_path / "missing" / "a.png", source)


def test_filings_alone_are_said():
    assert "filings and company statements only" in source_of(load_case("three_firm_ring", tier="filing"))
