"""Floor 1: cited numbers, each with value or range, unit, date, basis and source, readable as known on a date."""
