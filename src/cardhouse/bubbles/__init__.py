"""Floor 5: tests of price series for bubbles, with dates and with the rate at which the answer is wrong."""
