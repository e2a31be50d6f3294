"""All kinds of cell, by name."""

from lstm_model.network.cells.base import CellKind
from lstm_model.network.cells.lstm import kind as lstm

CELLS: dict[str, CellKind] = {kind.name: kind for kind in (lstm.KIND,)}
DEFAULT_CELL = lstm.KIND  # of every run: the settings have no choice of cells
