"""Floor 7: figures, tables and narrative for people."""
