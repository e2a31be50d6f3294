"""The status line: what the program is doing, in one row that never wraps."""

from textual.content import Content
from textual.widgets import Static

from lstm_tui.session.snapshot import Figure, Snapshot, Status
from lstm_tui.wording import duration, figure, short

COLOURS = {
    Status.TRAINING: "$success",
    Status.PAUSED: "$warning",
    Status.EVALUATING: "$primary",
    Status.FINISHED: "$primary",
    Status.DIVERGED: "$error",
    Status.EVAL_ONLY: "$primary",
    Status.ENDED: "$primary",
    Status.KILLED: "$error",
}  # the word tells the state; the colour only helps to find it


def status_parts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Name and text of the parts after the state, in their order: what does not fit is cut from the end."""
    f = snapshot.figure
    parts = [
        ("task", snapshot.task),
        ("step", f"step {f.step:,}"),
        ("loss", f"loss {figure(f.loss, 3)}"),
        ("validation", f"val {validation(f)}"),
    ]
    if snapshot.job == "evaluate":
        parts.insert(0, ("measuring", f"measuring {snapshot.job_share:.0%}"))
    if snapshot.shown_as:
        parts.insert(0, ("shown as", snapshot.shown_as))
    if snapshot.files.failing_since is not None:
        parts.insert(0, ("failing", f"NOT SAVED since {snapshot.files.failing_since:%H:%M}"))
    if snapshot.status is not Status.EVAL_ONLY:
        speed = short(f.speed) if f.speed else "-"
        parts += [("speed", f"{speed} {snapshot.about.unit}/s"), ("elapsed", duration(f.elapsed)), ("eta", eta(f))]
    return parts


def parts_shown(snapshot: Snapshot, width: int) -> dict[str, str]:
    """The parts that fit into a width, by name."""
    used, shown = len(snapshot.status) + 2, {}
    for name, text in status_parts(snapshot):
        used += len(text) + 2
        if used > width:
            break
        shown[name] = text
    return shown


def validation(f: Figure) -> str:
    """The validation loss; what a first look at a small sample gave says so."""
    return figure(f.known_val_loss, 3) if f.glimpse is None else f"about {figure(f.glimpse.loss, 2)}"


def eta(f: Figure) -> str:
    """When the run ends; without a limit when the epoch does, unless that is always soon."""
    if f.ends is None:
        return "ETA -"
    return f"ETA {'' if f.has_limit else 'epoch '}{duration(f.eta)}"


class StatusLine(Static):
    """One row: the state as a word, the task, step, loss, validation loss, speed, elapsed time, ETA, in this order.

    Without a limit the ETA is that of the epoch, and says so.
    """

    DEFAULT_CSS = "StatusLine { width: 100%; height: 1; background: $surface; text-wrap: nowrap; }"

    _snapshot: Snapshot | None = None

    def on_resize(self) -> None:
        """Choose again which parts fit."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Write a snapshot's status."""
        self._snapshot = snapshot
        line = Content.styled(f" {snapshot.status} ", f"bold $background on {COLOURS[snapshot.status]}")
        for name, part in parts_shown(snapshot, self.size.width).items():
            line += Content("  ") + Content.styled(part, "bold $error" if name == "failing" else "")
        self.update(line, layout=False)
