"""The presets' rates were found with this cell."""

RATE_FACTOR = 1.0  # of a preset's learning rate
