"""Every gate of a layer over the reading: how often it is shut, or wide open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.inside.html import heading, picture
from lstm_model.inside.memory import Memory, memory
from lstm_model.inside.trace import Trace
from lstm_model.inside.views.base import Subject, View, plain
from lstm_model.tasks.base import Slices


@dataclass(frozen=True, eq=False)
class GatesView(View):
    """The gates of all layers."""

    name = "gates"
    how_to_read = (
        "A row of a picture is a unit, those that remember longest on top, and a column is a step. Light is 1, a gate"
        " that lets all through, dark is 0; of a gate with tanh the size is shown. A gate is saturated below 0.1 and"
        " above 0.9."
    )

    trace: Trace
    memories: tuple[Memory, ...]

    @property
    def report(self) -> list[dict[str, Any]]:
        """For each layer and gate a value for each unit: its mean, and the shares of steps below 0.1 and above 0.9."""
        return [
            {"layer": k, "gate": gate}
            | plain(
                {"mean": values.mean(axis=0), "low": self.memories[k].low[gate], "high": self.memories[k].high[gate]}
            )
            for k, gate, values in self._all()
        ]

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Means over all units."""
        rows = [
            [f"{k + 1}", gate, f"{values.mean():+.2f}", f"{self.memories[k].low[gate].mean():.0%}",
             f"{self.memories[k].high[gate].mean():.0%}"]
            for k, gate, values in self._all()
        ]  # fmt: skip
        return [["layer", "gate", "mean", "below 0.1", "above 0.9"], *rows]

    def sorted(self, k: int, gate: str) -> Floats:
        """Sizes of a gate's values, (H, T), the units that remember longest first."""
        lives = self.memories[k].half_life
        values = np.abs(self.trace.layers[k].gates[gate]).T
        return values if lives is None else values[np.argsort(-lives, kind="stable")]

    def body(self) -> str:
        """A picture of each gate."""
        return "".join(
            heading(f"layer {k + 1}, {gate}", 3) + picture(self.sorted(k, gate), f"{gate}: units by steps", scale=1)
            for k, gate, _ in self._all()
        )

    def draw(self, figure: Any) -> str:
        """The pictures side by side."""
        every = self._all()
        layers = len(self.memories)
        grid = figure.subplots(layers, len(every) // layers, squeeze=False)
        for axes, (k, gate, _) in zip(grid.ravel(), every, strict=True):
            image = axes.imshow(self.sorted(k, gate), aspect="auto", vmin=0, vmax=1, cmap="viridis")
            axes.set_title(f"{gate}, layer {k + 1}", fontsize=9)
        figure.colorbar(image, ax=grid.ravel().tolist())
        return "gates: units, the longest memory on top, by steps"

    def _all(self) -> list[tuple[int, str, Floats]]:
        return [(k, gate, values) for k, layer in enumerate(self.trace.layers) for gate, values in layer.gates.items()]


def look(subject: Subject) -> Slices[GatesView]:
    """All gates."""
    yield 0.0
    return GatesView(subject.trace, memory(subject.trace))
