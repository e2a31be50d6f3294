"""A tanh RNN has no gates that hold its gradients: those of a wide one explode at the presets' rates (docs/recipe.md)."""

RATE_FACTOR = 0.3  # of a preset's learning rate
