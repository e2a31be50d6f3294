"""Cuts what a terminal sends into keys, escape sequences and pastes, however a slow link has torn it.

A terminal says "up" as ESC [ A. Where a link lets these arrive one by one, a program that waits a tenth of a second
takes them for three keys. Here a sequence that has begun is held until it is whole, and nothing in it is a key. ESC
alone is a key as well: it counts as one after a short wait, and if `[` follows it later after all, as the start of a
sequence. The forms are those of ECMA-48, 5.4, and of xterm's control sequences.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

ESC, BEL = "\x1b", "\x07"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
ESCAPE_DELAY = 0.1  # seconds after which ESC alone is the key
LONGEST_DELAY = 1.0  # and at most, where the link has proved to be slower
LATE = 2.0  # seconds after that in which "[" is taken for the rest of it
PATIENCE = 2.0  # seconds without a byte after which the rest of a sequence will not come any more
PASTE_PATIENCE = 5.0  # the same for a paste, which is then taken as it is
LONGEST = 64, 8192  # characters of a sequence, and of a string; what is longer is neither
STRINGS = "P]X^_"  # DCS, OSC, SOS, PM, APC: up to BEL or ESC \


class Token(NamedTuple):
    """A piece of input that means something: one character, or a whole sequence, or what was pasted."""

    kind: Literal["text", "escape", "alt", "sequence", "paste"]
    text: str


class Splitter:
    """Takes characters as they come, each with the time; `due` says when `tick` is to be called at the latest.

    delay: seconds to wait for what may follow ESC.
    """

    def __init__(self, delay: float = ESCAPE_DELAY) -> None:
        self.delay = delay
        self._held = ""  # what has begun and is not whole
        self._paste: list[str] | None = None  # what was pasted so far
        self._late = False  # whether the ESC of what is held was given out as a key
        self._newest = 0.0  # when the newest character came
        self._escaped = -LATE  # when ESC was given out as a key

    @property
    def due(self) -> float | None:
        """The time at which `tick` has something to do if nothing comes; None: never."""
        if self._paste is not None:
            return self._newest + PASTE_PATIENCE
        if not self._held:
            return None
        return self._newest + (self.delay if self._held == ESC else PATIENCE)

    def tick(self, now: float) -> Iterator[Token]:
        """Give up waiting for what should have come by now."""
        if self.due is None or now < self.due:
            return
        if self._paste is not None:
            yield self._end_of_paste("".join(self._paste) + self._held)
        elif self._held == ESC:
            self._held, self._escaped = "", now
            yield Token("escape", ESC)
        else:
            second, is_short = self._held[1], len(self._held) == 2
            self._held = ""
            if is_short and self._late:
                yield Token("text", second)  # a person's escape, and "[" later
            elif is_short and second in STRINGS:
                yield Token("alt", second)

    def feed(self, text: str, now: float) -> Iterator[Token]:
        """Take characters that have come."""
        for character in text:
            yield from self.tick(now)
            yield from self._take(character, now)
            self._newest = now

    def _take(self, character: str, now: float) -> Iterator[Token]:
        if self._paste is not None:
            self._paste.append(character)
            if character == "~" and "".join(self._paste[-len(PASTE_END) :]) == PASTE_END:
                yield self._end_of_paste("".join(self._paste[: -len(PASTE_END)]))
        elif not self._held:
            if character == ESC:
                self._held, self._late = ESC, False
            elif character in "[O" and now - self._escaped < LATE:
                self.delay = max(self.delay, min(LONGEST_DELAY, 2 * (now - self._escaped + self.delay)))
                self._held, self._late = ESC + character, True
            else:
                yield Token("text", character)
        elif self._held == ESC:
            yield from self._second(character)
        elif self._held[1] in STRINGS:
            self._held += character
            if character == BEL or self._held.endswith(ESC + "\\") or len(self._held) > LONGEST[1]:
                self._held = ""
        else:
            yield from self._further(character, now)

    def _second(self, character: str) -> Iterator[Token]:
        if character == ESC:
            yield Token("escape", ESC)
        elif character in "[O" or character in STRINGS:
            self._held += character
        else:
            self._held = ""
            yield Token("alt", character)

    def _further(self, character: str, now: float) -> Iterator[Token]:
        """The third character of a sequence, or a later one."""
        whole = self._held + character
        if character == ESC or not " " <= character <= "~" or len(whole) > LONGEST[0]:
            self._held = ""  # the rest of it is lost
            yield from self._take(character, now)
        elif self._late and whole == ESC + "[[":
            self._held, self._escaped = "", -LATE  # a person who presses "[" again and again
            yield Token("text", "[")
            yield Token("text", "[")
        elif WHOLE(whole):
            self._held = ""
            if whole == PASTE_BEGIN:
                self._paste = []
            else:
                yield Token("sequence", whole)
        else:
            self._held = whole

    def _end_of_paste(self, text: str) -> Token:
        self._paste, self._held = None, ""
        return Token("paste", text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n"))


WHOLE = re.compile(
    r"""\x1bO[0-9;]*[@-~]  # SS3 and a letter
    | \x1b\[(?: (?!M)[0-?]*[ -/]*(?!\[)[@-~]  # CSI, parameters, a final character
    | [0-?]+[ -/]*\[
    | [0-9]{1,2}\$  # a function key with shift, of rxvt
    | \[.  # a function key of the Linux console
    | M...)  # the mouse, as X10 has it""",
    re.DOTALL | re.VERBOSE,
).fullmatch
