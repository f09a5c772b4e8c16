"""Block E: income and cash flow."""

from __future__ import annotations

from cardhouse.model.equation import equation


@equation(
    id="E1a",
    symbol="S^{other}_{i,t}",
    formula=r"S_{i,0}(1+g)^t(1 + b\,gap_t)",
    unit="USD bn per quarter",
    source="own; other business grows steadily and follows the output gap",
)
def other_business_sales(start: float, growth_index: float, gap_factor: float) -> float:
    """Sales of a firm's other business."""
    return start * growth_index * gap_factor


@equation(
    id="E1",
    symbol="EBITDA_i",
    formula=r"sales - compute - leases - opex",
    unit="USD bn per quarter",
    source="definition",
)
def ebitda_of(sales: float, compute_and_leases: float, running_cost: float) -> float:
    """Earnings before interest, tax, depreciation and amortisation."""
    return sales - compute_and_leases - running_cost


@equation(
    id="E2a",
    symbol="dep^{book}",
    formula=r"k^{gross}/(4 T_{book})",
    unit="USD bn per quarter",
    source="straight line; definition",
)
def book_depreciation(gross: float, net: float, life_years: float) -> float:
    """Straight-line depreciation of a quarter, never more than what is left on the books."""
    return min(net, gross / (4.0 * life_years))


@equation(
    id="E2b",
    symbol="dep^{econ}",
    formula=r"k(1 - (1 - 1/T_{phys}) q_t/q_{t-1})",
    unit="USD bn per quarter",
    source="own; wear and the market index of used chips, after Hulten and Wykoff 1981",
)
def economic_depreciation(value: float, wear: float, index_ratio: float) -> float:
    """Fall in the market value of chips: wear and the move of the used-chip index; negative when the index rises."""
    return value * (1.0 - (1.0 - wear) * index_ratio)


@equation(
    id="E3",
    symbol="NI_i",
    formula=r"EBITDA - dep - interest - tax + marks - impairments",
    unit="USD bn per quarter",
    source="definition",
)
def net_income_of(operating: float, depreciation: float, interest_and_tax: float, gains: float) -> float:
    """Net income: operating earnings less wear, interest and tax, plus gains less losses on assets."""
    return operating - depreciation - interest_and_tax + gains


@equation(
    id="E3b",
    symbol="tax_i",
    formula=r"\tau\max(0, EBITDA - dep - interest)",
    unit="USD bn per quarter",
    source="definition",
)
def tax_due(rate: float, profit: float) -> float:
    """Tax on positive profit."""
    return rate * max(0.0, profit)


@equation(
    id="E4",
    symbol="FCF_i",
    formula=r"EBITDA - interest - tax - capex",
    unit="USD bn per quarter",
    source="definition",
)
def free_cash_flow_of(ebitda: float, interest: float, tax: float, capex: float) -> float:
    """Cash left after running the business, lenders, the state and capital spending."""
    return ebitda - interest - tax - capex


@equation(
    id="E4b",
    symbol="payout_i",
    formula=r"\min(\varphi\max(0, FCF), position - M_{min})",
    unit="USD bn per quarter",
    source="own; payout ratio",
)
def payout_due(share: float, free_cash_flow: float, spare_cash: float) -> float:
    """Dividends and buybacks: a share of the last free cash flow, as far as spare cash goes."""
    return max(0.0, min(share * max(0.0, free_cash_flow), spare_cash))


@equation(
    id="E5",
    symbol="ROIC_i",
    formula=r"4(EBITDA - dep^{econ})/K^{econ}",
    unit="per year",
    source="return on invested capital with economic depreciation; definition",
)
def economic_return(ebitda: float, depreciation: float, capital: float) -> float:
    """Yearly economic return on capital."""
    return 4.0 * (ebitda - depreciation) / capital if capital > 0.0 else 0.0
