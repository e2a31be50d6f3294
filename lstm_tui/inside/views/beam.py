"""Beam: what a prediction hangs on. Earlier steps shine by the prediction's gradient with respect to their input."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.inside.memory import memory
from lstm_model.inside.trace import Trace, trace
from lstm_model.runs.run import Run
from lstm_model.tasks.base import Reading
from lstm_tui.inside.labels import named_label, steps_of
from lstm_tui.inside.page import Page, draw_bars, draw_page
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.session.probing import Making, Probe

LENGTH = 512  # steps of a reading, where the task is free to choose
BLOCK = 16  # predictions that are followed back at once, so that most moves of the cursor need no other answer
REACH = 128  # steps back
SHINES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75)  # shares of the brightest, between the levels


@dataclass(frozen=True, eq=False)
class Beams:
    """A reading, and for some of its predictions how strongly each earlier input counts."""

    reading: Reading
    by_step: Mapping[int, Floats]  # the step that is read last -> (n,): norms for the n steps up to it
    targets: Mapping[int, int]  # the same step -> which output: what came next, or what is forecast
    chances: Mapping[int, float]  # the same step -> what the prediction was: a probability, or the output itself
    trained: int  # T of training: steps its gradients reach back
    half_lives: Floats | None  # (H,) of the lowest layer
    outputs: tuple[str, ...]  # what is predicted


@dataclass(frozen=True)
class BeamProbe(Probe):
    """The predictions of one block of a reading; of a regression, that of its last step."""

    number: int
    block: int
    output: int = 0

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """Read up to the block, then follow it back, some steps a slice."""
        model = run.trainer.judged
        reading = run.trainer.task.reading(self.number, LENGTH)
        T = len(reading.labels)
        ends = [T - 1] if model.task_type == "regression" else list(self._ends(T))
        start = max(0, ends[0] - REACH)
        lead = reading.x[:start] if reading.before is None else np.concatenate([reading.before, reading.x[:start]])
        state = tuple(part.copy() for part in model.forward(lead)[1]) if len(lead) else None
        traced = trace(model, reading.x[start : ends[-1] + 1, 0], state)
        yield 0.3
        targets = [self.output] * len(ends)
        if model.task_type == "classification" and reading.targets is not None:
            targets = reading.targets[ends, 0].astype(int).tolist()
        norms = np.zeros((len(ends), len(traced.outputs)))  # (E, n), the earliest prediction first
        for at in traced.walk_back([end - start for end in reversed(ends)], targets[::-1]):
            norms[len(ends) - len(at.x) :, at.t] = np.linalg.norm(at.x, axis=1)[::-1]
            if at.t % 32 == 0:
                yield 1 - 0.7 * at.t / len(traced.outputs)
        by_step = {end: _whole(norms[k], start, end) for k, end in enumerate(ends)}
        chances = {end: _chance(traced, end - start, target) for end, target in zip(ends, targets, strict=True)}
        return Beams(
            reading,
            by_step,
            dict(zip(ends, targets, strict=True)),
            chances,
            run.trainer.config.seq_length,
            memory(traced)[0].half_life,
            reading.outputs,
        )

    def _ends(self, T: int) -> range:
        start = min(self.block * BLOCK, T - 1)
        return range(start, min(start + BLOCK, T))


def _whole(norms: Floats, start: int, end: int) -> Floats:
    """Norms for all steps from the reading's first to `end`: zero beyond the reach."""
    return np.concatenate([np.zeros(start), norms[: end - start + 1]])


def _chance(traced: Trace, step: int, target: int) -> float:
    log = traced.weights.task_type == "classification"
    return float(np.exp(traced.log_p[step, target])) if log else float(traced.outputs[step, target])


class Beam(View):
    """The cursor stands on what is predicted. Of days, the last is predicted from, and the cursor reads its share."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.at = 1  # the cursor's step, at 1 or later: something must stand before it
        self.number = 0
        self.output = 0
        self._top = 0
        self._found: Beams | None = None
        self._page = Page((), 2)

    def probe(self) -> Probe:
        """The block in which the cursor's prediction is made, by the step before the cursor."""
        return BeamProbe(self.number, (self.at - 1) // BLOCK if self._is_text else 0, self.output)

    @property
    def _is_text(self) -> bool:
        return self._found is None or len(self._found.by_step) > 1 or self._found.reading.values is None

    def take(self, found: object) -> None:
        """Know the reading."""
        if isinstance(found, Beams):
            self._found = found
            self._bound()

    def _bound(self) -> None:
        if self._found is not None:
            self.at = min(max(1 if self._is_text else 0, self.at), len(self._found.reading.labels) - 1)
            self.number = min(max(0, self.number), self._found.reading.count - 1)

    def along(self, by: int) -> None:
        """One step on."""
        self.at += by
        self._bound()

    def across(self, by: int) -> None:
        """A row of text; other outputs, where there are several."""
        if self._is_text:
            self.at = self._page.beside(self.at, by)
        elif self._found is not None:
            self.output = (self.output + by) % max(1, len(self._found.outputs))
        self._bound()

    def to_end(self, last: bool) -> None:
        """The first step, or the last."""
        self.at = 10**9 if last else 0
        self._bound()

    def turn(self, by: int) -> None:
        """Another reading."""
        self.number += by
        self._bound()

    def drawn(self, found: object, room: Room) -> Drawn:
        """The page, or the days."""
        if not isinstance(found, Beams):
            return Drawn([])
        return self._text(found, room) if self._is_text else self._days(found, room)

    def _text(self, found: Beams, room: Room) -> Drawn:
        labels, sheet = found.reading.labels, room.sheet()
        self._page = Page(labels, room.width)
        norms = found.by_step.get(self.at - 1)
        shares = np.zeros(len(labels))
        if norms is not None and norms.max() > 0:
            shares[: len(norms)] = norms / norms.max()
        roles = [f"ongate{level}" for level in np.digitize(shares, SHINES).tolist()]
        for distance in self._marks(found):
            if 0 <= (step := self.at - distance) < len(roles):
                roles[step] += " mark"
        for step in range(self.at + 1, len(labels)):
            roles[step] = "faint"
        self._top = draw_page(sheet, self._page, self._top, labels, roles, self.at, ascii_only=room.ascii_only)
        if norms is None:
            return Drawn(sheet.rows(), (f"step {self.at + 1}: being followed back",))
        what = named_label(found.outputs[found.targets[self.at - 1]])
        first = f"{what} was given {100 * found.chances[self.at - 1]:.1f} %; half of its gradient within"
        return Drawn(sheet.rows(), (f"{first} {within(norms)} steps", self._reach(found, norms)))

    @staticmethod
    def _marks(found: Beams) -> list[int]:
        halves = [] if found.half_lives is None else [round(min(1e6, float(np.median(found.half_lives))))]
        return [found.trained, *halves]

    def _reach(self, found: Beams, norms: Floats) -> str:
        beyond = norms[: max(0, len(norms) - found.trained)].sum() / (norms.sum() or 1)
        text = f"underlined: T = {found.trained} back ({100 * beyond:.0f} % lies beyond)"
        halves = found.half_lives
        return text if halves is None else f"{text}, the median half-life {steps_of(float(np.median(halves)))}"

    def _days(self, found: Beams, room: Room) -> Drawn:
        (end, norms), sheet = next(iter(found.by_step.items())), room.sheet()
        labels, values = found.reading.labels, found.reading.values
        draw_bars(sheet, norms, labels, self.at, ascii_only=room.ascii_only)
        share = norms[self.at] / (norms.sum() or 1)
        name = found.outputs[self.output] if self.output < len(found.outputs) else "the forecast"
        close = "" if values is None else f", {values[self.at]:,.2f}"
        first = f"{labels[self.at]}{close}: {100 * share:.1f} % of what the forecast hangs on"
        second = f"{name}: half of the gradient lies within the last {within(norms)} of {end + 1} rows"
        return Drawn(sheet.rows(), (first, second))


def within(norms: Floats) -> int:
    """How many of the last steps have half of a gradient."""
    total = np.cumsum(norms[::-1])
    return int(np.searchsorted(total, total[-1] / 2)) + 1 if len(norms) else 0
