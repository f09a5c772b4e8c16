"""Floor 5: many worlds: sampling, executors, results store."""
