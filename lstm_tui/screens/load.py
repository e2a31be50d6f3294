"""The dialog that loads: a list of runs and checkpoints, and what the one under the cursor tells."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from lstm_model.errors import CheckpointError, reason_of
from lstm_model.runs.saves import list_saves, saves_root
from lstm_model.runs.story import read_story
from lstm_tui.screens.preview import Preview, PreviewContent
from lstm_tui.task_faces import part_of
from lstm_tui.visible import NOTICE, shortened_line
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.widgets.saves import Entry, SavesTable, one_line

KEYS_LINE = "enter loads, / filters, tab preview, escape closes"
READING = "reading saves ..."
LIST, PREVIEW, CHOICE = "list", "preview", "choice"  # what threads read: a new one of a kind takes the place of the old


class LoadScreen(Dialog[Path | None]):
    """Gives the path of the chosen checkpoint, or None.

    It reads in threads, so it opens at once and the cursor never waits, and it does nothing of its own accord.

    folders: runs to list that lie elsewhere than most. current: the folder of the run on the screen, to mark it.
    """

    AUTO_FOCUS = "SavesTable"
    ANSWERS = Dialog.ANSWERS | {"leave"}
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "Close"),
        ("q,l,question_mark", "dismiss(None)", "Close"),
        ("slash", "filter", "Filter"),
    ]
    # The list comes first: it always has all rows that are left. On a wide screen the preview lies beside it. On a
    # narrow one it lies below, figures and curve side by side, and what does not fit there, first the last look, is
    # reached by scrolling. Below 18 rows the preview is hidden.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-small"), (22, "-middle"), (30, "-high")]  # noqa: RUF012
    CSS = """
    LoadScreen {
        #saves { width: 100%; max-width: 100%; height: 100%; max-height: 100%; padding: 0; }
        #filter { width: 1fr; background: transparent; padding: 0 1; }
        #note { height: auto; padding: 0 1; }
        #both { layout: vertical; height: 1fr; }
        SavesTable { height: 1fr; }
        Preview { height: 10; border-left: none; border-right: none; border-bottom: none; }
        Preview:focus { border-left: none; border-right: none; border-bottom: none; }
        &.-low Preview { display: none; }
        &.-middle Preview { height: 11; }
        &.-high Preview { height: 50%; }
        #story { layout: horizontal; }
        #facts { width: 33; }
        #curves { width: 1fr; height: 9; }
        &.-wide {
            #saves { width: 98%; height: 92%; }
            #both { layout: horizontal; }
            SavesTable { width: 1fr; min-width: 60; height: 100%; }
            Preview { width: 1fr; height: 100%; }
            #story { layout: vertical; }
            #facts { width: 100%; }
            #curves { width: 100%; height: 12; }
        }
        #saves.-empty { height: auto; }
        #saves.-empty Input, #saves.-empty #both { display: none; }
    }
    """

    def __init__(self, folders: Sequence[Path] = (), current: Path | None = None, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._folders, self._current, self._ascii = folders, current, ascii_only
        self._entries: list[Entry] | None = None  # until they are read
        self._marked: set[Path] = set()
        self._trouble = ""
        self._asked: Path | None = None  # whose story was asked for last

    def compose(self) -> ComposeResult:
        """A filter, the list, the preview."""
        with Vertical(classes="dialog", id="saves") as dialog:
            dialog.border_title = Content(one_line(f"Load from {saves_root()}"))
            dialog.border_subtitle = "escape closes"
            field = Input(placeholder="/ filters by task, run, file, settings", compact=True, id="filter")
            field.cursor_blink = False  # it would redraw twice a second
            yield field
            yield Static(READING, id="note", markup=False)
            with Container(id="both"):
                yield SavesTable(id="list")
                yield Preview(ascii_only=self._ascii, id="preview")

    def on_mount(self) -> None:
        """Begin to read."""
        self._read(LIST, partial(_read_list, self._folders, self._current))

    # Reading

    def _read(self, what: str, work: Callable[[], object]) -> None:
        self.run_worker(work, group=what, thread=True, exclusive=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take what a thread has read, unless another has taken its place since."""
        if event.state is not WorkerState.SUCCESS or self.has_ended:
            return
        result = event.worker.result
        if event.worker.group == LIST:
            self._show_list(*result)  # type: ignore[misc]
            return
        path, told = result  # type: ignore[misc]
        entry = self.query_one(SavesTable).chosen
        if entry is None or entry.file != path:
            return
        if event.worker.group == PREVIEW:
            self._show_story(path, told)
        elif not isinstance(told, PreviewContent):
            self._show_story(path, told)
            self.notify(shortened_line(told, NOTICE), severity="error", timeout=6, markup=False)
        elif self.is_active:
            self.dismiss(path)

    # Showing

    def _show_list(self, entries: list[Entry], marked: set[Path], trouble: str) -> None:
        self._entries, self._marked, self._trouble = entries, marked, trouble
        self.query_one(SavesTable).show(entries, marked)
        dialog = self.query_one("#saves")
        dialog.set_class(not entries, "-empty")
        dialog.border_subtitle = KEYS_LINE if entries else "escape closes"
        self._filter()

    def _filter(self) -> None:
        table = self.query_one(SavesTable)
        table.filter(self.query_one("#filter", Input).value)
        self._say("" if table.chosen else self._why_empty())
        self._read_preview()

    def _why_empty(self) -> str:
        if self._entries is None:
            return READING
        if self._entries:
            return "Nothing matches. Escape shows all again."
        return self._trouble or (
            f"There are no saved runs in {saves_root()} yet. A run is saved there every minute of training, when it is"
            " left, and on the key s."
        )

    def _say(self, note: str) -> None:
        static = self.query_one("#note", Static)
        static.update(shortened_line(note, NOTICE))
        static.display = bool(note)

    def _read_preview(self) -> None:
        entry = self.query_one(SavesTable).chosen
        path = entry.file if entry else None
        if path == self._asked:
            return  # a new list with the same row under the cursor
        self._asked = path
        if entry is None:
            self.workers.cancel_group(self, PREVIEW)
            self.query_one(Preview).clear()
        else:
            self._read(PREVIEW, partial(_read_story, entry.file))

    def _show_story(self, path: Path, told: PreviewContent | str) -> None:
        name = f"{path.parent.name}/{path.name.removesuffix('.safetensors')}"
        title = f"{name}, on the screen" if path.parent in self._marked else name
        if isinstance(told, PreviewContent):
            self.query_one(Preview).show(title, told)
        else:
            self.query_one(Preview).explain(title, told)

    # Keys and mouse

    def on_data_table_row_highlighted(self) -> None:
        """The cursor has moved: tell of the new row."""
        self._read_preview()

    def on_data_table_row_selected(self) -> None:
        """Take the row under the cursor, if its file can be read."""
        entry = self.query_one(SavesTable).chosen
        if entry is not None:
            self._read(CHOICE, partial(_read_story, entry.file))

    def on_input_changed(self) -> None:
        """List what matches."""
        self._filter()

    def on_input_submitted(self) -> None:
        """Keep the filter and go to the list."""
        self.query_one(SavesTable).focus()

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#filter").focus()

    def action_leave(self) -> None:
        """Leave the filter, if there is one, else the dialog."""
        if not self.is_mounted:
            self.dismiss(None)
            return
        field, table = self.query_one("#filter", Input), self.query_one(SavesTable)
        if field.has_focus or field.value:
            field.value = ""
            table.focus()
        else:
            self.dismiss(None)


def _read_list(folders: Sequence[Path], current: Path | None) -> tuple[list[Entry], set[Path], str]:
    """All saves, those of their folders that are the current one, and what went wrong, if something did."""
    try:
        entries = list_saves(also=folders)
    except OSError as error:
        return [], set(), f"The saves cannot be read: {error}"
    wanted = current.resolve() if current else None
    return entries, {folder for folder in {entry.file.parent for entry in entries} if folder.resolve() == wanted}, ""


def _read_story(path: Path) -> tuple[Path, PreviewContent | str]:
    """The story of a file, or one line that says why there is none."""
    try:
        story = read_story(path)
        return path, PreviewContent(story, part_of(story.config.task, "preview").last_look(path.parent))
    except CheckpointError as error:
        return path, str(error)
    except OSError as error:
        return path, f"cannot read {path}: {reason_of(error)}"
