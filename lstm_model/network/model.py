"""The network: recurrent layers and a linear head, their parameters in one vector, forward pass and BPTT.

ids (T, B) or floats (T, B, D) -> layer 0 -> dropout -> layer 1 -> ... -> dropout -> head
    -> outputs (T, B, V) or (1, B, O)
"""

from typing import Any

import numpy as np

from lstm_model.arrays import Float, Floats, Inputs, LayerState, Shaped, State, quietly
from lstm_model.network.cells.base import InputGradients
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.losses import Loss, softmax_cross_entropy, squared_error
from lstm_model.network.parameters import Parameters
from lstm_model.network.start_values import initialise, parameter_shapes
from lstm_model.settings.words import DEFAULT_CELL, LossAt, TaskType


class Network:
    """A stack of recurrent layers, of LSTM cells unless told otherwise, with a linear head.

    input_size: D features, or V for ids.
    hidden_size: H units of each layer. num_layers: 1 or more.
    output_size: V logits for classification, or how many values a regression predicts.
    task_type: "classification", softmax cross-entropy at every step, nats per target; or "regression", mean squared
        error at the last step or, with loss_at="every", at every step.
    dropout: the share of a layer's outputs that is zeroed on the way up, to the next layer or to the head, while the
        way to the next step stays whole (Zaremba et al. 2014); only where `forward` gets a generator to draw from.
    dtype: float32 to train, float64 to check gradients. seed: of the start values.
    vectors: where parameters and gradients lie, in place of vectors of its own; the parameters are then taken as they
        are.
    cell: the kind of cell, a name in `CELLS`.

    One set of weights has two readers: `layers` run whole sequences, fast; `cells` take one step, to write text.
    `parameters` and `gradients` hold all arrays by name, and as one vector each in their `flat`. ValueError for sizes
    below 1, a dropout outside of [0, 1), and classification with its loss at the last step.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        num_layers: int = 1,
        *,
        task_type: TaskType = "classification",
        loss_at: LossAt | None = None,
        dropout: float = 0.0,
        dtype: type[np.floating] | str = np.float32,
        seed: int = 0,
        vectors: tuple[Float[Floats, " n"], Float[Floats, " n"]] | None = None,
        cell: str = DEFAULT_CELL,
    ) -> None:
        if min(input_size, hidden_size, output_size, num_layers) < 1:
            raise ValueError("input_size, hidden_size, output_size and num_layers must be 1 or more")
        if not 0 <= dropout < 1:
            raise ValueError("dropout must be at least 0 and below 1")
        self.task_type = task_type
        self.loss_at: LossAt = loss_at or ("every" if task_type == "classification" else "last")
        if task_type == "classification" and self.loss_at != "every":
            raise ValueError("classification takes its loss at every step")
        self.input_size, self.hidden_size, self.output_size = input_size, hidden_size, output_size
        self.num_layers, self.dropout = num_layers, dropout
        self.dtype = np.dtype(dtype)
        self.kind = CELLS[cell]
        shapes = parameter_shapes(self.kind, input_size, hidden_size, output_size, num_layers)
        self.parameters, self.gradients = (Parameters(shapes, self.dtype, v) for v in vectors or (None, None))
        if vectors is None:
            one_hot = task_type == "classification"
            initialise(self.parameters, self.kind, hidden_size, np.random.default_rng(seed), one_hot=one_hot)
        names = [[f"{name}_l{k}" for name in self.kind.parameters] for k in range(num_layers)]
        self.layers = [self.kind.layer(self.parameters.some(*n), self.gradients.some(*n)) for n in names]
        self.cells = [self.kind.cell(*self.parameters.some(*n)) for n in names]
        self._masks: list[Floats | None] = []
        self._top: Floats | None = None  # (T, B, H) or (1, B, H): what the head saw

    @property
    def settings(self) -> dict[str, Any]:
        """What to call Network with for another one of the same shape; plain values."""
        return {
            "input_size": self.input_size, "hidden_size": self.hidden_size, "output_size": self.output_size,
            "num_layers": self.num_layers, "task_type": self.task_type, "loss_at": self.loss_at,
            "dropout": self.dropout, "dtype": self.dtype.str, "cell": self.kind.name,
        }  # fmt: skip

    def zero_state(self, B: int) -> State:
        """A state of zeros for B sequences: (num_layers, B, H) for each state of the cell."""
        return tuple(np.zeros((self.num_layers, B, self.hidden_size), self.dtype) for _ in self.kind.states)

    @quietly
    def forward(
        self,
        x: Shaped[Inputs, "T B *D"],
        state: State | None = None,
        dropout_rng: np.random.Generator | None = None,
    ) -> tuple[Float[Floats, "S B O"], State]:
        """Run over a sequence: (T, B) ids or (T, B, D) floats, from `state` or from zeros.

        Returns outputs, logits for classification, of S = T steps, or of S = 1 where the loss is at the last step
        alone; and the state after the last step. Dropout is on only with a `dropout_rng`.
        """
        state = state or self.zero_state(x.shape[1])
        last = tuple(np.empty_like(part) for part in state)
        self._masks = []
        for k, layer in enumerate(self.layers):
            x, last_of_layer = layer.forward(x, tuple(part[k] for part in state))
            _set_layer(last, k, last_of_layer)
            x = self._drop(x, dropout_rng)
        self._top = top = x if self.loss_at == "every" else x[-1:]
        outputs = np.matmul(top.reshape(-1, self.hidden_size), self.parameters["head_weight"].T)
        outputs += self.parameters["head_bias"]
        return outputs.reshape(*top.shape[:2], self.output_size), last

    def loss(self, outputs: Float[Floats, "S B O"], targets: Shaped[Inputs, "R B *O"]) -> Loss:
        """The loss of outputs, as `forward` gives them, and its gradient: nats per character, or mean squared error."""
        if self.task_type == "classification":
            return softmax_cross_entropy(outputs, targets)
        return squared_error(outputs, targets)

    def backward(self, d_outputs: Float[Floats, "S B O"], *, to_x: bool = True) -> InputGradients:
        """BPTT for the last `forward`: fill `gradients` for every parameter, return those of x and of the state.

        d_outputs: the loss's gradient with respect to the outputs, in their shape; to_x: whether the gradient of x is
        wanted, which training has no use for. Gradients stop at the start of the sequence: a carried state is a
        constant (truncated BPTT, Williams & Peng 1990).
        """
        if self._top is None:
            raise RuntimeError("backward needs a forward before it")
        d_flat, top = d_outputs.reshape(-1, self.output_size), self._top.reshape(-1, self.hidden_size)
        np.matmul(d_flat.T, top, out=self.gradients["head_weight"])
        np.add.reduce(d_flat, axis=0, out=self.gradients["head_bias"])
        dh: Floats = np.matmul(d_flat, self.parameters["head_weight"]).reshape(self._top.shape)
        d_state = self.zero_state(dh.shape[1])
        dx: Floats | None = None
        for k in range(self.num_layers - 1, -1, -1):
            mask = self._masks[k]
            if mask is not None:
                dh *= mask[-len(dh) :]  # where the loss is at the last step, the steps before it get nothing from above
            below = self.layers[k].backward(dh, to_x=to_x or k > 0)
            _set_layer(d_state, k, below.state)
            dx = below.x
            if dx is not None:
                dh = dx
        return InputGradients(dx, d_state)

    def loss_and_gradients(
        self,
        x: Shaped[Inputs, "T B *D"],
        targets: Shaped[Inputs, "S B *O"],
        state: State | None = None,
        dropout_rng: np.random.Generator | None = None,
        share: float = 1.0,
    ) -> tuple[float, State]:
        """One forward and one backward pass: the loss, and the state to carry on; the gradients are in `gradients`.

        Each call writes over the gradients of the call before; nothing is added up, as PyTorch would.
        share: what the gradients are multiplied with, for a batch that is a part of a larger one; the loss is not.
        """
        outputs, state = self.forward(x, state, dropout_rng)
        value, d_outputs = self.loss(outputs, targets)
        if share != 1:
            d_outputs *= d_outputs.dtype.type(share)
        self.backward(d_outputs, to_x=False)
        return value, state

    @quietly
    def step(self, x: Float[Floats, "B D"], state: State) -> tuple[Float[Floats, "B O"], State]:
        """One time step with the plain cells, for sampling: outputs, and the new state."""
        after = tuple(np.empty_like(part) for part in state)
        for k, cell in enumerate(self.cells):
            after_of_layer, _ = cell.step(x, tuple(part[k] for part in state))
            _set_layer(after, k, after_of_layer)
            x = after_of_layer[0]
        outputs: Floats = x @ self.parameters["head_weight"].T + self.parameters["head_bias"]
        return outputs, after

    def _drop(self, x: Floats, rng: np.random.Generator | None) -> Floats:
        """Zero a share of x and scale up the rest, so that its expectation stays (inverted dropout)."""
        if rng is None or self.dropout == 0:
            self._masks.append(None)
            return x
        kept = rng.random(x.shape, np.float32) >= self.dropout
        mask = kept.astype(self.dtype) / self.dtype.type(1 - self.dropout)
        self._masks.append(mask)
        dropped: Floats = x * mask
        return dropped


def _set_layer(state: State, k: int, values: LayerState) -> None:
    """Write layer k of a state."""
    for part, of_layer in zip(state, values, strict=True):
        part[k] = of_layer


LSTM = Network  # its public name: a network is one of LSTM cells unless told otherwise
