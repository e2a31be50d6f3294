"""Health: does training move the weights at a good pace, how weights and gradients spread, which units say nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from lstm_model.inside.ablation import Ablation, ablation
from lstm_model.inside.health import USUAL_RATIO, Histogram, TensorHealth, health
from lstm_model.inside.memory import Memory, memory
from lstm_model.runs.run import Run
from lstm_model.tasks.registry import open_probes
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture, draw
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.page import BLOCKS, EIGHTHS
from lstm_tui.inside.traces import LENGTH, copy_of, read
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.session.probing import NEXT_STEP, Making, Probe

MOST_LISTED = 12  # units
KEPT = 512  # measurements of the pace; then every other one goes, and only every second is taken


@dataclass(frozen=True, eq=False)
class Pace:
    """How large updates were along the run, and how weights and gradients spread now."""

    steps: tuple[int, ...] = ()
    ratios: tuple[tuple[float, ...], ...] = ()  # of each of these steps: norm of the update / of the weights, by tensor
    tensors: tuple[TensorHealth, ...] = ()
    clipped: float | None = None  # share of the last steps whose gradient was clipped
    moves: bool = True  # whether there was a step to measure


@dataclass(frozen=True)
class PaceProbe(Probe):
    """Copy the weights, let training take a step, and see what it changed."""

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:
        """Two slices, around a step; where nothing trains there is no update."""
        model, trainer = run.trainer.model, run.trainer
        pace = before if isinstance(before, Pace) else Pace()
        if not steps:
            now = health(model.parameters, model.gradients)
            return Pace(pace.steps, pace.ratios, now, trainer.clipped, moves=False)
        at, flat = trainer.steps, model.parameters.flat.copy()
        yield NEXT_STEP
        if trainer.steps != at + 1:  # it was paused, or went back
            return Pace(pace.steps, pace.ratios, health(model.parameters, model.gradients), trainer.clipped)
        now = health(model.parameters, model.gradients, model.parameters.flat - flat)
        if pace.steps and trainer.steps <= pace.steps[-1]:
            pace = Pace()  # the run went back: what was measured is of another course
        ratios = (*pace.ratios, tuple(tensor.ratio for tensor in now))
        every = 2 if len(ratios) > KEPT else 1
        return Pace((*pace.steps, trainer.steps)[-1::-every][::-1], ratios[-1::-every][::-1], now, trainer.clipped)


@dataclass(frozen=True, eq=False)
class Units:
    """Which units of each layer say nothing on a reading."""

    layers: tuple[Memory, ...]
    steps: int


@dataclass(frozen=True)
class UnitsHealthProbe(Probe):
    """One pass over the first reading."""

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """In one slice."""
        yield 0.0
        traced = read(run, run.trainer.task.reading(0, LENGTH)).trace
        return Units(memory(traced), len(traced.outputs))


FEW = 4  # sequences: the loss without a part comes in some 80 ms


@dataclass(frozen=True)
class AblationProbe(Probe):
    """The loss without one part after the other."""

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """With a copy of the weights, on a few sequences of held-out data."""
        few = open_probes(run.trainer.task).many(FEW)
        return (yield from ablation(copy_of(run.trainer.judged), few))


class Health(View):
    """`v` goes on: the pace of updates, histograms, units, what parts are worth."""

    PROBES = (PaceProbe, PaceProbe, UnitsHealthProbe, AblationProbe)

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.page = self.tensor = 0

    def probe(self) -> Probe:
        """That of the page."""
        return self.PROBES[self.page]()

    def other(self) -> None:
        """The next page."""
        self.page = (self.page + 1) % len(self.PROBES)

    def across(self, by: int) -> None:
        """Another tensor."""
        self.tensor += by

    def along(self, by: int) -> None:
        """Another tensor as well."""
        self.tensor += by

    def to_end(self, last: bool) -> None:
        """The first tensor or the last."""
        self.tensor = 10**9 if last else 0

    def drawn(self, found: object, room: Room) -> Drawn:
        """The page."""
        match found:
            case Pace() if found.tensors:
                self.tensor = min(max(0, self.tensor), len(found.tensors) - 1)
                drawing: Callable[[Pace, Room], Drawn] = self._ratios if self.page == 0 else self._histograms
                return drawing(found, room)
            case Units():
                return self._units(found, room)
            case Ablation():
                return self._parts(found, room)
        return Drawn([])

    def _ratios(self, pace: Pace, room: Room) -> Drawn:
        tensor, steps = pace.tensors[self.tensor], np.array(pace.steps, float)
        values = np.array(pace.ratios).reshape(len(steps), len(pace.tensors))
        order = [k for k in range(values.shape[1]) if k != self.tensor] + [self.tensor] * bool(values.size)
        series = tuple(
            Series(
                tensor.name if k == self.tensor else "the others" if n == 0 else "", steps, values[:, k],
                "train" if k == self.tensor else "faint",
            )
            for n, k in enumerate(order)
        )  # fmt: skip
        picture = Picture(
            series, y_log=True, y_limits=(1e-5, 1e-1), horizontals=((USUAL_RATIO, "baseline", "1e-3"),), x_label="step",
            empty="there is no step to measure while nothing trains" if not pace.moves else "the next step is measured",
        )  # fmt: skip
        clipped = "" if pace.clipped is None else f"; {100 * pace.clipped:.0f} % of gradients clipped"
        now = f"{values[-1, self.tensor]:.2e}" if values.size else "-"
        return Drawn(
            draw(picture, room.width, room.height, room.ascii_only),
            (
                f"{tensor.name}: update / weights {now}{clipped}",
                "about 1e-3 is usual; v: how weights and gradients spread",
            ),
        )

    def _histograms(self, pace: Pace, room: Room) -> Drawn:
        sheet, tensor = room.sheet(), pace.tensors[self.tensor]
        half = max(3, room.height // 2)
        shown = [(0, "weights", tensor.weights)] + [(half, "gradients", tensor.gradients)] * pace.moves
        for top, name, found in shown:
            sheet.write(top, 0, f"{tensor.name}: {name}", "label")
            draw_histogram(sheet, top + 1, half - 2, found, ascii_only=room.ascii_only)
        of = "gradients of the last step" if pace.moves else "no gradients while nothing trains"
        first = f"{tensor.name}: {int(tensor.weights.counts.sum()):,} weights, {of}"
        return Drawn(sheet.rows(), (first, "bars are square roots of counts; v: units that say nothing"))

    def _units(self, units: Units, room: Room) -> Drawn:
        dead, stuck = (sum(int(getattr(layer, name).sum()) for layer in units.layers) for name in ("dead", "saturated"))
        lines = [line for k, layer in enumerate(units.layers) for line in self._of_layer(k, layer)]
        self.tensor = min(max(0, self.tensor), max(0, len(lines) - room.height))  # here the first line that is shown
        sheet = room.sheet()
        for row, (text, role) in enumerate(lines[self.tensor : self.tensor + room.height]):
            sheet.write(row, 0, text, role)
        H = sum(len(layer.dead) for layer in units.layers)
        return Drawn(
            sheet.rows(),
            (f"{dead} of {H} units are dead: h stands still; {stuck} are stuck at an end",
             f"on {units.steps} steps of held-out data; v: what parts are worth"),
        )  # fmt: skip

    @staticmethod
    def _of_layer(k: int, layer: Memory) -> Iterator[tuple[str, str]]:
        """A layer in lines: which units say nothing, and how often each gate is at an end."""
        for name, which in (("dead", layer.dead), ("stuck at an end", layer.saturated)):
            numbers = np.flatnonzero(which).tolist()
            yield f"layer {k + 1}, {name}: {len(numbers)} of {len(which)} units", "strong"
            yield (
                f"  {', '.join(map(str, numbers[:MOST_LISTED]))}{', ...' if len(numbers) > MOST_LISTED else ''}",
                "value",
            )
        yield "  gate   mean share of steps below 0.1   above 0.9", "label"
        for gate, low in layer.low.items():
            yield f"  {gate:<6} {100 * low.mean():>24.0f} % {100 * layer.high[gate].mean():>10.0f} %", "value"

    def _parts(self, found: Ablation, room: Room) -> Drawn:
        sheet, ranked = room.sheet(), found.ranked
        sizes = np.nan_to_num([np.log1p(abs(part.cost)) for part in ranked], posinf=0.0).tolist()
        wide = max((len(part.what) for part in ranked), default=0)
        longest = max(0, room.width - wide - 24) / (max(sizes, default=0.0) or 1.0)
        for row, (part, size) in enumerate(zip(ranked, sizes, strict=True)):
            bar = ("#" if room.ascii_only else "█") * round(size * longest)
            sheet.write(row, 0, f"{part.what:<{wide}}  {part.loss:9.4f} {part.cost:+9.4f}  ", "value")
            sheet.write(row, wide + 23, bar, "minus" if part.cost < 0 else "plus")
        return Drawn(
            sheet.rows(),
            (f"loss {found.whole:.4f} as it is; of each part the loss without it, and what that costs",
             "bars grow with the logarithm; v: the pace of updates"),
        )  # fmt: skip


def draw_histogram(sheet: Sheet, top: int, height: int, found: Histogram, *, ascii_only: bool = False) -> None:
    """Bars as high as the square root of a bin's count, so that a few are seen beside many; below them the ends."""
    glyphs, bins = BLOCKS if ascii_only else EIGHTHS, len(found.counts)
    per = max(1, sheet.width // bins)
    sizes = np.sqrt(found.counts / max(1, found.counts.max()))
    for y in range(height):
        eighths = np.clip(np.rint(sizes * height * 8) - 8 * (height - 1 - y), 0, 8).astype(int)
        sheet.write(top + y, 0, "".join(glyphs[size] * per for size in eighths.tolist()), "train")
    low, high = (f"{edge:.2g}" for edge in (found.edges[0], found.edges[-1]))
    sheet.write(top + height, 0, low, "label")
    sheet.write(top + height, max(len(low) + 1, per * bins - len(high)), high, "label")
