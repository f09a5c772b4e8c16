"""A vendor, a cloud and a lab owe one another in a circle: what is paid, and how much of it rests on belief."""

import numpy as np

from cardhouse.contagion.clearing import RecoveryRates, clear, clearing_gap, debt_network

FIRMS = ("vendor", "cloud", "lab")
EXPOSURE = np.array(
    [
        [0.0, 40.0, 0.0],  # the vendor is owed 40 by the cloud
        [0.0, 0.0, 45.0],  # the cloud is owed 45 by the lab
        [38.0, 0.0, 0.0],  # the lab is owed 38 by the vendor
    ]
)

debts = debt_network(EXPOSURE, outside_debt=[3.0, 6.0, 2.0])
costs = RecoveryRates(outside=0.6, inside=0.8)
for cash in (4.0, 9.0):
    result = clear(debts, [cash, 2.0, 1.0], recovery=costs)
    print(f"The vendor has {cash:.0f}:", dict(zip(FIRMS, result.payments.round(2).tolist(), strict=True)))
    for failure in result.failures.in_order():
        cause = "the shock" if failure.cause is None else FIRMS[int(failure.cause)]
        print(f"  {FIRMS[int(failure.firm)]} fails in round {failure.round} through {cause}")
gap = clearing_gap(debts, [9.0, 8.0, 10.0], recovery=costs)
print(f"With enough cash {gap.total_payments:.1f} of payments are made only if everyone expects them,")
print(f"and {gap.value:.1f} of value depends on that expectation.")
