"""Units of the evidence and of the model, and the one place where rates per year become rates per quarter.

Money without a suffix is nominal US dollars in billions. Flows are per quarter, rates per year.
"""

from __future__ import annotations

from cardhouse.basics.compiled import compiled

QUARTERS_PER_YEAR = 4.0


@compiled
def per_quarter(rate_annual: float) -> float:
    """Turn a simple rate per year into a rate per quarter.

    >>> per_quarter(0.08)
    0.02
    """
    return rate_annual / QUARTERS_PER_YEAR


@compiled
def annualised(flow: float) -> float:
    """Turn a flow per quarter into a flow per year.

    >>> annualised(2.5)
    10.0
    """
    return flow * QUARTERS_PER_YEAR
