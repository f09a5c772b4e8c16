import datetime as dt

import pytest

from cardhouse.facts.dating import Collection, known_day
from cardhouse.facts.vocabulary import Dating

END = Collection(dt.date(2026, 7, 3), 40)


@pytest.mark.parametrize(
    ("stated", "as_of", "page", "account", "day", "dating"),
    [
        ("", "2025-12-31", "2026-02-05", False, "2026-02-05", Dating.SOURCE),
        ("", "2026-03-07", "2026-03-01", False, "2026-03-07", Dating.SOURCE),
        ("", "2025-12", "2026-01", False, "2026-01-31", Dating.SOURCE),
        ("", "", "2026-02", False, "2026-02-28", Dating.SOURCE),
        ("", "2025-12-31", "", True, "2026-02-09", Dating.AS_OF_WITH_LAG),
        ("", "2025-12-31", "", False, "2025-12-31", Dating.AS_OF),
        ("", "", "", True, "2026-07-03", Dating.COLLECTION),
        ("", "2026-06-30", "", True, "2026-07-03", Dating.AS_OF_WITH_LAG),
        ("", "2026-06-30", "2026-07", False, "2026-07-03", Dating.SOURCE),
        ("2026-02-13", "2025-12-31", "2026-07-01", False, "2026-02-13", Dating.VOUCHED),
        ("2026-02-26", "2025-12-31", "", True, "2026-02-26", Dating.STATED),
    ],
)
def test_the_day_from_which_a_row_may_be_used(
    stated: str, as_of: str, page: str, account: bool, day: str, dating: Dating
):
    found = known_day(END, stated=stated, as_of=as_of, source_date=page, is_account=account)
    assert (dt.date.fromisoformat(day), dating) == found


def test_a_malformed_date_is_refused():
    with pytest.raises(ValueError, match="no month 13"):
        known_day(END, stated="", as_of="2025-13", source_date="", is_account=False)
