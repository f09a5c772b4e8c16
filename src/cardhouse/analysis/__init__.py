"""Floor 6: questions asked of networks and of runs."""
