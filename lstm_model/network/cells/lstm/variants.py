"""The cell with a part left out, to see what that part is worth. Forward alone: nobody trains one."""

from lstm_model.arrays import Float, Floats, LayerState
from lstm_model.network.cells.lstm.equations import Cell, Kept


class CellWithoutTanh(Cell):
    """h' = o * c' in place of o * tanh(c'). Greff et al. 2017 found it one of the two parts that matter most."""

    def step(self, x: Float[Floats, "B D"], state: LayerState) -> tuple[LayerState, Kept]:
        """As `Cell.step`."""
        (_, c), kept = super().step(x, state)
        return (kept.o * c, c), kept
