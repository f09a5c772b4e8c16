"""One network, five ways to value a claim."""

import numpy as np

from cardhouse.contagion.valuation import (
    EisenbergNoe,
    ExAnteEisenbergNoe,
    Furfine,
    LinearDebtRank,
    Merton,
    OutsideBook,
    network_value,
)

exposure = np.array([[0.0, 3.0, 0.0], [0.0, 0.0, 4.0], [5.0, 0.0, 0.0]])
before = np.array([12.0, 10.0, 9.0])
debt = np.array([8.0, 9.0, 8.5])
reference = before - debt + exposure.sum(axis=1) - exposure.sum(axis=0)
book = OutsideBook(assets=before - [3.0, 0.0, 0.0], debt=debt)
for valuation in (EisenbergNoe(), Furfine(0.4), LinearDebtRank(reference), ExAnteEisenbergNoe(0.2), Merton(0.2, 0.4)):
    equity = network_value(exposure, book, valuation).equity
    print(f"{type(valuation).__name__:>18}: equity {equity.round(3)}")
