"""Movie: the same passage as the model read it at step 0, 50, 100, 200 and so on, to see in which order it learns."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_model.runs.run import Run
from lstm_model.settings.task_kinds import kind_of
from lstm_model.tasks.base import Slices
from lstm_model.tasks.films import Film, Frame
from lstm_model.tasks.registry import looks_of
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.labels import named_label, shown_label
from lstm_tui.inside.page import Page
from lstm_tui.inside.shades import RAMP, on_surprise, surprise_level
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.inside.windows import scrolled
from lstm_tui.session.probing import Probe
from lstm_tui.session.snapshot import Snapshot

CHANGED = 0.5  # bits: less than this since the frame before is no change
LEARNT = 0.05  # bits: less than this a kind of characters was not learnt
GAP = 4  # cells between the passage and the guesses
NONE = "This task makes no movie. There is one of texts."
NOT_YET = "There is no frame yet. The first come at step 50."


@dataclass(frozen=True)
class FilmProbe(Probe):
    """The frames so far, which are read from the run's folder."""

    def made(self, run: Run, before: object | None, *, steps: bool) -> Slices[object]:  # noqa: ARG002
        """One slice."""
        yield 0.0
        return run.looks.film

    def kept(self, folder: Path, task: str, up_to: int) -> Film | None:
        """The frames that were written."""
        return looks_of(task).film_in(folder, up_to)


class Movie(View):
    """`,` and `.` go through training time; a cursor stands on a character of the passage."""

    def __init__(self, spot: Spot) -> None:
        super().__init__(spot)
        self.at: int | None = None  # the frame; None: the newest
        self.place = 0  # of the cursor
        self.top = 0  # the first line that is shown
        self._count = self._length = 1
        self._page = Page("", 1)

    def refuses(self, snapshot: Snapshot) -> str:
        """The task must make one."""
        return "" if kind_of(snapshot.task).has_movie else NONE

    def probe(self) -> Probe:
        """The film so far."""
        return FilmProbe()

    def take(self, found: object) -> None:
        """Know how many frames and characters there are."""
        if isinstance(found, Film):
            self._count, self._length = max(1, len(found.frames)), max(1, len(found.text))
            self.place = min(self.place, self._length - 1)

    def frame(self, by: int) -> None:
        """Through training time; at its end the newest frame is followed."""
        last = self._count - 1
        at = min(max(0, (last if self.at is None else self.at) + by), last)
        self.at = None if at == last else at

    def along(self, by: int) -> None:
        """Along the passage."""
        self.place = min(max(0, self.place + by), self._length - 1)

    def across(self, by: int) -> None:
        """Lines up and down, in the same column where there is one."""
        self.place = self._page.beside(self.place, by)

    def to_end(self, last: bool) -> None:
        """The first frame, or the newest."""
        self.at = None if last else 0

    def drawn(self, found: object, room: Room) -> Drawn:
        """The passage, shaded by surprise where it has changed since the frame before."""
        if not isinstance(found, Film) or not found.frames:
            return Drawn(room.sheet().rows(), (NOT_YET,))
        at = len(found.frames) - 1 if self.at is None else min(self.at, len(found.frames) - 1)
        frame, before = found.frames[at], found.frames[at - 1] if at else None
        changed = np.ones(len(found.text), bool) if before is None else np.abs(frame.bits - before.bits) >= CHANGED
        sheet, self._page = room.sheet(), Page(found.text, room.width)
        lines = self._page.rows
        _write_steps(sheet, found, at)
        per_line = 2 if room.plain else 1
        height = max(1, (room.height - 2) // per_line)
        self.top = scrolled(self.top, self._page.row_of(self.place), len(lines), height)
        longest = max(map(len, lines))
        beside = longest + GAP if room.width >= 2 * longest + GAP else None  # where the guesses stand
        if beside is not None:
            sheet.write(1, beside, "what it held likeliest; grey: wrong", "label")
        for row, line in enumerate(lines[self.top : self.top + height]):
            for column, place in enumerate(line):
                if beside is not None:
                    right = frame.guesses[place] == found.text[place]
                    guess = shown_label(frame.guesses[place], ascii_only=room.ascii_only)
                    sheet.write(2 + row * per_line, beside + column, guess, "value" if right else "faint")
                shown = shown_label(found.text[place], ascii_only=room.ascii_only)
                look = "cursor" if place == self.place else _look(frame, changed, place, plain=room.plain)
                sheet.write(2 + row * per_line, column, shown, look)
                if room.plain:
                    mark = RAMP[surprise_level(frame.bits[place])] if changed[place] else " "
                    sheet.write(3 + row * per_line, column, mark, "label")
        return Drawn(sheet.rows(), (self._here(found, frame), _learnt(found, frame, before, room.width)))

    def _here(self, found: Film, frame: Frame) -> str:
        right = np.mean([guess == character for guess, character in zip(frame.guesses, found.text, strict=True)])
        place, bits = self.place, frame.bits
        return (
            f"step {frame.step:,}: {bits.mean():.2f} bits a character, {100 * right:.0f} % guessed right;"
            f" {named_label(found.text[place])} {bits[place]:.1f} bits, guess {named_label(frame.guesses[place])}"
        )


def _look(frame: Frame, changed: NDArray[np.bool_], place: int, *, plain: bool) -> str:
    if not changed[place]:
        return "faint"
    if plain:
        return "strong"
    return on_surprise(frame.bits[place])


def _write_steps(sheet: Sheet, found: Film, at: int) -> None:
    """The steps of all frames; those that have no room on the left are left out."""
    names = [f" {frame.step:,} " for frame in found.frames]
    first = 0
    while sum(map(len, names[first : at + 1])) > sheet.width - 6 and first < at:
        first += 1
    sheet.write(0, 0, "step", "label")
    column = 5
    for k, name in enumerate(names[first:], first):
        sheet.write(0, column, name, "cursor" if k == at else "label")
        column += len(name)


def _learnt(found: Film, frame: Frame, before: Frame | None, width: int) -> str:
    """Which kinds of characters are surprising, or surprise less than in the frame before; as many as have room."""
    now = found.by_kind(frame)
    if before is None:
        most = sorted(now.items(), key=lambda each: -each[1])[:3]
        return "most surprising: " + ", ".join(f"{name} {bits:.1f}" for name, bits in most) + " bits"
    then, since = found.by_kind(before), f"since step {before.step:,}"
    gains = sorted(((then[name] - bits, name) for name, bits in now.items()), reverse=True)
    parts = [f"{name} {then[name]:.1f} to {now[name]:.1f}" for gain, name in gains if gain >= LEARNT]
    if not parts:
        return f"nothing was learnt here {since}"
    while len(said := f"learnt {since}: {', '.join(parts)} bits") > width and len(parts) > 1:
        parts.pop()
    return said
