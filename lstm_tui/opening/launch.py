"""What the command line hands to the app."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.training.trainer import Trainer
from lstm_tui.keys.keymap import Keymap
from lstm_tui.opening.opened import Opened
from lstm_tui.telling.teller import Teller


@dataclass(frozen=True, kw_only=True)
class Surface:
    """Where the app is drawn, which keys it has, and who is told of what becomes of a run."""

    ssh: bool = False
    ascii_only: bool = False  # for terminals without lines, blocks and braille
    big: bool = False  # the look for a projector
    teller: Teller = field(default_factory=Teller)
    keymap: Keymap = field(default_factory=Keymap)


@dataclass(frozen=True)
class Launch(Surface):
    """A trainer that is ready, and how the app is to begin. `folder` None: nothing is written.

    file: the checkpoint the trainer came from, if it did. notes: see `Opened`. against: in evaluation-only mode,
    another model of the same task over the same data.
    """

    trainer: Trainer
    folder: RunFolder | None
    plan: Plan
    eval_only: bool = False
    paused: bool = False
    settings: dict[str, Any] = field(default_factory=dict)  # of Config, that hold for whatever is opened next as well
    notes: tuple[str, ...] = ()
    file: Path | None = None
    against: Opened | None = None
