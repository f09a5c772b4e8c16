"""Floor 0: errors, identifiers, quarters, units, arrays, streams, the compiler's door, tables and documents."""
