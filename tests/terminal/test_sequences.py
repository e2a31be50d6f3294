"""Input torn at every byte, with pauses: a sequence acts as what it is, or not at all, and never as keys."""

import random
from collections.abc import Iterable
from itertools import product

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.events import AppFocus, Key, MouseEvent, Paste
from textual.message import Message

from lstm_tui.terminal.keyboard import Keyboard

ARROW, MOUSE, FOCUS, REPORT = b"\x1b[A", b"\x1b[<35;42;7M", b"\x1b[I", b"\x1b[8;40;120t"
PASTE = b"\x1b[200~quit now\rand more\x1b[201~"


def typed(*parts: bytes, pause: float) -> list[Message]:
    """What parts mean that come with pauses between them, and a long one at the end."""
    keyboard, now = Keyboard(), 0.0
    events: list[Message] = []
    for part in parts:
        events += keyboard.feed(part, now)
        end = now + pause
        while keyboard.due is not None and keyboard.due <= end:
            now = keyboard.due
            events += keyboard.tick(now)
        now = end
    return [*events, *keyboard.tick(now + 60)]


def keys(events: Iterable[Message]) -> list[str]:
    return [event.key for event in events if isinstance(event, Key)]


def bytes_of(whole: bytes) -> list[bytes]:
    return [whole[k : k + 1] for k in range(len(whole))]


@pytest.mark.parametrize(
    "whole", [ARROW, MOUSE, FOCUS, REPORT, PASTE, b"\x1b[5~", b"\x1bOP", b"\x1b[48;40;120;800;1200t"]
)
@pytest.mark.parametrize("pause", [0.0, 0.05, 0.3, 1.2])
def test_nothing_in_a_sequence_is_a_key_however_it_is_torn(whole: bytes, pause: float) -> None:
    meant = keys(typed(whole, pause=0))
    cuts = [(whole[:k], whole[k:]) for k in range(1, len(whole))]
    for parts in [*cuts, tuple(bytes_of(whole))]:
        found = [key for key in keys(typed(*parts, pause=pause)) if key != "escape"]  # which it was until more came
        assert found == meant, parts


@pytest.mark.parametrize("pause", [0.0, 0.3, 1.2])
def test_a_torn_sequence_still_does_what_it_means(pause: float) -> None:
    assert keys(typed(b"\x1b", b"[A", pause=pause))[-1] == "up"
    assert any(isinstance(event, MouseEvent) for event in typed(b"\x1b[<35", b";42;7M", pause=pause))
    assert any(isinstance(event, AppFocus) for event in typed(b"\x1b", b"[", b"I", pause=pause))
    [paste] = [event for event in typed(*bytes_of(PASTE), pause=pause) if isinstance(event, Paste)]
    assert paste.text == "quit now\nand more"


def test_escape_alone_is_a_key_and_so_is_what_a_person_presses_after_it() -> None:
    assert keys(typed(b"\x1b", pause=0.2)) == ["escape"]
    assert keys(typed(b"\x1b", b"q", pause=0.2)) == ["escape", "q"]
    assert keys(typed(b"\x1b", b"[", pause=3)) == ["escape", "left_square_bracket"]
    assert keys(typed(b"\x1b", b"[", b"[", b"[", pause=0.3)) == ["escape", *["left_square_bracket"] * 3]
    assert keys(typed(b"\x1b\x1b", pause=0.2)) == ["escape", "escape"]


def test_a_link_that_has_torn_one_sequence_is_given_longer_for_the_next() -> None:
    keyboard = Keyboard()
    assert list(keyboard.feed(b"\x1b", 0.0)) == []
    assert keys(keyboard.tick(0.11)) == ["escape"]
    assert keys(keyboard.feed(b"[A", 0.4)) == ["up"]
    assert list(keyboard.feed(b"\x1b", 1.0)) == []
    assert list(keyboard.tick(1.35)) == []
    assert keys(keyboard.feed(b"[B", 1.4)) == ["down"]


def test_a_paste_whose_end_is_lost_does_not_swallow_what_is_typed_later() -> None:
    events = typed(b"\x1b[200~half", b"", pause=10)
    assert [event.text for event in events if isinstance(event, Paste)] == ["half"]
    assert keys(typed(b"\x1b[200~half", b"p", pause=10)) == ["p"]


@pytest.mark.parametrize(
    "odd",
    [b"\xff\xfe", b"\xc3", b"\xc2\x9b", b"\x1b[99999999u", b"\x1b[1;1;1114112u", b"\x1b[48;0;0;0;0t",
     b"\x1b[48;40000;40000;1;1t", b"\x1b[" + b"1;" * 200 + b"A", b"\x1b]11;rgb:00/00/00\x07", b"\x1bP1$r0m\x1b\\"],
)  # fmt: skip
def test_what_no_terminal_means_is_dropped_and_the_next_key_is_heard(odd: bytes) -> None:
    assert keys(typed(odd, b"p", pause=3))[-1:] == ["p"]
    assert "q" not in keys(typed(odd, b"p", pause=3))


def test_every_sequence_of_textuals_own_table_means_the_same_as_before() -> None:
    for sequence in ANSI_SEQUENCES_KEYS:
        if sequence == "\x1b" or sequence.startswith("\x1b\x1b") or not sequence.isascii():
            continue  # escape twice is two keys; what steers a terminal from eight bits is none
        plain = keys(XTermParser().feed(sequence))
        assert keys(typed(sequence.encode(), pause=0.2)) == plain, sequence


def test_random_bytes_never_raise() -> None:
    for seed, pause in product(range(50), (0.0, 0.2)):
        chance = random.Random(seed)
        typed(*(chance.randbytes(chance.randint(1, 40)) for _ in range(5)), pause=pause)
