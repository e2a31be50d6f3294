"""What all units show while a network reads many sequences side by side: for statistics, where `trace` shows one."""

import numpy as np

from lstm_model.arrays import Floats, Inputs, LayerState, quietly
from lstm_model.inside.trace import Weights, first_cell
from lstm_model.network.cells.base import CellKind, ReferenceCell
from lstm_model.network.model import Network
from lstm_model.tasks.base import Slices

STEPS = 8  # of a slice: some 20 ms for 64 sequences and H = 384


def followed(network: Network, x: Inputs) -> Slices[Floats]:
    """The value that shows a unit best, `CellKind.followed`, of every layer's units at every step: (L, T, B, H).

    x: (T, B) ids or (T, B, D) floats, read from a state of zeros.
    """
    weights = Weights.of(network)
    first, values = first_cell(network, weights, x)
    T, B = x.shape[:2]
    shown = np.empty((network.num_layers, T, B, network.hidden_size), network.dtype)
    for k, cell in enumerate((first, *weights.cells[1:])):
        state: LayerState = tuple(part[k] for part in network.zero_state(B))
        h = np.empty_like(shown[k])
        for t in range(0, T, STEPS):
            some = slice(t, t + STEPS)
            state = _read(network.kind, cell, values[some], state, h[some], shown[k, some])
            yield (k + min(1.0, (t + STEPS) / T)) / network.num_layers
        values = h
    return shown


@quietly
def _read(
    kind: CellKind, cell: ReferenceCell, values: Floats, state: LayerState, h: Floats, shown: Floats
) -> LayerState:
    """Read some steps, write h and what is followed of each, and return the state after them."""
    for t, of_step in enumerate(values):
        state, kept = cell.step(of_step, state)
        h[t] = state[0]
        shown[t] = {**dict(zip(kind.states, state, strict=True)), **kind.values(kept)}[kind.followed]
    return state
