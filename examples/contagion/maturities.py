"""One debtor, one debt due now, one due later: the rule for later debt decides who is paid."""

import numpy as np

from cardhouse.contagion.clearing import clear_maturities, debt_ladder

due_now, due_later = np.zeros((3, 3)), np.zeros((3, 3))
due_now[1, 0], due_later[2, 0] = 6.0, 12.0
ladder = debt_ladder([due_now, due_later])
for rule in ("accelerate", "subordinate", "wait"):
    result = clear_maturities(ladder, [[4.0, 1.0, 0.0], [5.0, 0.0, 2.0]], later_debt=rule)
    early, late = result.received.sum(axis=0)[1:]
    print(f"{rule:>11}: early creditor {early:.2f} of 6, late creditor {late:.2f} of 12")
