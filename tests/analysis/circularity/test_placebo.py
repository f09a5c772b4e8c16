"""What the measures say of a programme that tied a supplier and its customers and went well: ASML, 2012."""

import pytest

from cardhouse.analysis.circularity.report import Circularity, measure_circularity
from cardhouse.analysis.exposure import exposure_table
from cardhouse.casebook.load import load_case
from cardhouse.network.checks import check_network
from cardhouse.network.instrument import View


@pytest.fixture(scope="module")
def measured() -> Circularity:
    return measure_circularity(load_case("asml_2012").snapshot)


def test_the_case_is_sound_and_agrees_with_its_totals():
    snapshot = load_case("asml_2012").snapshot
    assert check_network(snapshot) == ()
    stakes = {row.holder: row.headline.value for row in exposure_table(snapshot, "asml").totals if row.headline.value}
    # 3.85 bn euro for 23 percent, stated as 4.817 bn dollars
    assert sum(value for value in stakes.values() if value) == pytest.approx(4.817, rel=0.01)
    shares = sum(row.share_percent or 0.0 for row in snapshot.instruments if row.counts and row.obligor == "asml")
    assert shares == 23.0
    research = [row for row in snapshot.instruments if row.id.endswith("__research") and row.counts]
    assert sum(row.headline.value or 0.0 for row in research) == pytest.approx(1.726, rel=0.03)


def test_money_ran_one_way_so_no_measure_finds_a_circle(measured: Circularity):
    assert measured.loops == ()
    for row in measured.networks:
        assert row.cycling_index.value == 0.0
        assert row.circular_share.value == 0.0
        assert row.reciprocal_share.value == 0.0


def test_no_seller_finances_its_customer(measured: Circularity):
    for view in (View.HEADLINE, View.BINDING):
        assert measured.round_trips[view] == ()
        assert measured.wrong_way[view] == ()
