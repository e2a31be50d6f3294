"""How long each unit remembers, and which say nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.inside.memory import Memory, memory
from lstm_model.inside.views.base import Subject, View
from lstm_model.tasks.base import Slices

SHARES = (0.1, 0.5, 0.9, 0.99)


@dataclass(frozen=True, eq=False)
class MemoryView(View):
    """The memories of all layers."""

    name = "memory"
    how_to_read = (
        "After its half-life, half of what a unit held is left. A dead unit's h does not move, so nothing above hears"
        " of it; a saturated one is stuck at an end of what it can hold."
    )

    memories: tuple[Memory, ...]

    @property
    def report(self) -> list[dict[str, Any]]:
        """A row for each unit; half_life in steps, null where nothing is kept or nothing is ever lost."""
        return [
            {
                "layer": k,
                "unit": unit,
                "half_life": _finite(of_layer, unit),
                "dead": bool(of_layer.dead[unit]),
                "saturated": bool(of_layer.saturated[unit]),
            }
            for k, of_layer in enumerate(self.memories)
            for unit in range(len(of_layer.dead))
        ]

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Half-lives that a share of the units stays below, and how many are dead or saturated."""
        rows = []
        for k, of_layer in enumerate(self.memories):
            lives = of_layer.half_life
            shares = (
                ["-"] * len(SHARES) if lives is None else [_steps(float(np.quantile(lives, share))) for share in SHARES]
            )
            count = len(of_layer.dead)
            rows.append(
                [f"{k + 1}", *shares, f"{of_layer.dead.sum()} of {count}", f"{of_layer.saturated.sum()} of {count}"]
            )
        heads = [f"{share:.0%} of units" for share in SHARES]
        return [["layer", *heads, "dead", "saturated"], *rows]

    def draw(self, figure: Any) -> str:
        """How half-lives spread, on a log axis."""
        axes = figure.subplots()
        for k, of_layer in enumerate(self.memories):
            if of_layer.half_life is not None:
                lives = of_layer.half_life[np.isfinite(of_layer.half_life) & (of_layer.half_life > 0)]
                axes.hist(np.log10(lives), 40, histtype="step", label=f"layer {k + 1}")
        axes.set_xlabel("half-life, log10 of steps")
        axes.set_ylabel("units")
        axes.legend()
        return "how long units remember"


def _finite(of_layer: Memory, unit: int) -> float | None:
    if of_layer.half_life is None or not math.isfinite(of_layer.half_life[unit]):
        return None
    return float(of_layer.half_life[unit])


def _steps(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "never lost"


def look(subject: Subject) -> Slices[MemoryView]:
    """All units."""
    yield 0.0
    return MemoryView(memory(subject.trace))
