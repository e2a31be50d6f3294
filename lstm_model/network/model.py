"""The network: LSTM layers and a linear head, their parameters in one vector, forward pass and BPTT.

ids (T, B) or floats (T, B, D) -> layer 0 -> dropout -> layer 1 -> ... -> dropout -> head
    -> outputs (T, B, V) or (1, B, O)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.arrays import Floats, Inputs, State, quietly
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.lstm.sequence import Layer
from lstm_model.network.losses import Loss, softmax_cross_entropy, squared_error
from lstm_model.network.parameters import Parameters
from lstm_model.network.start_values import initialise, parameter_shapes
from lstm_model.settings.words import LossAt, TaskType


@dataclass(frozen=True)
class InputGradients:
    """Gradients of the loss with respect to the inputs of a forward pass."""

    x: Floats | None  # (T, B, D); None for ids
    h0: Floats  # (num_layers, B, H)
    c0: Floats  # (num_layers, B, H)


class LSTM:
    """A stack of LSTM layers with a linear head.

    input_size: D, or V for ids. output_size: V for classification (softmax cross-entropy at every step), the number of
    predicted values for regression (squared error at the last step or, with loss_at="every", at every step).
    dropout: the share of a layer's outputs that is zeroed on the way up, to the next layer or to the head, while the
    way to the next step stays whole (Zaremba et al. 2014); only where `forward` gets a generator to draw from. dtype:
    float32 to train, float64 to check gradients. vectors: where parameters and gradients lie, in place of vectors of
    its own; the parameters are then taken as they are.
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
        vectors: tuple[Floats, Floats] | None = None,
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
        shapes = parameter_shapes(input_size, hidden_size, output_size, num_layers)
        self.parameters, self.gradients = (Parameters(shapes, self.dtype, v) for v in vectors or (None, None))
        if vectors is None:
            initialise(self.parameters, hidden_size, np.random.default_rng(seed))
        names = [(f"weight_ih_l{k}", f"weight_hh_l{k}", f"bias_l{k}") for k in range(num_layers)]
        self.layers = [Layer(self.parameters.some(*n), self.gradients.some(*n)) for n in names]
        self.cells = [Cell(*self.parameters.some(*n)) for n in names]
        self._masks: list[Floats | None] = []
        self._top: Floats | None = None  # (T, B, H) or (1, B, H): what the head saw

    @property
    def settings(self) -> dict[str, Any]:
        """What to call LSTM with for another one of the same shape; plain values."""
        return {
            "input_size": self.input_size, "hidden_size": self.hidden_size, "output_size": self.output_size,
            "num_layers": self.num_layers, "task_type": self.task_type, "loss_at": self.loss_at,
            "dropout": self.dropout, "dtype": self.dtype.str,
        }  # fmt: skip

    def zero_state(self, B: int) -> State:
        """A state (h, c) of zeros for B sequences, each (num_layers, B, H)."""
        shape = (self.num_layers, B, self.hidden_size)
        return np.zeros(shape, self.dtype), np.zeros(shape, self.dtype)

    @quietly
    def forward(
        self, x: Inputs, state: State | None = None, dropout_rng: np.random.Generator | None = None
    ) -> tuple[Floats, State]:
        """Run over a sequence: x (T, B) ids or (T, B, D) floats, from `state` or from zeros.

        Returns outputs (T, B, V), logits for classification, or (1, B, O) where the loss is at the last step alone;
        and the state after the last step. Dropout is on only with a `dropout_rng`.
        """
        h0, c0 = state or self.zero_state(x.shape[1])
        h_last, c_last = np.empty_like(h0), np.empty_like(c0)
        self._masks = []
        for k, layer in enumerate(self.layers):
            x, h_last[k], c_last[k] = layer.forward(x, h0[k], c0[k])
            x = self._drop(x, dropout_rng)
        self._top = top = x if self.loss_at == "every" else x[-1:]
        outputs = np.matmul(top.reshape(-1, self.hidden_size), self.parameters["head_weight"].T)
        outputs += self.parameters["head_bias"]
        return outputs.reshape(*top.shape[:2], self.output_size), (h_last, c_last)

    def loss(self, outputs: Floats, targets: Inputs) -> Loss:
        """The loss of outputs, as `forward` gives them, and its gradient: nats per character, or mean squared error."""
        if self.task_type == "classification":
            return softmax_cross_entropy(outputs, targets)
        return squared_error(outputs, targets)

    def backward(self, d_outputs: Floats, *, to_x: bool = True) -> InputGradients:
        """BPTT for the last `forward`: fill `gradients` for every parameter, return those of x, h0 and c0.

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
        dh0, dc0 = self.zero_state(dh.shape[1])
        dx: Floats | None = dh
        for k in range(self.num_layers - 1, -1, -1):
            mask = self._masks[k]
            if mask is not None:
                dh *= mask[-len(dh) :]  # of the last step alone where the loss is
            found = self.layers[k].backward(dh, to_x=to_x or k > 0)
            dx, dh0[k], dc0[k] = found.x, found.h0, found.c0
            if dx is not None:
                dh = dx
        return InputGradients(dx, dh0, dc0)

    def loss_and_gradients(
        self,
        x: Inputs,
        targets: Inputs,
        state: State | None = None,
        dropout_rng: np.random.Generator | None = None,
        share: float = 1.0,
    ) -> tuple[float, State]:
        """One forward and one backward pass: the loss, and the state to carry on; the gradients are in `gradients`.

        share: what the gradients are multiplied with, for a batch that is a part of a larger one.
        """
        outputs, state = self.forward(x, state, dropout_rng)
        value, d_outputs = self.loss(outputs, targets)
        if share != 1:
            d_outputs *= d_outputs.dtype.type(share)
        self.backward(d_outputs, to_x=False)
        return value, state

    @quietly
    def step(self, x: Floats, state: State) -> tuple[Floats, State]:
        """One time step with the plain cells, for sampling: x (B, D) -> outputs (B, V), new state."""
        h, c = state[0].copy(), state[1].copy()
        for k, cell in enumerate(self.cells):
            h[k], c[k], _ = cell.step(x, h[k], c[k])
            x = h[k]
        outputs: Floats = x @ self.parameters["head_weight"].T + self.parameters["head_bias"]
        return outputs, (h, c)

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
