"""What the list of saved runs shows, as threads read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import CheckpointError, reason_of
from lstm_model.runs.comparing.curves import Compared
from lstm_model.runs.keeping.disk import disk_use
from lstm_model.runs.keeping.labels import Label, read_label
from lstm_model.runs.keeping.trash import trashed
from lstm_model.runs.saves import list_saves
from lstm_model.runs.story import read_story
from lstm_tui.options.wording import with_flags
from lstm_tui.screens.saved.preview import PreviewContent
from lstm_tui.task_faces import part_of
from lstm_tui.widgets.saves import Entry
from lstm_tui.wording import size


@dataclass(frozen=True, eq=False)
class Listed:
    """What there is to list. marked: the folder of the run on the screen; trouble: what went wrong, if anything."""

    entries: list[Entry]
    marked: set[Path]
    labels: dict[Path, Label]  # of the runs, by their folders
    takes: str = ""  # of the disk, in words
    trouble: str = ""


NOTHING = Listed([], set(), {})


def read_list(folders: Sequence[Path], current: Path | None) -> Listed:
    """All saves with the labels of their runs, and the disk they take."""
    try:
        entries = list_saves(also=folders)
    except OSError as error:
        return Listed([], set(), {}, trouble=f"The saves cannot be read: {error}")
    wanted = current.resolve() if current else None
    runs = list(dict.fromkeys(entry.file.parent for entry in entries))
    thrown = sum(each.bytes for each in trashed())
    takes = f", {size(disk_use(runs))}{f', trash {size(thrown)}' if thrown else ''}" if runs or thrown else ""
    marked = {folder for folder in runs if folder.resolve() == wanted}
    return Listed(entries, marked, {folder: read_label(folder) for folder in runs}, takes)


def read_compared(files: Sequence[Path]) -> list[Compared] | str:
    """The curves of some checkpoints, or one line that says why they cannot be compared."""
    try:
        runs = [Compared.read(file) for file in files]
    except CheckpointError as error:
        return with_flags(error)
    tasks = list(dict.fromkeys(run.story.config.task for run in runs))
    if len(tasks) > 1:
        return f"losses of {' and '.join(tasks)} are no one measure: mark runs of one task"
    return runs


def read_preview(path: Path) -> tuple[Path, PreviewContent | str]:
    """The story of a file, or one line that says why there is none."""
    try:
        story = read_story(path)
        look = part_of(story.config.task, "preview").last_look(path.parent)
        return path, PreviewContent(story, look, disk_use([path.parent]))
    except CheckpointError as error:
        return path, str(error)
    except OSError as error:
        return path, f"cannot read {path}: {reason_of(error)}"
