"""What the keys do and what the words mean."""

from collections.abc import Iterable
from typing import ClassVar

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from lstm_model.coach.rules import CHAPTERS, Advice
from lstm_model.settings.known_tasks import KINDS
from lstm_tui.keys.bound import beside, shown_of
from lstm_tui.keys.own import ALSO
from lstm_tui.keys.table import KEYS, PANE_KEYS, key_of
from lstm_tui.task_faces import part_of
from lstm_tui.widgets.dialog import Dialog

VALIDATION = (
    "The same loss on a part of the data that is never trained on. If it rises while the training loss falls, the model"
    " overfits: it learns by heart. The best one is kept as best.safetensors."
)

KEY_WIDTH, WORD_WIDTH = 10, 15  # cells, with the two that set them in


class HelpScreen(Dialog[None]):
    """Closed by escape, q or the key that opened it. advice: what the coach says at that moment."""

    AUTO_FOCUS = "#help"  # so that the arrow keys scroll
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,f1,enter", "dismiss", "Close")]

    def __init__(self, advice: Advice | None = None) -> None:
        super().__init__()
        self._advice = advice

    def compose(self) -> ComposeResult:
        """What the coach says, keys by group, words, and where to read on."""
        with VerticalScroll(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "escape closes"
            if self._advice:
                yield Static(_said(self._advice))
            yield Static(_keys())
            yield Static(_words())
            yield Static(_reading())


def _said(advice: Advice) -> Group:
    """What the coach says, and where it is explained."""
    said = advice.text.replace("*", key_of(advice.action))
    return Group(Text("now", "bold"), _columns([("coach", said), ("read", _place(advice.chapter))], KEY_WIDTH))


def _reading() -> Group:
    """What the coach can say, and where each is explained."""
    rows = [(kind, _place(chapter)) for kind, chapter in CHAPTERS.items()]
    return Group(Text("read on, in the documents of the project", "bold"), _columns(rows, WORD_WIDTH))


def _place(chapter: str) -> str:
    """A document and a heading in it as words, which can be broken into lines."""
    name, _, heading = chapter.partition("#")
    return f"{name}: {heading.replace('-', ' ')}" if heading else name


def _keys() -> Group:
    """The keys by group, each under its title; all groups in the same columns."""
    parts: list[Text | Table] = []
    every = (*KEYS, *PANE_KEYS)
    for group in dict.fromkeys(key.group for key in every):
        rows = [(shown_of(key), key.meaning) for key in every if key.group == group]
        if group == "looking":
            rows += [
                ("tab", "Move the focus to the next pane"),
                (f"{beside('palette')} ctrl+p".strip(), "Find any of these by its name"),
            ]
            rows += [(own, f"The same as {name}") for name in ALSO if name != "palette" and (own := beside(name))]
        parts += [Text(group, "bold"), _columns(rows, KEY_WIDTH)]
    return Group(*parts)


def _columns(rows: Iterable[tuple[str, str]], width: int) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=width)
    for name, meaning in rows:
        table.add_row(Text(f"  {name}", no_wrap=True), Text(meaning))
    return table


def _words() -> Group:
    """The words that all tasks have, then those of each."""
    faces = [part_of(task, "words") for task in KINDS]
    losses = "; ".join(face.LOSS for face in faces)
    words = (
        ("loss", f"How surprised the model is, on average: {losses}. Lower is better."),
        ("validation", VALIDATION),
        ("epoch", "One pass through the training part."),
        ("gradient norm", "How steep the loss is where the model stands, before clipping."),
        *(word for face in faces for word in face.WORDS),
    )
    return Group(Text("words", "bold"), _columns(words, WORD_WIDTH))
