"""Damaged and hostile checkpoints: how they are made, and every door through which one may come in."""

import contextlib
import io
import json
import resource
import signal
import struct
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
from safetensors.numpy import load as tensors_of
from safetensors.numpy import save as to_bytes

from lstm_model.errors import LSTMError
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.runs.saves import Unreadable, list_saves
from lstm_model.runs.story import read_story
from lstm_model.storage.checkpoint import load_checkpoint, read_record
from lstm_model.training.resume import restore_trainer
from lstm_tui.cli import main
from lstm_tui.options.wording import with_flags
from lstm_tui.screens.saved.preview import facts
from lstm_tui.widgets.saves import _cells

LAST = "last.safetensors"
MOST_SECONDS, MOST_BYTES = 2.0, 50_000_000
HANGS = 240  # seconds of the clock, also on a starved machine: whoever waits for a pipe takes none of the processor's
Metadata = dict[str, str]
Tensors = dict[str, np.ndarray]


# How they are made


def parted(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The head of a safetensors file, as JSON has it, and what follows."""
    end = 8 + struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:end]), data[end:]


def joined(head: dict[str, Any] | bytes, body: bytes, length: int | None = None) -> bytes:
    """A file with this head, whatever it says. length: what the file calls the head's length."""
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def contents(path: Path) -> tuple[Metadata, dict[str, Any], Tensors]:
    """Metadata, record and tensors of a checkpoint, unchecked."""
    data = path.read_bytes()
    metadata = parted(data)[0]["__metadata__"]
    return metadata, json.loads(metadata["record"]), tensors_of(data)


def without_checksum(metadata: Metadata, record: Any, tensors: Tensors) -> bytes:
    """A file as older programs wrote it, in which nothing but our own care finds what was changed."""
    text = record if isinstance(record, str) else json.dumps(record)
    kept = {name: value for name, value in metadata.items() if name != "checksum"}
    return to_bytes(tensors, kept | {"record": text})


def put(record: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """A copy with one entry, named as in "config.task", replaced; `...` leaves it out."""
    copy: dict[str, Any] = json.loads(json.dumps(record))
    *path, last = place.split(".")
    holder = copy
    for key in path:
        holder = holder[key]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return copy


# The doors


def listed(path: Path) -> None:
    for entry in list_saves(path.parent.parent):
        _cells(entry, time.time(), ())


def previewed(path: Path) -> None:
    facts(read_story(path), time.time())


def gone_on_with(path: Path) -> None:
    trainer = restore_trainer(load_checkpoint(path))
    try:
        run = Run(trainer, None, Plan(look_length=5))
        for _ in range(2):
            run.look()
            run.validate(quick=False)
            while run.job:
                run.work()
            run.step()
        trainer.checkpoint()
    finally:
        trainer.close()


LIBRARY: tuple[Callable[[Path], object], ...] = (listed, read_record, previewed, gone_on_with)


def commands_of(path: Path) -> tuple[list[str], ...]:
    """What a person may do with the file on the command line, by which nothing is written."""
    return (
        ["runs"],
        ["runs", "--json"],
        ["eval", "--load", str(path)],
        ["eval", "--load", str(path), "--json"],
        ["sample", "--load", str(path), "--length", "5"],
        ["--eval-only", "--load", str(path)],
    )


def spoken(path: Path) -> list[str]:
    """What the library's doors say of a file: a line for each that does not open. Anything but that is an error."""
    lines = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for door in LIBRARY:
            try:
                door(path)
            except LSTMError as error:
                lines.append(str(error))
    for line in lines:
        assert line
        assert len(line.splitlines()) == 1, line
        assert len(line) < 400 + 2 * len(str(path)), line
    return lines


def answered(path: Path) -> list[tuple[int, str]]:
    """Exit status and standard error of the commands. Run it with $LSTM_TUI_SAVES set to where the file's run lies."""
    answers = []
    for command in commands_of(path):
        out, err = io.StringIO(), io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            warnings.simplefilter("error")
            status = main(command)
        lines = err.getvalue().splitlines()
        assert status in (0, 1, 2), (command, status)
        assert sum("error:" in line for line in lines) <= (status != 0), lines
        known = ("lstm-tui", "note: ", "no runs", "--seed")
        assert all(line.startswith(known) for line in lines), lines
        answers.append((status, err.getvalue()))
    return answers


class Limits:
    """That what is done inside takes neither much time nor much memory. The time is the processor's: others run too."""

    def __enter__(self) -> Self:
        signal.signal(signal.SIGALRM, self._hangs)
        signal.alarm(HANGS)
        self._begun, self._had = time.process_time(), self._peak(anew=True)
        return self

    @staticmethod
    def _hangs(*_: object) -> None:
        raise AssertionError("it waits for something")

    def __exit__(self, kind: object, *_: object) -> None:
        signal.alarm(0)
        self.seconds, self.bytes = time.process_time() - self._begun, self._peak() - self._had
        if kind is None:
            assert self.seconds < MOST_SECONDS
            assert self.bytes < MOST_BYTES

    @staticmethod
    def _peak(*, anew: bool = False) -> int:
        """The most memory held so far, or from now on, in bytes; where that cannot be begun anew, so far."""
        try:
            if anew:
                Path("/proc/self/clear_refs").write_text("5")
            status = Path("/proc/self/status").read_text()
            return 1024 * int(status.split("VmHWM:")[1].split()[0])
        except (OSError, IndexError):
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def refused(path: Path, phrase: str, doors: int = 4) -> None:
    """That so many of the library's four doors stay closed with one line that says this, and the commands' as well.

    The library names settings by their fields, the commands by their options.
    """
    with Limits():
        lines = spoken(path)
    assert len(lines) == doors - 1, lines  # the list stays open, with the line in it
    assert all(phrase in line for line in lines), lines
    if doors == 4:
        (entry,) = [entry for entry in list_saves() if entry.file.name == LAST and entry.run == path.parent.name]
        assert isinstance(entry, Unreadable)
        assert phrase in entry.why
    with Limits():
        answers = answered(path)
    assert [status for status, _ in answers[2:]] == [2, 2, 2, 2]
    assert all(with_flags(phrase) in err or "is a model of prices" in err for _, err in answers[2:])
