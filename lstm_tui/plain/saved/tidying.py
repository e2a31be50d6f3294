"""`lstm-tui runs --prune`, `--delete`, `--trash` and so on: what is done to saved runs, and asked about before."""

import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.runs.keeping.disk import disk_use
from lstm_model.runs.keeping.names import run_called
from lstm_model.runs.keeping.pruning import prune, to_prune
from lstm_model.runs.keeping.trash import bring_back, empty, throw_away, trashed
from lstm_model.runs.saves import holds_run, run_folders, saves_root
from lstm_model.storage.home import expanded
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import message, result
from lstm_tui.visible import as_line
from lstm_tui.wording import ago, size


def tidy(given: Given) -> bool:
    """Do what is asked for beside listing; False if nothing is. InputError for a `--dry-run` of what has none."""
    asked = next((name for name in WAYS if name in given), None)
    if asked is None:
        for name in ("dry_run", "yes"):
            if name in given:
                raise InputError(f"--{name.replace('_', '-')} is for --prune, --delete and --empty-trash: name one")
        return False
    if "dry_run" in given and asked not in ("prune", "empty_trash"):
        raise InputError("--dry-run is for --prune and --empty-trash: leave it out")
    WAYS[asked](given)
    return True


def _prune(given: Given) -> None:
    runs = sorted(folder for folder in run_folders(saves_root()) if holds_run(folder))
    planned = [pruning for pruning in map(to_prune, runs) if pruning.files or pruning.left]
    for pruning in planned:
        names = ", ".join(file.name for file in pruning.files)
        result(as_line(f"{pruning.run}  {pruning.left or f'{names}: {size(pruning.bytes)}'}"))
    going = [pruning for pruning in planned if pruning.files]
    files, freed = sum(len(each.files) for each in going), sum(each.bytes for each in going)
    if not going:
        message("there is nothing to prune")
        return
    if not _agreed(given, f"take {files} files from the disk, {size(freed)}"):
        return
    done = [prune(pruning.run) for pruning in going]
    message(f"{sum(len(each.files) for each in done)} files taken from the disk, {size(sum(e.bytes for e in done))}")


def _delete(given: Given) -> None:
    named = expanded(given["delete"])
    run = named if named.exists() else run_called(given["delete"]) or named
    if not run.is_dir():
        raise InputError(f"there is no run {run}: name a folder, or a run by its name; `find_saves` lists them")
    if _agreed(given, f"move {run} to the trash, {size(disk_use([run]))}"):
        lies = throw_away(run)
        message(as_line(f"{run} lies in {lies} now; bring it back: lstm-tui runs --restore {shlex.quote(lies.name)}"))


def _trash(_: Given) -> None:
    there = trashed()
    for thrown in there:
        result(as_line(f"{thrown.run}  {size(thrown.bytes)}, deleted {ago(time.time() - thrown.at)} ago"))
    message(f"{len(there)} in the trash of {saves_root()}, {size(sum(each.bytes for each in there))}" if there
            else f"the trash of {saves_root()} is empty")  # fmt: skip


def _restore(given: Given) -> None:
    message(as_line(f"{given['restore']} is back in {bring_back(Path(given['restore']).name)}"))


def _empty_trash(given: Given) -> None:
    there = trashed()
    if not there:
        message(f"the trash of {saves_root()} is empty")
        empty()  # what may be left of an emptying that was killed
        return
    for thrown in there:
        result(as_line(thrown.run))
    if _agreed(given, f"take {len(there)} from the disk for good, {size(sum(each.bytes for each in there))}"):
        message(f"the trash is empty: {size(empty())} freed")


WAYS: dict[str, Callable[[Given], None]] = {
    "prune": _prune, "delete": _delete, "trash": _trash, "restore": _restore, "empty_trash": _empty_trash,
}  # fmt: skip


def _agreed(given: Given, what: str) -> bool:
    """Whether it may be done: asked on a terminal, unless that was answered before."""
    if "dry_run" in given:
        message(f"with this left out it would {what}")
        return False
    if "yes" in given:
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(f"this would {what}, and there is nobody to ask: add --yes")
    message(f"{what}? [y/N]")
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    message("nothing was changed")
    return False
