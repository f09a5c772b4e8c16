"""Floor 5: reading of cases: evidence in, financial network and parameters out."""
