"""What an LSTM cell says of itself."""

from lstm_model.network.cells.base import CellKind, OnnxOperator
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.lstm.sequence import Layer
from lstm_model.network.cells.lstm.variants import CellWithoutTanh

KIND = CellKind(
    name="lstm",
    gates=("i", "f", "g", "o"),
    states=("h", "c"),
    cell=Cell,
    layer=Layer,
    arrays_per_step=11,  # the gates and their derivatives (4 each), h, c and tanh c
    step_seconds=35e-6,  # some thirty NumPy calls, and what is done to the gates beside the products
    start_biases={"f": 1.0},  # the cell remembers until it learns to forget (Gers et al. 2000; Jozefowicz et al. 2015)
    candidate="g",
    keeps="f",
    variants={"no tanh on c": CellWithoutTanh},
    followed="tanh_c",  # what a unit remembers; h shows it through the output gate
    onnx=OnnxOperator("LSTM", ("i", "o", "f", "g")),
)
