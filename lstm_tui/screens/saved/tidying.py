"""Keys that do something to saved runs: name, star, delete, prune, and the trash."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import BindingType

from lstm_model.errors import InputError, LSTMError, reason_of
from lstm_model.runs.keeping.disk import disk_use
from lstm_model.runs.keeping.labels import read_label, write_label
from lstm_model.runs.keeping.names import free_name
from lstm_model.runs.keeping.pruning import Pruning, prune, to_prune
from lstm_model.runs.keeping.trash import bring_back, empty, throw_away, trashed
from lstm_model.runs.shipped import ships
from lstm_tui.options.wording import with_flags
from lstm_tui.screens.saved.ask import AskScreen
from lstm_tui.screens.saved.label import LabelScreen
from lstm_tui.screens.saved.trash import EMPTY, TrashScreen
from lstm_tui.visible import NOTICE, shortened_line
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.wording import size

TIDYING = "tidying"  # the group of the workers that do it
SAID_FOR = 5.0  # seconds


class TidyingScreen(Dialog[Path | None]):
    """A dialog over a list of runs, to one of which something is done. Files are read and changed in threads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("n", "tidy('name')", "Name"),
        ("s", "tidy('star')", "Star"),
        ("d", "tidy('delete')", "Delete"),
        ("p", "tidy('prune')", "Prune"),
        ("t", "tidy('trash')", "Trash"),
    ]

    is_tidying = False

    @property
    @abstractmethod
    def run_at_hand(self) -> Path | None:
        """The folder of the run that is meant; None in an empty list."""

    @property
    @abstractmethod
    def all_runs(self) -> Sequence[Path]:
        """The folders of all runs."""

    @abstractmethod
    def list_anew(self) -> None:
        """Read the list again: something has changed."""

    def action_tidy(self, what: str) -> None:
        """Do what a key asks for, one thing at a time."""
        run = self.run_at_hand
        ways: dict[str, Callable[[Path], Coroutine[Any, Any, None]]] = {
            "name": self._give_name, "star": self._give_star, "delete": self._delete_run,
        }  # fmt: skip
        if self.is_tidying or not self.is_active or (what in ways and run is None):
            return
        self.is_tidying = True
        if run is not None and what in ways:
            self.run_worker(self._guarded(ways[what](run)), group=TIDYING)
        else:
            self.run_worker(self._guarded(self._prune_runs() if what == "prune" else self._open_trash()), group=TIDYING)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it, and say what went wrong."""
        try:
            await work
        except LSTMError as error:
            self._tell_of(with_flags(error), "error")
        except OSError as error:
            self._tell_of(f"{error.filename or 'the disk'}: {reason_of(error)}", "error")
        finally:
            self.is_tidying = False

    async def _give_name(self, run: Path) -> None:
        _require_not_shipped(run)
        before = await asyncio.to_thread(read_label, run)
        label = await self.app.push_screen_wait(LabelScreen(run.name, before, partial(free_name, own=run)))
        if label is not None and label != before:
            await self._change_files(partial(write_label, run, label))

    async def _give_star(self, run: Path) -> None:
        _require_not_shipped(run)
        before = await asyncio.to_thread(read_label, run)
        await self._change_files(partial(write_label, run, replace(before, star=not before.star)))

    async def _delete_run(self, run: Path) -> None:
        takes = size(await asyncio.to_thread(disk_use, [run]))
        lines = [f"{run}, {takes}", "It goes to the trash as it is: t brings it back."]
        if await self.app.push_screen_wait(AskScreen("Delete this run?", lines, "Delete", "Keep it")):
            await self._change_files(partial(throw_away, run))
            self._tell_of(f"{run.name} lies in the trash: t")

    async def _prune_runs(self) -> None:
        planned = await asyncio.to_thread(_planned, self.all_runs)
        if not planned:
            self._tell_of("there is nothing to prune: the rule is in docs/runs.md")
            return
        lines = [f"{each.run.name}: {', '.join(file.name for file in each.files)}, {size(each.bytes)}"
                 for each in planned]  # fmt: skip
        count, freed = sum(len(each.files) for each in planned), size(sum(each.bytes for each in planned))
        ask = AskScreen(f"Take {count} old checkpoints from the disk, {freed}?", lines, "Prune", "Keep all")
        if await self.app.push_screen_wait(ask):
            await self._change_files(partial(_prune_all, [each.run for each in planned]))
            self._tell_of(f"{freed} freed")

    async def _open_trash(self) -> None:
        there = await asyncio.to_thread(trashed)
        chosen = await self.app.push_screen_wait(TrashScreen(there))
        if chosen is None:
            return
        if chosen != EMPTY:
            await self._change_files(partial(bring_back, chosen))
            self._tell_of(f"{chosen} is back")
            return
        takes = size(sum(each.bytes for each in there))
        ask = AskScreen("Empty the trash?", [*(each.run for each in there), f"{takes}, for good."],
                        "Empty the trash", "Keep it")  # fmt: skip
        if await self.app.push_screen_wait(ask):
            await self._change_files(empty)
            self._tell_of(f"{takes} freed")

    async def _change_files(self, work: Callable[[], object]) -> None:
        """Change something on the disk, and list what there is then."""
        try:
            await asyncio.to_thread(work)
        finally:
            self.list_anew()

    def _tell_of(self, text: str, severity: Any = "information") -> None:
        self.notify(shortened_line(text, NOTICE), severity=severity, timeout=SAID_FOR, markup=False)


def _require_not_shipped(run: Path) -> None:
    if ships(run):
        raise InputError(f"{run} ships with the program and stays as it is")


def _planned(runs: Sequence[Path]) -> list[Pruning]:
    return [pruning for pruning in map(to_prune, runs) if pruning.files]


def _prune_all(runs: Sequence[Path]) -> None:
    for run in runs:
        prune(run)
