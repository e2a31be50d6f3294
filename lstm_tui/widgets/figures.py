"""The figures of a run: one line each, the less important ones giving way where there is no room."""

import math

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lstm_tui.session.seen import Line
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.widgets.pane import Pane
from lstm_tui.wording import bar, duration, figure


def figure_lines(snapshot: Snapshot) -> list[Line]:
    """All lines, in the order in which they stand."""
    f = snapshot.figure
    ends = "ends in" if f.has_limit else "epoch ends in"
    lines: list[Line] = [
        (9, "step", f"{f.step:,}"),
        (4, "epoch", f"{f.epoch:.2f}"),
        (9, "loss", figure(f.loss)),
        (9, "validation loss", figure(f.known_val_loss)),
        (5, "best", "-" if f.best_val_loss is None else f"{figure(f.best_val_loss)} at {f.best_step:,}"),
        *snapshot.seen.losses(f.known_val_loss),
    ]
    if f.full_val_loss is not None:
        lines.append((3, "whole part", f"{figure(f.full_val_loss[1])} at {f.full_val_loss[0]:,}"))
    if snapshot.status is not Status.EVAL_ONLY:
        lines += [
            (8, f"{snapshot.about.unit or 'items'}/s", f"{f.speed:,.0f}" if f.speed else "-"),
            (3, "gradient norm", "-" if f.grad_norm is None or math.isnan(f.grad_norm) else f"{f.grad_norm:.3g}"),
            (6, "learning rate", f"{f.learning_rate:.2e}"),
            (5, "elapsed", duration(f.elapsed)),
            (5, ends, duration(f.eta)),
        ]
    lines += snapshot.seen.choices()
    if snapshot.files.save_failed:
        lines.append((9, "saving", "FAILS"))
    elif snapshot.files.saved_step is not None:
        lines.append((2, "saved at step", f"{snapshot.files.saved_step:,}"))
    return lines


def dearest(snapshot: Snapshot, width: int, rows: int) -> Text:
    """So many lines of figures, the dearest ones, in their order: names to the left, values to the right."""
    lines = figure_lines(snapshot)
    text = Text(no_wrap=True)
    for k in sorted(sorted(range(len(lines)), key=lambda k: (-lines[k][0], k))[: max(0, rows)]):
        _, name, value = lines[k]
        text.append(f"{name[: width - len(value) - 1]:<{max(0, width - len(value))}}", "dim")
        text.append(f"{value}\n")
    return text


class FiguresPane(Pane):
    """Shows a snapshot's figures, with a bar of the share that is done at the end."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._ascii = ascii_only
        self._snapshot: Snapshot | None = None
        self._written = Text()

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="figures-text")

    def on_mount(self) -> None:
        """Say what the pane is."""
        self.border_title = "Progress"

    def on_resize(self) -> None:
        """Choose again which lines fit."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Write the figures of a snapshot."""
        self._snapshot = snapshot
        width, height = self.content_size.width, self.content_size.height
        if width < 10 or height < 2:
            return
        text = dearest(snapshot, width, height - 1)
        if snapshot.status is not Status.EVAL_ONLY:
            text.append(self._bar(snapshot.figure.progress, width))
        if text != self._written:
            self._written = text
            self.query_one("#figures-text", Static).update(text, layout=False)

    def _bar(self, progress: float, width: int) -> str:
        percent = f" {100 * progress:3.0f} %"
        return bar(progress, width - len(percent), ascii_only=self._ascii) + percent
