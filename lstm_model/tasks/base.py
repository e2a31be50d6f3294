"""What makes tasks differ: data, shape of the model, batches, how the held-out part is measured.

A task owns its data and the cursor in it; it knows no optimizer, no file format and no screen. Long measurements are
generators: they yield the share that is done and return their result, so that whoever drives them can do other things
between two slices.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, TypeVar

from lstm_model.arrays import Floats, Inputs
from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes, TaskKind, kind_of
from lstm_model.settings.words import HeldOutPart
from lstm_model.tasks.typed import Expected, Typed

Result = TypeVar("Result")
Slices = Generator[float, None, Result]  # yields the share done, returns the result


def default_part(parts: Mapping[str, range]) -> HeldOutPart:
    """The part that is judged where none is named: test, or validation where the split gives test nothing."""
    return "test" if parts.get("test") else "val"


def finish(work: Slices[Result], progress: Callable[[float], None] = lambda _: None) -> Result:
    """Run a sliced measurement to its end, and tell `progress` the share that is done."""
    while True:
        try:
            progress(next(work))
        except StopIteration as stop:
            result: Result = stop.value
            return result


class Batch(NamedTuple):
    """One step's data. `fresh`: the sequences start anew, so the state before them is zero."""

    x: Inputs  # (T, B) ids or (T, B, D)
    targets: Inputs
    fresh: bool


@dataclass(frozen=True, eq=False)
class Reading:
    """Data of one sequence that a look inside lets a model read, and what each step of it is called.

    A task says which they are: pages of a held-out text, windows of days. There are `count`, from 0; `name` says which
    this one is.
    """

    x: Inputs  # (T, 1) ids or (T, 1, D)
    targets: Inputs | None  # as the loss takes them; None where what follows is not known yet
    labels: tuple[str, ...]  # T of them: the character that is read, the day
    name: str
    number: int
    count: int
    before: Inputs | None = None  # (L, 1) ids or (L, 1, D): read first, for the state alone; None starts from zero
    outputs: tuple[str, ...] = ()  # what the outputs stand for: characters; prices of days to come
    values: Floats | None = None  # (T,) what a step is about, where its label is not all: the price of the day


class Glimpse(NamedTuple):
    """A first validation loss, and over how many items it was measured."""

    loss: float
    items: int


class Task(ABC):
    """The common part. `config` is the one that is really used: shapes may have shrunk to fit the data, see `notes`."""

    look_pace = 1.0  # time between looks at what the model does, as a share of the usual
    quick_is_full = True  # whether a quick validation already measures the whole part
    quick = 0  # else, how many items it measures

    def __init__(self, config: Config, name: str, fingerprint: str, notes: tuple[str, ...]) -> None:
        self.config, self.name, self.fingerprint = config, name, fingerprint
        self.notes = notes

    @classmethod
    @abstractmethod
    def open(cls, config: Config, memory: dict[str, Any] | None = None) -> Self:
        """Read a run's data; with what a checkpoint kept of them, `memory`, for data that its model must fit."""

    @property
    def kind(self) -> TaskKind:
        """What is known of the task without its data."""
        return kind_of(self.config.task)

    @property
    def sizes(self) -> Sizes:
        """Sizes of the network over these data."""
        return self.kind.sizes(self.config, self.memory())

    @abstractmethod
    def build_model(self) -> LSTM:
        """A fresh model of the right shape."""

    def with_config(self, config: Config) -> Self:
        """The same data for a run of other settings, which must not be settings of how the data are read."""
        other = self.beside()
        other.config = config
        return other

    def beside(self) -> Self:
        """The same data with a cursor of its own: reading here moves nothing there."""
        return copy(self)

    @abstractmethod
    def next_batch(self) -> Batch:
        """The next batch of the training part."""

    @abstractmethod
    def validation_loss(self, model: LSTM, part: str = "val", quick: bool = False) -> Slices[float]:
        """The loss over a held-out part; `quick`: over a fixed sample of it, for use while training."""

    def glimpse(self, model: LSTM) -> Slices[Glimpse] | None:  # noqa: ARG002
        """The validation loss over a sample so small that a person sees it in the first seconds of a run.

        None where the quick one comes as soon. Nothing is judged by it.
        """
        return None

    @property
    def summary(self) -> str:
        """What the data are, in a few words: "1,000 characters, 50 different"."""
        return ""

    @property
    def parts(self) -> Mapping[str, range]:
        """The parts of the data by name, "train", "val" and "test", and what lies in each."""
        return {}

    @property
    def judged_on(self) -> str:
        """What of its data a model is judged on, where its settings choose: "the column Close"."""
        return ""

    def reading(self, number: int, length: int) -> Reading:  # noqa: ARG002
        """Sequence `number` for a look inside, of about `length` steps where the task is free to choose.

        A number beyond the ends is the first or the last. InputError if there is nothing to read.
        """
        raise InputError("this task has no sequence to look inside with")

    def typed(self, text: str) -> Typed:  # noqa: ARG002
        """What a person types, to be read after what usually stands before it. InputError if it cannot be."""
        raise InputError("this task has nothing to type along with")

    def expected(self, outputs: Floats, typed: Typed) -> list[Expected]:  # noqa: ARG002
        """What comes next, from the last outputs (O,) of a model that has read what was typed; the likeliest first."""
        return []

    @abstractmethod
    def references(self) -> dict[str, float]:
        """What the validation loss is held against: the same loss of forecasts that need no network, by name."""

    @property
    @abstractmethod
    def items_per_step(self) -> int:
        """How much a step learns from, in the items of the task's `words`."""

    @property
    @abstractmethod
    def epoch(self) -> float:
        """Passes through the training part."""

    @abstractmethod
    def cursor(self) -> dict[str, int]:
        """Where in the data the next batch starts."""

    @abstractmethod
    def seek(self, cursor: dict[str, int]) -> None:
        """Go where `cursor` was taken."""

    def changes_since(self, memory: Mapping[str, Any]) -> str:  # noqa: ARG002
        """What of the same data is other than when a checkpoint kept `memory`, in words; "" if that is not known."""
        return ""

    @abstractmethod
    def memory(self) -> dict[str, Any]:
        """What a checkpoint must keep of the data, such as a vocabulary or scalers; plain values for JSON."""
