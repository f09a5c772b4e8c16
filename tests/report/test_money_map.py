import datetime as dt

import pytest

from cardhouse.basics.quarter import Quarter
from cardhouse.casebook.load import load_case
from cardhouse.network.entity import Entity, Role
from cardhouse.network.instrument import UNKNOWN, Amount, Instrument, InstrumentKind, Status, Tier
from cardhouse.network.snapshot import Cell, NetworkSnapshot
from cardhouse.report.money_map import LINKS_SHOWN, map_links, money_map


def order(name: str, amount: Amount, binding: Amount = UNKNOWN, seller: str = "maker") -> Instrument:
    return Instrument(
        id=name, kind=InstrumentKind.CHIP_ORDER, holder=seller, obligor="cloud", headline=amount, binding=binding,
        status=Status.SIGNED, tier=Tier.FILING,
    )  # fmt: skip


def snapshot(*instruments: Instrument) -> NetworkSnapshot:
    debt = Cell(value=7.0, unit="usd_bn", basis="reported")
    return NetworkSnapshot(
        as_of=dt.date(2026, 2, 13),
        base_quarter=Quarter(2025, 4),
        entities=(
            Entity(id="maker", name="Maker", role=Role.CHIPS, agent="maker"),
            Entity(id="cloud", name="Cloud", role=Role.PLATFORM, agent="cloud"),
            Entity(id="small", name="Small", role=Role.CHIPS, agent="maker"),
            Entity(id="banks", name="Banks", role=Role.LENDER, agent="banks"),
        ),
        instruments=instruments,
        balances={"maker": {}, "cloud": {"debt_held_by_banks": debt}, "banks": {}},
    )


def test_contracts_of_a_group_count_for_its_agent_and_debts_come_from_balances() -> None:
    links = map_links(
        snapshot(order("a", Amount(4.0), Amount(low=1.0, high=3.0)), order("b", Amount(2.0), seller="small"))
    )
    found = {(link.payer, link.payee, link.kind): link for link in links}
    assert set(found) == {("cloud", "maker", "pays"), ("cloud", "banks", "owes")}
    assert found["cloud", "maker", "pays"].headline == 6.0
    assert (found["cloud", "maker", "pays"].low, found["cloud", "maker", "pays"].high) == (1.0, 3.0)
    assert found["cloud", "banks", "owes"].headline == 7.0


def test_a_link_without_a_known_binding_part_is_marked() -> None:
    link = next(link for link in map_links(snapshot(order("a", Amount(4.0)))) if link.kind == "pays")
    assert not link.is_binding
    assert link.size == 4.0


def test_no_contract_no_map() -> None:
    empty = NetworkSnapshot(as_of=dt.date(2026, 1, 1), base_quarter=Quarter(2025, 4), entities=(), instruments=())
    assert money_map(empty) is None


def test_the_case_has_a_map_with_the_contract_of_300_bn() -> None:
    figure = money_map(load_case("ai_2026").snapshot)
    assert figure is not None
    assert len(figure.data["links"]) == LINKS_SHOWN
    link = next(
        x for x in figure.data["links"] if (x["source"], x["target"], x["kind"]) == ("openai", "oracle", "pays")
    )
    assert "headline $300 bn" in link["text"]
    assert link["size"] == pytest.approx(150.0, rel=0.7)
