"""The painter sends what differs and nothing else, and the terminal shows what Textual meant it to show."""

import random
from collections.abc import Iterable

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, InlineUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from lstm_tui.terminal.painter import Painter, Piece
from lstm_tui.terminal.painter import _cells as painter_cells
from support.hostile_text import LINE, assert_clean

WIDTH, HEIGHT = 24, 6
STYLES = [
    None,
    Style.parse("red on black"),
    Style.parse("#aabbcc on black"),
    Style.parse("bold #aabbcc on #102030"),
    Style.parse("reverse green"),
    Style.parse("underline"),
    Style.parse("color(200) on color(17)"),
]
CHARACTERS = "ab ⠓━漢e\u0301│"

pieces = st.tuples(
    st.integers(0, HEIGHT - 1),
    st.integers(0, WIDTH - 1),
    st.lists(st.tuples(st.text(CHARACTERS, max_size=6), st.sampled_from(STYLES)), max_size=4),
)


def strip_at(x: int, parts: list[tuple[str, Style | None]]) -> Strip:
    """A strip that does not reach over the right edge."""
    whole = Strip([Segment(text.lstrip("\u0301"), style) for text, style in parts])
    return whole.crop(0, min(whole.cell_length, WIDTH - x))


class Screens:
    """Two terminals: one gets all that is painted, the other what the painter makes of it."""

    def __init__(self) -> None:
        self.painter = Painter()
        self.plain, self.tight = (pyte.Screen(WIDTH + 1, HEIGHT) for _ in range(2))  # pyte scrolls at the edge
        self.sent = 0

    def paint(self, painted: list[Piece]) -> str:
        console = Console(color_system="truecolor", force_terminal=True)
        for y, x, strip in painted:
            pyte.Stream(self.plain).feed(f"\x1b[{y + 1};{x + 1}H" + strip.render(console))
        text = self.painter.paint(painted, ColorSystem.TRUECOLOR)
        pyte.Stream(self.tight).feed(text)
        return text

    @property
    def equal(self) -> bool:
        """Whether both show the same, but for the foreground of blanks, which nobody sees."""
        for y in range(HEIGHT):
            for x in range(WIDTH):
                a, b = self.plain.buffer[y][x], self.tight.buffer[y][x]
                if a.data == " " and not (a.reverse or a.underscore):
                    a, b = a._replace(fg="", bold=False), b._replace(fg="", bold=False)
                if a != b:
                    return False
        return True


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(pieces, max_size=5), max_size=6))
def test_the_terminal_shows_what_was_painted_whatever_came_before(
    updates: list[list[tuple[int, int, list[tuple[str, Style | None]]]]],
) -> None:
    screens = Screens()
    blank = Strip([Segment(" " * WIDTH)])
    screens.paint([(y, 0, blank) for y in range(HEIGHT)])
    for update in updates:
        # a half of a wide character that is painted over leaves what a terminal likes: whole lines avoid that
        for y, x, parts in update:
            left = Strip([Segment("." * x)])
            middle = strip_at(x, parts)
            right = Strip([Segment("." * (WIDTH - x - middle.cell_length))])
            screens.paint([(y, 0, Strip.join([left, middle, right]))])
        assert screens.equal


def test_the_same_again_sends_nothing() -> None:
    screens = Screens()
    line = Strip([Segment("loss 1.234", STYLES[2])])
    assert screens.paint([(1, 2, line)])
    assert screens.paint([(1, 2, line)]) == ""
    screens.painter.forget()
    assert "loss 1.234" in screens.paint([(1, 2, line)])


def test_one_changed_digit_sends_a_move_a_colour_and_the_digit() -> None:
    screens = Screens()
    screens.paint([(1, 2, Strip([Segment("loss 1.234", STYLES[2])]))])
    text = screens.paint([(1, 2, Strip([Segment("loss 1.235", STYLES[2])]))])
    assert text.startswith("\x1b[2;12H\x1b[0;")
    assert text.endswith("m5\x1b[0m")
    assert "loss" not in text


def test_a_look_that_goes_on_is_said_once() -> None:
    screens = Screens()
    screens.paint([(0, 0, Strip([Segment("a" * WIDTH, STYLES[2])]))])
    text = screens.paint([(0, 0, Strip([Segment("b" + "a" * 10 + "b" + "a" * 12, STYLES[2])]))])
    assert text.count("38;2;") == 1
    assert "\x1b[10C" in text


def test_what_is_sent_is_counted_in_bytes() -> None:
    painter = Painter()
    text = painter.paint([(0, 0, Strip([Segment("⠓⠓")]))], ColorSystem.TRUECOLOR)
    assert painter.sent == len(text.encode())


def test_an_update_of_spans_is_cut_at_both_sides() -> None:
    line = Strip([Segment("0123456789", STYLES[1])])
    update = ChopsUpdate([{0: line}], [(0, 4, 7)], [[10]])
    tight = Painter().tighten(update)
    text = tight.render_segments(Console(color_system="truecolor", force_terminal=True))
    assert "456" in text
    assert "3" not in text.replace("\x1b[1;5H", "").split("m", 1)[1]
    assert "7" not in text.split("m", 1)[1]


def test_a_whole_screen_and_then_a_part_of_it_are_told_apart() -> None:
    painter = Painter()
    console = Console(color_system="truecolor", force_terminal=True)
    lines: list[Iterable[Strip]] = [[Strip([Segment("left ")]), Strip([Segment("right")])] for _ in range(2)]
    first = painter.tighten(LayoutUpdate(lines, Region(0, 0, 10, 2))).render_segments(console)
    assert first.count("left right") == 2
    assert painter.tighten(LayoutUpdate(lines, Region(0, 0, 10, 2))).render_segments(console) == ""


def test_what_the_painter_does_not_know_is_passed_on_and_forgets_the_rest() -> None:
    screens = Screens()
    line = Strip([Segment("text")])
    screens.paint([(0, 0, line)])
    inline = InlineUpdate([line])
    assert screens.painter.tighten(inline) is inline
    assert screens.paint([(0, 0, line)])
    assert Painter().tighten(None) is None


@pytest.mark.parametrize("seed", range(3))
def test_a_chart_that_moves_costs_a_fraction_of_its_lines(seed: int) -> None:
    rng = random.Random(seed)
    painter, style = Painter(), STYLES[2]
    line = ["⠉"] * 80
    painter.paint([(0, 0, Strip([Segment("".join(line), style)]))], ColorSystem.TRUECOLOR)
    line[rng.randrange(40)] = "⠓"
    line[40 + rng.randrange(40)] = "⠓"
    text = painter.paint([(0, 0, Strip([Segment("".join(line), style)]))], ColorSystem.TRUECOLOR)
    assert len(text.encode()) < 60


def test_a_wide_character_whose_second_half_was_painted_over_is_sent_again_whole() -> None:
    screens = Screens()
    wide = Strip([Segment("漢")])
    screens.paint([(0, 0, wide)])
    screens.paint([(0, 1, Strip([Segment("x")]))])
    assert "漢" in screens.paint([(0, 0, wide)])


def shown_by(screen: pyte.Screen) -> list[list[str]]:
    return [[screen.buffer[y][x].data for x in range(WIDTH)] for y in range(HEIGHT)]


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=12))
def test_a_wide_character_that_is_cut_in_two_leaves_a_blank_and_no_half(
    painted: list[tuple[int, int, list[tuple[str, Style | None]]]],
) -> None:
    screens = Screens()
    screens.painter.paint([(y, 0, Strip([Segment(" " * WIDTH)])) for y in range(HEIGHT)], ColorSystem.TRUECOLOR)
    wanted = [[" "] * WIDTH for _ in range(HEIGHT)]
    for y, x, parts in painted:
        strip = strip_at(x, [(text.replace("\u0301", ""), style) for text, style in parts])  # pyte puts it elsewhere
        pyte.Stream(screens.tight).feed(screens.painter.paint([(y, x, strip)], ColorSystem.TRUECOLOR))
        there, end = wanted[y], x + strip.cell_length
        if end > x and there[x] == "":
            there[x - 1] = " "
        if end > x and end < WIDTH and there[end] == "":
            there[end] = " "
        there[x:end] = [text for text, _ in painter_cells(strip, ColorSystem.TRUECOLOR)]
        assert wanted == shown_by(screens.tight)


def test_nothing_that_steers_a_terminal_gets_past_the_painter() -> None:
    text = Painter().paint([(0, 0, Strip([Segment(f"a{LINE}z|")]))], ColorSystem.TRUECOLOR)
    assert_clean(text.encode())


@settings(max_examples=200, deadline=None)
@given(st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(LINE)), max_size=30))
def test_a_strip_becomes_as_many_cells_as_textual_counts(text: str) -> None:
    strip = Strip([Segment(text), Segment("|")])
    assert len(painter_cells(strip, ColorSystem.TRUECOLOR)) == strip.cell_length


@pytest.mark.parametrize("symbol", ["\u2764", "\U0001f600", "\u263a", "o\u0301", "\u1112\u1161", "\u0928\u093f"])
@pytest.mark.parametrize("width", [1, 2])
def test_what_stands_right_of_a_symbol_stays_in_its_place_however_wide_a_terminal_draws_it(
    symbol: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = pyte.screens.wcwidth
    monkeypatch.setattr(pyte.screens, "wcwidth", lambda c: width if c == symbol[0] else usual(c))
    screen = pyte.Screen(WIDTH, HEIGHT)
    line = Strip([Segment(f"│{symbol * 3} end")])
    line = Strip([*line.crop(0, 15).adjust_cell_length(15), Segment("│")])
    painter = Painter()
    pyte.Stream(screen).feed(painter.paint([(0, 0, Strip([Segment("x" * 16)]))], ColorSystem.TRUECOLOR))
    pyte.Stream(screen).feed(painter.paint([(0, 0, line)], ColorSystem.TRUECOLOR))
    shown = [screen.buffer[0][x].data for x in range(WIDTH)]
    assert (shown[0], shown[15]) == ("│", "│")
    assert "x" not in shown
    assert "".join(shown).rstrip("│ ").endswith(" end")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'崽' surprise 14.00 bits", "'崾' surprise 13.70 bits"),
        ("表.txt   step 10", "果.txt   step 20"),
        ("漢字a", "漢宇b"),
    ],
)
def test_what_follows_a_changed_wide_character_is_not_shifted(before: str, after: str) -> None:
    painter, screen = Painter(), pyte.Screen(40, 1)
    for text in (before, after, before):
        pyte.Stream(screen).feed(painter.paint([(0, 0, Strip([Segment(text)]))], ColorSystem.TRUECOLOR))
        assert "".join(screen.buffer[0][x].data for x in range(40)).rstrip() == text
