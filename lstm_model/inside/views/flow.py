"""How far back a loss reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lstm_model.inside.flow import Flow, flow
from lstm_model.inside.views.base import Subject, View
from lstm_model.tasks.base import Slices

NEAR = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)  # steps that have a row


@dataclass(frozen=True, eq=False)
class FlowView(View):
    """The gradient of every state against distance."""

    name = "flow"
    how_to_read = (
        "The norm of the gradient of one loss with respect to a state, so many steps before it, on a log axis. A line"
        " that falls steeply says that the network cannot learn from what lies further back."
    )

    found: Flow

    @property
    def report(self) -> dict[str, Any]:
        """A list of norms for each layer and state; entry d is d steps before the loss."""
        states = [
            {"layer": k, "state": name, "norms": norms.tolist()}
            for k, of_layer in enumerate(self.found.states)
            for name, norms in of_layer.items()
        ]
        return {"ends": self.found.ends, "states": states}

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """Norms at some distances."""
        series = self.found.series
        near = [distance for distance in NEAR if distance < self.found.reach]
        rows = [[f"{distance}", *(f"{norms[distance]:.2e}" for norms in series.values())] for distance in near]
        return [["steps back", *series], *rows]

    def body(self) -> str:
        """The curves."""
        return self.found.html()

    def draw(self, figure: Any) -> str:
        """The same."""
        axes = figure.subplots()
        for k, (name, norms) in enumerate(self.found.series.items()):
            axes.semilogy(norms, "-" if k % 2 == 0 else "--", label=name)
        axes.set_xlabel("steps before the loss")
        axes.set_ylabel("norm of the gradient")
        axes.legend()
        return f"how far back a loss reaches, mean of {self.found.ends} losses"


def look(subject: Subject) -> Slices[FlowView]:
    """Mean over some losses of the reading."""
    return FlowView((yield from flow(subject.trace, subject.targets)))
