"""What the screen can ask of a session. Each is applied between two training steps."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pause:
    """Stop stepping."""


@dataclass(frozen=True)
class Resume:
    """Go on stepping."""


@dataclass(frozen=True)
class StepOnce:
    """Take some single steps while paused."""

    count: int = 1


@dataclass(frozen=True)
class Look:
    """Write a sample (text) or predict all days (stock) now."""


@dataclass(frozen=True)
class ReadPassage:
    """Read a passage of the held-out text; the first is number 0."""

    number: int


@dataclass(frozen=True)
class TakeReferences:
    """Show what the loss is held against, found beside the training. Names and losses."""

    found: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Save:
    """Write a checkpoint that later saves do not replace."""


@dataclass(frozen=True)
class Load:
    """Go on with another checkpoint of the same task; the run at hand is saved first."""

    path: Path


@dataclass(frozen=True)
class Evaluate:
    """Measure the whole validation part."""


@dataclass(frozen=True)
class SetLearningRate:
    """Set the rate that the schedule scales."""

    rate: float


@dataclass(frozen=True)
class SetTemperature:
    """Set the temperature of the samples to come."""

    temperature: float


@dataclass(frozen=True)
class SetPrompt:
    """Set what samples start from."""

    prompt: str


@dataclass(frozen=True)
class Stop:
    """End the session. insist: end also if it cannot be saved, which loses its newest steps."""

    save: bool = True
    insist: bool = True


Command = (
    Pause
    | Resume
    | StepOnce
    | Look
    | ReadPassage
    | TakeReferences
    | Save
    | Load
    | Evaluate
    | SetLearningRate
    | SetTemperature
    | SetPrompt
    | Stop
)
ABOUT_BOTH = (Look, ReadPassage, Evaluate, SetTemperature, SetPrompt)  # also for the model that is compared with
