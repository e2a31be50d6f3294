"""Check: is every gradient right, on the weights as they are now? Nudge a number, and see how the loss moves."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lstm_model.arrays import Floats, Inputs
from lstm_model.errors import InputError
from lstm_model.network.gradient_check import relative_error
from lstm_model.network.model import Network
from lstm_model.runs.run import Run
from lstm_model.tasks.base import Task
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.traces import copy_of
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.inside.windows import scrolled
from lstm_tui.session.probing import Early, Making, Probe

ENTRIES = 20  # of each parameter, drawn at random
LENGTH = 12  # steps of the sequence, where the task is free to choose
STEP = 1e-5  # see lstm_model/network/gradient_check.py
RIGHT = 1e-6  # the greatest relative error of a gradient that is right
SEARCHED = 200  # readings, for one of which it is known what follows


@dataclass(frozen=True)
class Entry:
    """One number of a parameter: what `backward` says of it, and what the loss does."""

    index: tuple[int, ...]
    analytic: float
    numeric: float

    @property
    def error(self) -> float:
        """Their relative error."""
        return relative_error(np.array([self.analytic]), np.array([self.numeric]))


@dataclass(frozen=True, eq=False)
class Checked:
    """The entries that are done, by parameter."""

    entries: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    wanted: int = 0  # of all parameters
    loss: float = 0.0
    length: int = 0

    def worst(self, name: str) -> float:
        """The greatest error of a parameter's entries."""
        return max((entry.error for entry in self.entries[name]), default=0.0)


@dataclass(frozen=True)
class CheckProbe(Probe):
    """All parameters in float64, an entry a slice, each answered at once."""

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """The weights that training moves, in a copy. Which entries are drawn follows from the step."""
        model = copy_of(run.trainer.model, np.float64)
        x, targets = _sequence(run.trainer.task)
        rng = np.random.default_rng((run.trainer.steps, ENTRIES))

        def loss() -> float:
            return model.loss(model.forward(x)[0], targets).value

        outputs, _ = model.forward(x)
        value, d_outputs = model.loss(outputs, targets)
        model.backward(d_outputs)
        analytic = {name: gradient.copy() for name, gradient in model.gradients.items()}
        found: dict[str, tuple[Entry, ...]] = dict.fromkeys(analytic, ())
        drawn = {name: _drawn(gradient, rng) for name, gradient in analytic.items()}
        wanted = sum(map(len, drawn.values()))
        for k in range(ENTRIES):
            for name in (name for name, places in drawn.items() if k < len(places)):
                gradient = analytic[name]
                index = tuple(map(int, np.unravel_index(drawn[name][k], gradient.shape)))
                entry = Entry(index, float(gradient[index]), _slope(loss, model, name, index))
                found = found | {name: (*found[name], entry)}
                yield Early(Checked(found, wanted, value, len(x)))
        return Checked(found, wanted, value, len(x))


def _drawn(gradient: Floats, rng: np.random.Generator) -> list[int]:
    """ENTRIES different places of an array, or all there are.

    A quarter from anywhere, where a 0 must be one; the others where the gradient is not 0: with one-hot inputs most
    columns have none, for their characters do not occur.
    """
    anywhere = rng.permutation(gradient.size)[:ENTRIES].tolist()
    moved = rng.permutation(np.flatnonzero(gradient))[:ENTRIES].tolist()
    return list(dict.fromkeys([*anywhere[: ENTRIES // 4], *moved, *anywhere]))[:ENTRIES]


def _sequence(task: Task) -> tuple[Inputs, Inputs]:
    """A short sequence that it is known of what follows."""
    for number in range(SEARCHED):
        reading = task.reading(number, LENGTH)
        if reading.targets is not None:
            x = reading.x if reading.x.ndim == 2 else reading.x.astype(np.float64)
            return x, reading.targets
    raise InputError("there is no sequence of which is known what follows it")


def _slope(loss: Callable[[], float], model: Network, name: str, index: tuple[int, ...]) -> float:
    values = model.parameters[name]
    before = values[index]
    values[index] = before + STEP
    above = loss()
    values[index] = before - STEP
    below = loss()
    values[index] = before
    return (above - below) / (2 * STEP)


class Check(View):
    """Up and down choose a parameter, left and right go through its entries."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.tensor = self.entry = self._top = 0
        self._found = Checked()

    def probe(self) -> Probe:
        """All parameters."""
        return CheckProbe()

    def take(self, found: object) -> None:
        """Know what is done."""
        if isinstance(found, Checked):
            self._found = found
        self._bound()

    def _bound(self) -> None:
        names = list(self._found.entries)
        self.tensor = min(max(0, self.tensor), max(0, len(names) - 1))
        count = len(self._found.entries[names[self.tensor]]) if names else 0
        self.entry = min(max(0, self.entry), max(0, count - 1))

    def along(self, by: int) -> None:
        """An entry further."""
        self.entry += by
        self._bound()

    def across(self, by: int) -> None:
        """Another parameter."""
        self.tensor += by
        self._bound()

    def to_end(self, last: bool) -> None:
        """The first entry or the last."""
        self.entry = ENTRIES if last else 0
        self._bound()

    def drawn(self, found: object, room: Room) -> Drawn:
        """Parameters at the left, the entries of one at the right."""
        if not isinstance(found, Checked):
            return Drawn([])
        sheet, names = room.sheet(), list(found.entries)
        wide = max(map(len, names))
        right = wide + 17
        sheet.write(0, 0, f"{'parameter':<{wide}} done  error", "label")
        first = scrolled(0, self.tensor, len(names), room.height - 1)
        for y, name in enumerate(names[first : first + room.height - 1], 1):
            here = first + y - 1 == self.tensor
            text = f"{name:<{wide}} {len(found.entries[name]):>4}  {found.worst(name):.0e}"
            sheet.write(y, 0, text, "cursor" if here else "value")
        name = names[self.tensor]
        self._draw_entries(sheet, right, found.entries[name])
        done = sum(map(len, found.entries.values()))
        worst = max(map(found.worst, names))
        verdict = "all right so far" if worst < RIGHT else f"WRONG: {worst:.0e} is more than {RIGHT:.0e}"
        if worst < RIGHT and done == found.wanted:
            verdict = "all right"
        first_line = f"{done} of {found.wanted} entries, greatest relative error {worst:.1e}: {verdict}"
        return Drawn(
            sheet.rows(), (first_line, f"float64, {found.length} steps, loss {found.loss:.4f}; nudged by {STEP:.0e}")
        )

    def _draw_entries(self, sheet: Sheet, column: int, entries: tuple[Entry, ...]) -> None:
        sheet.write(0, column, f"{'entry':<10} {'analytic':>12} {'numeric':>12}  error", "label")
        self._top = scrolled(self._top, self.entry, len(entries), sheet.height - 1)
        for y, entry in enumerate(entries[self._top : self._top + sheet.height - 1], 1):
            index = ",".join(map(str, entry.index))
            text = f"{index:<10} {entry.analytic:>+12.5e} {entry.numeric:>+12.5e}  {entry.error:.0e}"
            sheet.write(y, column, text, "strong" if self._top + y - 1 == self.entry else "value")
