"""Every behavioural number of the model, spelled out, with unit, hard limits and meaning.

A draw's parameters are one record read by name: ``par.adoption_ceiling``. Values, ranges and reasons are evidence and
stand in the case's ``priors.csv``; this file only says which numbers exist.
"""

from __future__ import annotations

from cardhouse.model.layout import Annotated, Layout, about


class Parameters(Layout):
    """One draw's parameters. Rates are per year unless the unit says per quarter."""

    addressable_spend: Annotated[
        float,
        about(
            "USD bn per year",
            "Spending of all addressable firms with AI in production at today's price, W of A5.",
            block="A",
        ),
    ]
    adoption_ceiling: Annotated[
        float, about("share", "Highest share of addressable firms that pilot or use, A1.", block="A")
    ]
    innovation_rate: Annotated[
        float, about("per quarter", "Share that starts a pilot without an example, p of A1.", block="A")
    ]
    imitation_rate: Annotated[
        float, about("per quarter", "Share that starts a pilot per share of firms that use, q of A1.", block="A")
    ]
    pilot_imitation_weight: Annotated[
        float, about("share", "Weight of a pilot as an example, relative to a user, A1.", block="A")
    ]
    pilot_ending_rate: Annotated[float, about("per quarter", "Share of pilots that end in a quarter, A2.", block="A")]
    pilot_success: Annotated[float, about("share", "Share of ending pilots that go to production, A3.", block="A")]
    pilot_intensity: Annotated[
        float, about("share", "Spending of a piloting firm relative to one in production, A5.", block="A")
    ]
    churn_base: Annotated[
        float,
        about("per quarter", "Share of users that leave in a quarter when benefit per dollar is one, A4.", block="A"),
    ]
    churn_benefit_slope: Annotated[
        float, about("log per unit", "Fall of churn with benefit per dollar, A4.", block="A")
    ]
    price_elasticity: Annotated[
        float, about("ratio", "Price elasticity of use; above one, cheaper use means more spending, A5.", block="A")
    ]
    output_gap_elasticity: Annotated[float, about("ratio", "Response of AI spending to the output gap, A5.", block="A")]
    user_growth_rate: Annotated[
        float, about("per quarter", "Growth of consumer users far below their ceiling, A6.", block="A")
    ]
    user_ceiling: Annotated[float, about("million users", "Largest number of consumer users, A6.", block="A")]
    paying_share_drift: Annotated[
        float, about("share per quarter", "Change of the share of users who pay, A6.", block="A")
    ]
    paying_share_ceiling: Annotated[float, about("share", "Largest share of users who pay, A6.", block="A")]
    advertising_per_user: Annotated[
        float,
        about("USD per quarter", "Advertising revenue per consumer user at the horizon of its ramp, A6.", block="A"),
    ]
    quality_volatility: Annotated[
        float,
        about("log per quarter", "Standard deviation of the drift of relative quality of laboratories, A8.", block="A"),
    ]
    revenue_per_gw_year: Annotated[
        float,
        about("USD bn per GW-year", "Laboratory revenue per GW-year of compute at the start, rho of B1.", block="B"),
    ]
    efficiency_growth: Annotated[float, about("per quarter", "Growth of revenue per GW-year, B1.", block="B")]
    internal_demand_growth: Annotated[
        float, about("per quarter", "Growth of the platforms' own use of AI compute, B1.", block="B")
    ]
    training_growth: Annotated[
        float, about("per quarter", "Growth of training compute that laboratories want, B1.", block="B")
    ]
    cost_per_gw: Annotated[
        float, about("USD bn per GW", "Cost of a GW of AI capacity: chips, network, shell, power, B7.", block="B")
    ]
    chip_cost_share: Annotated[float, about("share", "Part of that cost that is chips and network, B7.", block="B")]
    chip_life_economic: Annotated[float, about("years", "Economic life of chips, B7 and E2.", block="B")]
    chip_life_book: Annotated[float, about("years", "Accounting life of chips, E2.", block="B")]
    shell_life: Annotated[float, about("years", "Life of shells and power equipment, B7 and E2.", block="B")]
    operating_cost_per_gw_year: Annotated[
        float, about("USD bn per GW-year", "Power and operation of a GW in use, B5 and E1.", block="B")
    ]
    target_utilisation: Annotated[float, about("share", "Utilisation that builders aim at, B4 and C2.", block="B")]
    price_exponent: Annotated[
        float, about("ratio", "Response of the spot price to demand over capacity, eta of B5.", block="B")
    ]
    price_adjustment: Annotated[float, about("per quarter", "Speed of the spot price, B5.", block="B")]
    price_ceiling_factor: Annotated[float, about("ratio", "Largest spot price relative to user cost, B5.", block="B")]
    price_markup: Annotated[float, about("ratio", "Mark-up on user cost in the long-run price, B7.", block="B")]
    contract_duration: Annotated[
        float,
        about("quarters", "Mean duration of compute contracts; one over it re-prices each quarter, B6.", block="B"),
    ]
    capital_cost_rate: Annotated[float, about("per year", "Required return on compute capital, B7.", block="B")]
    capacity_retirement: Annotated[
        float, about("per quarter", "Share of capacity retired in a quarter, B2.", block="B")
    ]
    energisation_slip: Annotated[
        float, about("share", "Part of deliveries that waits about a year for power and shells, B2.", block="B")
    ]
    rent_decay: Annotated[
        float, about("per quarter", "Fall of the rent of an old chip relative to new ones, B8.", block="B")
    ]
    diagnosticity: Annotated[
        float, about("ratio", "Weight of news about growth beyond adaptive learning, theta of C1.", block="C")
    ]
    belief_gain: Annotated[
        float, about("per quarter", "Speed of adaptive learning about growth, gamma of C1.", block="C")
    ]
    sentiment_belief_slope: Annotated[
        float, about("per quarter per point", "Effect of sentiment on expected growth, C1.", block="C")
    ]
    supply_line_neglect: Annotated[
        float, about("share", "Share of capacity on order that builders ignore, nu of C2.", block="C")
    ]
    order_adjustment: Annotated[float, about("per quarter", "Speed at which a capacity gap is ordered, C2.", block="C")]
    construction_lag: Annotated[float, about("quarters", "Quarters from order to energisation, L of C2.", block="C")]
    order_price_exponent: Annotated[
        float, about("ratio", "Response of orders to the price over its long-run level, C2.", block="C")
    ]
    hostage_platform: Annotated[float, about("share", "Inability of platforms to leave the race, C3.", block="C")]
    hostage_leveraged_cloud: Annotated[
        float, about("share", "Inability of leveraged clouds to leave the race, C3.", block="C")
    ]
    hostage_laboratory: Annotated[float, about("share", "Inability of laboratories to leave the race, C3.", block="C")]
    hostage_scale: Annotated[
        float, about("ratio", "Share of rivals' order rate that a hostage must match, C3.", block="C")
    ]
    supply_growth_limit: Annotated[
        float, about("per quarter", "Largest growth of orders of the whole sector in a quarter, C4.", block="C")
    ]
    power_limit: Annotated[
        float, about("GW per quarter", "Largest power that becomes available in a quarter at the start, C4.", block="C")
    ]
    power_growth: Annotated[float, about("per quarter", "Growth of that limit, C4.", block="C")]
    order_deposit: Annotated[float, about("share", "Part of the cost that is paid at order, d0 of C5.", block="C")]
    plan_anchor: Annotated[
        float, about("share", "Weight of published capital spending plans in the first year's orders, C2.", block="C")
    ]
    wafer_share_start: Annotated[float, about("share", "AI share of leading-edge wafers at the start, C6.", block="C")]
    wafer_shift_speed: Annotated[
        float, about("per quarter", "Speed at which chip makers shift wafers to AI, C6.", block="C")
    ]
    take_or_pay_share: Annotated[
        float, about("share", "Part of a contract that is billed whether used or not, tau of D1.", block="D")
    ]
    contract_enforcement: Annotated[
        float, about("share", "Part of due bills that suppliers enforce against a weak buyer, D3.", block="D")
    ]
    cover_floor: Annotated[
        float, about("ratio", "Cover of the next year's outflow below which contracts are stretched, D3.", block="D")
    ]
    stretch_limit: Annotated[
        float, about("share", "Largest part of a bill that can be moved to the tail, D3.", block="D")
    ]
    exit_cost_share: Annotated[
        float, about("share", "Part of the remaining contract paid when a buyer leaves at will, D5.", block="D")
    ]
    headline_share: Annotated[
        float,
        about("share", "Part of the gap between headline and binding amounts that turns out to bind, D1.", block="D"),
    ]
    compute_contract_life: Annotated[
        float, about("quarters", "Quarters over which compute contracts are billed, D1.", block="D")
    ]
    compute_contract_ramp: Annotated[
        float, about("quarters", "Quarters until contracted compute reaches its plateau, D1.", block="D")
    ]
    lease_life: Annotated[float, about("quarters", "Quarters over which leases of sites are paid, D1.", block="D")]
    lease_ramp: Annotated[
        float, about("quarters", "Quarters until leases signed but not started are all running, D1.", block="D")
    ]
    other_business_growth: Annotated[float, about("per quarter", "Growth of the firms' other business, E1.", block="E")]
    other_business_gap_elasticity: Annotated[
        float, about("ratio", "Response of other business to the output gap, E1.", block="E")
    ]
    laboratory_cost_share: Annotated[
        float, about("share", "Cost that grows with a laboratory's revenue, besides compute, E1.", block="E")
    ]
    laboratory_cost_growth: Annotated[
        float, about("per quarter", "Growth of a laboratory's fixed cost, E1.", block="E")
    ]
    wage_share: Annotated[
        float, about("share", "Part of operating cost that goes to households, the rest to suppliers, E1.", block="E")
    ]
    tax_rate: Annotated[float, about("share", "Tax on positive profit, E3.", block="E")]
    payout_share: Annotated[
        float, about("share", "Part of free cash flow paid out by chip makers and platforms, E4.", block="E")
    ]
    minimum_cash_quarters: Annotated[
        float, about("quarters", "Cash a firm wants to hold, in quarters of outflow, E4.", block="E")
    ]
    opening_wear: Annotated[
        float, about("share", "Part of the cost of chips in service already written off at the start, E2.", block="E")
    ]
    outside_lab_money: Annotated[
        float, about("USD bn per quarter", "Outside equity on offer for all laboratories, V-bar of F2.", block="F")
    ]
    outside_lab_money_growth: Annotated[float, about("per quarter", "Growth of that amount, F2.", block="F")]
    strategic_recycling: Annotated[
        float,
        about(
            "ratio", "Money a supplier gives per dollar of gross profit it earns from the taker, phi of F3.", block="F"
        ),
    ]
    strategic_sentiment_slope: Annotated[
        float, about("ratio", "Response of strategic money to sentiment, b_g of F3.", block="F")
    ]
    strategic_additionality: Annotated[
        float, about("share", "Part of strategic money that does not replace outside money, F3 gate i.", block="F")
    ]
    gate_base: Annotated[
        float, about("ratio", "Outside will at neutral sentiment and a plan just met, g0 of F2.", block="F")
    ]
    gate_sentiment_slope: Annotated[float, about("ratio", "Response of outside will to sentiment, F2.", block="F")]
    gate_miss_slope: Annotated[
        float, about("ratio", "Response of outside will to a missed or beaten plan, F2.", block="F")
    ]
    gate_maximum: Annotated[float, about("ratio", "Largest outside will, F2.", block="F")]
    next_round_threshold: Annotated[
        float, about("share", "Probability of a next round below which investors stay out, F5.", block="F")
    ]
    next_round_base: Annotated[float, about("log odds", "b0 of F5.", block="F")]
    next_round_runway_slope: Annotated[float, about("log odds per quarter", "b1 of F5.", block="F")]
    next_round_gate_slope: Annotated[float, about("log odds", "b2 of F5.", block="F")]
    valuation_multiple: Annotated[
        float,
        about("ratio", "Value of a laboratory per dollar of run rate at neutral sentiment and growth, F6.", block="F"),
    ]
    valuation_growth_slope: Annotated[
        float, about("ratio", "Response of that multiple to expected growth, F6.", block="F")
    ]
    valuation_sentiment_slope: Annotated[
        float, about("ratio", "Response of that multiple to sentiment, F6.", block="F")
    ]
    plan_growth: Annotated[
        float, about("per quarter", "Revenue growth that investors hold laboratories to at the start, F8.", block="F")
    ]
    milestone_revenue: Annotated[
        float, about("ratio", "Revenue over plan at which conditional money is paid, F4.", block="F")
    ]
    spread_a: Annotated[float, about("per year", "Spread over the policy rate at rating A and above, G1.", block="G")]
    spread_bbb: Annotated[float, about("per year", "Spread at rating BBB, G1.", block="G")]
    spread_bb: Annotated[float, about("per year", "Spread at rating BB, G1.", block="G")]
    spread_b: Annotated[float, about("per year", "Spread at rating B, G1.", block="G")]
    spread_ccc: Annotated[float, about("per year", "Spread at rating CCC, G1.", block="G")]
    spread_leverage_slope: Annotated[
        float, about("per year", "Added spread per log of leverage over its reference, b_lev of G1.", block="G")
    ]
    spread_market_slope: Annotated[float, about("ratio", "Pass-through of the market factor z, b_z of G1.", block="G")]
    spread_collateral_slope: Annotated[
        float,
        about("per year", "Added spread of asset-backed debt per fall of the used-chip index, b_q of G1.", block="G"),
    ]
    leverage_reference: Annotated[
        float, about("ratio", "Debt over yearly EBITDA at which leverage begins to cost, G1.", block="G")
    ]
    loan_to_value: Annotated[float, about("share", "Loan to value of chips at the start, G2.", block="G")]
    backlog_advance: Annotated[
        float, about("share", "Part of yearly investment-grade backlog that lenders advance, G2.", block="G")
    ]
    debt_multiple_platform: Annotated[
        float, about("ratio", "Debt capacity over yearly EBITDA of platforms and chip makers, G2.", block="G")
    ]
    debt_multiple_leveraged_grade: Annotated[
        float, about("ratio", "The same for leveraged clouds of investment grade, G2.", block="G")
    ]
    debt_multiple_leveraged_junk: Annotated[
        float, about("ratio", "The same for leveraged clouds below it, G2.", block="G")
    ]
    debt_multiple_vehicle: Annotated[float, about("ratio", "The same for vehicles, G2.", block="G")]
    new_debt_maturity: Annotated[float, about("quarters", "Maturity of new debt, G2.", block="G")]
    rollover_noise: Annotated[float, about("ratio", "Dispersion of creditors' signals, sigma of G3.", block="G")]
    outside_return: Annotated[float, about("per year", "What a creditor earns elsewhere, r_out of G3.", block="G")]
    asset_haircut: Annotated[
        float, about("share", "Part of the value of unpledged assets that a quick sale costs, G3a.", block="G")
    ]
    attention_base: Annotated[float, about("log odds", "a0 of G3.", block="G")]
    attention_spread_slope: Annotated[float, about("log odds per unit", "a1 of G3.", block="G")]
    attention_default_slope: Annotated[float, about("log odds", "a2 of G3.", block="G")]
    spread_persistence: Annotated[float, about("share", "rho_z of G5.", block="G")]
    spread_loss_slope: Annotated[
        float, about("ratio", "Response of z to the loss rate on AI debt, b_d of G5.", block="G")
    ]
    spread_sentiment_slope: Annotated[
        float, about("per year per point", "Response of z to bad sentiment, b_s of G5.", block="G")
    ]
    standard_loss_slope: Annotated[
        float, about("ratio", "Response of lending standards to lenders' losses, G5.", block="G")
    ]
    standard_spread_slope: Annotated[float, about("ratio", "Response of lending standards to z, G5.", block="G")]
    covenant_sweep: Annotated[float, about("ratio", "Debt service cover below which cash is swept, G7.", block="G")]
    covenant_default: Annotated[float, about("ratio", "Debt service cover that is an event of default, G7.", block="G")]
    covenant_headroom: Annotated[
        float, about("ratio", "Debt service cover that lenders asked for at signing, G7.", block="G")
    ]
    fallen_angel_sale_share: Annotated[
        float, about("share", "Bonds that must be sold on a fall below investment grade, G6.", block="G")
    ]
    fallen_angel_depth: Annotated[float, about("USD bn", "Depth of the market that takes them, G6.", block="G")]
    rating_speed: Annotated[
        float, about("notches per quarter", "Largest change of a rating in a quarter, G6.", block="G")
    ]
    margin_limit: Annotated[
        float, about("share", "Loan to value of pledged stakes at which a margin call comes, G8.", block="G")
    ]
    double_pledging: Annotated[
        float, about("share", "Part of collateral that is pledged twice, delta of G9.", block="G")
    ]
    market_multiplier: Annotated[float, about("ratio", "Price response of the whole market to flows, H4.", block="H")]
    cross_multiplier: Annotated[
        float, about("ratio", "Price response of one share relative to the market, H4.", block="H")
    ]
    equity_premium: Annotated[
        float, about("per year", "Required return on equity over the ten-year rate, H1.", block="H")
    ]
    long_growth: Annotated[float, about("per year", "Growth after the fade, g_L of H1.", block="H")]
    growth_half_life: Annotated[float, about("years", "Half-life of high growth, H of H1.", block="H")]
    mature_margin: Annotated[
        float, about("share", "Owner earnings per dollar of sales of a mature cloud, H1a.", block="H")
    ]
    belief_slope: Annotated[
        float, about("log points per point", "Price of AI shares per change of sentiment, H4b.", block="H")
    ]
    market_gap_slope: Annotated[
        float, about("log points per unit", "Price of all other shares per change of the output gap, H4.", block="H")
    ]
    value_adjustment: Annotated[
        float, about("per quarter", "Speed at which prices move to fundamental value, H4.", block="H")
    ]
    sentiment_decay: Annotated[float, about("per quarter", "d_S of H2.", block="H")]
    sentiment_return_slope: Annotated[float, about("ratio", "Extrapolation of past returns, b_r of H2.", block="H")]
    sentiment_surprise_slope: Annotated[float, about("ratio", "Response to surprises, b_x of H2.", block="H")]
    sentiment_news_slope: Annotated[float, about("ratio", "Response to news jumps, b_n of H2.", block="H")]
    sentiment_spread_slope: Annotated[
        float, about("ratio", "Response to the market spread factor, b_z of H2.", block="H")
    ]
    capex_news_slope: Annotated[
        float, about("ratio", "Response to capital spending, signed by return over its cost, b_c of H2.", block="H")
    ]
    flow_sentiment_slope: Annotated[
        float, about("ratio", "Flow into equities per change of sentiment, b_f of H3.", block="H")
    ]
    saver_contributions: Annotated[
        float, about("share per quarter", "Regular contributions as a share of market value, H3.", block="H")
    ]
    news_intensity: Annotated[float, about("per quarter", "Base rate of bad news, l0 of H5.", block="H")]
    news_credit_slope: Annotated[
        float, about("ratio", "Response of that rate to credit in funding, l1 of H5.", block="H")
    ]
    news_mispricing_slope: Annotated[float, about("ratio", "Response of that rate to mispricing, l2 of H5.", block="H")]
    news_excitation: Annotated[float, about("per quarter", "Rise of the rate after a jump, alpha of H5.", block="H")]
    news_decay: Annotated[float, about("per quarter", "Decay of that rise, beta of H5.", block="H")]
    news_size: Annotated[float, about("log points", "Mean size of a jump, mu_J of H5.", block="H")]
    news_market_share: Annotated[
        float, about("share", "Part of a firm's jump that the whole sector shares, H5.", block="H")
    ]
    leveraged_holder_share: Annotated[
        float, about("share", "Sales of leveraged holders per dollar of loss, H7.", block="H")
    ]
    outside_recovery_rate: Annotated[
        float, about("share", "Part of a failed firm's own assets that reaches creditors, alpha of J2.", block="J")
    ]
    inside_recovery_rate: Annotated[
        float, about("share", "Part of a failed firm's receipts that reaches creditors, beta of J2.", block="J")
    ]
    fire_sale_slope: Annotated[
        float,
        about(
            "ratio", "Fall of the used-chip index with capacity offered over capacity absorbed, psi of J3.", block="J"
        ),
    ]
    restructured_multiple: Annotated[
        float, about("ratio", "Debt that a restructured firm can carry, times yearly EBITDA, J5.", block="J")
    ]
    rights_issue_share: Annotated[
        float,
        about("share", "Part of its market value that a listed firm in need can raise in a quarter, J1d.", block="J"),
    ]
    solvency_quarters: Annotated[
        float, about("quarters", "Quarters of negative net worth at market values that end in default, J1.", block="J")
    ]
    contract_survival: Annotated[
        float, about("share", "Part of a failed buyer's contracts that goes on, J5.", block="J")
    ]
    equity_bankruptcy_cost: Annotated[
        float, about("share", "Part of a failed firm's equity value lost to its owners beyond debt, I2.", block="J")
    ]
    wealth_consumption: Annotated[
        float, about("per year", "Consumption per dollar of equity wealth, mpc of K2.", block="K")
    ]
    import_share: Annotated[float, about("share", "Imported part of AI capital spending, K3.", block="K")]
    output_multiplier: Annotated[float, about("ratio", "Output per dollar of demand, K3.", block="K")]
    loan_output_slope: Annotated[
        float, about("ratio", "Output per dollar of new loans withheld, b_L of K3.", block="K")
    ]
    household_equity_share: Annotated[
        float, about("share", "US households' share of listed US equity through all channels, K1.", block="K")
    ]
    response_lag: Annotated[float, about("quarters", "Time until spending has followed wealth, K2.", block="K")]
    disclosure_slope: Annotated[
        float, about("points", "Fall of sentiment if no announced amount turned out to bind, L4.", block="L")
    ]
    support_haircut: Annotated[float, about("share", "Haircut of loans of last resort, L2.", block="L")]
    support_term: Annotated[float, about("quarters", "Time in which public support is repaid, L11.", block="L")]
