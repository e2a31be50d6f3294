"""Record the app as it trains on the man pages: a real run in a pseudo-terminal, as an animated GIF for the README.

    python tools/make_recording.py [FILE]       writes docs/pictures/training.gif, in about a minute and a half

Training goes by several times as fast as it was; what follows a key is shown at the speed it had. The strip below the
screen is not the app's: it says how long the program has run by then, and which key was pressed.
"""

import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.terminal import UNKNOWN, Terminal  # noqa: E402 - the tests' own

FILE = ROOT / "docs" / "pictures" / "training.gif"
SIZE = 100, 30  # columns and rows
CELL = 8, 16  # pixels
STRIP = 26  # pixels below the screen
COLOURS = 40  # of the picture
MOST, FAST = 30.0, 6.0  # seconds that are waited for words, and how fast they go by
FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
INK, PAPER, NOTE = "#d4d4d4", "#1e1e1e", "#ffd75f"
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # of a braille character, by its bits


@dataclass(frozen=True)
class Scene:
    """What happens next: keys that are pressed, what is said of them, how long it lasts and how fast it is shown.

    until: words that the screen must show before its time begins to count; what is waited for goes by fast.
    """

    said: str
    seconds: float
    speed: float = 1.0
    keys: str = ""
    until: str = ""


OPTIONS = ("--preset", "quick")
LEAVES = b"\x1b[?1049l"  # the screen of before comes back, which pyte does not know
SCENES = (
    Scene("lstm-tui --preset quick: a network begins to learn man pages", 12, 5),
    Scene("the loss falls, the samples get words", 48, 14),
    Scene("g  write a sample now", 2.5, 1, "g"),
    Scene("space  pause", 1.6, 1, " "),
    Scene("x  look inside: what its units follow", 2.4, 1, "x", until=r"^\W{0,3}unit \d+"),
    Scene("x  back, and  space  go on", 1.6, 1, "x "),
    Scene("]  bolder samples", 1.2, 1, "]"),
    Scene("q  save and quit", 3.0, 1, "q"),
)


@dataclass
class Film:
    """Frames, each with the milliseconds that it is shown."""

    frames: list[Image.Image] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    font: ImageFont.FreeTypeFont = field(default_factory=lambda: ImageFont.truetype(str(FONT), 13))

    def add(self, terminal: Terminal, said: str, milliseconds: int) -> None:
        """A frame of the screen as it stands; one like the last lengthens that."""
        frame = self._drawn(terminal, said)
        if self.frames and self.frames[-1].tobytes() == frame.tobytes():
            self.shown[-1] += milliseconds
            return
        self.frames.append(frame)
        self.shown.append(milliseconds)

    def _drawn(self, terminal: Terminal, said: str) -> Image.Image:
        (columns, rows), (w, h) = SIZE, CELL
        image = Image.new("RGB", (columns * w, rows * h + STRIP), PAPER)
        draw = ImageDraw.Draw(image)
        draw.fontmode = "1"  # without grey edges: far fewer colours, and sharp
        for y in range(rows):
            for x in range(columns):
                self._cell(draw, terminal.screen.buffer[y][x], x * w, y * h)
        draw.rectangle((0, rows * h, columns * w, rows * h + STRIP), fill="#000000")
        draw.text((8, rows * h + 5), said, font=self.font, fill=NOTE)
        return image

    def _cell(self, draw: ImageDraw.ImageDraw, cell, x: int, y: int) -> None:  # type: ignore[no-untyped-def]
        w, h = CELL
        ink, paper = _colour(cell.fg, INK), _colour(cell.bg, PAPER)
        if cell.reverse:
            ink, paper = paper, ink
        draw.rectangle((x, y, x + w - 1, y + h - 1), fill=paper)
        code = ord(cell.data[0]) if cell.data else 32
        if 0x2800 <= code <= 0x28FF:
            for bit, (dx, dy) in enumerate(DOTS):
                if (code - 0x2800) >> bit & 1:
                    left, top = x + 1 + dx * 4, y + 1 + dy * 4
                    draw.rectangle((left, top, left + 1, top + 1), fill=ink)
        elif 0x2580 < code <= 0x2588:  # a block from below
            draw.rectangle((x, y + h - (code - 0x2580) * h // 8, x + w - 1, y + h - 1), fill=ink)
        elif code > 32:
            draw.text((x, y), cell.data, font=self.font, fill=ink)

    def save(self, file: Path) -> None:
        """All frames as a GIF that goes round for ever, in one palette, each with what is new in it alone."""
        whole = Image.new("RGB", (self.frames[0].width, self.frames[0].height * 3))
        for k, frame in enumerate((self.frames[0], self.frames[len(self.frames) // 2], self.frames[-1])):
            whole.paste(frame, (0, k * frame.height))
        palette = whole.quantize(COLOURS, dither=Image.Dither.NONE)
        first, *others = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames)
        first.save(file, save_all=True, append_images=others, duration=self.shown, loop=0, optimize=True, disposal=1)


def _colour(value: str, usual: str) -> str:
    return f"#{value}" if re.fullmatch("[0-9a-fA-F]{6}", value) else usual


def record(folder: Path) -> Film:
    """Play the scenes in front of the real app."""
    film, begun = Film(), time.monotonic()
    env = {"COLORTERM": "truecolor", "XDG_CONFIG_HOME": str(folder)}  # the usual theme and keys, nobody's own
    with Terminal(*OPTIONS, folder=folder, size=SIZE, term="xterm-256color", env=env) as terminal:
        terminal.wait("TRAINING")
        for scene in SCENES:
            terminal.press(scene.keys)
            waited, end = bool(scene.until), time.monotonic() + (MOST if scene.until else scene.seconds)
            while time.monotonic() < end:
                if waited and re.search(scene.until, terminal.text(), re.MULTILINE):
                    waited, end = False, time.monotonic() + scene.seconds
                speed = FAST if waited else scene.speed
                every = max(0.25, speed / 6)  # seconds between two frames
                until = time.monotonic() + every
                while (left := until - time.monotonic()) > 0 and not terminal.ended():
                    terminal.read(left)
                    _leave(terminal)
                _settle(terminal)
                now = int(time.monotonic() - begun)
                film.add(terminal, f"{now // 60}:{now % 60:02}  {scene.said}", round(1000 * every / speed))
                if terminal.ended():
                    break
        terminal.end()
    film.shown[-1] += 2500
    return film


def _settle(terminal: Terminal) -> None:
    """Wait for a moment in which nothing is being drawn: a frame is never half of one and half of the next."""
    for _ in range(20):
        before = len(terminal.raw)
        terminal.read(0.03)
        if len(terminal.raw) == before:
            return


def _leave(terminal: Terminal) -> None:
    """Show what the program prints once its screen is gone on a screen that is empty."""
    before, left, after = terminal.raw.rpartition(LEAVES)
    if left and before:
        terminal.screen.reset()
        terminal.stream.feed(UNKNOWN.sub(b"", after))


def main(arguments: list[str]) -> None:
    """Record, and write the file."""
    file = Path(arguments[0]) if arguments else FILE
    with tempfile.TemporaryDirectory() as folder:
        film = record(Path(folder))
    film.save(file)
    print(f"{file}: {len(film.frames)} frames, {sum(film.shown) / 1000:.1f} s, {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
