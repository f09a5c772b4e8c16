"""Floor 2: what is done to the world: typed shocks, paths, named scenarios."""
