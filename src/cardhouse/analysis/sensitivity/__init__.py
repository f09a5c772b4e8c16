"""What the results depend on: screening of single parameters, and variance shares of data, assumptions and news."""
