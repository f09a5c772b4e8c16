"""Floor 5: many worlds: sampling of parameters and news, executors, the store of a run, its summaries and exports."""
