"""Block I: value of firms that own parts of each other (I1), and failure of one of them (I2)."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="I1",
    symbol=r"V = Dp + AV",
    formula=r"(Dp)_i + \sum_j A_{ij} V_j",
    unit="USD bn",
    source="elliott-golub-jackson-2014 eq. 2",
)
def value_with_stakes(own_value: float, stakes_value: float) -> float:
    """Value of one firm: what it owns outside the network, plus its stakes at their value.

    >>> value_with_stakes(100.0, 12.5)
    112.5
    """
    return own_value + stakes_value


@equation(
    id="I2",
    symbol=r"\beta_j",
    formula=r"(1 - \beta_j)\, (Dp)_j",
    unit="USD bn",
    source="elliott-golub-jackson-2014 eq. 5: discontinuous drop on failure",
)
def value_after_failure(own_value: float, bankruptcy_cost: float, failed: float) -> float:
    """Underlying value of a firm after a failure has cost its share.

    >>> value_after_failure(80.0, 0.25, 1.0), value_after_failure(80.0, 0.25, 0.0)
    (60.0, 80.0)
    """
    return own_value * (1.0 - bankruptcy_cost) if failed > 0.5 else own_value
