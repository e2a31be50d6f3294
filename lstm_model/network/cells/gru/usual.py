"""A GRU learns at the presets' rates: trials at a half and a third of them were worse (docs/recipe.md)."""

RATE_FACTOR = 1.0  # of a preset's learning rate
