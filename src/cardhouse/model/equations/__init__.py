"""The equations: pure functions of numbers, one line of economics each, with unit and source."""
