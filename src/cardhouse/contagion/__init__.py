"""Floor 3: contagion kernels on arrays, each in its own file; usable without the rest of cardhouse."""
