"""One setting in a form: its name, where it is typed or chosen, and under it what is wrong with it."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from lstm_tui.visible import NOTICE, shortened_line


class ChoiceField(Widget, can_focus=True):
    """A few words on a line, one of them chosen and in brackets; left and right choose another, so does a click."""

    DEFAULT_CSS = "ChoiceField { width: 1fr; height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [("left", "move(-1)", "Before"), ("right,space", "move(1)", "Next")]

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, options: Sequence[str], value: str) -> None:
        super().__init__()
        self._options = tuple(options)
        self.value = value

    def offer(self, options: Sequence[str], value: str) -> None:
        """Offer other words; nobody is told."""
        self._options, self.value = tuple(options), value
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[list[str]]:
        """The words in lines of so many cells."""
        lines: list[list[str]] = [[]]
        for option in self._options:
            if lines[-1] and sum(len(word) + 2 for word in lines[-1]) + len(option) + 2 > width:
                lines.append([])
            lines[-1].append(option)
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the words need."""
        return len(self._lines(width))

    def render(self) -> Text:
        """The words, each as wide as with its brackets, so that nothing moves."""
        text = Text(no_wrap=True)
        for line in self._lines(self.size.width):
            text.append("\n" if text else "")
            for option in line:
                chosen = option == self.value
                style = ("bold reverse" if self.has_focus else "bold") if chosen else "dim"
                text.append(f"[{option}]" if chosen else f" {option} ", style)
        return text

    def action_move(self, by: int) -> None:
        """Choose the next word, or the one before; after the last comes the first."""
        self._choose(self._options[(self._options.index(self.value) + by) % len(self._options)])

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the mouse."""
        end, lines = 0, self._lines(self.size.width)
        for option in lines[min(event.y, len(lines) - 1)]:
            end += len(option) + 2
            if event.x < end:
                self._choose(option)
                return

    def _choose(self, option: str) -> None:
        if option != self.value:
            self.value = option
            self.refresh()
            self.post_message(self.Changed())


class Field(Vertical):
    """A setting by the name of its option; `options` are the words to choose from, None for one that is typed."""

    DEFAULT_CSS = """
    Field { height: auto; }
    Field Horizontal { height: auto; }
    Field .name { width: 16; color: $text-muted; }
    Field.-here .name { color: $text; text-style: bold; }
    Field Input { background: $foreground 8%; }
    Field .problem { height: auto; padding-left: 2; color: $text-error; display: none; }
    Field.-wrong .problem { display: block; }
    Field .told { height: auto; padding-left: 2; color: $text-muted; display: none; }
    Field.-told .told { display: block; }
    Field.-wrong .told { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [  # here, for further up they scroll
        ("up", "app.focus_previous", "Up"),
        ("down", "app.focus_next", "Down"),
    ]

    def __init__(self, option: str, label: str, value: str, options: Sequence[str] | None = None) -> None:
        super().__init__(id=f"field-{option}")
        self.option, self._label, self._start, self._options = option, label, value, options
        self.problem = self._placeholder = ""
        self.told: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Name and entry on a line, the problem under it."""
        with Horizontal():
            yield Static(self._label, classes="name", markup=False)
            if self._options is None:
                yield Input(self._start, self._placeholder, compact=True, select_on_focus=True)
            else:
                yield ChoiceField(self._options, self._start)
        yield Static(classes="told", markup=False)
        yield Static(classes="problem", markup=False)

    def on_descendant_focus(self) -> None:
        """Show where the focus is by the name as well; :focus-within would not restyle it."""
        self.add_class("-here")

    def on_descendant_blur(self) -> None:
        """The focus is elsewhere."""
        self.remove_class("-here")

    @property
    def entry(self) -> Input | ChoiceField:
        """What has the focus."""
        return self.query_one(Input) if self._options is None else self.query_one(ChoiceField)

    @property
    def value(self) -> str:
        """What stands there."""
        return self.entry.value

    @property
    def placeholder(self) -> str:
        """What is shown where nothing stands: what it would be."""
        return self._placeholder

    @placeholder.setter
    def placeholder(self, text: str) -> None:
        self._placeholder = text
        for entry in self.query(Input):
            entry.placeholder = text

    def fill(self, value: str, options: Sequence[str] | None = None) -> None:
        """Write a value, or offer options and choose it among them."""
        entry = self.entry
        if isinstance(entry, ChoiceField):
            entry.offer(options or self._options or (), value)
        else:
            entry.value = value

    def say(self, problem: str) -> None:
        """Say what is wrong, "" for nothing."""
        if problem != self.problem:
            self.problem = problem
            self.set_class(bool(problem), "-wrong")
            self.query_one(".problem", Static).update(shortened_line(problem, NOTICE))

    def tell(self, *lines: str) -> None:
        """Say what stands behind the value, a line each; nothing takes it away."""
        self.told = lines
        self.set_class(bool(lines), "-told")
        self.query_one(".told", Static).update("\n".join(shortened_line(line, NOTICE) for line in lines))
