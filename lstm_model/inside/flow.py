"""How a loss reaches back: the size of its gradient against the distance, for each layer's states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.inside.html import curves
from lstm_model.inside.trace import Trace
from lstm_model.tasks.base import Slices

ENDS = 16  # predictions that are averaged over
STEPS = 16  # of a slice


@dataclass(frozen=True, eq=False)
class Flow:
    """Mean norms of the gradients of single losses, by distance: entry d is d steps before the loss."""

    states: tuple[Mapping[str, Floats], ...]  # of each layer, by state: (R,)
    ends: int  # losses that were averaged over

    @property
    def reach(self) -> int:
        """R: distances that were measured."""
        return len(next(iter(self.states[0].values())))

    @property
    def series(self) -> dict[str, Floats]:
        """Norms (R,) by what they are of: "h, layer 1"."""
        return {f"{name}, layer {k + 1}": norms for k, of_layer in enumerate(self.states)
                for name, norms in of_layer.items()}  # fmt: skip

    def html(self) -> str:
        """The curves."""
        return curves(self.series, "steps before the loss", "norm of the gradient")

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return self.html()


def flow(trace: Trace, targets: Sequence[int], reach: int | None = None, ends: int = ENDS) -> Slices[Flow]:
    """Carry the gradients of `ends` losses back over `reach` steps each; None: over half of the trace.

    trace: of T steps; targets: T of them, what came after each step, or for a regression the number of the output. The
    loss of a classification is -ln p(target); of a regression the output itself is taken, so that the size of its error
    plays no part. The losses are spread evenly over the steps that have enough before them. InputError for a reach that
    the trace does not have.
    """
    T, kind = len(trace.outputs), trace.weights.kind
    R = reach or max(1, T // 2)
    if not 0 < R <= T:
        raise InputError(f"the gradient cannot be followed over {R} steps: the probe has {T}")
    steps = sorted({int(t) for t in np.linspace(R - 1, T - 1, ends)}, reverse=True)
    sums = [{name: np.zeros(R) for name in kind.states} for _ in trace.layers]
    for at in trace.walk_back(steps, [int(targets[t]) for t in steps]):
        distances = np.array(steps[: len(at.x)]) - at.t
        near = distances < R
        for of_layer, values in zip(sums, at.states, strict=True):
            for name, value in zip(kind.states, values, strict=True):
                np.add.at(of_layer[name], distances[near], np.linalg.norm(value[near], axis=1))
        if at.t % STEPS == 0:
            yield 1 - at.t / T
    means = tuple({name: total / len(steps) for name, total in of_layer.items()} for of_layer in sums)
    return Flow(means, len(steps))
