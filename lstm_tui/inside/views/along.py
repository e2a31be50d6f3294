"""Type along: after every key what the model expects next, how much each key surprised it, and what its gates did."""

import math
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError
from lstm_model.inside.trace import Trace, trace
from lstm_model.network.model import Network
from lstm_model.runs.run import Run
from lstm_model.tasks.base import Slices
from lstm_model.tasks.typed import Expected, Typed
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.labels import named_label, shown_label
from lstm_tui.inside.page import Page
from lstm_tui.inside.shades import LEVELS, Scale, levels, on_surprise, paint, role, surprise_level
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.inside.windows import scrolled
from lstm_tui.session.probing import Probe

TRACED = 64  # steps whose gates can be shown: the plain cells take their time
BARS = 10  # of what may come next
HALF = 38  # cells for what comes next
CLOSES = "x"  # the key that closes the look inside, until typing has begun
MOST_TYPED = 2_000  # characters that are kept


@dataclass(frozen=True, eq=False)
class Read:
    """What was typed, and what the model made of it."""

    text: str
    typed: Typed
    bits: NDArray[np.float64]  # (T,) surprise of each label; NaN for what was not predicted
    trace: Trace  # of the last steps
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Unread:
    """What was typed and cannot be read, and why."""

    text: str
    why: str


@dataclass(frozen=True)
class AlongProbe(Probe):
    """Read what was typed."""

    text: str

    def made(self, run: Run, before: object | None, *, steps: bool) -> Slices[object]:  # noqa: ARG002
        """One slice: a person waits for it."""
        yield 0.0
        task, model = run.trainer.task, run.trainer.judged
        try:
            typed = task.typed(self.text)
        except InputError as error:
            return Unread(self.text, str(error))
        x = typed.x
        before_traced = max(0, len(x) - TRACED)
        state = None
        outputs: list[NDArray[np.floating]] = []
        if before_traced:
            first, after = _every_output(model, x[:before_traced])
            outputs.append(first)
            state = after
        traced = trace(model, x[before_traced:, 0], state)
        outputs.append(traced.outputs)
        bits = _surprise(typed, np.concatenate(outputs))
        expected = task.expected(traced.outputs[-1], typed)
        return Read(self.text, typed, bits, traced, tuple(expected[:BARS]))


def _every_output(
    model: Network, x: NDArray[np.generic]
) -> tuple[NDArray[np.floating], tuple[NDArray[np.floating], ...]]:
    """Outputs (T, O) of a sequence (T, 1) or (T, 1, D), those of the last step where the model has no others."""
    outputs, state = model.forward(x)
    return outputs[:, 0], tuple(part.copy() for part in state)


def _surprise(typed: Typed, outputs: NDArray[np.floating]) -> NDArray[np.float64]:
    bits = np.full(len(typed.labels), np.nan)
    if typed.ids is not None and len(outputs) == len(bits):
        shifted = outputs.astype(np.float64) - outputs.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        bits[1:] = -log_p[np.arange(len(bits) - 1), typed.ids[1:].astype(np.intp)] / math.log(2)
    return bits


class Along(View):
    """A letter or enter begins typing, escape ends it. Until then digits choose views, as everywhere."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.text = ""
        self.types = False
        self._expected: tuple[Expected, ...] = ()
        self._answered = ""  # the text that `_expected` follows

    def probe(self) -> Probe:
        """What was typed so far."""
        return AlongProbe(self.text)

    def take(self, found: object) -> None:
        """Know what may come next, and how many units there are."""
        if not isinstance(found, Read):
            return
        self._expected, self._answered = found.expected, found.text
        layer, spot = found.trace.layers[0], self.spot
        spot.most_layers, spot.most_units = len(found.trace.layers), layer.followed.shape[1]
        if spot.is_new:
            spot.unit, spot.is_new = int(np.argmax(layer.followed.std(axis=0))), False
        spot.unit, spot.layer = min(spot.unit, spot.most_units - 1), min(spot.layer, spot.most_layers - 1)

    def along(self, by: int) -> None:
        """Another unit."""
        self.spot.unit += by

    # Typing

    def key(self, name: str, character: str | None) -> bool:
        """Take a key as text; False for one that is not typed now."""
        if not self.types:
            begins = character is not None and (character.isalpha() or character == " ") and character != CLOSES
            self.types = begins or name == "enter"
            if not begins:
                return self.types
        if name == "escape":
            self.types = False
        elif name == "enter":
            self._add("\n")
        elif name == "backspace":
            self.text = self.text[:-1]
        elif name == "tab":
            if self._expected and self._answered == self.text:
                self._add(self._expected[0].typed)
        elif character is not None and character.isprintable():
            self._add(character)
        else:
            return False
        return True

    def paste(self, text: str) -> bool:
        """Take a text at once."""
        self.types = True
        self._add(text.replace("\r\n", "\n").replace("\r", "\n"))
        return True

    def _add(self, text: str) -> None:
        self.text = (self.text + text)[-MOST_TYPED:]

    # Drawing

    def drawn(self, found: object, room: Room) -> Drawn:
        """The text on top, what comes next below, the gates of one unit beside it."""
        sheet = room.sheet()
        if isinstance(found, Unread):
            self._write_text(sheet, "", np.zeros(0), room, room.height)
            said = wrap(f"{found.why}; backspace takes the last key back", max(20, room.width))
            return Drawn(sheet.rows(), tuple(said[:2]))
        if not isinstance(found, Read):
            return Drawn(sheet.rows())
        height = max(1, room.height - BARS - 2)
        used = self._write_text(sheet, found.text, found.bits, room, height)
        _write_expected(sheet, used + 1, found.expected, room)
        if room.width > 2 * HALF:
            self._write_gates(sheet, used + 1, found, room)
        return Drawn(sheet.rows(), self._said(found))

    def _write_text(self, sheet: Sheet, read: str, surprise: NDArray[np.float64], room: Room, height: int) -> int:
        """What was typed, each character that was read on its surprise; gives the rows used."""
        text = self.text
        bits = dict(zip(range(len(read) - 1, -1, -1), surprise[::-1].tolist(), strict=False))
        page = Page([*text, " "], room.width)
        top = scrolled(0, len(page.rows) - 1, len(page.rows), height)
        for row, places in enumerate(page.rows[top : top + height]):
            for column, place in enumerate(places):
                if place == len(text):
                    sheet.write(row, column, "_" if self.types else " ", "cursor")
                    continue
                known = text[: place + 1] == read[: place + 1]
                of_place = bits.get(place, math.nan) if known else math.nan
                shown = shown_label(text[place], ascii_only=room.ascii_only)
                sheet.write(row, column, shown, _look(of_place, plain=room.plain))
        return min(len(page.rows) - top, height)

    def _write_gates(self, sheet: Sheet, row: int, found: Read, room: Room) -> None:
        layer, spot = found.trace.layers[self.spot.layer], self.spot
        lines = {**layer.gates, found.trace.weights.kind.followed.replace("_", " "): layer.followed}
        width = min(room.width - HALF - 9, len(layer.followed))
        sheet.write(row, HALF, f"unit {spot.unit}, layer {spot.layer + 1}, its last {width} steps", "label")
        labels = found.typed.labels[-width:]
        sheet.write(
            row + 1, HALF + 8, "".join(shown_label(each, ascii_only=room.ascii_only) for each in labels), "value"
        )
        for k, (name, values) in enumerate(lines.items(), 2):
            of_unit = values[-width:, spot.unit][None]
            scale: Scale = "sign" if of_unit.min() < 0 else "gate"
            sheet.write(row + k, HALF, f"{name:<7}", "label")
            _paint_one(sheet, row + k, HALF + 8, of_unit, scale, plain=room.plain)
            if HALF + 8 + width + 7 <= room.width:
                sheet.write(row + k, HALF + 9 + width, f"{of_unit[0, -1]:+.2f}", "value")

    def _said(self, found: Read) -> tuple[str, ...]:
        typed = found.bits[found.typed.begin :]
        how = "escape ends typing" if self.types else "a letter or enter begins typing; left right unit"
        if not len(typed) or np.isnan(typed).all():
            return ("tab takes the first guess", how) if self.types else (how,)
        last = named_label(found.typed.labels[-1])
        mean = f"{np.nanmean(typed):.2f} bits a character in what you typed"
        return f"{last} surprised it by {typed[-1]:.1f} bits; {mean}", f"tab takes the first guess; {how}"


def _look(bits: float, *, plain: bool) -> str:
    if math.isnan(bits):
        return "value"
    if plain:
        return "strong" if surprise_level(bits) >= LEVELS["gate"] // 2 else "value"
    return on_surprise(bits)


def _write_expected(sheet: Sheet, row: int, expected: tuple[Expected, ...], room: Room) -> None:
    shares = np.nan_to_num([each.share or 0 for each in expected])  # after an explosion they are no numbers
    most = float(shares.max(initial=0)) or 1
    for k, each in enumerate(expected[: max(0, room.height - row)]):
        if each.share is None:
            sheet.write(row + k, 0, f"{each.text:>12}  ", "strong")
            sheet.write(row + k, 14, each.note, "value")
            continue
        name = named_label(each.text)
        bar = "█" * max(1, round(float(shares[k]) / most * (HALF - 22)))
        sheet.write(row + k, 0, f"{name:>8} {100 * each.share:>5.1f} %", "strong" if k == 0 else "value")
        sheet.write(row + k, 18, bar, "plus" if k == 0 else "label")


def _paint_one(sheet: Sheet, row: int, column: int, values: NDArray[np.floating], scale: Scale, *, plain: bool) -> None:
    """A row of values, a whole cell each."""
    if plain:
        paint(sheet, row, column, values, scale, plain=True)
        return
    for k, level in enumerate(levels(values[0], scale).tolist()):
        sheet.write(row, column + k, "█", role(scale, level, level))
