"""A tanh RNN has no gates that hold its gradients: at a rate for LSTMs those of a wide one explode (docs/recipe.md)."""

RATE_FACTOR = 0.3  # of a preset's learning rate
