"""What a checkpoint tells before it is loaded: its settings and figures, its curves, its run's last look."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from lstm_model.runs.story import Story
from lstm_tui.charts.picture import Picture
from lstm_tui.options.wording import with_flags
from lstm_tui.widgets.charts.loss_picture import curves
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.saves import one_line
from lstm_tui.wording import ago, duration, figure, size

LABEL = 11  # cells for the names of the figures


@dataclass(frozen=True, eq=False)
class PreviewContent:
    """What there is to tell of a checkpoint: its story, and its run's last look, which may be later than it."""

    story: Story
    look: Text | None
    run_bytes: int = 0  # of all files of the run


class Preview(VerticalScroll, can_focus=True):
    """Shows a story, or why there is none. It scrolls when it has the focus."""

    DEFAULT_CSS = """
    Preview {
        border: round $foreground 50%;
        border-title-color: $text-muted;
        scrollbar-size-vertical: 1;
        padding: 0 0 0 1;
        &:focus { border: round $accent; border-title-color: $text; }
        #story { height: auto; }
        #facts { height: 9; text-wrap: nowrap; text-overflow: ellipsis; }
        #curves { height: 12; }
        #look { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._ascii = ascii_only
        self._look = Text()

    def compose(self) -> ComposeResult:
        """A complaint, or figures, curves and the last look."""
        yield Static(id="complaint", classes="complaint")
        with Container(id="story"):
            yield Static(id="facts")
            yield Plot(ascii_only=self._ascii, id="curves")
        yield Static(id="look")

    def on_mount(self) -> None:
        """Begin with nothing."""
        self.clear()

    def show(self, title: str, told: PreviewContent) -> None:
        """Tell a story."""
        story = told.story
        self._show_parts("story", *([] if told.look is None else ["look"]))
        self.border_title = Content(one_line(title))  # a plain string would be markup
        self.query_one("#facts", Static).update(facts(story, time.time()), layout=False)  # always as many lines
        self.query_one("#curves", Plot).show(self._curves(story))
        if told.look is not None and told.look != self._look:  # the files of a run share it: its height need not change
            self._look = told.look
            self.query_one("#look", Static).update(told.look)

    def _curves(self, story: Story) -> Picture:
        series = curves(story.train, story.val, (0.0, math.inf), ascii_only=self._ascii)
        return Picture(series=series, x_label="step", empty="There is no curve in this file.")

    def explain(self, title: str, complaint: str) -> None:
        """Say why a file cannot be read."""
        self._show_parts("complaint")
        self.border_title = Content(one_line(title))  # a plain string would be markup
        self.query_one("#complaint", Static).update(Text(one_line(with_flags(complaint))))

    def clear(self) -> None:
        """Show nothing."""
        self._show_parts()
        self.border_title = ""

    def _show_parts(self, *shown: str) -> None:
        for part in ("complaint", "story", "look"):
            self.query_one(f"#{part}").display = part in shown
        self.scroll_home(animate=False)


def facts(story: Story, now: float) -> Text:
    """Settings and figures, one line each. now: seconds since the epoch."""
    saved, config = story.saved, story.config
    began = "" if story.base_rate == config.learning_rate else f", began at {config.learning_rate:g}"
    best = "-" if saved.best_val_loss is None else f"{figure(saved.best_val_loss)} at {story.best_step:,}"
    return _lines((
        ("model", f"{config.size}, preset {config.preset}"),
        ("rate", f"{story.base_rate:g} {config.schedule}, {config.optimizer}{began}"),
        ("batch", f"{config.batch_size} x {config.seq_length}, seed {config.seed}"),
        ("data", story.data_name),
        ("step", f"{saved.step:,} in {duration(story.elapsed)}"),
        ("loss", figure(saved.loss)),
        ("validation", figure(saved.val_loss)),
        ("best", best),
        ("file", f"{size(saved.bytes)}, {ago(now - saved.modified)} old"),
    ))  # fmt: skip


def _lines(pairs: Iterable[tuple[str, str]]) -> Text:
    text = Text()
    for name, value in pairs:
        text.append(f"{name:<{LABEL}}", "dim")
        text.append(f"{one_line(value)}\n")
    text.right_crop(1)
    return text
