"""One failure in a small network: how far it reaches depends on capital and on recovery."""

import numpy as np

from cardhouse.contagion.threshold import furfine_cascade

names = ("a", "b", "c", "d")
exposure = np.array([[0, 0, 0, 2.0], [5.0, 0, 0, 0], [1.0, 4.0, 0, 0], [0, 0, 3.5, 0]])
for severity in (1.0, 0.6):
    result = furfine_cascade(exposure, [4.0, 3.0, 4.5, 3.0], initially_failed=[0], loss_given_default=severity)
    rounds = dict(zip(names, result.failures.round.tolist(), strict=True))
    print(f"loss given default {severity:.0%}: rounds of failure {rounds}, losses {result.claim_loss.round(2)}")
