"""Gates: how far each unit's gate was open at each step, the units with the longest memory on top."""

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.labels import named_label, shown_label, shown_labels, steps_of
from lstm_tui.inside.shades import Scale, paint, rows_per_cell
from lstm_tui.inside.traces import Traced, TraceProbe
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.inside.windows import scrolled, window
from lstm_tui.session.probing import Probe

CLOSED, OPEN = 0.1, 0.9  # below and above, a sigmoid is called saturated
LEFT, RIGHT = 12, 10  # cells beside the picture: unit and half-life; shares of saturated steps


class Gates(View):
    """A picture of one gate; `v` goes on to the next gate. The order of units is that of their half-lives."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.gate: int | None = None  # which of the cell's gates; None: the one that keeps
        self.top = 0  # the first rank that is shown
        self._order: NDArray[np.intp] = np.arange(1)
        self._gates: tuple[str, ...] = ()
        self._keeps = ""

    def probe(self) -> Probe:
        """One pass over the reading."""
        return TraceProbe(self.spot.number)

    def take(self, found: object) -> None:
        """Know the order of the units."""
        if isinstance(found, Traced):
            found.bound(self.spot)
            kind = found.trace.weights.kind
            self._gates, self._keeps = kind.gates, kind.keeps
            self._order = found.orders[self.spot.layer]
            if self.spot.is_new:
                self.spot.unit, self.spot.is_new = int(self._order[0]), False

    @property
    def rank(self) -> int:
        """Where the cursor's unit stands in the order."""
        return int(np.flatnonzero(self._order == self.spot.unit)[0]) if self.spot.unit in self._order else 0

    def across(self, by: int) -> None:
        """Up and down in the order that is shown."""
        self.spot.unit = int(self._order[min(max(0, self.rank + by), len(self._order) - 1)])

    def other(self) -> None:
        """The next gate."""
        self.gate = (self._shown_gate + 1) % max(1, len(self._gates))

    @property
    def _shown_gate(self) -> int:
        keeps = self._gates.index(self._keeps) if self._keeps else 0
        return keeps if self.gate is None else self.gate % max(1, len(self._gates))

    def drawn(self, found: object, room: Room) -> Drawn:
        """Units by time, and what the cursor's unit did."""
        if not isinstance(found, Traced):
            return Drawn([])
        if not set(self._gates) - {found.trace.weights.kind.candidate}:
            return Drawn([], ("this cell has no gates: at each step all of its state is written anew, see 7",))
        layer, spot = found.trace.layers[self.spot.layer], self.spot
        name = self._gates[self._shown_gate]
        values = layer.gates[name]  # (T, H)
        scale: Scale = "sign" if name == found.trace.weights.kind.candidate else "gate"
        sheet, per_cell = room.sheet(), rows_per_cell(plain=room.plain)
        width, height = max(1, room.width - LEFT - RIGHT), max(1, room.height - 2)
        begin = window(spot.step, found.steps, width)
        steps = slice(begin, begin + width)
        self.top = scrolled(self.top, self.rank, len(self._order), height * per_cell)
        units = self._order[self.top : self.top + height * per_cell]
        sheet.write(0, 0, "unit  half", "label")
        sheet.write(0, LEFT, shown_labels(found.reading.labels[steps], ascii_only=room.ascii_only), "value")
        at = shown_label(found.reading.labels[spot.step], ascii_only=room.ascii_only)
        sheet.write(0, LEFT + spot.step - begin, at, "cursor")
        sheet.write(0, room.width - RIGHT + 1, "<.1  >.9", "label")
        paint(sheet, 1, LEFT, values[steps, units].T, scale, plain=room.plain)
        halves = found.half_lives[spot.layer]
        for row, first in enumerate(range(0, len(units), per_cell), 1):
            here = units[first : first + per_cell].tolist()
            _write_unit(sheet, row, spot.unit if spot.unit in here else here[0], halves, strong=spot.unit in here)
        if scale == "gate":
            shares = np.array([(values < CLOSED).mean(axis=0)[units], (values > OPEN).mean(axis=0)[units]])  # (2, R)
            for k, column in enumerate((room.width - RIGHT + 1, room.width - RIGHT + 6)):
                paint(sheet, 1, column, np.repeat(shares[k][:, None], 3, axis=1), "gate", plain=room.plain)
        row, lower = divmod(self.rank - self.top, per_cell)
        half = "" if per_cell == 1 else ("▄" if lower else "▀")
        sheet.write(1 + row, LEFT - 2, f"{half or '>'}", "cursor" if not half else "strong")
        sheet.write(1 + min(height, -(-len(units) // per_cell)), LEFT + spot.step - begin, "▲", "strong")
        return Drawn(sheet.rows(), self._reading(found, name, values))

    def _reading(self, found: Traced, name: str, values: Floats) -> tuple[str, ...]:
        spot, halves = self.spot, found.half_lives[self.spot.layer]
        of_unit = values[:, spot.unit]
        half = "" if halves is None else f"half-life {steps_of(halves[spot.unit])}; "
        first = (
            f"{name} of unit {spot.unit}, layer {spot.layer + 1}: {of_unit[spot.step]:.4f} at step {spot.step + 1}"
            f" of {found.steps}, {named_label(found.reading.labels[spot.step])}"
        )
        if of_unit.min() < 0:
            return (
                first,
                f"from {of_unit.min():.2f} to {of_unit.max():.2f}, mean {of_unit.mean():.2f}; -1 to 1 is possible",
            )
        below, above = (of_unit < CLOSED).mean(), (of_unit > OPEN).mean()
        all_below, all_above = (values < CLOSED).mean(), (values > OPEN).mean()
        return first, (
            f"{half}below 0.1: {100 * below:.0f} %, above 0.9: {100 * above:.0f} %"
            f" (all units {100 * all_below:.0f} %, {100 * all_above:.0f} %)"
        )


def _write_unit(sheet: Sheet, row: int, unit: int, halves: Floats | None, *, strong: bool) -> None:
    sheet.write(row, 0, f"{unit:>4}", "strong" if strong else "value")
    if halves is not None:
        half = float(halves[unit])
        sheet.write(row, 4, "  inf" if half > 1e4 else f"{half:>5.0f}" if half >= 100 else f"{half:>5.1f}", "label")
