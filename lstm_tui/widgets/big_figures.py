"""The few figures of the projector look: large digits, read from the last row of a classroom."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Digits, Static

from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.wording import figure

PLACES = 3  # behind the point
SMALLEST_LOSS = 1e-3  # below which so few digits would say nothing
WITH_STEP = 110  # columns from which on the step stands there as well
LONGEST_STEP = 99_999_999


def large_figures(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """Class, name and value of each figure, in their order."""
    f = snapshot.figure
    val = f.known_val_loss if f.glimpse is None else f.glimpse.loss
    named = "validation" if f.glimpse is None else "validation, about"
    best = "best" if f.best_val_loss is None else f"best, step {f.best_step:,}"
    rows = [("val", named, _large(val)), ("best", best, _large(f.best_val_loss))]
    if snapshot.status is not Status.EVAL_ONLY:
        rows.insert(0, ("train", "training", _large(f.loss)))
    return [*rows, ("step", "step", f"{min(f.step, LONGEST_STEP):,}")]


def _large(value: float | None) -> str:
    if value is not None and 0 < abs(value) < SMALLEST_LOSS:
        return f"{value:.2E}"
    return figure(value, PLACES).upper() if value is not None and value == value else "-"


class BigFigures(Horizontal):
    """Training loss, validation loss, the best, and the step where there is room, each under its name."""

    DEFAULT_CSS = """
    BigFigures {
        display: none;
        height: 4;
        padding: 0 1;
        .large { width: 1fr; height: 4; }
        .large Static { width: 100%; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        .large Digits { width: 100%; text-style: bold; }
        .large-train Digits { color: $primary; }
        .large-val Digits { color: $warning; }
        .large-best Digits { color: $success; }
        &:light .large-val Digits { color: $text-warning; }
        &:light .large-best Digits { color: $text-success; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._written: dict[str, tuple[str, str]] = {}

    def compose(self) -> ComposeResult:
        """A place for each."""
        for name in ("train", "val", "best", "step"):
            with Vertical(classes=f"large large-{name}"):
                yield Static(markup=False)
                yield Digits()

    def show(self, snapshot: Snapshot) -> None:
        """Write what is new."""
        shown = {name: (words, value) for name, words, value in large_figures(snapshot)}
        if self.app.size.width < WITH_STEP:
            del shown["step"]
        if shown == self._written:
            return
        before, self._written = self._written, shown
        for name in ("train", "val", "best", "step"):
            place = self.query_one(f".large-{name}", Vertical)
            place.display = name in shown
            if name in shown and shown[name] != before.get(name):
                words, value = shown[name]
                place.query_one(Static).update(words, layout=False)
                place.query_one(Digits).update(value)
