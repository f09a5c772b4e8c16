"""The same shock under the three laws of DebtRank: a ring of three firms."""

import numpy as np

from cardhouse.contagion.debtrank import debtrank, nonlinear_debtrank, single_hit_debtrank

exposure = np.array([[0.0, 0.0, 3.0], [4.0, 0.0, 0.0], [0.0, 5.0, 0.0]])
equity, shock = [8.0, 9.0, 11.0], [0.4, 0.0, 0.0]
print("single hit ", single_hit_debtrank(exposure, equity, shock).stress.round(4))
print("cyclic     ", debtrank(exposure, equity, shock).stress.round(4))
for strength in (1.0, 5.0):
    print(
        f"nonlinear {strength:.0f}", nonlinear_debtrank(exposure, equity, shock, nonlinearity=strength).stress.round(4)
    )
