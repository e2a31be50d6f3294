"""What a view is, and what it looks at."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from lstm_model.errors import InputError
from lstm_model.inside.html import heading, note, table
from lstm_model.inside.trace import Trace, trace
from lstm_model.network.model import Network
from lstm_model.tasks.base import Reading, Task
from lstm_model.tasks.probes import Probes
from lstm_model.tasks.registry import open_probes

LENGTH = 600  # steps of a reading, where the task is free to choose


@dataclass(frozen=True, eq=False)
class Subject:
    """A network, what it reads, and where to look.

    layer, from 0, and unit: the one that is looked at, None for what the view finds best; step: of the reading, below 0
    from its end; page: which of the readings that the task has.
    """

    network: Network
    probes: Probes
    layer: int | None = None
    unit: int | None = None
    step: int | None = None
    page: int = 0

    @classmethod
    def of(cls, network: Network, task: Task, text: str | None = None, **where: Any) -> "Subject":
        """Look at a network of a task, over what the task holds out or a text of one's own. InputError: see `check`."""
        subject = cls(network, open_probes(task, text), **where)
        subject.check()
        return subject

    def check(self) -> None:
        """An InputError for a layer or a unit that the network does not have, or a step that the reading has not."""
        n = self.network
        if self.layer is not None and not 0 <= self.layer < n.num_layers:
            raise InputError(f"the network has layers 1 to {n.num_layers}: there is no layer {self.layer + 1}")
        if self.unit is not None and not 0 <= self.unit < n.hidden_size:
            raise InputError(
                f"a layer has {n.hidden_size} units, 0 to {n.hidden_size - 1}: there is no unit {self.unit}"
            )
        if self.step is not None and not -self.steps <= self.step < self.steps:
            raise InputError(f"the reading has steps 0 to {self.steps - 1}: there is no step {self.step}")

    @cached_property
    def reading(self) -> Reading:
        """What is read."""
        return self.probes.reading(self.page, LENGTH)

    @property
    def steps(self) -> int:
        """T of the reading."""
        return len(self.reading.labels)

    @property
    def at(self) -> int:
        """The step that is looked at: the last one unless told."""
        return (self.steps - 1 if self.step is None else self.step) % self.steps

    @cached_property
    def trace(self) -> Trace:
        """The network's pass over the reading, with the state of what stands before it."""
        before, state = self.reading.before, None
        if before is not None:
            _, last = self.network.forward(before)
            state = tuple(part.copy() for part in last)
        return trace(self.network, self.reading.x[:, 0], state)

    @cached_property
    def targets(self) -> list[int]:
        """What each step's prediction is judged by, for gradients: the id that came, the likeliest where none is known.

        Of a regression always the first output.
        """
        outputs, reading = self.trace.outputs, self.reading
        if self.network.task_type == "regression":
            return [0] * len(outputs)
        ids = outputs.argmax(axis=1) if reading.targets is None else np.asarray(reading.targets)[:, 0]
        return [int(id_) for id_ in ids]

    def named(self, output: int) -> str:
        """What an output stands for."""
        names = self.reading.outputs
        return names[output] if output < len(names) else str(output)


class View(ABC):
    """Something that was found, ready to be shown. `report`: plain values, for JSON."""

    name: ClassVar[str]
    how_to_read: ClassVar[str]

    @property
    @abstractmethod
    def report(self) -> Any:
        """All of it as plain values."""

    @property
    @abstractmethod
    def rows(self) -> Sequence[Sequence[str]]:
        """A table of what matters most, its heads first."""

    @abstractmethod
    def draw(self, figure: Any) -> str:
        """Draw it into an empty figure of matplotlib; returns a title."""

    def body(self) -> str:
        """What stands in HTML beside heading, explanation and table."""
        return ""

    def html(self) -> str:
        """All of it, to be put into a page."""
        return "".join((heading(self.name.capitalize()), note(self.how_to_read), table(self.rows), self.body()))

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return self.html()


def plain(values: Mapping[str, Any]) -> dict[str, list[float]]:
    """Arrays by name as lists."""
    return {name: np.asarray(array, np.float64).tolist() for name, array in values.items()}
