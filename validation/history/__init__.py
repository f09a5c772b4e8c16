"""Matching of the priors to 2023-25: the model's own equations, driven with what was observed."""
