import pytest
from tests.analysis.worlds import toy_run

from cardhouse.analysis.regimes import RULES, regime_shares
from cardhouse.model.regimes import REGIMES


def test_every_label_of_the_model_has_its_rule_in_words() -> None:
    assert set(RULES) == set(REGIMES)


def test_labels_are_counted_over_all_draws() -> None:
    run = toy_run()
    found = {item.regime: item.share.share for item in regime_shares(run)}
    assert sum(share or 0.0 for share in found.values()) == pytest.approx(1.0)
    for name in ("plateau", "funding run"):
        expected = (run.results("regime") == REGIMES.index(name)).mean()
        assert expected > 0
        assert found[name] == pytest.approx(expected)
