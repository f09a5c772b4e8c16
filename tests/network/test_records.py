import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.network.builders import entity, network, ring

from cardhouse.basics.errors import NetworkError
from cardhouse.network.instrument import Amount, Instrument, InstrumentKind, SourceNote, Status, Tag, Tier
from cardhouse.network.records import NetworkRecords, from_records, to_records

figures = st.none() | st.floats(0.0, 1e6)
amounts = st.builds(Amount, figures, figures, figures)
days = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
texts = st.text(max_size=20)
contracts = st.builds(
    Instrument,
    id=st.just("c"),
    kind=st.sampled_from(InstrumentKind),
    holder=st.just("a"),
    obligor=st.just("b"),
    headline=amounts,
    binding=amounts,
    conditional=amounts,
    share_percent=figures,
    signed=days,
    start=days,
    end=days,
    as_of=days,
    status=st.sampled_from(Status),
    tier=st.sampled_from(Tier),
    tags=st.frozensets(st.sampled_from(Tag)),
    take_or_pay_share=figures,
    fact_ids=st.just(("x.y", "z")),
    sources=st.lists(st.builds(SourceNote, texts, texts, texts), max_size=2).map(tuple),
    note=texts,
)


@settings(max_examples=80, deadline=None)
@given(contracts)
def test_any_contract_survives_the_way_through_records(row: Instrument):
    snapshot = network([entity("a"), entity("b")], [row])
    assert from_records(to_records(snapshot)) == snapshot


def test_a_record_without_a_column_is_named():
    records = to_records(ring())
    del records.instruments[0]["tier"]
    with pytest.raises(NetworkError, match="contract 'maker__lab__stake' lacks the column 'tier'"):
        from_records(records)


def test_a_record_with_an_impossible_value_is_named():
    records = to_records(ring())
    records.instruments[0]["headline"] = "much"
    with pytest.raises(NetworkError, match="contract 'maker__lab__stake' cannot be read: could not convert"):
        from_records(records)


def test_an_impossible_day_is_named():
    with pytest.raises(NetworkError, match="no readable day or quarter"):
        from_records(NetworkRecords("2026-02-30", "2025Q4", [], [], []))
