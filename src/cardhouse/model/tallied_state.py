"""What a draw adds up for its results: quarters write it and none reads it.

It stays in place when the start of a quarter is kept, because neither the identities nor the re-run of a quarter look
at it.
"""

from __future__ import annotations

from cardhouse.basics.arrays import IntArray
from cardhouse.model.carried_state import CarriedState
from cardhouse.model.layout import Annotated, FloatArray, about


class TalliedState(CarriedState):
    """The part of a state that counts and adds up; a default writes the two rates of recovery before it reads them."""

    default_label: Annotated[IntArray, about("label", "1 illiquid, 2 insolvent", "agent", block="J")]
    default_trigger: Annotated[IntArray, about("code", "equation that triggered it", "agent", block="J")]
    default_round: Annotated[IntArray, about("wave", "round of the cascade within the quarter", "agent", block="J")]
    claims_unpaid: Annotated[FloatArray, about("USD bn", "claims on the firm never paid", "agent", block="J")]
    claims_lost: Annotated[FloatArray, about("USD bn", "claims of the agent never paid", "agent", block="J")]
    recovery_secured: Annotated[FloatArray, about("share", "secured debt recovered at default", "agent", block="J")]
    recovery_unsecured: Annotated[FloatArray, about("share", "other debt recovered at default", "agent", block="J")]
    capacity_bought: Annotated[FloatArray, about("GW", "failed firms' capacity bought so far", "agent", block="J")]
    capacity_bought_cost: Annotated[FloatArray, about("USD bn", "paid for it so far", "agent", block="J")]
    warrant_gain: Annotated[
        FloatArray, about("USD bn", "value that vested warrants moved to the agent so far", "agent", block="F")
    ]
    credit_loss: Annotated[FloatArray, about("USD bn", "credit lost since the start, by holder", "agent", block="K")]
