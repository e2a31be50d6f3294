"""What a view is: what it asks of the run, how its cursor moves, how it draws what was found.

A view draws plain data on a sheet of cells, so keys are answered from what the screen has, without the worker.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from lstm_tui.charts.sheet import Row, Sheet
from lstm_tui.session.probing import Probe
from lstm_tui.session.snapshot import Snapshot


@dataclass
class Spot:
    """Where all views look: one unit of one layer, at one step of one reading. Views share it."""

    layer: int = 0  # from 0, the lowest
    unit: int = 0
    step: int = 0
    number: int = 0  # of the reading
    most_layers: int = 1
    most_units: int = 1
    most_steps: int = 1
    most_readings: int = 1
    is_new: bool = True  # nobody has chosen a unit yet

    def keep_inside(self) -> None:
        """Come back to what there is."""
        self.layer, self.unit = _inside(self.layer, self.most_layers), _inside(self.unit, self.most_units)
        self.step, self.number = _inside(self.step, self.most_steps), _inside(self.number, self.most_readings)


def _inside(value: int, most: int) -> int:
    return min(max(0, value), max(0, most - 1))


class ShadedSheet(Sheet):
    """A sheet whose blanks keep the role they were given: a shade is seen behind them too."""

    def rows(self) -> list[Row]:
        """Join neighbouring cells of one role."""
        rows: list[Row] = []
        for line, roles in zip(self.characters, self.roles, strict=True):
            text = line.tobytes().decode("utf-32-le")
            starts = [0, *(np.flatnonzero(roles[1:] != roles[:-1]) + 1).tolist()][: self.width]
            names = [self.names[role] if role >= 0 else None for role in roles[starts].tolist()]
            ends = [*starts[1:], self.width]
            rows.append(tuple((text[a:b], name) for a, b, name in zip(starts, ends, names, strict=True)))
        return rows


@dataclass(frozen=True)
class Room:
    """What there is to draw on. plain: without colour, or with ASCII alone, values are characters and not shades.

    The painter has an ASCII character for each line and block; what it lacks is chosen here.
    """

    width: int
    height: int
    ascii_only: bool = False
    plain: bool = False

    def sheet(self) -> Sheet:
        """An empty sheet of this size."""
        return ShadedSheet(self.width, self.height, ascii_only=False)


@dataclass(frozen=True)
class Drawn:
    """A picture, and what there is to say of the cursor's place: at most two lines."""

    rows: list[Row]
    reading: tuple[str, ...] = ()


class View(ABC):
    """One way to look. `spot` is shared with the other views; what else it remembers is its own."""

    types = False  # whether keys are text now

    def __init__(self, spot: Spot) -> None:
        self.spot = spot

    def refuses(self, snapshot: Snapshot) -> str:  # noqa: ARG002
        """Why it means nothing for this model or task, in one line; nothing if it does."""
        return ""

    @abstractmethod
    def probe(self) -> Probe:
        """What it asks of the run for what is to be shown now."""

    def take(self, found: object) -> None:  # noqa: B027 - most views need no more
        """Know what was found, before keys and drawing ask for it: the same object again changes nothing."""

    @abstractmethod
    def drawn(self, found: object, room: Room) -> Drawn:
        """Draw what its probe found."""

    # Keys. `by` counts: -1 or 1, ten times as much with shift.

    def along(self, by: int) -> None:
        """Left and right: through time, unless a view says otherwise."""
        self.spot.step += by

    def across(self, by: int) -> None:
        """Up and down: through units."""
        self.spot.unit += by

    def to_end(self, last: bool) -> None:
        """Home and end."""
        self.spot.step = self.spot.most_steps - 1 if last else 0

    def other(self) -> None:  # noqa: B027
        """Show the next of what can be shown."""

    def layer(self, by: int) -> None:
        """Another layer."""
        self.spot.layer += by

    def key(self, name: str, character: str | None) -> bool:  # noqa: ARG002
        """Take a key before it means anything else; False to leave it."""
        return False

    def paste(self, text: str) -> bool:  # noqa: ARG002
        """Take a pasted text; False to leave it."""
        return False

    def frame(self, by: int) -> None:  # noqa: B027
        """Through training time, for a view that knows it."""

    def turn(self, by: int) -> None:
        """Another reading."""
        self.spot.number += by
