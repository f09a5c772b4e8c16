"""What the opening of a draw writes and no quarter changes: the figures that later ones are compared with."""

from __future__ import annotations

from cardhouse.model.layout import Annotated, FloatArray, Layout, about


class OpenedState(Layout, on_lines=True):
    """The part of a state that stays the same from the opening of a draw to its end."""

    lease_liability: Annotated[FloatArray, about("USD bn", "leases on the balance sheet", "agent")]
    fee: Annotated[float, about("USD per quarter", "fee of a paying user", block="A")]
    advertising_start: Annotated[float, about("USD per quarter", "advertising per user at the start")]
    chip_annuity: Annotated[float, about("per year", "annuity of chips at the cost of capital, B7")]
    shell_annuity: Annotated[float, about("per year", "annuity of shells at the cost of capital, B7")]
    density_start: Annotated[float, about("USD bn per GW-year", "revenue per GW-year of compute at the start")]
    lab_spending_share: Annotated[float, about("share", "part of enterprise spending that goes to laboratories")]
    end_user_share: Annotated[FloatArray, about("share", "share of its pool at the start", "agent")]
    risk_free_start: Annotated[float, about("per year", "policy rate at the start")]
    rent_value: Annotated[float, about("USD bn per GW", "discounted rents of a used chip at the start", block="B")]
    training_start: Annotated[FloatArray, about("GW", "training compute at the start", "agent")]
    own_use: Annotated[FloatArray, about("GW", "platform's own use at the start", "agent", block="B")]
    other_capex: Annotated[FloatArray, about("USD bn", "capital spending of other business at the start", "agent")]
    outside_chip_sales: Annotated[FloatArray, about("USD bn", "chips sold outside at the start", "agent")]
    chip_share: Annotated[FloatArray, about("share", "share of the sector's chip spending", "agent")]
    chip_share_outside: Annotated[float, about("share", "share of it that goes to suppliers outside the sector")]
    plateau: Annotated[FloatArray, about("USD bn per quarter", "schedule's plateau", "relation", block="D")]
    other_start: Annotated[FloatArray, about("USD bn", "sales of other business at the start", "agent")]
    other_margin: Annotated[FloatArray, about("share", "margin of other business", "agent")]
    fixed_cost: Annotated[FloatArray, about("USD bn", "running cost that does not follow sales", "agent")]
    variable_cost: Annotated[FloatArray, about("share", "running cost per dollar of AI sales", "agent")]
    known_outside: Annotated[
        FloatArray, about("USD bn", "outside money of the first quarter, inside its range", "agent", block="F")
    ]
    known_strategic: Annotated[
        FloatArray, about("USD bn", "strategic money of the first quarter, inside its range", "agent", block="F")
    ]
    reference_value: Annotated[FloatArray, about("USD bn", "market value at the start", "agent")]
    capex_reference: Annotated[float, about("USD bn per quarter", "capital spending of the base quarter", block="K")]
