"""Rebuild the packaged quantiles of the bubble tests: ``./run python tools/rebuild_bubble_tables.py [LAG ...]``.

Takes a few minutes and 2 GB of memory. Every row depends on its own settings and seed only, so that lags can be rebuilt
one at a time and on any number of threads.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from pathlib import Path

import numpy as np

from cardhouse.bubbles.critical_values import NullSettings, simulated
from cardhouse.bubbles.recursive_adf import check_window
from cardhouse.bubbles.response_surface import PROBABILITIES, TABLE

SIZES = (50, 70, 100, 140, 200, 280, 400, 560, 800, 1120, 1600)
REPLICATIONS = 30_000
SEED = 20_260_101


def rows_of(lag: int, n: int) -> list[list[str]]:
    """Simulate one sample size and give one row for each statistic."""
    begin = time.monotonic()
    settings = NullSettings(
        n=n, lag=lag, min_window=check_window(n, lag, None), replications=REPLICATIONS, seed=SEED + n
    )
    null = simulated(settings, np.empty((0, n)), os.cpu_count() or 1)
    print(f"lag {lag}, {n} observations: {time.monotonic() - begin:.1f} s", flush=True)
    rows = []
    for name in ("adf", "sadf", "gsadf"):
        quantiles = np.quantile(getattr(null, name), PROBABILITIES)
        head = [name, str(lag), str(n), str(settings.min_window), str(REPLICATIONS), str(settings.seed)]
        rows.append([*head, *(f"{value:.4f}" for value in quantiles)])
    return rows


def main(arguments: list[str]) -> None:
    """Rebuild the table, or only the rows of the lags named."""
    lags = [int(word) for word in arguments] or [0, 1]
    header = ["statistic", "lag", "n", "min_window", "replications", "seed", *map(str, PROBABILITIES)]
    kept = []
    if Path(TABLE).exists():
        with Path(TABLE).open(encoding="utf-8", newline="") as file:
            kept = [row for row in list(csv.reader(file))[1:] if int(row[1]) not in lags]
    fresh = [row for lag in lags for n in SIZES for row in rows_of(lag, n)]
    rows = sorted(kept + fresh, key=lambda row: (int(row[1]), row[0], int(row[2])))
    with Path(TABLE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main(sys.argv[1:])
