"""Held-out text coloured by surprise: what the model did not expect, and what it expected instead."""

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.events import Resize
from textual.widgets import Static

from lstm_model.tasks.text.surprise import Passage
from lstm_tui.faces.text.keys import PASSAGE_KEYS
from lstm_tui.faces.text.requests import ReadPassage
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.faces.text.surprise.passage import PassageText, named
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.task_pane import TaskPane
from lstm_tui.wording import PART_WORDS

SURPRISING = 4.0  # bits
BROAD = 100  # cells in which two passages stand beside each other
WAITING = "The model is reading the held-out text."


class PassagePane(TaskPane):
    """One passage, or the same one as two models read it; a legend, and what there is to say of the cursor's place."""

    PREFIX: ClassVar[str]  # of the ids of its parts
    BINDINGS: ClassVar[list[BindingType]] = [binding for key in PASSAGE_KEYS for binding in key.bindings]
    DEFAULT_CSS = """
    PassagePane {
        .passage-name { display: none; height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        .passages, .passage-side { height: 1fr; width: 1fr; }
        .passage-rival { display: none; }
        &.-broad .passages { layout: horizontal; }
        &.-broad .passage-side { padding-right: 1; }
        .surprise-reading { height: 2; width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-both .passage-name, &.-both .passage-rival { display: block; }
    }
    """

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(ask, ascii_only=ascii_only)
        self._snapshot: Snapshot | None = None
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """The passages, and below them the legend with the reading."""
        with Container(classes="passages"):
            for which in ("", "-rival"):
                with Vertical(classes=f"passage-side passage{which}"):
                    yield Static(id=f"{self.PREFIX}passage{which}-name", classes="passage-name", markup=False)
                    yield PassageText(ascii_only=self._ascii, id=f"{self.PREFIX}passage{which}")
        yield Static(WAITING, id=f"{self.PREFIX}surprise-reading", classes="surprise-reading", markup=False)

    def on_resize(self, event: Resize) -> None:
        """Put two passages beside each other where there is room, else one above the other."""
        self.set_class(event.size.width >= BROAD, "-broad")

    def on_mount(self) -> None:
        """Write the legend anew where another theme has other looks."""
        self.watch(self.app, "theme", self._recolour, init=False)

    def _recolour(self) -> None:
        self.call_after_refresh(lambda: self._move(self._text.cursor))

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest one that it was shown."""
        return self._snapshot

    @property
    def _text(self) -> PassageText:
        return self.query_one(f"#{self.PREFIX}passage", PassageText)

    @property
    def passage(self) -> Passage | None:
        """The passage that is shown."""
        return None if self._snapshot is None else TextSeen.of(self._snapshot.seen).passage

    @property
    def _rival(self) -> Passage | None:
        """The same passage as the other model reads it."""
        passage, rival = self.passage, None
        if self._snapshot is not None and self._snapshot.rival is not None:
            rival = TextSeen.of(self._snapshot.rival.seen).passage
        return rival if rival is not None and passage is not None and rival.text == passage.text else None

    def show(self, snapshot: Snapshot) -> None:
        """Show a snapshot's passage, and the rival's below it."""
        self._snapshot = snapshot
        passage, rival = self.passage, self._rival
        if (passage, rival, snapshot.side) == self._drawn:
            return
        before = self._drawn[0] if isinstance(self._drawn, tuple) else None
        self._drawn = passage, rival, snapshot.side
        self.set_class(snapshot.rival is not None, "-both")
        if passage is None:
            return
        if before is None or before.text != passage.text:
            self._text.cursor = 0
        self._text.show(passage)
        self.query_one(f"#{self.PREFIX}passage-rival", PassageText).show(rival)
        self._write_names(snapshot, passage, rival)
        self._move(self._text.cursor)

    def _write_names(self, snapshot: Snapshot, passage: Passage, rival: Passage | None) -> None:
        where = f"passage {passage.number + 1:,} of {passage.count:,}"
        how = "" if passage.still is None else ", learning"
        self.entitle(f"Surprise, {PART_WORDS[passage.part]} part, {where}{how}", self._subtitle(passage))
        for which, side, read in (("", snapshot, passage), ("-rival", snapshot.rival, rival)):
            if side is not None:
                mean = "reading" if read is None else mean_of(read)
                self.query_one(f"#{self.PREFIX}passage{which}-name", Static).update(
                    f"{side.side}  {mean}", layout=False
                )

    def _subtitle(self, passage: Passage) -> str:
        return f"step {passage.step:,}, {mean_of(passage)}" if self.IN_TRAINING else mean_of(passage)

    def _move(self, place: int) -> None:
        self._text.move_to(place)
        self.query_one(f"#{self.PREFIX}passage-rival", PassageText).move_to(self._text.cursor)
        if self._snapshot is not None and self.passage is not None:
            here, expected = surprise_at(self._snapshot, self._rival, self._text.cursor)
            text = Text.assemble(self._text.legend(), f"{here}\n{expected}")
            self.query_one(f"#{self.PREFIX}surprise-reading", Static).update(text, layout=False)

    def action_move(self, characters: int) -> None:
        """Move the cursor by some characters."""
        self._move(self._text.cursor + characters)

    def action_move_rows(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self._move(self._text.beside(rows))

    def action_to_surprise(self, direction: int) -> None:
        """Move the cursor to the next character, or the one before, that surprised with 4 bits or more."""
        passage = self.passage
        if passage is None:
            return
        places = np.flatnonzero(passage.bits >= SURPRISING)
        ahead = places[places > self._text.cursor] if direction > 0 else places[places < self._text.cursor][::-1]
        if len(ahead):
            self._move(int(ahead[0]))

    def action_turn(self, passages: int) -> None:
        """Ask for another passage."""
        passage = self.passage
        if passage is not None and 0 <= passage.number + passages < passage.count:
            self.read(passage.number + passages, learning=passage.still is not None)

    def action_learn(self) -> None:
        """Ask for the same passage as it is read by a model that learns, or by one that does not."""
        passage = self.passage
        if passage is not None:
            self.read(passage.number, learning=passage.still is None)

    def read(self, number: int, *, learning: bool) -> None:
        """Ask for a passage."""
        self.ask(ReadPassage(number, learning=learning))


class SurprisePane(PassagePane):
    """Where a saved model is looked at: passages of the held-out part, one after the other."""

    NAME, PLACE, IN_TRAINING, PREFIX = "surprise", "above", False, ""


def mean_of(passage: Passage) -> str:
    """The mean of a passage."""
    still = passage.still_bits
    beside = "" if still is None else f", {still.mean():.2f} without learning"
    return f"mean {passage.bits.mean():.2f} bits{beside}"


def surprise_at(snapshot: Snapshot, rival: Passage | None, place: int) -> tuple[str, str]:
    """The character at a place and how much it surprised; and what was expected."""
    passage = TextSeen.of(snapshot.seen).passage
    if passage is None or place >= len(passage.text):
        return "", WAITING
    bits, character = passage.bits[place], named(passage.text[place])
    expected = "expected " + ", ".join(f"{named(guess)} {100 * share:.0f} %" for guess, share in passage.guesses(place))
    if rival is None or snapshot.rival is None:
        still = passage.still_bits
        return f"{character} {bits:.2f}{'' if still is None else f', still {still[place]:.2f}'}", expected
    first, second, theirs = snapshot.side, snapshot.rival.side, rival.bits[place]
    return (
        f"{character} {first} {bits:.2f} {second} {theirs:.2f}",
        f"{second} - {first} {theirs - bits:+.2f} bits  {first} {expected}",
    )
