"""`lstm-tui data FILE`: how a file is read, before anything is trained on it."""

import shutil
from pathlib import Path

from lstm_model.arrays import quietly
from lstm_model.errors import InputError
from lstm_model.storage.home import expanded
from lstm_tui.opening.received import kept_for_a_while
from lstm_tui.options.given import Given, require_task_options
from lstm_tui.options.wording import with_flags
from lstm_tui.reports.described import Described, describe, guessed_task, labelled
from lstm_tui.terminal.output import Progress, ascii_only, json_line, result
from lstm_tui.visible import as_line

WIDEST, NARROWEST = 100, 40  # columns


@quietly
def data(given: Given) -> int:
    """Show what there is to know of a file; InputError for one that training would refuse to read."""
    with kept_for_a_while(given) as kept:
        return _shown(_readable(expanded(kept["data"])), kept)


def _shown(path: Path, given: Given) -> int:
    if "task" in given:
        task, why = given["task"], "as --task says"
    else:
        task, why = guessed_task(path, given)
    require_task_options(given, task)
    progress = Progress("reading")
    try:
        described = describe(path, task, given, progress)
    except InputError as error:
        if "task" in given:
            raise
        raise InputError(f"{error} (read for the task {task}: {why})", field=error.field) from None
    finally:
        progress.clear()
    notes = tuple(map(with_flags, described.notes))
    if "json" in given:
        result(json_line({"task": task, "why": why, "data": str(path), **described.report, "notes": notes}))
    else:
        for line in _for_a_person(described, path, f"{task}: {why}", notes):
            result(line)
    return 0


def _for_a_person(described: Described, path: Path, task: str, notes: tuple[str, ...]) -> list[str]:
    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns - 1))
    lines = [labelled("data", str(path)), labelled("task", task), *described.lines()]
    said = ["", *(labelled("note", note) for note in notes)] if notes else []
    return [*map(as_line, [*lines, *said]), "", *described.picture(width, ascii_only=ascii_only())]


def _readable(path: Path) -> Path:
    """The path itself if it names a folder, or a file that can be read to an end."""
    if not path.exists():
        raise InputError(f"there is no file {path}")
    if not (path.is_file() or path.is_dir()):
        raise InputError(f"{path} is a pipe or a device: write what comes out of it to a file, and name that")
    return path
