"""Layout of the scan: how many end points advance together, and where each keeps its running sums."""

from __future__ import annotations

LANES = 32
"""End points that advance together when the regression has no or one lagged change."""

WIDE_LANES = 128
"""End points that advance together with more lags, where each pass does less."""

MARGIN = WIDE_LANES + 8
"""Room before and after the series, so that no lane needs a test for the edge."""

SQUARES, CHANGES, PRODUCTS, SECOND, BEST, ROWS, END, LAST, BEFORE_LAST, WORK = (LANES * place for place in range(1, 11))
"""Places in the working array: squares of levels, squares of changes, products of changes one and two apart, largest
signed square, its rows, level, last change and the change before it of the end point, and the length of the array. The
sum of levels stands first.
"""

SENTINEL = 1e300
"""Mark of an end point with a window whose normal equations keep too few digits."""

TRUSTED = 1e-6
"""Share of the raw moments that must be left after sweeping for a window to be trusted."""
