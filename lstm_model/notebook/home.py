"""Where a run of a notebook lies: in a folder of its own from the start, or in one for a while until it is saved."""

import contextlib
import io
import shutil
import tempfile
import weakref
from dataclasses import replace
from pathlib import Path

from lstm_model.errors import CheckpointError, InputError
from lstm_model.notebook.handed import Handed
from lstm_model.runs.card import write_card
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.saves import BEST, LAST
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.storage.home import expanded
from lstm_model.training.trainer import Trainer


class Home:
    """The folder of a run. One for a while is gone with this object, or when Python ends.

    kept: the file in it that holds data which a person handed over in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.stays = path is not None
        if path is None:
            path = Path(tempfile.mkdtemp(prefix="lstm-tui-"))
            weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
            path = path / "run"
        self.path = path
        self.kept: Path | None = None

    def open(self, step: int, *, overwrite: bool = False) -> RunFolder:
        """The folder for a run at this step, claimed for as long as it trains. InputError if another process has it."""
        last = self.path / LAST
        return RunFolder.going_on(last, step) if last.exists() else RunFolder(self.path, overwrite=overwrite)

    def take(self, folder: RunFolder, data: Handed) -> dict[str, str | tuple[str, ...]]:
        """The settings that name the data; what lay in memory is written into the folder. OSError if that fails."""
        if data.contents is not None:
            self.kept = folder.receive(io.BytesIO(data.contents), data.name)
            return {"data": str(self.kept.absolute())}
        if not data.paths:
            return {}
        first, *more = map(str, data.paths)
        return {"data": first, **({"more_data": tuple(more)} if more else {})}

    def move(self, trainer: Trainer, chosen: RunFolder) -> "Home":
        """Save a run in another folder, with all that lies in this one: its data, its best state, its figures."""
        there = Home(chosen.path)
        if self.kept is not None:
            with self.kept.open("rb") as stream:
                there.kept = chosen.receive(stream, self.kept.name)
            data = str(there.kept.absolute())
            trainer.task.config = trainer.task.config.changed(data=data)
            trainer.config = trainer.config.changed(data=data)
        with contextlib.suppress(CheckpointError):
            write_card(chosen.save(trainer))
        there.path = chosen.path  # the folder may have had to take another name
        if (self.path / BEST).exists():
            best = load_checkpoint(self.path / BEST)
            config = best.record.config.changed(data=trainer.config.data, more_data=trainer.config.more_data)
            save_checkpoint(there.path / BEST, replace(best, record=replace(best.record, config=config)))
        for name in (ROWS, *kind_of(trainer.config.task).files):
            if (self.path / name).is_file():
                shutil.copyfile(self.path / name, there.path / name)
        return there


def chosen_folder(task: str, name: str | Path | None, *, overwrite: bool) -> RunFolder:
    """A folder for a new run: the named one, or one after task and time. InputError if it holds a run already."""
    if overwrite and name is None:
        raise InputError("`overwrite` needs a folder: it replaces the run in it")
    return RunFolder.new(task, None if name is None else expanded(name), overwrite=overwrite)
