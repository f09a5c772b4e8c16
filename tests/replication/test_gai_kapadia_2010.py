"""Gai and Kapadia (2010), Contagion in financial networks: when the failure of one debtor brings a bank down."""

from __future__ import annotations

import numpy as np
import pytest

from cardhouse.contagion.threshold import BankBalance, gai_kapadia_cascade


@pytest.mark.parametrize(("links", "spreads"), [(4, True), (5, True), (6, False), (9, False)])
def test_a_bank_with_equal_claims_is_vulnerable_while_its_buffer_is_at_most_one_claim(links: int, spreads: bool):
    """Balance sheet of the paper: interbank assets 20 %, buffer 4 % of assets; vulnerable up to 20 / 4 = 5 links."""
    banks = links + 1
    exposure = np.zeros((banks, banks))
    exposure[0, 1:] = 20.0 / links
    balance = BankBalance(illiquid_assets=[80.0] + [100.0] * links, deposits=[96.0] + [90.0 - 20.0 / links] * links)
    result = gai_kapadia_cascade(exposure, balance, initially_failed=[1])
    assert bool(result.failures.has_failed[0]) is spreads
