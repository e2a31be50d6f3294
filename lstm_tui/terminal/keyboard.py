"""From the bytes of a terminal to Textual's events: nothing that comes ends the program, or acts as what it is not."""

import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from textual._xterm_parser import XTermParser
from textual.events import Key, Paste, Resize
from textual.message import Message

from lstm_tui.terminal.sequences import ESC, ESCAPE_DELAY, Splitter, Token

LARGEST = 1000  # columns or rows that a terminal may say it has


class Keyboard:
    """Decodes bytes, cuts them with a `Splitter`, and lets Textual say what a whole piece means.

    A piece that Textual does not know is dropped: its own parser would wait for more and then give it out as keys.
    """

    def __init__(self, delay: float = ESCAPE_DELAY) -> None:
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._splitter = Splitter(delay)
        self._parser = XTermParser()

    @property
    def due(self) -> float | None:
        """When `tick` has something to do if nothing comes."""
        return self._splitter.due

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What bytes mean that have come."""
        for token in self._splitter.feed(self._decode(data), now):
            yield from self._events(token)

    def tick(self, now: float) -> Iterator[Message]:
        """What it means that nothing has come."""
        for token in self._splitter.tick(now):
            yield from self._events(token)

    def _events(self, token: Token) -> Iterable[Message]:
        if token.kind == "escape":
            return [Key("escape", ESC)]
        if token.kind == "paste":
            return [Paste(token.text)]
        if token.kind == "text":
            is_text = token.text.isascii() or unicodedata.category(token.text) not in ("Cc", "Cs", "Cn")
            return self._parsed(token.text) if is_text else []
        if token.kind == "sequence":
            return self._parsed(token.text)
        return self._parsed(ESC + token.text) or [
            Key(f"alt+{event.key}", event.character) for event in self._parsed(token.text) if isinstance(event, Key)
        ]

    def _parsed(self, piece: str) -> list[Message]:
        """Textual's events for a whole piece; a parser for each, which forgets what it does not know."""
        before, self._parser = self._parser, XTermParser()
        for name in ("last_x", "last_y", "mouse_pixels", "terminal_size", "terminal_pixel_size"):
            setattr(self._parser, name, getattr(before, name))
        try:
            events = list(self._parser.feed(piece))
        except (ValueError, ArithmeticError, LookupError):  # numbers that no terminal sends
            self._parser = before
            return []
        if any(isinstance(event, Resize) and not _is_size(event) for event in events):
            self._parser = before
            return []
        return events


def _is_size(event: Resize) -> bool:
    sizes = (event.size, event.pixel_size or event.size)
    return all(side > 0 for size in sizes for side in size) and max(event.size) <= LARGEST
