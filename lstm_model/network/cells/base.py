"""What a kind of recurrent cell says of itself, so that whoever uses cells need not know which kind it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from lstm_model.arrays import Float, Floats, Inputs, LayerState, Shaped

Shapes = dict[str, tuple[int, ...]]
Named = Mapping[str, Float[Floats, "..."]]  # arrays by name, each of its own shape


@dataclass(frozen=True)
class CellGradients:
    """Gradients of the loss with respect to everything that went into one step of a cell."""

    x: Float[Floats, "B D"]
    state: LayerState
    parameters: Named  # in the shapes of `CellKind.shapes`; none where they were not wanted
    # Of the new state, with what reads it inside the step: an LSTM's c makes its h. None: nothing inside does.
    new_state: LayerState | None = None


@dataclass(frozen=True)
class InputGradients:
    """Gradients with respect to what went into a `forward`, beside those of the parameters."""

    x: Float[Floats, "T B D"] | None  # None for ids, or where it was not wanted
    state: tuple[Float[Floats, "*L B H"], ...]  # of the state before the first step, of a layer or of L layers


class ReferenceCell(Protocol):
    """One step forward and one step back, as a reader would write them."""

    def step(self, x: Float[Floats, "B D"], state: LayerState) -> tuple[LayerState, Any]:
        """Advance one time step: the new state, and what `step_back` needs, the values of gates under their names."""

    def step_back(self, d_state: LayerState, kept: Any, *, to_parameters: bool = True) -> CellGradients:
        """Carry the gradients of the new state back over the step; `to_parameters`: also to the parameters.

        Without them d_state may have more rows than the step had sequences: the gradients of many losses, through one
        sequence.
        """


class SequenceLayer(Protocol):
    """The same for whole sequences, as fast as NumPy can."""

    def forward(self, x: Shaped[Inputs, "T B *D"], state: LayerState) -> tuple[Float[Floats, "T B H"], LayerState]:
        """Run over (T, B, D) floats or (T, B) ids: h of every step, and the last state."""

    def backward(
        self, dh: Float[Floats, "S B H"], d_last: LayerState | None = None, *, to_x: bool = True
    ) -> InputGradients:
        """Carry dh, of S = T steps or of the last one, and of the last state back; write the parameters' gradients."""


@dataclass(frozen=True)
class OnnxOperator:
    """The operator of ONNX that computes a layer of cells: its name, and its gates in the order that it has.

    attributes: what else it must be told.
    """

    name: str
    gates: tuple[str, ...]
    attributes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CellKind:
    """A kind of recurrent cell.

    All kinds multiply the input and the hidden state with a matrix each, stacked by gate (G gates, G H rows). PyTorch
    adds a bias to each product. Where a gate only sees the sum of both, one bias serves; a gate in `apart` needs the
    second one too: a GRU's n = tanh(W_in x + b_in + r * (W_hn h + b_hn)) scales it by r.
    """

    name: str  # also what its tensors in a checkpoint begin with
    gates: tuple[str, ...]  # in the order in which they are stacked
    states: tuple[str, ...]  # what is carried from step to step, (B, H) each; first h, which the layer above reads
    cell: Callable[..., ReferenceCell]  # called with the parameters, in the order of `shapes`
    layer: Callable[[tuple[Floats, ...], tuple[Floats, ...]], SequenceLayer]  # with the parameters, their gradients
    arrays_per_step: int  # (B, H) each: what a layer keeps of a step for the way back, and writes there on it
    step_seconds: float  # of a layer's time step beside its products, there and back: see costs/speed.py
    start_biases: Mapping[str, float] = field(default_factory=dict)  # by gate; the others start at 0
    apart: tuple[str, ...] = ()  # gates whose second bias does not merge with the first
    # A state, or a value that `step` keeps: what shows best what a unit follows, between -1 and 1.
    followed: str = "h"
    candidate: str = ""  # the gate that is a tanh, what could be written; the others are sigmoids
    keeps: str = ""  # the gate that what a unit remembers is multiplied with at each step, if there is one
    # The cell without a part, to see what that is worth, by what is left out: "no tanh on c".
    variants: Mapping[str, Callable[..., ReferenceCell]] = field(default_factory=dict)
    onnx: OnnxOperator | None = None  # None: ONNX has none for it

    def shapes(self, D: int, H: int) -> Shapes:
        """Names and shapes of a layer's parameters, for D inputs and H hidden units."""
        rows = len(self.gates) * H
        shapes: Shapes = {"weight_ih": (rows, D), "weight_hh": (rows, H), "bias": (rows,)}
        return shapes | {"bias_hh": (len(self.apart) * H,)} if self.apart else shapes

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of a layer's parameters, in order."""
        return tuple(self.shapes(1, 1))

    def torch_shapes(self, D: int, H: int) -> Shapes:
        """Names and shapes of a layer's tensors in PyTorch, which has two biases for every kind."""
        rows = len(self.gates) * H
        return {"weight_ih": (rows, D), "weight_hh": (rows, H), "bias_ih": (rows,), "bias_hh": (rows,)}

    def to_torch(self, parameters: Named) -> dict[str, Float[Floats, "..."]]:
        """A layer's parameters as PyTorch's tensors: a second bias that has merged with the first is zero."""
        second = np.zeros_like(parameters["bias"])
        for k, gate in enumerate(self.apart):
            self.rows(second, gate)[...] = np.split(parameters["bias_hh"], len(self.apart))[k]
        return {name: parameters[name] for name in ("weight_ih", "weight_hh")} | {
            "bias_ih": parameters["bias"], "bias_hh": second,
        }  # fmt: skip

    def from_torch(self, tensors: Named, parameters: Named) -> None:
        """Copy PyTorch's tensors of a layer into its parameters, in place: two biases of a sum become one."""
        for name in ("weight_ih", "weight_hh"):
            parameters[name][...] = tensors[name]
        second = tensors["bias_hh"].copy()
        for k, gate in enumerate(self.apart):
            np.split(parameters["bias_hh"], len(self.apart))[k][...] = self.rows(second, gate)
            self.rows(second, gate)[...] = 0
        parameters["bias"][...] = tensors["bias_ih"]
        parameters["bias"][...] += second

    def values(self, kept: Any) -> Named:
        """The values of a step's gates by name, and what is `followed` if it is no state: (B, H) each."""
        beside = () if self.followed in self.states else (self.followed,)
        return {name: getattr(kept, name) for name in (*self.gates, *beside)}

    def rows(self, stacked: Float[Floats, "GH *D"], gate: str) -> Float[Floats, "H *D"]:
        """The rows of one gate, a view."""
        return np.split(stacked, len(self.gates))[self.gates.index(gate)]
