"""Floor 5: tests of price series for explosive behaviour, with their false-alarm rates."""
