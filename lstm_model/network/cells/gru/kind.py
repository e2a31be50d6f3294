"""What a gated recurrent unit says of itself."""

from lstm_model.network.cells.base import CellKind, OnnxOperator
from lstm_model.network.cells.gru.equations import Cell
from lstm_model.network.cells.gru.sequence import Layer

KIND = CellKind(
    name="gru",
    gates=("r", "z", "n"),
    states=("h",),
    cell=Cell,
    layer=Layer,
    arrays_per_step=9,  # the gates and their derivatives (3 each), h, its gradient and hn
    step_seconds=32e-6,
    apart=("n",),
    candidate="n",
    keeps="z",
    onnx=OnnxOperator("GRU", ("z", "r", "n"), {"linear_before_reset": 1}),  # r scales what n has of h
)
