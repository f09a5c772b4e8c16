"""The blocks of a quarter, one letter of the specification each: loops over firms that call equations."""
