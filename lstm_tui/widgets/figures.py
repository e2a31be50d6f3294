"""The figures of a run: one line each, the less important ones giving way where there is no room."""

import math

from rich.text import Text

from lstm_model.settings.task_kinds import kind_of
from lstm_tui.session.seen import Line
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.session.units import unit_of
from lstm_tui.widgets.written import WrittenPane
from lstm_tui.wording import bar, duration, figure


def figure_lines(snapshot: Snapshot) -> list[Line]:
    """All lines, in the order in which they stand."""
    f = snapshot.figure
    lines: list[Line] = [
        (9, "step", f"{f.step:,}"),
        (4, "epoch", f"{f.epoch:.2f}"),
        (9, "training loss", figure(f.loss)),
        (9, "validation loss", figure(f.known_val_loss) if f.glimpse is None else f"about {figure(f.glimpse.loss, 2)}"),
        *(
            []
            if f.glimpse is None
            else [(9, "first look over", f"{f.glimpse.items:,} {kind_of(snapshot.task).words.items}")]
        ),
        (5, "best validation", "-" if f.best_val_loss is None else f"{figure(f.best_val_loss)} at {f.best_step:,}"),
        *([] if snapshot.is_in_bits else snapshot.seen.losses(f.known_val_loss)),
    ]
    if f.full_val_loss is not None:
        lines.append((3, "whole part", f"{figure(f.full_val_loss[1])} at {f.full_val_loss[0]:,}"))
    if snapshot.status is not Status.EVAL_ONLY:
        lines += [
            (8, f"{snapshot.about.unit or 'items'}/s", f"{f.speed:,.0f}" if f.speed else "-"),
            (3, "gradient norm", "-" if f.grad_norm is None or math.isnan(f.grad_norm) else f"{f.grad_norm:.3g}"),
            (6, "learning rate", f"{f.learning_rate:.2e}"),
            (5, "elapsed", duration(f.elapsed)),
            *([(5, f"{f.ends} ends in", duration(f.eta))] if f.ends else []),
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


class FiguresPane(WrittenPane):
    """Shows a snapshot's figures, with a bar of the share that is done at the end."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._ascii = ascii_only

    def show(self, snapshot: Snapshot) -> None:
        """Write the figures, and in which unit the losses are."""
        self.entitle("Progress", f"losses: {unit_of(snapshot)}")
        super().show(snapshot)

    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:
        """The figures that fit."""
        text = dearest(snapshot, width, height - 1)
        if snapshot.status is not Status.EVAL_ONLY:
            text.append(self._bar(snapshot, width))
        return text

    def _bar(self, snapshot: Snapshot, width: int) -> str:
        """The share of the run that is done, or of the epoch; nothing where that would only flicker."""
        what, progress = snapshot.figure.ends, snapshot.figure.progress
        if what is None:
            return ""
        name, percent = f"{what} ", f" {100 * progress:3.0f} %"
        return name + bar(progress, width - len(name) - len(percent), ascii_only=self._ascii) + percent
