import pytest

from cardhouse.scenarios.size import SizeError, parse_size
from cardhouse.scenarios.variables import VARIABLE_BY_NAME


@pytest.mark.parametrize(
    ("text", "variable", "expected"),
    [
        ("+400 bp", "credit_spread", 0.04),
        ("-20 pp", "loan_to_value", -0.2),
        ("5%", "efficiency_growth", 0.05),
        (0.6, "spot_price", 0.6),
        (100, "backstop_amount", 100.0),
        ("60 %", "used_chip_index", 0.6),
    ],
)
def test_sizes_are_read_in_the_unit_of_the_variable(text: str, variable: str, expected: object):
    assert parse_size(text, VARIABLE_BY_NAME[variable]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "variable", "rule"),
    [
        ("150 %", "pilot_success", "at most 1"),
        (60, "lending_standard", "between -1 and 1"),
        (-0.4, "spot_price", "between 0"),
        (float("nan"), "sentiment", "finite"),
        (float("inf"), "sentiment", "finite"),
        ("much", "sentiment", "not a size"),
        ("3 bp", "backstop_amount", "not in bp"),
        (0.5, "standstill", "0 or 1"),
        (True, "standstill", "not yes or no"),
    ],
)
def test_impossible_sizes_are_refused_with_the_rule(value: float | str, variable: str, rule: str):
    with pytest.raises(SizeError) as caught:
        parse_size(value, VARIABLE_BY_NAME[variable])
    assert rule in caught.value.args[0]
    assert caught.value.args[1]
