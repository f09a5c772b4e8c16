"""How far money comes back to where it came from: loops, cycling, circular share, round trips, dependence."""
