"""Run draws in the usual order of a quarter and with orders placed before money is raised; prints one JSON document.

Run as ``python -m validation.swapped_order DRAWS QUARTERS`` with ``CARDHOUSE_COMPILE=0``: the plain form of the step
looks its parts up when it runs, so that one of them can be exchanged.
"""

from __future__ import annotations

import json
import os
import sys

import numpy as np

from cardhouse.model import step
from cardhouse.model.blocks.adoption import decide_spending
from cardhouse.model.gates import Gates
from cardhouse.model.ledger import Ledger
from cardhouse.model.parameter_layout import Parameters
from cardhouse.model.state import State
from cardhouse.model.world import Shock, World
from validation.worlds import case_setup, run, sampled_parameters


def decide_orders_first(w: World, gate: Gates, par: Parameters, shock: Shock, s: State, ledger: Ledger) -> None:
    """First half of a quarter, with step 7 (orders) before step 6 (financing)."""
    step.begin_quarter(w, s, ledger)
    step.draw_news(w, gate, par, shock, s)
    step.energise_capacity(w, par, shock, s)
    decide_spending(w, gate, par, shock, s)
    step.schedule_contracts(w, par, shock, s)
    step.match_demand(w, gate, par, shock, s)
    step.set_prices(gate, par, shock, s)
    step.set_terms(w, gate, par, shock, s)
    step.bill_contracts(w, gate, par, shock, s, ledger)
    step.run_business(w, par, s, ledger)
    step.owe_deliveries(w, par, s, ledger)
    step.expect_earnings(w, s, ledger)
    step.owe_debt_service(w, s, ledger)
    step.take_positions(w, par, s, ledger, step.book_life(par, shock))
    step.plan_orders(w, gate, par, shock, s)
    step.place_orders(w, gate, par, s, ledger)
    step.raise_rounds(w, gate, par, shock, s, ledger)
    step.roll_over_and_borrow(w, gate, par, shock, s, ledger)
    step.pull_levers(w, gate, par, shock, s, ledger)


def summary(draws: int, quarters: int) -> dict[str, float]:
    """Run the default case and return means over draws."""
    found = run(case_setup(quarters=quarters), sampled_parameters(draws, 61))
    return {
        "draws": float(draws),
        "defaults": float(np.mean(found["defaults_count"])),
        "peak": float(np.mean(found["peak_capex"])),
        "broken": float(np.count_nonzero(found["result_code"])),
    }


def main(draws: int, quarters: int) -> None:
    """Print both summaries."""
    if os.environ.get("CARDHOUSE_COMPILE") != "0":
        sys.exit("run with CARDHOUSE_COMPILE=0: in the compiled step nothing can be exchanged")
    usual = summary(draws, quarters)
    step.decide = decide_orders_first
    print(json.dumps({"usual": usual, "swapped": summary(draws, quarters)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
