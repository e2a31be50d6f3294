"""The part of the form of a new run that is closed at first: what few people set, under the headings of --help."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from lstm_tui.options.option import Option
from lstm_tui.widgets.field import Field

KEY = "F2"  # as a person reads it


class MoreLine(Static, can_focus=True):
    """The line that stands for the closed part; enter, space and a click open it."""

    DEFAULT_CSS = """
    MoreLine { height: 1; margin-top: 1; text-wrap: nowrap; text-overflow: ellipsis; color: $text-muted; }
    MoreLine:focus { color: $text; text-style: bold reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("enter,space,right", "open", "Open")]

    class Opened(Message):
        """Somebody wants to see more."""

    def action_open(self) -> None:
        """Ask for the rest."""
        self.post_message(self.Opened())

    def on_click(self) -> None:
        """Ask for the rest."""
        self.action_open()


class MoreFields(Vertical):
    """The line, and the fields in its place once it was opened. make_field: makes the field of an option."""

    DEFAULT_CSS = """
    MoreFields { height: auto; }
    MoreFields Vertical { height: auto; }
    MoreFields .heading { margin-top: 1; text-style: bold; }
    """

    def __init__(self, make_field: Callable[[Option], Field], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._make_field = make_field
        self._options: tuple[Option, ...] = ()
        self.is_open = False

    def compose(self) -> ComposeResult:
        """The line alone."""
        yield MoreLine(markup=False)
        yield Vertical(id="more-body")

    def name_options(self, options: Iterable[Option]) -> bool:
        """Say which there are for the task at hand; True if these are others than before."""
        options, before = tuple(options), self._options
        self._options = options
        names = ", ".join(option.named for option in options)
        self.query_one(MoreLine).update(f"[+] more ({KEY}): {names}")
        return options != before

    async def open(self) -> None:
        """Show the fields from now on, or those of another task in the place of the ones before."""
        self.is_open = True
        self.query_one(MoreLine).display = False
        body = self.query_one("#more-body")
        async with self.batch():
            await body.remove_children()
            await body.mount_all(list(self._sections()))

    def _sections(self) -> Iterable[Widget]:
        for group in dict.fromkeys(option.group for option in self._options):
            yield Static(group, classes="heading", markup=False)
            fields = [self._make_field(option) for option in self._options if option.group == group]
            half = (len(fields) + 1) // 2
            columns = [Vertical(*part, classes="column") for part in (fields[:half], fields[half:])]
            yield Horizontal(*columns, classes="columns")
