"""One step of one unit in its real numbers, there and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.inside.views.base import Subject, View
from lstm_model.tasks.base import Slices


@dataclass(frozen=True, eq=False)
class CellView(View):
    """What a unit held before the step, its gates, what it holds after, and the gradients of that."""

    name = "cell"
    how_to_read = (
        "One unit at one step: what it held, its gates, and what it holds afterwards. The gradients are those of the"
        " prediction after the step that is looked at, with respect to what the unit holds then."
    )

    layer: int
    unit: int
    step: int
    reads: str
    before: Mapping[str, float]  # by state
    gates: Mapping[str, float]
    after: Mapping[str, float]
    gradients: Mapping[str, float]  # of `after`

    @property
    def report(self) -> dict[str, Any]:
        """All numbers."""
        return {
            "layer": self.layer, "unit": self.unit, "step": self.step, "reads": self.reads, "before": dict(self.before),
            "gates": dict(self.gates), "after": dict(self.after), "gradients": dict(self.gradients),
        }  # fmt: skip

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """A number in each row."""
        what = f"unit {self.unit} of layer {self.layer + 1}, step {self.step}, which reads {self.reads!r}"
        rows = [
            *((f"{name} before", value) for name, value in self.before.items()),
            *self.gates.items(),
            *((f"{name} after", value) for name, value in self.after.items()),
            *((f"gradient of {name} after", value) for name, value in self.gradients.items()),
        ]
        return [[what, ""], *([name, f"{value:+.6g}"] for name, value in rows)]

    def draw(self, figure: Any) -> str:
        """The numbers as bars."""
        axes = figure.subplots()
        (what, _), *rows = self.rows
        axes.barh([name for name, _ in rows][::-1], [float(value) for _, value in rows][::-1], color="#1668a8")
        axes.axvline(0, color="#222222", linewidth=0.8)
        return what


def look(subject: Subject) -> Slices[CellView]:
    """The unit that is asked for, or the one that moves most."""
    trace, step, k = subject.trace, subject.at, subject.layer or 0
    layer = trace.layers[k]
    unit = int(np.argmax(layer.followed.std(axis=0))) if subject.unit is None else subject.unit
    yield 0.5
    back = trace.back(step, subject.targets[step]).states[k]
    kept = trace.kept[k][step]  # what the cell began the step with stands under the states' names
    return CellView(
        k, unit, step, subject.reading.labels[step],
        {name: float(getattr(kept, name)[0, unit]) for name in layer.states},
        {gate: float(values[step, unit]) for gate, values in layer.gates.items()},
        {name: float(values[step, unit]) for name, values in layer.states.items()},
        {name: float(values[step, unit]) for name, values in back.items()},
    )  # fmt: skip
