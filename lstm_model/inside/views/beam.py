"""What one prediction hangs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.inside.html import coloured, heading
from lstm_model.inside.views.base import Subject, View
from lstm_model.tasks.base import Slices

TOP = 15  # steps that have a row


@dataclass(frozen=True, eq=False)
class BeamView(View):
    """The gradient of one prediction with respect to each input before it."""

    name = "beam"
    how_to_read = (
        "How much the prediction made after one step depends on what was read at each step before: the norm of its"
        " gradient, as a share of the largest."
    )

    labels: tuple[str, ...]
    step: int
    target: str  # what is predicted
    value: float  # its log-probability in nats, or the output
    classified: bool
    reach: Floats  # (T,)

    @property
    def shares(self) -> Floats:
        """The reach of each step, as a share of the largest."""
        return self.reach / (self.reach.max() or 1)

    @property
    def report(self) -> dict[str, Any]:
        """The prediction, and for each step up to it what was read and the norm of the gradient."""
        said = "log_p" if self.classified else "output"
        stop = self.step + 1
        return {
            "step": self.step, "target": self.target, said: self.value,
            "reads": list(self.labels[:stop]), "norms": self.reach[:stop].tolist(),
        }  # fmt: skip

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The steps that count most."""
        most = np.argsort(-self.reach, kind="stable")[: min(TOP, self.step + 1)]
        rows = [
            [f"{self.step - t}", repr(self.labels[t]) if len(self.labels[t]) == 1 else self.labels[t],
             f"{self.reach[t]:.3e}", f"{self.shares[t]:.0%}"]
            for t in most.tolist()
        ]  # fmt: skip
        return [["steps back", "read", "norm", "of the largest"], *rows]

    @property
    def _title(self) -> str:
        value = f"ln p = {self.value:.3f}" if self.classified else f"{self.value:.4f}"
        target = repr(self.target) if len(self.target) == 1 else self.target
        return f"{target} after step {self.step} of {len(self.labels)}: {value}"

    def body(self) -> str:
        """What was read, in colours of how much it counts."""
        said = [f"step {t}: {value:.3e}" for t, value in enumerate(self.reach.tolist())]
        return heading(self._title, 3) + coloured(self.labels, self.shares, said)

    def draw(self, figure: Any) -> str:
        """The norm of each step."""
        axes = figure.subplots()
        back = np.arange(self.step, -1, -1)
        norms = np.maximum(self.reach[: self.step + 1], np.finfo(np.float32).tiny)
        axes.semilogy(back, norms, color="#1668a8")
        axes.invert_xaxis()
        axes.set_xlabel("steps back")
        axes.set_ylabel("norm of the gradient")
        return f"what the prediction hangs on: {self._title}"


def look(subject: Subject) -> Slices[BeamView]:
    """The prediction after a step, the last one unless told."""
    step, trace = subject.at, subject.trace
    yield 0.5
    target, classified = subject.targets[step], subject.network.task_type == "classification"
    value = trace.log_p[step, target] if classified else trace.outputs[step, target]
    reach = trace.back(step, target).reach
    return BeamView(subject.reading.labels, step, subject.named(target), float(value), classified, reach)
