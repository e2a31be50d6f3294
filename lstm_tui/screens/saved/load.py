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

from lstm_model.runs.comparing.curves import Compared
from lstm_model.runs.keeping.labels import NO_LABEL
from lstm_model.runs.saves import Saved, saves_root
from lstm_tui.screens.saved.compare import CompareScreen
from lstm_tui.screens.saved.listing import NOTHING, Listed, read_compared, read_list, read_preview
from lstm_tui.screens.saved.preview import Preview, PreviewContent
from lstm_tui.screens.saved.tidying import SAID_FOR, TidyingScreen
from lstm_tui.visible import NOTICE, shortened_line
from lstm_tui.widgets.charts.compare_picture import LETTERS
from lstm_tui.widgets.dialog import open_dialog
from lstm_tui.widgets.saves import SavesTable, one_line
from lstm_tui.wording import size

KEYS_LINE = "enter loads, / filters, tab preview, escape closes"
MORE_KEYS = "space mark  c compare  n name  s star  d delete  p prune  t trash"
COMPARED = "compared"  # what a thread reads of the marked runs
READING = "reading saves ..."
LIST, PREVIEW, CHOICE = "list", "preview", "choice"  # what threads read: a new one of a kind takes the place of the old
READ = LIST, PREVIEW, CHOICE, COMPARED


class LoadScreen(TidyingScreen):
    """Gives the path of the chosen checkpoint, or None.

    It reads in threads, so it opens at once and the cursor never waits, and it does nothing of its own accord.

    folders: runs to list that lie elsewhere than most. current: the folder of the run on the screen, to mark it.
    beside: opens two checkpoints in evaluation.
    """

    AUTO_FOCUS = "SavesTable"
    ANSWERS = TidyingScreen.ANSWERS | {"leave"}
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "Close"),
        ("q,l,question_mark", "dismiss(None)", "Close"),
        ("slash", "filter", "Filter"),
        ("space", "mark", "Mark"),
        ("c", "compare", "Compare"),
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
        #more { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-low #more { display: none; }
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
        #saves.-empty Input, #saves.-empty #both, #saves.-empty #more { display: none; }
    }
    """

    def __init__(
        self,
        folders: Sequence[Path] = (),
        current: Path | None = None,
        *,
        beside: Callable[[Path, Path], None] | None = None,
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        self._beside, self._letters = beside, list[Path]()  # the letters: checkpoints that are marked
        self._folders, self._current, self._ascii = folders, current, ascii_only
        self._listed: Listed | None = None  # until it is read
        self._asked: Path | None = None  # whose story was asked for last

    def compose(self) -> ComposeResult:
        """A filter, the list, the preview."""
        with Vertical(classes="dialog", id="saves") as dialog:
            dialog.border_title = Content(one_line(f"Load from {saves_root()}"))
            dialog.border_subtitle = "escape closes"
            field = Input(placeholder="/ filters by task, run, name, file, settings", compact=True, id="filter")
            field.cursor_blink = False  # it would redraw twice a second
            yield field
            yield Static(READING, id="note", markup=False)
            with Container(id="both"):
                yield SavesTable(id="list")
                yield Preview(ascii_only=self._ascii, id="preview")
            yield Static(MORE_KEYS, id="more")

    def on_mount(self) -> None:
        """Begin to read."""
        self.list_anew()

    def list_anew(self) -> None:
        """Read the list."""
        self._read(LIST, partial(read_list, self._folders, self._current))

    @property
    def run_at_hand(self) -> Path | None:
        """The folder of the row under the cursor."""
        entry = self.query_one(SavesTable).chosen
        return entry.file.parent if entry else None

    @property
    def all_runs(self) -> list[Path]:
        """The folders of all that is listed."""
        return [] if self._listed is None else list(self._listed.labels)

    # Reading

    def _read(self, what: str, work: Callable[[], object]) -> None:
        self.run_worker(work, group=what, thread=True, exclusive=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take what a thread has read, unless another has taken its place since."""
        if event.state is not WorkerState.SUCCESS or self.has_ended or event.worker.group not in READ:
            return
        result = event.worker.result
        if event.worker.group == LIST:
            self._show_list(result)  # type: ignore[arg-type]
            return
        if event.worker.group == COMPARED:
            self._show_compared(result)  # type: ignore[arg-type]
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

    def _show_list(self, listed: Listed) -> None:
        self._listed, entries = listed, listed.entries
        self.query_one(SavesTable).show(entries, listed.marked, listed.labels)
        self._asked = None  # a label may have changed
        there = {entry.file for entry in entries}
        self._letters = [file for file in self._letters if file in there]
        self.query_one(SavesTable).letter(self._letters)
        dialog = self.query_one("#saves")
        dialog.border_title = Content(one_line(f"Load from {saves_root()}{listed.takes}"))
        dialog.set_class(not entries, "-empty")
        dialog.border_subtitle = KEYS_LINE if entries else "escape closes"
        self._filter()

    def _filter(self) -> None:
        table = self.query_one(SavesTable)
        table.filter(self.query_one("#filter", Input).value)
        self._say("" if table.chosen else self._why_empty())
        self._read_preview()

    def _why_empty(self) -> str:
        if self._listed is None:
            return READING
        if self._listed.entries:
            return "Nothing matches. Escape shows all again."
        return self._listed.trouble or (
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
            self._read(PREVIEW, partial(read_preview, entry.file))

    def _show_story(self, path: Path, told: PreviewContent | str) -> None:
        name = f"{path.parent.name}/{path.name.removesuffix('.safetensors')}"
        listed = self._listed or NOTHING
        note = listed.labels.get(path.parent, NO_LABEL).note
        title = f"{name}{', on the screen' if path.parent in listed.marked else ''}"
        if isinstance(told, PreviewContent):
            self.query_one(Preview).show(f"{title}, {size(told.run_bytes)} in all{note and f': {note}'}", told)
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
            self._read(CHOICE, partial(read_preview, entry.file))

    def on_input_changed(self) -> None:
        """List what matches."""
        self._filter()

    def on_input_submitted(self) -> None:
        """Keep the filter and go to the list."""
        self.query_one(SavesTable).focus()

    def action_mark(self) -> None:
        """Mark the row under the cursor with the next letter, or take its mark away."""
        table = self.query_one(SavesTable)
        entry = table.chosen
        if not isinstance(entry, Saved):
            return
        if entry.file in self._letters:
            self._letters.remove(entry.file)
        elif len(self._letters) == len(LETTERS):
            self.notify(f"{len(LETTERS)} are marked already: space takes a mark away", timeout=SAID_FOR, markup=False)
        else:
            self._letters.append(entry.file)
        table.letter(self._letters)

    def action_compare(self) -> None:
        """Lay the curves of the marked runs over each other."""
        if not self._letters:
            self.notify("mark runs with space first, up to six", timeout=SAID_FOR, markup=False)
            return
        self._read(COMPARED, partial(read_compared, tuple(self._letters)))

    def _show_compared(self, read: list[Compared] | str) -> None:
        if isinstance(read, str):
            self.notify(shortened_line(read, NOTICE), severity="error", timeout=6, markup=False)
            return
        labels = (self._listed or NOTHING).labels
        open_dialog(self, CompareScreen(read, labels, self._beside, ascii_only=self._ascii))

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
