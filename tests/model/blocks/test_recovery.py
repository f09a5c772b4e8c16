"""Recovery by class (J4b, J4c): collateral comes first, and the classes add up to what is paid."""

from __future__ import annotations

import pytest
from tests.model.blocks.conftest import CLOUD, VEHICLE, Small

from cardhouse.model.blocks.default import name_defaults
from cardhouse.model.world import ASSET_BACKED, BOND


def fail(small: Small, firm: int) -> None:
    small.s.new_default[firm] = 1
    small.par.restructured_multiple = 0.0
    small.s.cash[firm] = 0.0
    small.s.expected_ebitda[firm] = 0.0
    name_defaults(small.w, small.gate, small.par, small.s)


def test_collateral_goes_to_secured_creditors_first(small: Small):
    s = small.s
    s.debt_by_class[CLOUD, BOND], s.debt_by_class[CLOUD, ASSET_BACKED] = 60.0, 40.0
    s.chips_economic[CLOUD], s.shells_book[CLOUD], s.other_property[CLOUD] = 20.0, 10.0, 50.0
    fail(small, CLOUD)
    # 0.6 of 80 is paid on 100; 0.6 of 30 is collateral: 18 first, then 30 on 82
    assert s.recovery_rate[CLOUD] == pytest.approx(0.48)
    assert s.recovery_unsecured[CLOUD] == pytest.approx(30.0 / 82.0)
    assert s.recovery_secured[CLOUD] == pytest.approx((18.0 + 22.0 * 30.0 / 82.0) / 40.0)
    assert s.debt_by_class[CLOUD, BOND] + s.debt_by_class[CLOUD, ASSET_BACKED] == pytest.approx(48.0)
    assert s.debt_total[CLOUD] == pytest.approx(48.0)


def test_a_vehicle_has_secured_creditors_only(small: Small):
    fail(small, VEHICLE)
    # 0.6 of 15 + 5 on a debt of 20
    assert small.s.recovery_secured[VEHICLE] == pytest.approx(0.6)
    assert small.s.debt_by_class[VEHICLE, ASSET_BACKED] == pytest.approx(12.0)


def test_one_class_recovers_what_the_firm_recovers(small: Small):
    fail(small, CLOUD)
    assert small.s.recovery_unsecured[CLOUD] == pytest.approx(small.s.recovery_rate[CLOUD])
