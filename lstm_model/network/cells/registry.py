"""All kinds of cell, by name: those that `settings.words.CellName` lists."""

from lstm_model.network.cells.base import CellKind
from lstm_model.network.cells.gru import kind as gru
from lstm_model.network.cells.lstm import kind as lstm
from lstm_model.network.cells.rnn import kind as rnn

CELLS: dict[str, CellKind] = {kind.name: kind for kind in (lstm.KIND, gru.KIND, rnn.KIND)}
