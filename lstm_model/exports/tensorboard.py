"""Events for TensorBoard: figures, samples, and histograms of weights and gates, as they come or afterwards."""

import logging
from pathlib import Path

from tensorboardX import SummaryWriter

from lstm_model.errors import InputError
from lstm_model.inside.trace import trace
from lstm_model.network.model import Network
from lstm_model.runs.events import Figures
from lstm_model.tasks.base import Task

STEPS = 256  # of the held-out sequence whose gates are shown

logging.getLogger("tensorboardX").setLevel(logging.ERROR)  # it warns of values that are no numbers: they are gaps here


class Board:
    """Writes events into a folder of its own, which TensorBoard shows as one run. OSError if that fails."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._writer = SummaryWriter(logdir=str(folder))

    def figures(self, step: int, values: dict[str, float | None], at: float | None = None) -> None:
        """Numbers by name; None and what is no number is left out. at: seconds since 1970, now unless given."""
        for name, value in values.items():
            if value is not None and value == value:
                self._writer.add_scalar(name, value, step, walltime=at)

    def text(self, step: int, text: str) -> None:
        """What the model wrote, as it stands: TensorBoard reads Markdown, in which four blanks keep a line as it is."""
        self._writer.add_text("sample", "\n".join(f"    {line}" for line in text.split("\n")), step)

    def weights(self, network: Network, step: int) -> None:
        """A histogram of each array of a network."""
        for name, values in network.parameters.items():
            self._writer.add_histogram(f"weights/{name}", values.ravel(), step)

    def gates(self, network: Network, task: Task, step: int) -> None:
        """A histogram of each gate and state over a held-out sequence; nothing for a task that has none to show."""
        try:
            x = task.reading(0, STEPS).x[:, 0]
        except InputError:
            return
        for k, layer in enumerate(trace(network, x).layers):
            for name, values in {**layer.gates, **layer.states}.items():
                self._writer.add_histogram(f"gates_l{k}/{name}", values.ravel(), step)

    def close(self) -> None:
        """Write what is still to be written."""
        self._writer.close()


def of_figures(figures: Figures, speed: str) -> dict[str, float | None]:
    """The numbers of an event under their names; speed: what that is called, "chars_per_s"."""
    values = dict(vars(figures))
    del values["step"]
    return {**{name: value for name, value in values.items() if name != "speed"}, speed: values["speed"]}
