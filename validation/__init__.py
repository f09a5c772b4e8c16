"""The validation suite: published results and independent implementations, each check with criterion and figure."""
