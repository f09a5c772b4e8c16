from __future__ import annotations

import datetime as dt

from cardhouse.analysis.circularity.report import measure_circularity
from cardhouse.analysis.circularity.vintages import circularity_by_vintage
from cardhouse.casebook.load import load_case


def test_an_earlier_reading_is_the_case_as_known_that_day() -> None:
    case = load_case("ai_2026")
    days = [dt.date(2025, 12, 31), case.known_on]
    early, late = circularity_by_vintage("ai_2026", case, days)
    assert early.measures == measure_circularity(load_case("ai_2026", dt.date(2025, 12, 31)).snapshot)
    assert len(early.measures.loops) < len(late.measures.loops)
    assert early.measures.contracts < late.measures.contracts
