"""The list of checkpoints: as many columns as there is room for, and never wider than that."""

import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from lstm_model.runs.keeping.labels import NO_LABEL, Label
from lstm_model.runs.saves import Saved, Unreadable
from lstm_tui.visible import visible
from lstm_tui.widgets.charts.compare_picture import LETTERS
from lstm_tui.wording import ago, figure, size

Entry: TypeAlias = Saved | Unreadable
Cells: TypeAlias = dict[str, str]  # what stands in each column of a row

CURRENT, BAD = "*", "!"  # before the name of the run on the screen, and of a file that cannot be read
STAR = "★"  # before the name of a run that has one
RIGHT = {"step", "loss", "val", "age", "size"}
WIDEST_COLUMNS = {"run": 32, "task/run": 32, "model": 24}  # cells; what is longer is cut
MOST_OF_OTHERS = 14
LEAST_RUN = 6

# What gives way where there is no room, step by step: settings, size and loss, which the preview tells too; then half
# of the gaps; then the task, which goes back into the name of the run. After that the run's name is cut.
_ALL = ("", "task", "run", "file", "step", "loss", "val", "age", "size", "model")
_NO_LOSS = ("", "task", "run", "file", "step", "val", "age")
STAGES = (
    (2, _ALL),
    (2, _ALL[:-1]),
    (2, _ALL[:-2]),
    (2, _NO_LOSS),
    (1, _NO_LOSS),
    (1, ("", "task/run", "file", "step", "val", "age")),
)


class SavesTable(DataTable[Text]):
    """One row for each checkpoint; `chosen` is the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home", "scroll_top", "Top", show=False),
        Binding("end", "scroll_bottom", "Bottom", show=False),
    ]
    DEFAULT_CSS = """
    SavesTable { background: transparent; overflow-x: hidden; scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, cursor_type="row", zebra_stripes=True, cell_padding=0)
        self._all: list[tuple[Entry, Cells]] = []
        self._shown: list[tuple[Entry, Cells]] = []
        self._lettered: Sequence[Path] = ()
        self._width = 0  # cells the rows were laid out for

    @property
    def chosen(self) -> Entry | None:
        """The checkpoint under the cursor; None in an empty list."""
        return self._shown[self.cursor_row][0] if self._shown else None

    def show(self, entries: Sequence[Entry], current: Collection[Path] = (), labels: Mapping[Path, Label] = {}) -> None:
        """List these, the cursor on the file it was on. current: folders to mark; labels: of folders."""
        now, before = time.time(), self.chosen
        self._all = [(entry, _cells(entry, now, current, labels.get(entry.file.parent, NO_LABEL))) for entry in entries]
        self._show_again(self._all, before)

    def letter(self, files: Sequence[Path]) -> None:
        """Write a letter before each of these checkpoints: A, B and so on."""
        self._lettered = tuple(files)
        self._fill(self.cursor_row)

    def filter(self, text: str) -> None:
        """List those of which every word of a text says something: task, run, name, note, star, file, settings.

        The cursor stays on its checkpoint, if that is still there; the columns stay as they are for all.
        """
        words, before = text.lower().split(), self.chosen
        shown = [(entry, cells) for entry, cells in self._all if _matches(cells, words)]
        if shown != self._shown:
            self._show_again(shown, before)

    def _show_again(self, shown: list[tuple[Entry, Cells]], before: Entry | None) -> None:
        self._shown = shown
        places = [k for k, (entry, _) in enumerate(shown) if before is not None and entry.file == before.file]
        self._fill(places[0] if places else 0)

    def on_resize(self) -> None:
        """Choose again which columns fit."""
        if self._width != self.scrollable_content_region.width:
            self._fill(self.cursor_row)

    def _fill(self, cursor: int) -> None:
        self.clear(columns=True)
        self._width = self.scrollable_content_region.width
        if not self._shown or self._width <= 0:
            return
        gap, widths = columns_that_fit([cells for _, cells in self._all], self._width)
        last = list(widths)[-1]
        for name, width in widths.items():
            title = name.removeprefix("task/")
            space = 0 if name == last else gap if name else _after_mark(widths)
            self.add_column(Text(_padded(title, width, name in RIGHT) + " " * space), width=width + space)
        run = next(name for name in widths if name.endswith("run"))
        above = None
        for entry, row in self._shown:
            cells = row | {run: ""} if entry.file.parent == above else row  # a run is named once
            above = entry.file.parent
            if entry.file in self._lettered:
                cells = cells | {"": LETTERS[self._lettered.index(entry.file)]}
            texts = [Text(_padded(cells[name], width, name in RIGHT)) for name, width in widths.items()]
            self.add_row(*texts, key=str(entry.file))
        self.move_cursor(row=cursor)


def columns_that_fit(rows: Sequence[Cells], width: int) -> tuple[int, dict[str, int]]:
    """Choose columns for a width in cells: the gap between them, and how wide each one is. The run takes the rest."""
    for gap, names in STAGES:
        widths = {name: max(cell_len(name.removeprefix("task/")), *(cell_len(row[name]) for row in rows))
                  for name in names}  # fmt: skip
        widths = {name: min(wide, WIDEST_COLUMNS.get(name, MOST_OF_OTHERS)) for name, wide in widths.items()}
        widths[""] = 1
        left = width - sum(widths.values()) - gap * (len(names) - 2) - _after_mark(names)
        if left >= 0:
            break
    run = next(name for name in names if name.endswith("run"))
    widths[run] = max(LEAST_RUN, widths[run] + left)
    return gap, widths


def _after_mark(names: Collection[str]) -> int:
    return 1 if "task" in names else 0  # in the narrowest list every cell counts


def one_line(text: str) -> str:
    """Text of a file as one line that can be shown."""
    return " ".join(visible(text).split())


def _cells(entry: Entry, now: float, current: Collection[Path], label: Label = NO_LABEL) -> Cells:
    cells = _cells_of(entry, now, current)
    star = f"{STAR} " if label.star else ""
    also = f"{label.name} {label.note} {'star' if label.star else ''}"
    for column in ("run", "task/run"):
        cells[column] = star + (one_line(label.name) or cells[column])
    return cells | {"also": f"{one_line(entry.run)} {one_line(also)}"}


def _cells_of(entry: Entry, now: float, current: Collection[Path]) -> Cells:
    run, file = one_line(entry.run), one_line(entry.file.name.removesuffix(".safetensors"))
    mark = CURRENT if entry.file.parent in current else " "
    age = ago(now - entry.modified)
    if isinstance(entry, Unreadable):
        return {"": BAD, "task": "-", "run": run, "task/run": run, "file": file, "step": "-", "loss": "-", "val": "-",
                "age": age, "size": "-", "model": "cannot be read"}  # fmt: skip
    task = one_line(entry.task)
    return {"": mark, "task": task, "run": run.removeprefix(f"{task}-"), "task/run": run, "file": file,
            "step": f"{entry.step:,}", "loss": figure(entry.loss, 3), "val": figure(entry.val_loss, 3), "age": age,
            "size": size(entry.bytes), "model": one_line(entry.settings)}  # fmt: skip


def _matches(cells: Cells, words: Sequence[str]) -> bool:
    text = " ".join(cells[name] for name in ("task", "task/run", "file", "model", "also")).lower()
    return all(word in text for word in words)


def _padded(text: str, width: int, right: bool) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    space = " " * (width - cell_len(text))
    return space + text if right else text + space
