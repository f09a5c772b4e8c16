"""Gates: one switch per mechanism, so that textbook models are special cases and every effect can be switched off.

>>> "orders_hostage" in GATES, float(gate_values({"orders_hostage": False}).orders_hostage)
(True, 0.0)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cardhouse.basics.errors import ModelError
from cardhouse.basics.identifiers import suggestion
from cardhouse.model.layout import Annotated, Layout, about, fields_of, new_record


class Gates(Layout):
    """One number per mechanism: 1 on, 0 off."""

    adoption_pilots: Annotated[float, about("switch", "A1-A3: firms pilot before they use; off: use follows at once")]
    adoption_price: Annotated[float, about("switch", "A5: spending responds to the price of use")]
    adoption_churn: Annotated[float, about("switch", "A4: users leave")]
    quality_race: Annotated[float, about("switch", "A8: shares of the laboratories drift at random")]
    demand_rationing: Annotated[float, about("switch", "B3: sales stop at capacity")]
    overflow: Annotated[float, about("switch", "B4: demand above platform capacity goes to leveraged clouds")]
    spot_price: Annotated[float, about("switch", "B5: the spot price moves with utilisation")]
    used_chip_index: Annotated[float, about("switch", "B8: used chips are revalued by their rents")]
    orders_beliefs: Annotated[float, about("switch", "C1: diagnostic expectations; off: adaptive only")]
    orders_supply_line: Annotated[float, about("switch", "C2: capacity on order is partly ignored")]
    orders_hostage: Annotated[float, about("switch", "C3: nobody can leave the race")]
    orders_supply_limit: Annotated[float, about("switch", "C4: deliveries of the whole sector grow at a limited rate")]
    orders_finance_limit: Annotated[float, about("switch", "C5: orders stop at available funds")]
    wafer_allocation: Annotated[float, about("switch", "C6: chip makers shift wafers to AI")]
    take_or_pay: Annotated[float, about("switch", "D1: minimum bills; off: buyers pay what they use")]
    renegotiation: Annotated[float, about("switch", "D3: weak buyers stretch their contracts")]
    economic_depreciation: Annotated[float, about("switch", "E2: chips wear with their market index; off: book life")]
    lab_rounds: Annotated[float, about("switch", "F1-F2: outside equity rounds of laboratories")]
    conditional_tranches: Annotated[float, about("switch", "F4: money paid on milestones")]
    financing_risk: Annotated[float, about("switch", "F5: outside money stops when the next round is doubtful")]
    round_valuation: Annotated[float, about("switch", "F6: rounds set the value of laboratories")]
    warrants: Annotated[float, about("switch", "F6: warrants vest with purchases and dilute the issuer's holders")]
    strategic_finance: Annotated[float, about("switch", "F3: suppliers and clouds finance their customers")]
    strategic_from_suppliers: Annotated[
        float, about("switch", "F3: the givers are suppliers; off: outsiders give the same")
    ]
    circular_additionality: Annotated[
        float, about("switch", "F3 i: strategic money adds to outside money; off: replaces it dollar for dollar")
    ]
    circular_wrong_way: Annotated[
        float,
        about("switch", "F3 ii: the giver's means depend on the taker; off: constant, stakes sold on at cost"),
    ]
    circular_signal: Annotated[float, about("switch", "F3 iii: growth caused by the loop enters beliefs")]
    circular_marks: Annotated[float, about("switch", "F3 iv: stake gains enter income and value of the giver")]
    circular_price: Annotated[float, about("switch", "F3 v: warrants and rebates lift headline contract prices")]
    credit_spreads: Annotated[float, about("switch", "G1: spreads respond to leverage and the market factor")]
    credit_limit: Annotated[float, about("switch", "G2: new debt stops at capacity")]
    rollover_run: Annotated[float, about("switch", "G3-G4: attentive creditors may refuse to roll over")]
    market_credit: Annotated[float, about("switch", "G5: the market spread and lending standards move")]
    rating_migration: Annotated[float, about("switch", "G6: ratings move, holders sell fallen angels")]
    covenants: Annotated[float, about("switch", "G7: cash sweeps and events of default")]
    margin_loans: Annotated[float, about("switch", "G8: margin calls on pledged stakes")]
    double_pledging: Annotated[float, about("switch", "G9: the same collateral is pledged twice")]
    fundamental_value: Annotated[float, about("switch", "H1: prices follow fundamental value")]
    sentiment: Annotated[float, about("switch", "H2: sentiment moves")]
    inelastic_market: Annotated[float, about("switch", "H3-H4: flows move prices by a multiplier")]
    news_jumps: Annotated[float, about("switch", "H5: self-exciting jumps")]
    leveraged_holders: Annotated[float, about("switch", "H7: leveraged holders sell after losses")]
    cross_holdings: Annotated[float, about("switch", "I1-I2: stakes are valued through the network")]
    tenant_support: Annotated[float, about("switch", "J1e: tenants keep the vehicles alive whose sites they need")]
    default_clearing: Annotated[
        float, about("switch", "J2: shortfalls pass to creditors; off: unpaid dues are forgiven")
    ]
    fire_sale: Annotated[float, about("switch", "J3: failed firms' chips press the used-chip index")]
    receivership: Annotated[float, about("switch", "J5: capacity of failed firms keeps running; off: it is scrapped")]
    inheritance: Annotated[float, about("switch", "J6: survivors buy idle capacity of failed firms")]
    wealth_effect: Annotated[float, about("switch", "K1-K2: losses of holders lower consumption")]
    output_feedback: Annotated[float, about("switch", "K3-K4: the output gap feeds back on sales")]
    levers: Annotated[float, about("switch", "L: policy levers act")]
    opening_uncertainty: Annotated[float, about("switch", "opening figures vary inside their ranges from draw to draw")]


GATES: dict[str, str] = {name: field.meaning for name, (_, field) in fields_of(Gates).items()}
"""Name and meaning of every gate."""

CIRCULARITY_GATES: tuple[str, ...] = tuple(name for name in GATES if name.startswith("circular_"))
"""The five channels through which strategic finance acts."""

WORLDS: dict[str, dict[str, bool]] = {
    "circ": {},
    "substitute": {"strategic_from_suppliers": False},
    "none": {"strategic_finance": False},
}
"""The three worlds of the counterfactual as gates: as is, the same money from outside, no strategic money."""


def gate_values(chosen: Mapping[str, bool]) -> Gates:
    """Return the record of gates: all on except the ones chosen.

    Raises
    ------
    ModelError
        If a name is unknown.
    """
    gates = new_record(Gates)
    for name in GATES:
        setattr(gates, name, 1.0)
    for name, on in chosen.items():
        if name not in GATES:
            raise ModelError(f"there is no gate '{name}': {suggestion(name, GATES)}")
        setattr(gates, name, 1.0 if on else 0.0)
    return gates


def gate_array(gates: Gates) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the switches in the order of :data:`GATES`."""
    return np.array([float(getattr(gates, name)) for name in GATES])
