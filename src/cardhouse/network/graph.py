"""A network as a networkx graph, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardhouse.network.records import NetworkRecords, from_records, to_records
from cardhouse.network.snapshot import NetworkSnapshot

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(snapshot: NetworkSnapshot) -> nx.MultiDiGraph[str]:
    """Write the network as a directed multigraph whose edges run from creditor to debtor.

    Nodes and edges carry the columns of :mod:`cardhouse.network.records`, without those that are empty; the key of an
    edge is the contract's identifier. The graph carries day, base quarter and opening figures.

    Raises
    ------
    NetworkError
        When a contract names an entity that the snapshot lacks: networkx would invent it.
    """
    import networkx as nx

    records = to_records(snapshot)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        as_of=records.as_of, base_quarter=records.base_quarter, balances=records.balances
    )
    for row in records.entities:
        graph.add_node(str(row["id"]), **_filled(row))
    for row in records.instruments:
        for party in ("holder", "obligor"):
            snapshot.entity(str(row[party]))
        graph.add_edge(str(row["holder"]), str(row["obligor"]), key=str(row["id"]), **_filled(row))
    return graph


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None and value != ""}


def from_networkx(graph: nx.MultiDiGraph[str]) -> NetworkSnapshot:
    """Read a network from a graph as :func:`to_networkx` writes it.

    The order of contracts is that of the graph (by creditor), not that of the original snapshot.

    Raises
    ------
    NetworkError
        When day, base quarter, a name, role, kind, status or tier is missing or unknown.
    """
    from cardhouse.network.records import ENTITY_COLUMNS, INSTRUMENT_COLUMNS

    entities = [{**dict.fromkeys(ENTITY_COLUMNS), **data, "id": node} for node, data in graph.nodes(data=True)]
    instruments = [
        {**dict.fromkeys(INSTRUMENT_COLUMNS), **data, "holder": creditor, "obligor": debtor, "id": key}
        for creditor, debtor, key, data in graph.edges(keys=True, data=True)
    ]
    records = NetworkRecords(
        as_of=str(graph.graph.get("as_of", "")),
        base_quarter=str(graph.graph.get("base_quarter", "")),
        entities=entities,
        instruments=instruments,
        balances=list(graph.graph.get("balances", [])),
    )
    return from_records(records)
