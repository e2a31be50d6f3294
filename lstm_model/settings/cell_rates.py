"""How fast a kind of cell learns, beside the one that the presets' rates were found with.

Each cell says it in its own room, in a module `usual` that must not import NumPy: settings are read before it is.
"""

from importlib import import_module

ROOMS = "lstm_model.network.cells"


def rate_factor(cell: str) -> float:
    """What a preset's learning rate is multiplied with for a cell, by its name, where nobody chose a rate."""
    return float(import_module(f"{ROOMS}.{cell}.usual").RATE_FACTOR)
