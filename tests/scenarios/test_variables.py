from cardhouse.scenarios import variables
from cardhouse.scenarios.variables import ENTITY_VARIABLES, GLOBAL_VARIABLES, SHOCK_VARIABLES


def constants(prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix).lower(): value
        for name, value in vars(variables).items()
        if name.startswith(prefix) and isinstance(value, int)
    }


def test_constants_are_the_row_numbers_of_the_register():
    assert constants("G_") == {variable.name: row for row, variable in enumerate(GLOBAL_VARIABLES)}
    assert constants("E_") == {variable.name: row for row, variable in enumerate(ENTITY_VARIABLES)}


def test_names_are_unique_over_both_targets():
    names = [variable.name for variable in SHOCK_VARIABLES]
    assert len(names) == len(set(names))


def test_neutral_value_fits_the_operation_and_the_limits():
    for variable in SHOCK_VARIABLES:
        if variable.operation == "multiply":
            assert variable.neutral == 1.0
        if variable.operation == "add":
            assert variable.neutral == 0.0
        if variable.neutral == variable.neutral:
            assert variable.lower <= variable.neutral <= variable.upper, variable.name
