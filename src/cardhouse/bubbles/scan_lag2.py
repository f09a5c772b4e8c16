"""The scan with two lagged changes, whose moments all follow from five running sums."""

from __future__ import annotations

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled
from cardhouse.bubbles.lanes import (
    BEFORE_LAST,
    BEST,
    CHANGES,
    END,
    LANES,
    LAST,
    MARGIN,
    PRODUCTS,
    ROWS,
    SECOND,
    SENTINEL,
    SQUARES,
    TRUSTED,
)


@compiled
def block_lag2(padded: FloatArray, change: FloatArray, work: FloatArray, span: IntArray) -> None:
    """Add one row at a time of the regression with lagged changes ``z`` and ``u`` and keep the largest signed square.

    Sums of ``z``, ``u``, their squares, their product and their products with the level telescope to those of the
    change; the products of the change with ``z`` and with ``u`` are summed. Then ``z`` and ``u`` are swept out in turn.
    """
    for count in range(span[1], span[2] + 1):
        at = MARGIN + span[0] - count
        level, now = padded[at : at + LANES], change[at + 1 : at + 1 + LANES]
        before, earlier = change[at : at + LANES], change[at - 1 : at - 1 + LANES]
        rows = float(count)
        for lane in range(LANES):
            x, d, z, u = level[lane] - work[lane + END], now[lane], before[lane], earlier[lane]
            last, two = work[lane + LAST], work[lane + LAST] + work[lane + BEFORE_LAST]
            sum_x, sum_xx = work[lane] + x, work[lane + SQUARES] + x * x
            sum_dd = work[lane + CHANGES] + d * d
            sum_zd, sum_ud = work[lane + PRODUCTS] + d * z, work[lane + SECOND] + d * u
            work[lane], work[lane + SQUARES], work[lane + CHANGES] = sum_x, sum_xx, sum_dd
            work[lane + PRODUCTS], work[lane + SECOND] = sum_zd, sum_ud
            sum_z, sum_u = z - x - last, z + u - x - two
            sum_zz = sum_dd - last * last + z * z
            sum_uu = sum_zz - (two - last) * (two - last) + u * u
            sum_zu = sum_zd - last * (two - last) + z * u
            sum_xz = 0.5 * (last * last - (x - z) * (x - z) + sum_zz)
            sum_xu = 0.5 * (two * two - (x - z - u) * (x - z - u) + sum_uu) + sum_zu
            zz = rows * sum_zz - sum_z * sum_z
            zu = rows * sum_zu - sum_z * sum_u
            xz, xu = rows * sum_xz - sum_x * sum_z, rows * sum_xu - sum_x * sum_u
            zd, ud = rows * sum_zd + sum_z * x, rows * sum_ud + sum_u * x
            by_u, by_x, by_d = zu / zz, xz / zz, zd / zz
            uu = rows * sum_uu - sum_u * sum_u - by_u * zu
            xu, ud = xu - by_u * xz, ud - by_u * zd
            share_x, share_d = xu / uu, ud / uu
            a = rows * sum_xx - sum_x * sum_x - by_x * xz - share_x * xu
            b = sum_x * x - 0.5 * rows * (x * x + sum_dd) - by_x * zd - share_x * ud
            c = a * (rows * sum_dd - x * x - by_d * zd - share_d * ud) - b * b
            value = SENTINEL if c <= TRUSTED * (rows * sum_xx) * (rows * sum_dd) else b * abs(b) * (rows - 4.0) / c
            value = SENTINEL if min(zz - TRUSTED * rows * sum_zz, uu - TRUSTED * rows * sum_uu) <= 0.0 else value
            best = work[lane + BEST]
            work[lane + BEST] = value if value > best else best
            work[lane + ROWS] = rows if value > best else work[lane + ROWS]
