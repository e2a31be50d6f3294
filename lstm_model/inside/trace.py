"""Every value of one pass over a sequence, forward, and every gradient of its predictions, back.

The plain cells of `network/cells` do the work, one step after the other, and what they keep for the way back is kept.
So a kind of cell needs nothing of its own here: it says which values it has, see `CellKind.values`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from lstm_model.arrays import Floats, Inputs, LayerState, State, quietly
from lstm_model.errors import InputError
from lstm_model.inside.html import picture
from lstm_model.network.cells.base import CellKind, ReferenceCell
from lstm_model.network.model import Network
from lstm_model.settings.words import TaskType


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """What a layer of H units computed in T steps. All arrays are (T, H)."""

    gates: Mapping[str, Floats]  # by the names of `CellKind.gates`, after their sigmoid or tanh
    states: Mapping[str, Floats]  # after each step, by the names of `CellKind.states`
    followed: Floats  # what shows best what a unit follows, between -1 and 1: see `CellKind.followed`


@dataclass(frozen=True, eq=False)
class Weights:
    """Copies of a network's weights, in the form that a trace needs them."""

    kind: CellKind
    cells: tuple[ReferenceCell, ...]  # of each layer, the lowest first
    head: Floats  # (O, H)
    head_bias: Floats  # (O,)
    task_type: TaskType

    @classmethod
    def of(cls, network: Network) -> "Weights":
        """Copy a network's weights."""
        p, kind = network.parameters, network.kind
        layers = ([p[f"{name}_l{k}"].copy() for name in kind.parameters] for k in range(network.num_layers))
        cells = tuple(kind.cell(*of_layer) for of_layer in layers)
        return cls(kind, cells, p["head_weight"].copy(), p["head_bias"].copy(), network.task_type)


class Gradients(NamedTuple):
    """Gradients of one prediction with respect to all that came before it, and zeros in the steps after it."""

    x: Floats  # (T, D), or (T, V) for ids: with respect to the one-hot vector of each
    states: tuple[Mapping[str, Floats], ...]  # of each layer, by the names of `CellKind.states`: (T, H) each

    @property
    def reach(self) -> Floats:
        """How strongly the prediction depends on the input of each step: the norm of its gradient, (T,)."""
        norms: Floats = np.linalg.norm(self.x, axis=1)
        return norms


class StepBack(NamedTuple):
    """The gradients of A predictions with respect to what one step read and handed on."""

    t: int
    x: Floats  # (A, D)
    states: tuple[LayerState, ...]  # of each layer: (A, H) for each state


@dataclass(frozen=True, eq=False)
class Trace:
    """One pass of a network over one sequence of T steps.

    The trace owns all it shows, and copies of the weights: it stays as it is while the network trains on.
    """

    x: Inputs  # (T,) ids or (T, D) floats
    layers: tuple[LayerTrace, ...]  # the lowest first
    outputs: Floats  # (T, O): logits, or what a regression predicts after each step
    last: State  # (L, 1, H) for each state: what the next pass can start from
    weights: Weights
    kept: tuple[Sequence[Any], ...]  # of each layer and step: what the cell keeps for the way back

    @cached_property
    def log_p(self) -> Floats:
        """Log-probabilities (T, V) of what comes after each step, in nats: of a classification."""
        shifted = self.outputs - self.outputs.max(axis=1, keepdims=True)  # exp cannot overflow then
        result: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return result

    def _repr_html_(self) -> str:
        """What every unit shows at every step, as a notebook shows it."""
        return "".join(picture((layer.followed.T + 1) / 2, "units by steps", scale=1) for layer in self.layers)

    def back(self, step: int, target: int) -> Gradients:
        """Gradients of the prediction that is made after x[step] was read.

        Classification: of ln p(target), with `target` an id: where it points to would make the target likelier.
        Regression: of output number `target` itself. The gradient of a step's h counts all that reads it: the next
        step, the layer above or the head; that of c also the h of its own step. InputError for a step or a target that
        there is not.
        """
        T, H = len(self.outputs), self.weights.head.shape[1]
        names, dtype = self.weights.kind.states, self.outputs.dtype
        x: list[Floats] = []
        states = tuple({name: np.zeros((T, H), dtype) for name in names} for _ in self.layers)
        for at in self.walk_back([step], [target]):
            x.append(at.x[0])
            for of_layer, values in zip(states, at.states, strict=True):
                for name, value in zip(names, values, strict=True):
                    of_layer[name][at.t] = value[0]
        after = np.zeros((T - len(x), x[0].size), dtype)
        return Gradients(np.concatenate([x[::-1], after]), states)

    def walk_back(self, steps: Sequence[int], targets: Sequence[int]) -> Iterator[StepBack]:
        """Carry the gradients of E predictions back, step by step, from the latest of them to the first step.

        steps, targets: of each prediction, as `back` takes them, the latest step first. Each array has a row for each
        of the predictions that were made at this step or later: the first A. All are carried at once, which costs
        little more than one alone.
        """
        self._check(steps, targets)
        w = self.weights
        d_head: Floats = self._of_outputs(steps, targets) @ w.head  # (E, O) (O, H)
        carried: list[LayerState] = [tuple(d_head[:0] for _ in w.kind.states)] * len(w.cells)
        for t in range(steps[0], -1, -1):
            begun, active = len(carried[0][0]), sum(step >= t for step in steps)
            d: Floats = np.zeros_like(d_head[:active])  # (A, H): what the head says of h
            d[begun:] = d_head[begun:active]
            yield self._step_back(t, d, carried)

    @quietly
    def _step_back(self, t: int, d: Floats, carried: list[LayerState]) -> StepBack:
        """Carry gradients over step t: d (A, H) comes from above, `carried` from the step after, of each layer."""
        states: list[LayerState] = [()] * len(carried)
        for k in range(len(carried) - 1, -1, -1):
            h, *others = (_with_rows(part, len(d)) for part in carried[k])
            d_state = (h + d, *others)
            before = self.weights.cells[k].step_back(d_state, self.kept[k][t], to_parameters=False)
            states[k] = before.new_state or d_state
            carried[k], d = before.state, before.x
        return StepBack(t, d, tuple(states))

    def _of_outputs(self, steps: Sequence[int], targets: Sequence[int]) -> Floats:
        """Gradients (E, O) of the predictions with respect to the outputs: one_hot - softmax, or one_hot."""
        one_hot = np.eye(self.outputs.shape[1], dtype=self.outputs.dtype)[list(targets)]
        return one_hot - np.exp(self.log_p[list(steps)]) if self.weights.task_type == "classification" else one_hot

    def _check(self, steps: Sequence[int], targets: Sequence[int]) -> None:
        T, outputs = self.outputs.shape
        if not steps or len(steps) != len(targets) or list(steps) != sorted(steps, reverse=True):
            raise InputError("predictions are named by a step and a target each, the latest step first")
        if steps[0] >= T or steps[-1] < 0:
            raise InputError(f"there is no step {steps[0] if steps[0] >= T else steps[-1]}: steps are 0 to {T - 1}")
        for target in targets:
            if not 0 <= target < outputs:
                raise InputError(f"there is no output {target}: outputs are 0 to {outputs - 1}")


@quietly
def trace(network: Network, x: Inputs, state: State | None = None) -> Trace:
    """Let a network read one sequence, and keep every value of it.

    x: (T,) ids or (T, D) floats; state: what to start from, (L, 1, H) for each state, zeros when None. InputError for
    an empty sequence, and for one that the network does not read.
    """
    x = np.array(x)
    _check_input(network, x)
    weights = Weights.of(network)
    first, values = first_cell(network, weights, x)
    state = state or network.zero_state(1)
    last = tuple(part.astype(network.dtype) for part in state)
    layers, kept = [], []
    for k, cell in enumerate((first, *weights.cells[1:])):
        now: LayerState = tuple(part[k].copy() for part in last)  # `last` is written over, and the cell keeps these
        of_layer, states = [], []
        for t in range(len(values)):
            now, of_step = cell.step(values[t : t + 1], now)  # (1, D)
            of_layer.append(of_step)
            states.append(now)
        kept.append(of_layer)
        layers.append(_layer_trace(weights.kind, states, of_layer))
        for part, of_last in zip(last, now, strict=True):
            part[k] = of_last
        values = layers[-1].states[weights.kind.states[0]]
    outputs = values @ weights.head.T + weights.head_bias  # (T, H) (H, O)
    return Trace(x, tuple(layers), outputs, last, weights, tuple(kept))


def first_cell(network: Network, weights: Weights, x: Inputs) -> tuple[ReferenceCell, Floats]:
    """The lowest cell, and what it reads: x as vectors.

    Ids become one-hot vectors over those that occur in x, and the cell has their columns alone: a vocabulary of
    thousands of characters costs no more than one of fifty.
    """
    if not np.issubdtype(x.dtype, np.integer):
        return weights.cells[0], x.astype(network.dtype)
    occurring, places = np.unique(x, return_inverse=True)
    arrays = {name: network.parameters[f"{name}_l0"].copy() for name in weights.kind.parameters}
    arrays["weight_ih"] = np.ascontiguousarray(arrays["weight_ih"][:, occurring])
    return weights.kind.cell(*arrays.values()), np.eye(len(occurring), dtype=network.dtype)[places]


def _layer_trace(kind: CellKind, states: Sequence[LayerState], kept: Sequence[Any]) -> LayerTrace:
    of_states = {name: np.concatenate(part) for name, part in zip(kind.states, zip(*states, strict=True), strict=True)}
    by_step = [kind.values(of_step) for of_step in kept]
    values = {name: np.concatenate([of_step[name] for of_step in by_step]) for name in by_step[0]}
    followed = {**of_states, **values}[kind.followed]
    return LayerTrace({gate: values[gate] for gate in kind.gates}, of_states, followed)


def _check_input(network: Network, x: Inputs) -> None:
    if x.ndim not in (1, 2) or not len(x):
        raise InputError("a trace reads one sequence of 1 or more steps: (T,) ids or (T, D) numbers")
    if x.ndim == 2 and x.shape[1] != network.input_size:
        raise InputError(f"the network reads {network.input_size} numbers a step, not {x.shape[1]}")
    if x.ndim == 1 and not (np.issubdtype(x.dtype, np.integer) and 0 <= x.min() <= x.max() < network.input_size):
        raise InputError(f"the network reads ids of 0 to {network.input_size - 1}")


def _with_rows(part: Floats, rows: int) -> Floats:
    """An array (A, H) with rows of zeros below, up to `rows` in all."""
    missing = rows - len(part)
    return np.concatenate([part, np.zeros((missing, part.shape[1]), part.dtype)]) if missing else part
