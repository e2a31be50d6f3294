"""The list of runs and checkpoints."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import DataTable, Static

from lstm_model.folders import Saved, find_saves, saves_root
from lstm_tui.visible import visible
from lstm_tui.wording import ago, figure, size


class LoadScreen(ModalScreen[Path | None]):
    """Gives the path of the chosen checkpoint, or None. `folders`: runs to list that lie elsewhere than most."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,l", "dismiss(None)", "Close")]

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        super().__init__()
        self._folders = folders

    def compose(self) -> ComposeResult:
        """The table, or where it would come from."""
        saves, complaints = find_saves(also=self._folders)
        with Vertical(classes="dialog", id="saves") as dialog:
            dialog.border_title = f"Load from {saves_root()}"
            dialog.border_subtitle = "enter loads, escape closes"
            if saves:
                yield _table(saves)
            else:
                yield Static(f"There are no saved runs in {saves_root()} yet: s saves this one.")
            for complaint in complaints[:3]:
                yield Static(Text(visible(complaint)), classes="complaint")

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Take the row under the cursor."""
        self.dismiss(Path(str(event.row_key.value)))


def _table(saves: list[Saved]) -> DataTable[Text]:
    table: DataTable[Text] = DataTable(cursor_type="row", zebra_stripes=True)
    for title in ("task", "run", "file", "step", "loss", "val", "age", "size", "model"):
        table.add_column(title)
    now, previous = time.time(), ""
    for save in saves:
        name = save.path.name.removesuffix(".safetensors")
        run = save.run.removeprefix(f"{save.task}-") if save.run != previous else ""
        previous = save.run
        loss, val = figure(save.loss, 3), figure(save.val_loss, 3)
        age, bytes_ = ago(now - save.modified), size(save.bytes)
        cells = save.task, run, name, f"{save.step:,}", loss, val, age, bytes_, save.settings
        table.add_row(*(Text(visible(cell)) for cell in cells), key=str(save.path))
    return table
