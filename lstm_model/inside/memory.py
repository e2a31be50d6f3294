"""How long units remember, and which of them say nothing: read off a trace."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.inside.trace import LayerTrace, Trace

LOW, HIGH = 0.1, 0.9  # beyond these a gate counts as saturated (Karpathy, Johnson & Fei-Fei 2015)
STILL = 1e-3  # a unit whose h moves less than this, as a standard deviation, is dead
PINNED, MOSTLY = 0.95, 0.95  # a unit is saturated if what shows it best is beyond the first for this share of steps


@dataclass(frozen=True, eq=False)
class Memory:
    """What T steps say of the H units of a layer. All arrays are (H,)."""

    half_life: Floats | None  # steps after which half of what was there is left; None for a cell that keeps nothing
    low: Mapping[str, Floats]  # by gate: the share of steps below 0.1; of a gate with tanh, whose size is
    high: Mapping[str, Floats]  # by gate: the share of steps above 0.9
    dead: Floats  # whether h stands still: true or false
    saturated: Floats  # whether what the unit remembers is stuck at an end: true or false


def memory(trace: Trace) -> tuple[Memory, ...]:
    """What each layer's units keep, the lowest layer first.

    Half-life: what is kept is multiplied by f at each step, over many by their geometric mean, so half is left after
    ln 2 / mean(-ln f) steps.
    """
    return tuple(_of_layer(layer, trace.weights.kind.keeps) for layer in trace.layers)


def half_life(kept: Floats) -> Floats:
    """Steps (H,) until half is left of what is multiplied by `kept` (T, H) at each step; infinite where that is 1."""
    with np.errstate(divide="ignore"):
        decay = np.abs(np.log(kept.astype(np.float64)).mean(axis=0))
        result: Floats = math.log(2) / decay
    return result


def _of_layer(layer: LayerTrace, keeps: str) -> Memory:
    sizes = {gate: np.abs(values) for gate, values in layer.gates.items()}
    h = next(iter(layer.states.values()))
    return Memory(
        half_life=half_life(layer.gates[keeps]) if keeps else None,
        low={gate: (size < LOW).mean(axis=0) for gate, size in sizes.items()},
        high={gate: (size > HIGH).mean(axis=0) for gate, size in sizes.items()},
        dead=h.std(axis=0) < STILL,
        saturated=(np.abs(layer.followed) > PINNED).mean(axis=0) >= MOSTLY,
    )
