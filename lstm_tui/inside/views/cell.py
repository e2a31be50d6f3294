"""Cell: one step of one unit in numbers, forward as its equations say, and backward by the chain rule."""

from collections.abc import Callable, Mapping

import numpy as np

from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.labels import named_label, shown_label, shown_labels
from lstm_tui.inside.shades import paint, rows_per_cell
from lstm_tui.inside.traces import Traced, TraceProbe
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.inside.views.diagrams import DIAGRAMS, Section, listed
from lstm_tui.inside.windows import window
from lstm_tui.session.probing import Probe

LABEL = 8  # cells before the strips of a unit's values


class CellStep(View):
    """Left and right go through time, up and down through units."""

    def probe(self) -> Probe:
        """There and back over the reading."""
        return TraceProbe(self.spot.number, back=True)

    def take(self, found: object) -> None:
        """Stay inside of what was read."""
        if isinstance(found, Traced):
            found.bound(self.spot)
            if self.spot.is_new:
                self.spot.unit, self.spot.is_new = found.liveliest(self.spot.layer), False

    def drawn(self, found: object, room: Room) -> Drawn:
        """The diagram of the kind of cell, with its numbers."""
        if not isinstance(found, Traced):
            return Drawn([])
        spot, kind = self.spot, found.trace.weights.kind
        diagram: Callable[[Mapping[str, float]], list[Section]] = DIAGRAMS.get(kind.name, listed)
        sections = diagram(numbers(found, spot.layer, spot.step, spot.unit))
        heights = [max(piece.row for piece in section) + 1 for section in sections]
        gap = 1 if sum(heights) + len(sections) <= room.height else 0
        sheet, row = room.sheet(), gap
        for section, height in zip(sections, heights, strict=True):
            for piece in section:
                sheet.write(row + piece.row, piece.column, piece.text, piece.role)
            row += height + gap
        draw_steps(sheet, row, found, spot, room)
        label, T = named_label(found.reading.labels[spot.step]), found.steps
        first = f"unit {spot.unit} of layer {spot.layer + 1}, step {spot.step + 1} of {T}: reads {label}"
        L = f"L: {found.of}" if found.gradients else "the way back is being computed"
        return Drawn(sheet.rows(), (first, L))


def draw_steps(sheet: Sheet, row: int, found: Traced, spot: Spot, room: Room) -> None:
    """Below a diagram, if there is room: the unit's gates and states at the steps around this one, a row each."""
    layer = found.trace.layers[spot.layer]
    named = [*layer.gates.items(), *layer.states.items()]
    if row + len(named) + 3 > sheet.height:
        return
    begin = window(spot.step, found.steps, sheet.width - LABEL)
    here = slice(begin, begin + sheet.width - LABEL)
    sheet.write(row, LABEL, shown_labels(found.reading.labels[here], ascii_only=room.ascii_only), "value")
    at = shown_label(found.reading.labels[spot.step], ascii_only=room.ascii_only)
    sheet.write(row, LABEL + spot.step - begin, at, "cursor")
    for k, (name, values) in enumerate(named, row + 1):
        of_unit = values[here, spot.unit]
        is_state = name in layer.states
        sheet.write(k, 0, f"tanh {name}" if is_state else name, "label")
        signed = is_state or values.min() < 0
        strip = np.tanh(of_unit) if is_state else of_unit
        rows = np.repeat(strip[None], rows_per_cell(plain=room.plain), axis=0)
        paint(sheet, k, LABEL, rows, "sign" if signed else "gate", plain=room.plain)
    sheet.write(row + len(named) + 1, LABEL + spot.step - begin, "▲", "strong")


def numbers(found: Traced, layer: int, step: int, unit: int) -> dict[str, float]:
    """The numbers of one step of one unit by name: gates; states before and after ("c", "c'"); their gradients ("dc'").

    They are the arrays' own. What a cell keeps besides, such as tanh c', stands under its own name; "dc' next" is the
    part of a gradient that comes from the next step.
    """
    of_layer, kept = found.trace.layers[layer], found.trace.kept[layer][step]
    named = {name: float(values[step, unit]) for name, values in of_layer.gates.items()}
    H = found.trace.weights.head.shape[1]
    for name in getattr(kept, "_fields", ()):
        value = getattr(kept, name)
        if name not in named and value.shape == (1, H):
            named[name] = float(value[0, unit])
    for name, values in of_layer.states.items():
        named[f"{name}'"] = float(values[step, unit])
    if found.gradients:
        for name, values in found.gradients[layer].items():
            state, _, part = name.partition(" ")
            named[f"d{state}' {part}".rstrip()] = float(values[step, unit])
    return named
