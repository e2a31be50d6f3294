"""A third task, whole in one module: a sine to go on with. Registered by a line in KINDS, see test_third_task.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.events import Event
from lstm_model.network.losses import squared_error
from lstm_model.network.model import LSTM, Network
from lstm_model.settings.config import Config, TaskSettings, require
from lstm_model.settings.task_kinds import Preset, Sizes, TaskKind, Words
from lstm_model.tasks.base import Batch, Slices, Task
from lstm_model.tasks.looks import Job, Look, Looks

N = 400  # points
NOTES = "waves.txt"


@dataclass(frozen=True)
class SineSettings(TaskSettings):
    """How long a wave is, in points."""

    period: int = 20

    def __post_init__(self) -> None:
        require(self.period >= 2, "period", "2 or more", self.period)


class SineKind(TaskKind):
    """What is known without data."""

    name = "sine"
    task = "support.sine:SineTask"
    looks = "support.sine:SineLooks"
    files = (NOTES,)
    words = Words("points", "points", "squared error", "Draw", "No better than a flat line. Other settings")
    settings = SineSettings
    presets = {  # noqa: RUF012 - as the base declares it
        "default": Preset({"hidden_size": 8, "batch_size": 4, "seq_length": 10, "period": 25}, "It is small.")
    }
    shipped = ""
    simplest = "flat"
    simplest_is_easy = True

    def sizes(self, config: Config, memory: Mapping[str, Any] | None = None) -> Sizes:
        """One number in, one out, at every step."""
        return Sizes(1, 1, False, config.seq_length, config.batch_size * config.seq_length)

    def check_saved(self, settings: TaskSettings, memory: Mapping[str, Any]) -> None:
        """The height must be a number."""
        if type(memory.get("height")) is not float:
            raise ValueError("makes no sense: there is no height")

    def guess(self, sizes: Sizes) -> float:
        """The variance."""
        return 0.5


KIND = SineKind()


class SineTask(Task):
    """Regression: the next point of a wave."""

    def __init__(self, config: Config, height: float = 1.0) -> None:
        super().__init__(config, "a wave", "0" * 64, ())
        self.height = height
        period = SineSettings.of(config).period
        self.wave = (height * np.sin(2 * np.pi * np.arange(N + 1) / period)).astype(np.float32)
        self._position = 0

    @classmethod
    def open(cls, config: Config, memory: dict[str, Any] | None = None) -> "SineTask":
        """A wave as high as it was."""
        return cls(config, memory["height"] if memory else 1.0)

    def build_model(self) -> LSTM:
        """One number in, one out."""
        c = self.config
        return LSTM(
            1, c.hidden_size, 1, c.num_layers, task_type="regression", loss_at="every", seed=c.seed, cell=c.cell
        )

    def next_batch(self) -> Batch:
        """Stretches side by side, each begun anew."""
        c = self.config
        starts = (self._position + np.arange(c.batch_size) * 7) % (N - c.seq_length)
        index = starts + np.arange(c.seq_length)[:, None]  # (T, B)
        self._position += 1
        return Batch(self.wave[index][:, :, None], self.wave[index + 1][:, :, None], fresh=True)

    def validation_loss(self, model: Network, part: str = "val", quick: bool = False) -> Slices[float]:
        """Over the whole wave."""
        yield 0.5
        return squared_error(model.forward(self.wave[:-1, None, None])[0], self.wave[1:, None, None]).value

    def references(self) -> dict[str, float]:
        """A flat line."""
        return {"flat": float(np.square(self.wave).mean())}

    @property
    def items_per_step(self) -> int:
        """Points."""
        return self.config.batch_size * self.config.seq_length

    @property
    def epoch(self) -> float:
        """Passes."""
        return self._position / N

    def cursor(self) -> dict[str, int]:
        """Where the next batch starts."""
        return {"position": self._position, "epochs": 0}

    def seek(self, cursor: dict[str, int]) -> None:
        """Go there."""
        self._position = cursor["position"]

    def memory(self) -> dict[str, Any]:
        """How high the wave is."""
        return {"height": self.height}


@dataclass(frozen=True)
class Drawn(Event):
    """The model's next point."""

    step: int
    point: float


class SineLooks(Looks):
    """Draws a point now and then, and writes it down."""

    def __init__(self, task: SineTask, run: Any) -> None:
        super().__init__(task, run)
        self.task = task

    def due(self) -> list[Look]:
        """A point."""
        return [Look("draw", self._draw())]

    def _draw(self) -> Job:
        yield 0.5
        outputs, _ = self.run.model.forward(self.task.wave[:50, None, None])
        point = float(outputs[-1, 0, 0])
        note = f"{self.run.steps} {point:.6f}\n"
        return [Drawn(self.run.steps, point), *self.run.write(lambda folder: _note(folder / NOTES, note))]


def _note(path: Any, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
