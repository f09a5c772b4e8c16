import csv
import dataclasses
import json
from pathlib import Path

import duckdb
import networkx as nx
import pytest
from tests.network.builders import DAY, cell, contract, entity, network, ring

from cardhouse.basics.errors import InputError, NetworkError
from cardhouse.network.export import FileFormat, export_network, read_json, safe_cell
from cardhouse.network.graph import from_networkx, to_networkx
from cardhouse.network.instrument import Amount, InstrumentKind, SourceNote, Tag
from cardhouse.network.records import from_records, to_records


def rich():
    row = contract(
        "cloud__lab__note",
        InstrumentKind.LOAN,
        "cloud",
        "lab",
        Amount(1.5, None, 2.0),
        conditional=Amount(0.5),
        start=DAY,
        end=DAY,
        signed=DAY,
        as_of=DAY,
        tags=frozenset({Tag.OVERLAP, Tag.AGGREGATE}),
        trigger="a listing",
        take_or_pay_share=0.8,
        sources=(SourceNote('A "quoted", title', "https://example.org/a,b", "2026-01"), SourceNote("Second")),
        note='=HYPERLINK("x"), with a comma\nand a line',
    )
    balances = {"lab": {"cash": cell(1.0, 0.5, 2.0), "rating": cell(None, text="BB-", unit="text")}}
    snapshot = dataclasses.replace(ring(row), balances=balances, market={"policy_rate": cell(3.6, unit="percent")})
    return snapshot


def test_records_read_back_to_an_equal_snapshot():
    assert rich() == from_records(to_records(rich()))


def test_json_reads_back_to_an_equal_snapshot(tmp_path: Path):
    (path,) = export_network(rich(), tmp_path / "new" / "folder", FileFormat.JSON)
    assert rich() == read_json(path)


def test_networkx_reads_back_to_the_same_entities_and_contracts():
    found = from_networkx(to_networkx(rich()))
    assert sorted(rich().instruments, key=lambda row: row.id) == sorted(found.instruments, key=lambda row: row.id)
    without_contracts = dataclasses.replace(rich(), instruments=())
    assert without_contracts == dataclasses.replace(found, instruments=())


def test_edges_of_the_graph_run_from_creditor_to_debtor():
    assert to_networkx(ring()).has_edge("bank", "cloud", key="cloud__bank__loan")


def test_a_graph_made_by_hand_needs_only_what_a_contract_needs():
    graph = nx.MultiDiGraph(as_of="2026-02-13", base_quarter="2025Q4")
    graph.add_node("a", name="A", role="lab")
    graph.add_node("b", name="B", role="chips")
    graph.add_edge("a", "b", key="c", kind="loan", status="signed", tier="filing", headline=2.0)
    (row,) = from_networkx(graph).instruments
    assert (row.holder, row.obligor, row.headline.value) == ("a", "b", 2.0)


def test_a_graph_with_an_unknown_kind_is_refused():
    graph = nx.MultiDiGraph(as_of="2026-02-13", base_quarter="2025Q4")
    graph.add_node("a", name="A", role="baker")
    with pytest.raises(NetworkError, match="entity 'a' cannot be read: 'baker' is not a valid Role"):
        from_networkx(graph)


def test_a_graph_without_a_day_is_refused():
    with pytest.raises(NetworkError, match="no readable day or quarter"):
        from_networkx(nx.MultiDiGraph())


def test_a_graph_does_not_invent_entities():
    with pytest.raises(NetworkError, match="no entity 'b'"):
        to_networkx(network([entity("a")], [contract("c", InstrumentKind.LOAN, "a", "b", 1.0)]))


def test_csv_keeps_every_row_and_runs_no_formula(tmp_path: Path):
    paths = export_network(rich(), tmp_path, FileFormat.CSV)
    assert ["entities.csv", "instruments.csv", "balances.csv"] == [path.name for path in paths]
    with paths[1].open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {row.id for row in rich().instruments} == set(rows)
    assert rows["cloud__lab__note"]["note"].startswith("'=HYPERLINK")
    assert "1.5" == rows["cloud__lab__note"]["headline"]
    assert "" == rows["cloud__lab__note"]["headline_low"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_escaped(start: str):
    assert f"'{start}1+1" == safe_cell(f"{start}1+1")


def test_graphml_opens_in_networkx(tmp_path: Path):
    (path,) = export_network(rich(), tmp_path, FileFormat.GRAPHML)
    graph = nx.read_graphml(path, force_multigraph=True)
    assert len(rich().instruments) == graph.number_of_edges()
    assert "2026-02-13" == graph.graph["as_of"]
    assert 1.5 == graph.edges["cloud", "lab", "cloud__lab__note"]["headline"]


def test_parquet_holds_numbers_as_numbers_and_unknown_as_null(tmp_path: Path):
    paths = export_network(rich(), tmp_path, FileFormat.PARQUET)
    query = "SELECT headline, headline_low FROM read_parquet(?) WHERE id = 'cloud__lab__note'"
    assert [(1.5, None)] == duckdb.execute(query, [str(paths[1])]).fetchall()
    assert [(3,)] == duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(paths[2])]).fetchall()


def test_a_second_export_replaces_the_first_and_leaves_no_part(tmp_path: Path):
    export_network(rich(), tmp_path, FileFormat.JSON)
    export_network(ring(), tmp_path, FileFormat.JSON)
    assert ["network.json"] == [path.name for path in tmp_path.iterdir()]
    assert ring() == read_json(tmp_path / "network.json")


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="the folder cannot be written"):
        export_network(ring(), tmp_path / "taken", FileFormat.CSV)


def test_a_document_that_is_no_network_is_one_message(tmp_path: Path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"as_of": "2026-02-13"}))
    with pytest.raises(NetworkError, match="it is not a network in JSON"):
        read_json(path)
