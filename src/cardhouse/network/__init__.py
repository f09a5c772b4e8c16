"""Floor 1: the financial network at a date: entities, instruments, snapshot, matrices, checks."""
