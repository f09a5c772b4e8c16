"""The panel GSADF test: exuberance that many series share.

The panel statistic at an end point is the mean of the backward sup statistics of all series (Pavlidis, Yusupova, Paya,
Peel, Martinez-Garcia, Mack and Grossman 2016). Columns are put in an order of their own and exact copies
count once, so that neither the order of the columns nor a duplicated column changes a digit of the statistic or of its
bootstrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cardhouse.basics.arrays import AnyArray, FloatArray
from cardhouse.basics.errors import InputError, Problem
from cardhouse.bubbles.bootstrap import BootstrapSettings, bootstrap_columns
from cardhouse.bubbles.critical_values import NullDistribution
from cardhouse.bubbles.recursive_adf import RecursiveADF, recursive_adf, scaled
from cardhouse.bubbles.series import as_series


@dataclass(frozen=True, kw_only=True)
class PanelADF:
    """Statistics of a panel.

    Parameters
    ----------
    names : tuple of str
        Names of the distinct series, in the order they came.
    copies : tuple of str
        Names of the series left out because they equal an earlier one.
    members : tuple of RecursiveADF
        Statistics of each distinct series, in the panel's own order.
    bsadf : array, shape (n - min_window + 1,)
        Mean of the backward sup statistics.
    null : NullDistribution
        Bootstrap distribution with draws shared by all series.
    """

    names: tuple[str, ...]
    copies: tuple[str, ...]
    members: tuple[RecursiveADF, ...]
    bsadf: FloatArray
    null: NullDistribution

    @property
    def gsadf(self) -> float:
        """Largest mean backward sup statistic."""
        return float(self.bsadf.max())

    @property
    def p_value(self) -> float:
        """Share of bootstrap panels with a statistic as large."""
        return self.null.p_value(self.gsadf)

    @property
    def labels(self) -> AnyArray:
        """Labels of the end points."""
        first = self.members[0]
        return first.series.labels[first.min_window - 1 :]


def panel_gsadf(
    data: Any,
    *,
    names: Sequence[str] = (),
    lag: int = 0,
    min_window: int | None = None,
    log: bool = False,
    settings: BootstrapSettings | None = None,
) -> PanelADF:
    """Test a panel for exuberance shared by its series.

    Parameters
    ----------
    data : array of shape (n, series), or a frame with one column for each series
        Levels in time order; every series covers the whole sample.
    names : sequence of str
        Names of the columns; those of the frame by default.
    lag : int
        Lagged changes.
    min_window : int, optional
        Shortest window in observations.
    log : bool
        Test logarithms.
    settings : BootstrapSettings, optional
        How to draw; the weights are shared by all series, which keeps their correlation.

    Returns
    -------
    PanelADF

    Raises
    ------
    InputError
        When a column cannot be used or there is none.

    Examples
    --------
    >>> wave = np.cumsum([(-1.0) ** (t // 3) * (1 + t % 4) for t in range(60)])
    >>> one = panel_gsadf(wave[:, None], settings=BootstrapSettings(replications=100))
    >>> two = panel_gsadf(np.column_stack([wave, wave]), settings=BootstrapSettings(replications=100))
    >>> one.gsadf == two.gsadf, one.p_value == two.p_value, two.copies
    (True, True, ('1',))
    """
    columns, labels, known = _columns(data)
    names = tuple(names) or known
    if not columns or len(names) != len(columns):
        rule = f"the panel has {len(columns)} columns and {len(names)} names"
        raise InputError("", (Problem(file="panel", rule=rule, remedy="give one name for each column"),))
    series = [as_series(column, log=log, name=name, dates=labels) for column, name in zip(columns, names, strict=True)]
    distinct: dict[bytes, int] = {}
    copies = []
    for at, one in enumerate(series):
        if distinct.setdefault(one.values.tobytes(), at) != at:
            copies.append(names[at])
    # ordered by content, so that sums run in the same order whatever the order of the columns
    order = sorted(distinct.values(), key=lambda at: tuple(series[at].values.tolist()))
    members = tuple(recursive_adf(series[at], lag=lag, min_window=min_window) for at in order)
    bsadf = np.zeros(members[0].bsadf.size)
    for member in members:
        bsadf += member.bsadf / len(members)
    levels = [scaled(member.series.values) for member in members]
    null = bootstrap_columns(levels, lag, members[0].min_window, settings or BootstrapSettings())
    kept = tuple(names[at] for at in sorted(distinct.values()))
    return PanelADF(names=kept, copies=tuple(copies), members=members, bsadf=bsadf, null=null)


def _columns(data: Any) -> tuple[list[FloatArray], AnyArray | None, tuple[str, ...]]:
    frame_columns = getattr(data, "columns", None)
    if frame_columns is None:
        matrix = np.asarray(data, dtype=np.float64)
        if matrix.ndim != 2:
            rule = f"a panel has two axes, time and series; the data have shape {matrix.shape}"
            raise InputError("", (Problem(file="panel", rule=rule, remedy="put the series in columns"),))
        return [matrix[:, i].copy() for i in range(matrix.shape[1])], None, tuple(map(str, range(matrix.shape[1])))
    raw = {str(name): np.asarray(data[name].to_numpy()) for name in frame_columns}
    dated = [name for name, values in raw.items() if np.issubdtype(values.dtype, np.datetime64)]
    valued = [name for name in raw if name not in dated]
    index = getattr(data, "index", None)
    labels = raw[dated[0]] if dated else (np.asarray(index) if index is not None else None)
    if labels is not None and not np.issubdtype(labels.dtype, np.datetime64):
        labels = None
    return [raw[name].astype(np.float64) for name in valued], labels, tuple(valued)
