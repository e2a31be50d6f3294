"""Run folders: where a run's checkpoints, figures and samples lie, and how they are found again."""

import contextlib
import json
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.card import CARD, is_ours
from lstm_model.runs.keeping.labels import LABEL, NO_LABEL, Label, read_label, write_label
from lstm_model.runs.metrics import MOST_ROWS, ROWS, as_csv, cut_lost_rows, cut_torn_row
from lstm_model.runs.remote.standing import (
    KEPT_ANSWERS,
    LONGEST_WORD,
    STATUS,
    Answer,
    Doing,
    Standing,
    write_standing,
)
from lstm_model.runs.saves import LAST, PREVIOUS, holds_run, saves_root
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import read_record, save_checkpoint
from lstm_model.storage.claim import LOCK, Claim
from lstm_model.storage.files import (
    flush_contents,
    flush_names,
    give_second_name,
    make_folder,
    numbered,
    open_to_append,
    write_whole,
)
from lstm_model.training.trainer import Trainer


class RunFolder:
    """The folder of one run. It is made on the first write, so that a run nobody keeps leaves nothing behind.

    A folder that is there is claimed at once, one that is made as soon as it is, so that no two processes write in it;
    `release` ends that. If the folder is deleted while the run goes on, the next write makes it again.
    """

    def __init__(self, path: Path, *, overwrite: bool = False) -> None:
        self.path = path
        self._overwrite = overwrite
        self._ready = False
        self._went_on_at: int | None = None  # the step of the checkpoint that was loaded
        self._stem: Path | None = None  # of a name that is ours to number, until the folder is made
        self._news: list[str] = []
        self._claim: Claim | None = None
        if path.is_dir():
            self._take()
        self._name = ""  # that the run is to have from the first write on
        self._rows: list[str] = []  # of figures that could not be written yet
        self._standing: Standing | None = None  # what was told last
        self._answers: deque[Answer] = deque(maxlen=KEPT_ANSWERS)

    @classmethod
    def new(cls, task: str, chosen: Path | None = None, *, overwrite: bool = False) -> "RunFolder":
        """A folder for a new run: `chosen`, else one under the saves root named after task, date and time.

        InputError if `chosen` already holds a run and `overwrite` is not asked for, or if another process is at it.
        """
        if chosen is not None:
            if chosen.exists() and not chosen.is_dir():
                raise InputError(f"{chosen} is a file: name a folder with `save`")
            if holds_run(chosen) and not overwrite:
                if not any(chosen.glob("*.safetensors")):
                    raise InputError(
                        f"{chosen} holds a run that ended before its first checkpoint: choose another folder,"
                        " or replace it (`overwrite`)"
                    )
                raise InputError(
                    f"{chosen} already holds a run: choose another folder, go on with it (`load` {chosen}),"
                    " or replace it (`overwrite`)"
                )
            return cls(chosen, overwrite=overwrite)
        stem = saves_root() / f"{task}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
        folder = cls(numbered(stem))
        folder._stem = stem
        return folder

    @classmethod
    def going_on(cls, file: Path, step: int) -> "RunFolder":
        """The folder of a loaded checkpoint, which is of this step, to go on in it."""
        folder = cls(file.parent)
        folder._went_on_at = step
        return folder

    def call(self, name: str) -> None:
        """Give the run a name, with the first write."""
        self._name = name

    @property
    def label(self) -> Label:
        """What a person calls the run, as it is or will be once something is written."""
        label = read_label(self.path) if self.files else NO_LABEL
        return replace(label, name=self._name) if self._name else label

    def news(self) -> list[str]:
        """What a person should know of the folder and was not told yet, a line each."""
        news, self._news = self._news, []
        return news

    def release(self) -> None:
        """Let other processes have the folder."""
        if self._claim is not None:
            self._claim.release()
        self._claim = None

    def save(self, trainer: Trainer, kind: str = "last") -> Path:
        """Write a checkpoint: "last", "best", or "step" for one that no later save replaces. OSError if it fails.

        The `last` before this one stays, as PREVIOUS, unless it is of the same step or cannot be read: the older state
        is worth more than either. With `last` the rows and samples written so far are flushed too,
        so that a power cut loses no more of them than of the steps.
        """
        self._prepare(trainer)
        name = f"step-{trainer.steps:06d}.safetensors" if kind == "step" else f"{kind}.safetensors"
        if kind != "last":
            save_checkpoint(self.path / name, trainer.checkpoint())
            return self.path / name
        if self._went_on_at is not None:
            self._keep_later_state(self._went_on_at)
            self._went_on_at = None
        for written in self._written_beside(trainer):
            flush_contents(written)
        keep = self.path / PREVIOUS if _is_of_another_step(self.path / name, trainer.steps) else None
        save_checkpoint(self.path / name, trainer.checkpoint(), keep)
        return self.path / name

    def add_figures(self, trainer: Trainer, row: dict[str, Any]) -> None:
        """Append a row to metrics.csv, with FIGURES as its columns; with it those that could not be written before.

        OSError if it fails: the file is as it was then.
        """
        self._rows = [*self._rows[-MOST_ROWS:], as_csv([row])]
        self._prepare(trainer)
        with open_to_append(self.path / ROWS) as file:
            size = cut_torn_row(file)
            text = ("" if size else as_csv([], head=True)) + "".join(self._rows)
            try:
                rest = memoryview(text.encode())
                while rest:
                    rest = rest[file.write(rest) :]
            except OSError:
                file.truncate(size)
                raise
        self._rows = []

    def add(self, trainer: Trainer, action: Callable[[Path], None]) -> None:
        """Let an action write a file of the task's own into the folder. OSError if it fails."""
        self._prepare(trainer)
        action(self.path)

    def tell(self, standing: Standing) -> None:
        """Tell whoever watches how the run stands: with the first write, and from then on at once.

        If that fails, nobody is told: it is nothing to stop for. An end is kept quiet while another run of this process
        takes over the folder.
        """
        if standing.status is Doing.ENDED and self._claim is not None and self._claim.is_shared:
            return
        self._standing = replace(standing, answers=tuple(self._answers))
        if self._ready and self.path.is_dir():
            self._write_standing()

    def answer(self, answer: Answer) -> None:
        """Tell whoever gave an order what became of it."""
        self._answers.append(replace(answer, refused=answer.refused[:LONGEST_WORD]))
        if self._standing is not None:
            self.tell(self._standing)

    def _write_standing(self) -> None:
        if self._standing is not None:
            with contextlib.suppress(OSError):
                write_standing(self.path, self._standing)

    def receive(self, stream: BinaryIO, name: str) -> Path:
        """Keep what comes out of a stream as a file of the folder, which is made for it; under a free name like this.

        OSError if it fails, with nothing left of it.
        """
        self._make()
        path = numbered(self.path / name)
        temporary = path.with_name(f".{path.name}.part")
        try:
            temporary.unlink(missing_ok=True)
            with temporary.open("xb") as file:  # not through a link of that name
                shutil.copyfileobj(stream, file, 1 << 20)
            flush_contents(temporary)
            temporary.replace(path)
            flush_names(self.path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return path

    def give_up(self) -> None:
        """Let go of the folder, and take it away if there is nothing in it."""
        self.release()
        with contextlib.suppress(OSError):
            if {each.name for each in self.path.iterdir()} <= {LOCK}:
                (self.path / LOCK).unlink(missing_ok=True)
                self.path.rmdir()

    @property
    def files(self) -> Path | None:
        """Where the run's files lie; None while the folder still holds those of a run that this one will replace."""
        return None if self._overwrite and not self._ready else self.path

    def _prepare(self, trainer: Trainer) -> None:
        """Make the folder and its settings, once: or again, if somebody took it away."""
        if self._ready and self.path.is_dir():
            return
        if self._ready:
            self._tell_of_loss()
        self._make()
        for left in self.path.glob(".*.part"):  # by a process that was killed while it wrote: nobody else is here
            with contextlib.suppress(IsADirectoryError, PermissionError):  # which no run makes
                left.unlink(missing_ok=True)
        if self._overwrite and not self._ready:
            names = [ROWS, LABEL, STATUS, *(name for task in KINDS for name in kind_of(task).files)]
            for old in [*self.path.glob("*.safetensors"), *(self.path / name for name in names)]:
                old.unlink(missing_ok=True)
            card = self.path / CARD
            if card.is_file() and is_ours(card):
                card.unlink()
        cut_lost_rows(self.path / ROWS)
        settings = json.dumps(trainer.config.as_dict(), indent=2, ensure_ascii=False)
        # What is no text in the name of a data file becomes \udcff, which is how JSON would write it.
        write_whole(self.path / "config.json", (settings + "\n").encode(errors="backslashreplace"))
        self._ready = True
        self._write_standing()
        if self._name:
            write_label(self.path, self.label)
            self._name = ""

    def _make(self) -> None:
        """Make the folder and claim it."""
        if not self.path.is_dir():
            self.release()  # what is claimed is gone
        if self._stem is not None:  # another run may have made the folder since its name was chosen
            self.path = numbered(self._stem, _is_taken)
            self._stem = None
        make_folder(self.path)
        if self._claim is None:
            self._take()

    def _take(self) -> None:
        self._claim = Claim(self.path)
        if self._claim.unlocked:
            self._news.append(self._claim.unlocked)

    def _tell_of_loss(self) -> None:
        """Somebody moved the folder, or took it away, while the run goes on."""
        moved = self._claim.moved_to if self._claim is not None else None
        where = "was taken away" if moved is None else f"was moved to {moved}, with what it held until now"
        self._news.append(f"{self.path} {where}: it is made again, and the run goes on in it")

    def _written_beside(self, trainer: Trainer) -> list[Path]:
        """The files beside the checkpoints that grow as the run goes on."""
        names = (ROWS, *kind_of(trainer.config.task).files)
        return [path for path in (self.path / name for name in names) if path.is_file() and not path.is_symlink()]

    def _keep_later_state(self, went_on_at: int) -> None:
        """Going on from an earlier save must not lose the later one: `last` stays under the name of its step."""
        last = self.path / LAST
        if not last.exists():
            return
        try:
            step = read_record(last).step
        except CheckpointError:
            return  # a damaged file is nothing to keep
        kept = self.path / f"step-{step:06d}.safetensors"
        if step != went_on_at and not kept.exists():
            give_second_name(last, kept)
            flush_names(self.path)  # before the new `last` takes the name of this one


def _is_of_another_step(file: Path, step: int) -> bool:
    """Whether a checkpoint can be read and is not of this step; a missing one is of none."""
    try:
        return read_record(file).step != step
    except CheckpointError:
        return False


def _is_taken(path: Path) -> bool:
    """Make a folder, so that it is nobody else's: true if somebody else did."""
    try:
        make_folder(path, exist_ok=False)
    except FileExistsError:
        return True
    return False
