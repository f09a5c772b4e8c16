"""What every result promises: convergence that cannot be claimed, failures in order, numbers by label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cardhouse.contagion.clearing import clear
from cardhouse.contagion.outcome import Convergence, Failures


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e-3])
def test_convergence_cannot_be_true_unless_met(bad: float):
    assert not Convergence(rounds=1, residual_by_firm=np.array([0.0, bad]), tolerance=1e-9).converged
    assert Convergence(rounds=1, residual_by_firm=np.array([0.0, 1e-12]), tolerance=1e-9).converged
    with pytest.raises(TypeError):
        Convergence(rounds=1, residual_by_firm=np.zeros(2), tolerance=1e-9, converged=True)


def test_failures_come_in_order_of_rounds():
    failures = Failures(labels=("a", "b", "c"), round=np.array([2, -1, 0]), cause=np.array([2, -1, -1]))
    assert [(f.firm, f.round, f.cause) for f in failures.in_order()] == [("c", 0, None), ("a", 2, "c")]
    assert failures.count == 2


def test_frames_in_labels_out():
    names = ["lab", "cloud", "chips"]
    exposure = pd.DataFrame([[0, 0, 0], [9.0, 0, 0], [0, 8.0, 0]], index=names, columns=names)
    result = clear(exposure, pd.Series({"chips": 3.0, "lab": 5.0, "cloud": 1.0}))
    assert result.by_label("payments") == {"lab": 5.0, "cloud": 6.0, "chips": 0.0}
    table = result.to_pandas()
    assert list(table.index) == names
    assert table.loc["cloud", "default_round"] == 1
    assert result.failures.in_order()[1].cause == "lab"
