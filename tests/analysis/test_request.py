from __future__ import annotations

import pytest

from cardhouse.analysis.experiment import Request, prepare
from cardhouse.basics.errors import CaseError, InputError


@pytest.mark.parametrize("quarters", [0, -4, 121, 5000])
def test_a_horizon_that_says_nothing_is_refused(quarters: int) -> None:
    with pytest.raises(InputError, match="a run has 1 to 120 quarters"):
        prepare(Request(quarters=quarters))


def test_a_day_before_the_first_opening_balance_is_named() -> None:
    with pytest.raises(CaseError, match="no opening balance that was known on 2020-01-01"):
        prepare(Request(known_on="2020-01-01")).plan()
