"""What the keys do and what the words mean."""

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from lstm_tui.keys import CHART_KEYS, KEYS

WORDS = (
    ("loss", "How surprised the model is, on average: for text the natural logarithm of 1 / probability it gave the"
             " character that came (nats); for prices the squared error in scaled units. Lower is better."),
    ("validation", "The same loss on a part of the data that is never trained on. If it rises while the training loss"
                   " falls, the model learns by heart; the best one is kept as best.safetensors."),
    ("bits per char", "The loss in bits: nats / ln 2. Guessing among all characters alike would cost log2 of their"
                      " number."),
    ("epoch", "One pass through the training part."),
    ("gradient norm", "How steep the loss is where the model stands, before clipping."),
    ("temperature", "Divides the logits when a sample is drawn: below 1 safer, above 1 bolder, 0 always the likeliest"
                    " character."),
    ("no change", "The forecast 'tomorrow's close is today's'. A model that does not beat it has no skill, however"
                  " close its curve follows the price."),
)  # fmt: skip


class HelpScreen(ModalScreen[None]):
    """Closed by escape, q or the key that opened it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,f1,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """Keys by group, then words."""
        with VerticalScroll(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "escape closes"
            yield Static(_keys())
            yield Static(_words())

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#help").focus()


def _keys() -> Table:
    table = Table.grid(padding=(0, 2))
    group = None
    for key in (*KEYS, *CHART_KEYS):
        if key.group != group:
            table.add_row(Text(key.group, "bold"))
            group = key.group
        table.add_row(Text(f"  {key.shown}"), Text(key.meaning))
    table.add_row(
        Text("  arrows"), Text("In the focused samples: left and right, home and end walk; up and down scroll")
    )
    table.add_row(Text("  tab"), Text("Move the focus to the next pane"))
    table.add_row(Text("  ctrl+p"), Text("Find any of these by its name"))
    return table


def _words() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row(Text("\nwords", "bold"))
    for word, meaning in WORDS:
        table.add_row(Text(f"  {word}", no_wrap=True), Text(meaning))
    return table
