"""What is known of a task before its data are read: all that settings, forms, costs, checks and the coach ask of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lstm_model.settings.config import Config, TaskSettings
from lstm_model.settings.known_tasks import load_kind


@dataclass(frozen=True)
class Amount:
    """How much data a run has, and how much of it will go through the network until it ends."""

    items: int  # of the training part, such as characters
    planned: float  # items that are learnt from, each as often as it is read

    @property
    def passes(self) -> float:
        """How often the training part will be read."""
        return self.planned / max(1, self.items)


@dataclass(frozen=True)
class Preset:
    """A named set of settings and the reason for it.

    fitted: settings that follow from the amount of data; asked only where the shape of the run is the preset's own.
    """

    settings: dict[str, Any]
    reason: str
    fitted: Callable[[Amount], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Words:
    """What is said of a task."""

    unit: str  # what speed counts a second, in short: "chars"
    items: str  # the same in full
    loss: str  # what the loss is measured in: "nats per character"
    look: str  # to look at what the model does now, as a verb: "Sample"
    no_better: str  # what is said of a model that stays no better than the simplest forecast, and the advice
    ids: str = ""  # what is read, where it is ids of a vocabulary that the data decide: "characters"


@dataclass(frozen=True)
class Sizes:
    """The outer shape of a task's network, and what a step learns from."""

    inputs: int  # D: features, or ids to choose from
    outputs: int  # O
    takes_ids: bool  # an input is an id, which is looked up, and no vector that is multiplied
    judged_steps: int  # steps of a sequence at which there is an output
    items_per_step: int
    exact: bool = True  # else they are a guess: the data will tell


class TaskKind(ABC):
    """A task without its data. Its module must not import NumPy: `lstm-tui --help` reads the presets.

    `memory` is what `Task.memory` keeps of the data in a checkpoint: a vocabulary, or scalers.
    """

    name: ClassVar[str]
    task: ClassVar[str]  # where the Task itself is: "package.module:Class"
    looks: ClassVar[str] = "lstm_model.tasks.looks:Looks"  # and how its runs are looked at: if not here, they are not
    probes: ClassVar[str] = ""  # and what its networks are looked inside of with
    notebook: ClassVar[str] = "lstm_model.notebook.trained:Trained"  # and what its models are in a notebook
    endings: ClassVar[tuple[str, ...]] = ()  # of files that are taken for data of this task, if nobody says otherwise
    files: ClassVar[tuple[str, ...]] = ()  # names of those that looks write into a run's folder
    has_movie: ClassVar[bool] = False  # whether its looks keep what a model makes of the same symbols as it learns
    words: ClassVar[Words]
    settings: ClassVar[type[TaskSettings]]
    presets: ClassVar[Mapping[str, Preset]]  # one of them is "default"
    shipped: ClassVar[str]  # name of the data file that ships
    licence: ClassVar[str] = ""  # of that
    hub_task: ClassVar[str] = "other"  # what model hubs call the task
    simplest: ClassVar[str]  # the one of `Task.references` that the least of models should beat
    simplest_is_easy: ClassVar[bool]  # any model that learns at all is soon far better: else something is wrong with it
    val_noise: ClassVar[float] = 0.005  # share by which a validation loss rises without meaning anything

    @abstractmethod
    def sizes(self, config: Config, memory: Mapping[str, Any] | None = None) -> Sizes:
        """Sizes of the network of these settings; without `memory` as they usually come out."""

    def names(self, config: Config, memory: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What each input and each output of the network stands for: what has the same name means the same."""
        sizes = self.sizes(config, memory)
        return tuple(map(str, range(sizes.inputs))), tuple(map(str, range(sizes.outputs)))

    @abstractmethod
    def check_saved(self, settings: TaskSettings, memory: Mapping[str, Any]) -> None:
        """A ValueError, in a few words, for what no run can have saved: a file may hold anything of a known type."""

    @abstractmethod
    def guess(self, sizes: Sizes) -> float:
        """The loss of a model that knows nothing."""


def kind_of(task: str) -> TaskKind:
    """The kind of a task by its name; an InputError for a task there is not."""
    kind: TaskKind = load_kind(task)
    return kind
