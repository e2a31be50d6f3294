"""River: how much of a gradient is left after so many steps, in this network, in a tanh RNN, and at the start."""

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.inside.flow import flow
from lstm_model.inside.trace import trace
from lstm_model.network.model import Network
from lstm_model.runs.run import Run
from lstm_model.tasks.base import Reading, Result, Slices
from lstm_model.training.trainer import Trainer
from lstm_model.training.twin import twin_trainer
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.session.probing import NEXT_STEP, Early, Making, Probe

LENGTH, REACH = 192, 96  # steps of a reading, and distances that are followed, where the task is free to choose
PLAIN = "rnn"  # the cell of the twin
TWIN_SECONDS, TWIN_STEPS, SHOWN_EVERY = 5.0, 200, 10  # of computing, and steps, that the twin trains for
BIASES = (0.0, 1.0, 3.0)  # of the gate that keeps, at the start
FLOOR = -6.0  # the lowest power of ten that is drawn
AXIS = 6  # cells for its labels
OURS, TWIN = "this network", "tanh RNN"


Following: TypeAlias = Generator[float | Early, None, Floats]


@dataclass(frozen=True, eq=False)
class River:
    """What is left of a gradient by distance, as a share of what it was at distance 0: (R,) for each network."""

    ours: Floats
    cell: str
    fresh: Mapping[float, Floats] = field(default_factory=dict)  # untrained, by the bias of the gate that keeps
    twin: Floats | None = None
    twin_steps: int = 0
    twin_loss: float | None = None
    is_done: bool = False  # whether the twin has been trained


@dataclass(frozen=True)
class RiverProbe(Probe):
    """Follow the gradient in the network as it is; the first time also in untrained ones, and in a twin that trains."""

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """The twin takes a step after each step of the training, which is slower for as long."""
        task, model = run.trainer.task, run.trainer.judged
        reading = task.reading(0, LENGTH)
        river = River((yield from left_of(model, reading)), model.kind.name)
        if isinstance(before, River) and before.is_done:
            return replace(before, ours=river.ours)
        yield Early(river)
        for bias in BIASES if model.kind.start_biases else ():
            left = yield from left_of(_untrained(model, bias), reading)
            river = replace(river, fresh={**river.fresh, bias: left})
        twin = twin_trainer(task, PLAIN)
        spent, begun = 0.0, time.perf_counter()
        while twin.steps < TWIN_STEPS and spent < TWIN_SECONDS:
            if twin.steps % SHOWN_EVERY == 0:
                river = yield from _with_twin(river, twin, reading)
                yield Early(river)
            yield NEXT_STEP
            begun = time.perf_counter()
            twin.step()
            spent += time.perf_counter() - begun
        river = yield from _with_twin(river, twin, reading)
        return replace(river, is_done=True)


def _with_twin(river: River, twin: Trainer, reading: Reading) -> Generator[float | Early, None, River]:
    left = yield from left_of(twin.model, reading)
    yield NEXT_STEP
    loss = twin.last.loss if twin.last else None
    return replace(river, twin=left, twin_steps=twin.steps, twin_loss=loss)


def left_of(model: Network, reading: Reading) -> Following:
    """What is left of the gradient of a loss, by distance (R,): of the state that the lowest layer carries on."""
    state = None if reading.before is None else tuple(part.copy() for part in model.forward(reading.before)[1])
    traced = trace(model, reading.x[:, 0], state)
    yield NEXT_STEP
    T, kind = len(traced.outputs), model.kind
    if model.task_type == "classification" and reading.targets is not None:
        found = yield from _hurried(
            flow(traced, reading.targets[:, 0].astype(int).tolist(), min(REACH, max(1, T // 2)))
        )
    else:
        found = yield from _hurried(flow(traced, [0] * T, T))
    norms = found.states[0][kind.states[-1]]
    left: Floats = norms / max(float(norms[0]), np.finfo(np.float64).tiny)
    return left


def _hurried(work: Slices[Result]) -> Generator[float | Early, None, Result]:
    """The same work, a slice after each step of the training and no rest between."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            result: Result = done.value
            return result
        yield NEXT_STEP


def _untrained(model: Network, bias: float) -> Network:
    """A network of the same shape at its start, but for the bias of its gate that keeps."""
    fresh = Network(**model.settings)
    for k in range(fresh.num_layers):
        for gate in fresh.kind.start_biases:
            fresh.kind.rows(fresh.parameters[f"bias_l{k}"], gate)[...] = bias
    return fresh


class Rivers(View):
    """`v` chooses which of the networks at the start is drawn; left and right move a cursor along the distance."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.at = 10  # the distance under the cursor
        self.bias: int | None = None  # which of BIASES; None: all
        self._reach = REACH

    def probe(self) -> Probe:
        """All of it."""
        return RiverProbe()

    def take(self, found: object) -> None:
        """Know how far it goes."""
        if isinstance(found, River):
            self._reach = len(found.ours)
            self.at = min(self.at, self._reach - 1)

    def along(self, by: int) -> None:
        """Along the distance."""
        self.at = min(max(0, self.at + by), self._reach - 1)

    def to_end(self, last: bool) -> None:
        """Distance 0, or the furthest."""
        self.at = self._reach - 1 if last else 0

    def other(self) -> None:
        """One of the networks at the start alone, then all."""
        self.bias = 0 if self.bias is None else (self.bias + 1 if self.bias + 1 < len(BIASES) else None)

    def drawn(self, found: object, room: Room) -> Drawn:
        """Curves over the distance, on a log axis."""
        if not isinstance(found, River):
            return Drawn([])
        sheet, lines = room.sheet(), self._lines(found)
        height, width = max(1, room.height - 2), max(1, room.width - AXIS)
        top = max(0.0, *(float(np.log10(np.maximum(left, 1e-30)).max()) for _, _, left, _ in lines))
        _write_axis(sheet, top, height)
        column = round(self.at / max(1, self._reach - 1) * (width - 1))
        for row in range(height):
            sheet.write(row, AXIS + column, ":", "faint")
        for mark, _, left, role in reversed(lines):
            _write_curve(sheet, left, mark, role, top, height, width)
        sheet.write(height, AXIS, "0", "label")
        sheet.write(height, AXIS + column, str(self.at), "cursor")
        last = f"{self._reach - 1} steps back"
        if column + 4 < width - len(last):
            sheet.write(height, room.width - len(last), last, "label")
        _write_legend(sheet, room, lines)
        return Drawn(sheet.rows(), self._said(found, lines))

    def _lines(self, found: River) -> list[tuple[str, str, Floats, str]]:
        """Mark, name, what is left, role: of each curve that is shown."""
        lines = [("#", OURS, found.ours, "strong")]
        if found.twin is not None:
            lines.append(("o", TWIN, found.twin, "plus"))
        shown = BIASES if self.bias is None else BIASES[self.bias : self.bias + 1]
        lines += [(f"{bias:g}", "at start", found.fresh[bias], "label") for bias in shown if bias in found.fresh]
        return lines

    def _said(self, found: River, lines: list[tuple[str, str, Floats, str]]) -> tuple[str, ...]:
        parts = [f"{name} {share(float(left[self.at]))}" for _, name, left, _ in lines[:2]]
        first = f"{self.at} steps back: {', '.join(parts)} left"
        if found.is_done:
            loss = "" if found.twin_loss is None else f", loss {found.twin_loss:.2f}"
            return first, f"the tanh RNN has as many parameters and trained {found.twin_steps} steps{loss}"
        if found.twin is None:
            return first, "a tanh RNN of as many parameters comes next"
        return first, f"the tanh RNN trains now (step {found.twin_steps}): the training is slower for some seconds"


def share(left: float) -> str:
    """A share in few signs."""
    return f"{100 * left:.3g} %" if left >= 1e-4 else f"{left:.0e}"


def _write_axis(sheet: Sheet, top: float, height: int) -> None:
    for power in range(int(np.floor(top)), int(FLOOR) - 1, -1):
        row = round((top - power) / (top - FLOOR) * (height - 1))
        sheet.write(row, 0, f"1e{power}" if power else "1", "label")


def _write_curve(sheet: Sheet, left: Floats, mark: str, role: str, top: float, height: int, width: int) -> None:
    """A mark in each column; where the gradient is below the floor, or nothing, there is none."""
    columns = np.arange(width)
    at = np.rint(columns / max(1, width - 1) * (len(left) - 1)).astype(int)
    with np.errstate(divide="ignore"):
        powers = np.log10(left[at])
    for column, power in zip(columns.tolist(), powers.tolist(), strict=True):
        if power >= FLOOR:
            sheet.write(round((top - power) / (top - FLOOR) * (height - 1)), AXIS + column, mark, role)


def _write_legend(sheet: Sheet, room: Room, lines: list[tuple[str, str, Floats, str]]) -> None:
    """The marks and their names in the last row, as many as have room."""
    column = 0
    for mark, name, _, role in lines:
        text = f"{mark} {name}"
        if column + len(text) > room.width:
            break
        sheet.write(room.height - 1, column, text, role)
        column += len(text) + 3
