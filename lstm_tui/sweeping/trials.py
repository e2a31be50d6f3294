"""The list of trials: rows with a cursor, of which only those in sight are drawn."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lstm_tui.sweeping.rows import TrialRow

ROLES = "best", "running", "waiting", "done", "pruned", "failed"


class TrialsList(ScrollView, can_focus=True):
    """Shows rows; the cursor stays on its trial wherever that moves to, and on the first row until a key moves it."""

    class Moved(Message):
        """The cursor is at another trial."""

    class Opened(Message):
        """A trial was chosen."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "trials--cursor",
        *(f"trials--{role}" for role in ROLES),
        *(f"trials--curve-{role}" for role in ROLES),
    }
    DEFAULT_CSS = """
    TrialsList {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        .trials--best, .trials--curve-best { color: $success; text-style: bold; }
        .trials--running { color: $foreground; text-style: bold; }
        .trials--curve-running { color: $warning; }
        .trials--curve-done { color: $primary; }
        .trials--waiting, .trials--pruned, .trials--curve-pruned, .trials--curve-waiting { color: $text-muted; }
        .trials--failed, .trials--curve-failed { color: $error; }
        .trials--cursor { background: $surface-lighten-2; }
        &:light .trials--cursor { background: $panel; }
        &:light .trials--best, &:light .trials--curve-best { color: $text-success; }
        &:light .trials--curve-running { color: $text-warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", show=False),
        Binding("down,j", "cursor(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Up", show=False),
        Binding("pagedown", "page(1)", "Down", show=False),
        Binding("home", "cursor(-1000000)", "First", show=False),
        Binding("end", "cursor(1000000)", "Last", show=False),
        Binding("enter", "open", "Open", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: list[TrialRow] = []
        self._at = 0
        self._is_held = False  # the cursor was moved, and stays at its trial

    @property
    def number(self) -> int | None:
        """The trial that the cursor is at."""
        return self._rows[self._at].number if self._rows else None

    def show(self, rows: list[TrialRow]) -> None:
        """Show these rows; those that are as before are not drawn again."""
        before, self._rows, number = self._rows, rows, self.number
        at = self._at
        places = {row.number: k for k, row in enumerate(rows)}
        self._at = places.get(number, 0) if self._is_held and number is not None else 0
        self.virtual_size = Size(self.size.width, len(rows))
        if self._at != at and self._is_held:
            self._keep_in_sight()
        top = self.scroll_offset.y
        changed = [k for k in range(max(len(before), len(rows))) if before[k : k + 1] != rows[k : k + 1]]
        in_sight = {*changed, at, self._at} & set(range(top, top + self.size.height))
        regions = [Region(0, k - top, self.size.width, 1) for k in in_sight]
        if changed or self._at != at:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """A row in its colours."""
        place = y + self.scroll_offset.y
        if not 0 <= place < len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        plain = self.rich_style
        if place == self._at and self.has_focus:
            plain += Style(bgcolor=self.get_component_rich_style("trials--cursor").bgcolor)
        segments = []
        for text, role in self._rows[place].pieces:
            colour = self.get_component_rich_style(f"trials--{role}")
            segments.append(Segment(text, plain + Style(color=colour.color, bold=colour.bold)))
        return Strip(segments).adjust_cell_length(self.size.width, plain)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide it."""
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Put the cursor where it was clicked; a second click there opens the trial."""
        place = event.y + self.scroll_offset.y
        if place >= len(self._rows):
            return
        if place == self._at and event.chain > 1:
            self.action_open()
        else:
            self.action_cursor(place - self._at)

    def action_cursor(self, rows: int) -> None:
        """Move the cursor."""
        if not self._rows:
            return
        self._at = min(max(self._at + rows, 0), len(self._rows) - 1)
        self._is_held = self._at > 0
        self._keep_in_sight()
        self.refresh()
        self.post_message(self.Moved())

    def action_page(self, pages: int) -> None:
        """Move it by what is in sight."""
        self.action_cursor(pages * max(1, self.size.height - 1))

    def action_open(self) -> None:
        """Choose the trial at the cursor."""
        if self.number is not None:
            self.post_message(self.Opened(self.number))

    def _keep_in_sight(self) -> None:
        self.scroll_to_region(Region(0, self._at, 1, 1), animate=False)
