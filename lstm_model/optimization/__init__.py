"""From a gradient to new weights: clipping, schedules, optimizers, the average of the weights.

In: flat vectors. Never: a network.
"""
