"""What a person types for a model to go on from, and what the model expects after it, in a task's own terms."""

from dataclasses import dataclass

from lstm_model.arrays import Inputs


@dataclass(frozen=True, eq=False)
class Typed:
    """A sequence to be read: what stands before, then what was typed."""

    x: Inputs  # (T, 1) ids or (T, 1, D)
    ids: Inputs | None  # (T,) the same as classes to be predicted, for what surprises; None for a regression
    labels: tuple[str, ...]  # T of them: characters, days
    begin: int  # the first step that was typed; T if nothing was


@dataclass(frozen=True)
class Expected:
    """One thing that may come next."""

    text: str  # "e", "27.61"
    share: float | None = None  # its probability; None for a forecast
    note: str = ""  # what there is to say of it: "+0.4 % on the close before"
    typed: str = ""  # what Tab types for it
