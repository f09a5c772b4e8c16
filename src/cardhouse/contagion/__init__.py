"""Floor 3: pure kernels on arrays for losses that spread through a network."""
