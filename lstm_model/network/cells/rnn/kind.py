"""What a plain recurrent cell says of itself."""

from lstm_model.network.cells.base import CellKind, OnnxOperator
from lstm_model.network.cells.rnn.equations import Cell
from lstm_model.network.cells.rnn.sequence import Layer

KIND = CellKind(
    name="rnn",
    gates=("n",),  # no gate: all that there is, is the new state
    states=("h",),
    cell=Cell,
    layer=Layer,
    arrays_per_step=2,  # h and its derivative
    step_seconds=12e-6,
    candidate="n",
    onnx=OnnxOperator("RNN", ("n",)),
)
