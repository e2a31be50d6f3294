"""Samples of several temperatures beside each other, so that what the temperature does is seen at a glance."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from lstm_model.tasks.text.writing.sample import Sample
from lstm_tui.faces.text.samples.drawn import sample_text
from lstm_tui.faces.text.samples.walk import MOST_COLUMNS

BROAD = 156  # cells of a pane's inside from which on its samples stand in columns: a screen of 160


class SampleColumns(Horizontal):
    """A column for each temperature, the newest sample on top."""

    DEFAULT_CSS = """
    SampleColumns {
        height: 1fr;
        .samples-column { width: 1fr; height: 100%; scrollbar-size-vertical: 1; }
        .samples-column.-beside { padding-left: 1; border-left: solid $foreground 50%; }
    }
    """

    def compose(self) -> ComposeResult:
        """As many columns as there can be."""
        for k in range(MOST_COLUMNS):
            with VerticalScroll(classes="samples-column" + (" -beside" if k else ""), can_focus=False):
                yield Static()

    def show(self, columns: list[list[Sample]], *, in_bits: bool) -> None:
        """Write the columns, each as long as it can be seen."""
        size = self.app.size
        width = size.width // max(1, len(columns)) - 4
        for k, scroll in enumerate(self.query(VerticalScroll)):
            scroll.display = k < len(columns)
            if k < len(columns):
                most = 2 * width * size.height
                texts = [sample_text(each, most, width=width, in_bits=in_bits, in_column=True) for each in columns[k]]
                scroll.query_one(Static).update(Text("\n\n").join(texts))

    def move(self, direction: str) -> None:
        """Scroll all of them."""
        for column in self.query(VerticalScroll):
            getattr(column, f"scroll_{direction}")(animate=False)
