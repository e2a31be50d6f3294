"""The figures of a run: the losses first and set apart, then the run, then the machine.

Lines that the status line shows are left out, and where there is no room the less dear ones give way.
"""

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from rich.text import Text

from lstm_model.curves.history import Buckets
from lstm_model.curves.trend import MAD
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.session.seen import Line
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.session.units import unit_of
from lstm_tui.visible import cells
from lstm_tui.widgets.status import parts_shown
from lstm_tui.widgets.written import WrittenPane
from lstm_tui.wording import bar, duration, figure

RECENT, FEWEST = 1 / 3, 12  # the part of the curve whose direction is said, and how many values it must have
SURE, LEVEL = 2.0, 0.01  # a change is beyond so many of its errors, and this share of the loss
MEDIAN = 1.2533  # times as uncertain as a mean, if the noise is normal
STEADY = 0.002  # the same share for measurements of one sample
SIGNS = {"falls": "↓", "rises": "↑", "level": "→", "best": "★", "": ""}


class Group(NamedTuple):
    """Lines that belong together; `style` is that of their values."""

    lines: Sequence[Line]
    style: str = ""


def direction(curve: Buckets) -> str:
    """Where the recent part of a noisy curve goes: falls, rises or level; empty where its noise hides that."""
    recent = curve.mean[curve.step > (1 - RECENT) * curve.step[-1]] if len(curve.step) else curve.mean
    values = recent[np.isfinite(recent)]
    if len(values) < FEWEST:
        return ""
    half = len(values) // 2
    before, after = float(np.median(values[:half])), float(np.median(values[-half:]))
    noise = MAD * float(np.median(np.abs(np.diff(values)))) / math.sqrt(2)  # of a value beside its trend
    error = MEDIAN * noise * math.sqrt(2 / half)
    least = LEVEL / 2 * abs(after)  # the medians lie half of the part apart
    return "" if max(abs(after - before), least) < SURE * error else _word(after - before, least)


def step_down(curve: Buckets) -> str:
    """The same of measurements that are few and all of one sample: how the last one stands to the one before."""
    known = curve.mean[np.isfinite(curve.mean)]
    return "" if len(known) < 2 else _word(float(known[-1] - known[-2]), STEADY * abs(float(known[-1])))


def _word(change: float, least: float) -> str:
    return "level" if abs(change) <= least else "falls" if change < 0 else "rises"


def figure_groups(snapshot: Snapshot, said: Collection[str] = (), *, ascii_only: bool = False) -> list[Group]:
    """All lines in their groups. said: what stands elsewhere on the screen, as the status line names it."""
    f = snapshot.figure
    run: list[Line] = [] if "step" in said else [(9, "step", f"{f.step:,}")]
    machine: list[Line] = []
    if snapshot.status is not Status.EVAL_ONLY:
        if f.ends != "epoch":
            run.append((4, "epoch", f"{f.epoch:.2f}"))
        run += [
            (6, "learning rate", f"{f.learning_rate:.2e}"),
            (3, "gradient norm", "-" if f.grad_norm is None or math.isnan(f.grad_norm) else f"{f.grad_norm:.3g}"),
        ]
        machine = [
            (8, f"{snapshot.about.unit or 'items'}/s", f"{f.speed:,.0f}" if f.speed else "-"),
            (5, "elapsed", duration(f.elapsed)),
            *([(5, f"{f.ends} ends in", duration(f.eta))] if f.ends else []),
        ]
        machine = [line for line, name in zip(machine, ("speed", "elapsed", "eta"), strict=False) if name not in said]
    run += snapshot.seen.choices()
    if snapshot.files.save_failed:
        machine.append((9, "saving", "FAILS"))
    elif snapshot.files.saved_step is not None:
        machine.append((2, "saved at step", f"{snapshot.files.saved_step:,}"))
    return [Group(_losses(snapshot, ascii_only=ascii_only), "bold"), Group(run), Group(machine)]


def _losses(snapshot: Snapshot, *, ascii_only: bool) -> list[Line]:
    """The losses, each with what it is of and where it goes."""
    f, curves = snapshot.figure, snapshot.curves
    trains = snapshot.status is not Status.EVAL_ONLY

    def signed(value: str, word: str) -> str:
        return f"{value} {word if ascii_only else SIGNS[word]:<{5 if ascii_only else 1}}"

    own = [(dear, name, signed(value, "")) for dear, name, value in snapshot.seen.losses(f.known_val_loss)]
    lines: list[Line] = [(9, "training loss", signed(figure(f.loss), direction(curves.train) if trains else ""))]
    if f.glimpse is not None:
        items = kind_of(snapshot.task).words.items
        lines += [(9, "validation loss", f"about {figure(f.glimpse.loss, 2)}")]
        return [*lines, (8, f"  on {f.glimpse.items:,} {items}", "")]
    lines.append((9, "validation loss", signed(figure(f.known_val_loss), step_down(curves.val) if trains else "")))
    if snapshot.about.validated_on and f.val_loss is not None:
        lines.append((1, f"  on {snapshot.about.validated_on}", ""))
    if f.best_val_loss is not None:
        lines.append((7, f"best at {f.best_step:,}", signed(figure(f.best_val_loss), "best")))
    if f.full_val_loss is not None and f.full_val_loss[1] != f.known_val_loss:
        lines.append((3, f"whole part at {f.full_val_loss[0]:,}", signed(figure(f.full_val_loss[1]), "")))
    return [*lines, *own]


def written(groups: Sequence[Group], width: int, rows: int) -> Text:
    """So many rows of figures, the dearest ones, in their order: names to the left, values to the right.

    Nothing is cut: what does not fit beside its name stands on a row below it. Groups are set apart by an empty row
    where there is room for it.
    """
    every = [(g, *line) for g, group in enumerate(groups) for line in group.lines]
    need = [1 + (cells(name) + bool(value) + cells(value) > width) for _, _, name, value in every]
    chosen: set[int] = set()
    left = max(0, rows)
    for k in sorted(range(len(every)), key=lambda k: (-every[k][1], k)):
        if need[k] <= left:
            chosen.add(k)
            left -= need[k]
    text, before = Text(no_wrap=True), None
    for k in sorted(chosen):
        g, _, name, value = every[k]
        if before not in (None, g) and left > 0:
            text.append("\n")
            left -= 1
        before = g
        beside = need[k] == 1
        text.append(name + " " * (width - cells(name) - cells(value) if beside else 0), "dim")
        text.append(("" if beside else "\n" + " " * max(0, width - cells(value))) + value, groups[g].style)
        text.append("\n")
    return text


class FiguresPane(WrittenPane):
    """Shows a snapshot's figures, with a bar of the share that is done at the end."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._ascii = ascii_only

    def show(self, snapshot: Snapshot) -> None:
        """Write the figures, and in which unit the losses are where the chart beside them does not say so."""
        alone = self.is_maximized or self.screen.has_class("-one-pane")
        self.entitle("Progress", f"losses: {unit_of(snapshot)}" if alone else "")
        super().show(snapshot)

    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:
        """The figures that fit."""
        said = parts_shown(snapshot, self.app.size.width)
        text = written(figure_groups(snapshot, said, ascii_only=self._ascii), width, height - 1)
        if snapshot.status is not Status.EVAL_ONLY:
            text.append(self._bar(snapshot, width))
        return text

    def _bar(self, snapshot: Snapshot, width: int) -> str:
        """The share of the run that is done, or of the epoch; nothing where that would only flicker."""
        what, progress = snapshot.figure.ends, snapshot.figure.progress
        if what is None:
            return ""
        name = f"epoch {snapshot.figure.epoch:.2f} " if what == "epoch" else f"{what} "
        percent = f" {100 * progress:3.0f} %"
        return name + bar(progress, width - len(name) - len(percent), ascii_only=self._ascii) + percent
