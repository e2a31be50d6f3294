"""Files among the checkpoints that are none, other versions, damage that only a checksum tells: one clear line each."""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lstm_model.errors import CheckpointError
from lstm_model.runs.saves import describe
from lstm_model.storage import checkpoint as checkpoints
from lstm_model.storage.checkpoint import Checkpoint, Upgrade, load_checkpoint, read_record, save_checkpoint
from lstm_model.training.resume import restore_trainer
from lstm_tui.plain.saved.runs import as_object
from lstm_tui.tables.columns import row_of
from support.hostile_files import (
    LAST,
    Limits,
    Tensors,
    answered,
    contents,
    joined,
    parted,
    put,
    refused,
    spoken,
    without_checksum,
)
from support.stage import Dialog, dialog, toasts
from support.stepped import tiny_trainer

Files = dict[str, Path]


@pytest.fixture
def text(runs: Files) -> Path:
    """The last checkpoint of a run of text, to be changed."""
    return runs["text"] / LAST


@pytest.fixture
def stock(runs: Files) -> Path:
    return runs["stock"] / LAST


# Paths


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path)


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # its name may be 100 characters long


@pytest.mark.skipif(os.name != "posix", reason="such files are POSIX's")
@pytest.mark.parametrize(
    ("make", "phrase"),
    [(pipe, "is a pipe or a device"), (link_to_zeros, "is a pipe or a device"), (listener, "is a pipe or a device"),
     (Path.mkdir, "holds no checkpoint"), (loop, "cannot read")],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused_without_waiting(
    make: Callable[[Path], None], phrase: str, text: Path
) -> None:
    text.unlink()
    make(text)
    with Limits():
        lines = spoken(text)
        answers = answered(text)
    assert len(lines) == 3
    assert all(phrase in line or "is a directory" in line for line in lines)
    assert [status for status, _ in answers] == [0, 0, 2, 2, 2, 2]


@pytest.mark.skipif(os.name != "posix", reason="such files are POSIX's")
@pytest.mark.parametrize(
    ("make", "phrase"),
    [(pipe, "is a pipe or a device"), (link_to_zeros, "is a pipe or a device"), (listener, "is a pipe or a device"),
     (Path.mkdir, "irectory"), (loop, "")],
)  # fmt: skip
def test_data_that_are_no_plain_file_are_refused_without_waiting(
    make: Callable[[Path], None], phrase: str, text: Path, stock: Path
) -> None:
    make(text.parent / "data")
    for path in (text, stock):
        metadata, record, tensors = contents(path)
        path.write_bytes(without_checksum(metadata, put(record, "config.data", str(text.parent / "data")), tensors))
        refused_only_to_go_on(path, phrase)


def refused_only_to_go_on(path: Path, phrase: str) -> None:
    with Limits():
        (line,) = spoken(path)
        answers = answered(path)
    assert phrase in line
    assert [status for status, _ in answers][2:4] == [2, 2]


@pytest.mark.skipif(os.name != "posix", reason="such names are POSIX's")
def test_a_name_that_steers_terminals_still_gives_one_line(here: Path, text: Path) -> None:
    wild = here / "saves" / "text\x1b[31m\r\nrun\u2028" / LAST
    wild.parent.mkdir()
    wild.write_bytes(text.read_bytes()[:-1])
    lines = spoken(wild)
    assert len(lines) == 3
    for _, err in answered(wild)[2:]:
        (line,) = err.splitlines()
        assert "\x1b" not in line


def test_a_file_of_a_year_that_no_calendar_has_is_listed(text: Path) -> None:
    save = replace(describe(text, read_record(text)), modified=2.0**40)  # not every file system can hold it
    assert as_object(save, row_of(save, {}, "run"), {})["modified"] is None


# Versions


@pytest.mark.parametrize(
    ("version", "phrase"),
    [("2", "has version 2, newer than this program reads (1): use a newer lstm-tui"), ("999999999", "newer than"),
     ("0", "has version 0, older than this program reads (1): use an older lstm-tui"), ("", "is no number"),
     ("one", "its version 'one' is no number"), ("-1", "is no number"), ("1.0", "is no number"), ("٢", "is no number"),
     ("9" * 5000, "is no number"), ("1\n", "is no number")],
)  # fmt: skip
def test_another_version_says_what_to_do(version: str, phrase: str, text: Path) -> None:
    metadata, record, tensors = contents(text)
    text.write_bytes(without_checksum(metadata | {"version": version}, record, tensors))
    refused(text, phrase)


def test_an_older_version_goes_through_its_upgrades_at_every_door(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Upgrade(lambda entries: {("step" if name == "old_step" else name): v for name, v in entries.items()})
    second = Upgrade(
        lambda entries: entries | {"best_step": entries["step"]},
        lambda tensors: {name.removeprefix("old."): tensor for name, tensor in tensors.items()},
    )

    metadata, record, tensors = contents(text)
    before = restore_trainer(load_checkpoint(text)).judged.parameters.flat.copy()
    record["old_step"] = record.pop("step")
    older: Tensors = {("old." + name if name == "head.bias" else name): values for name, values in tensors.items()}
    text.write_bytes(without_checksum(metadata | {"version": "1"}, record, older))
    refused(text, "there is no step")
    monkeypatch.setattr(checkpoints, "VERSION", 3)
    refused(text, "has version 1, older than this program reads (3)")
    monkeypatch.setattr(checkpoints, "UPGRADES", {1: first, 2: second})
    assert spoken(text) == []
    assert read_record(text).best_step == read_record(text).step == 6
    np.testing.assert_array_equal(restore_trainer(load_checkpoint(text)).judged.parameters.flat, before)


# The checksum


def test_every_flipped_bit_of_the_tensors_is_told(text: Path) -> None:
    data = text.read_bytes()
    begin = len(data) - len(parted(data)[1])
    for at in range(begin, len(data), 331):
        changed = bytearray(data)
        changed[at] ^= 1 << (at % 8)
        text.write_bytes(changed)
        with pytest.raises(CheckpointError, match="do not match its checksum"):
            load_checkpoint(text)


def test_a_changed_record_a_lost_tensor_and_another_shape_are_told(text: Path) -> None:
    data = text.read_bytes()
    head, body = parted(data)
    of_bias = head["head.bias"]
    for other in (
        head | {"head.bias": of_bias | {"shape": [1, 29]}},
        {("head.blas" if name == "head.bias" else name): entry for name, entry in head.items()},
        head | {"__metadata__": head["__metadata__"] | {"checksum": "0" * 32}},
        head
        | {
            "__metadata__": head["__metadata__"]
            | {"record": head["__metadata__"]["record"].replace('"best_step": 6', '"best_step": 5')}
        },
    ):
        text.write_bytes(joined(other, body))
        with pytest.raises(CheckpointError, match="do not match its checksum"):
            load_checkpoint(text)
    text.write_bytes(joined(head, body))  # so it was not the writing of it
    load_checkpoint(text)


def test_a_file_without_a_checksum_is_an_older_one_and_is_read(text: Path) -> None:
    whole = load_checkpoint(text)
    text.write_bytes(without_checksum(*contents(text)))
    older = load_checkpoint(text)
    assert older.record == whole.record
    assert older.tensors.keys() == whole.tensors.keys()
    assert spoken(text) == []


def test_the_checksum_covers_scalars_and_empty_tensors(text: Path, tmp_path: Path) -> None:
    whole = load_checkpoint(text)
    more = {"a": np.zeros((), np.float32), "b": np.zeros((0, 3), np.float32), "c": np.zeros((3, 2), np.float32).T}
    save_checkpoint(tmp_path / LAST, Checkpoint(whole.tensors | more, whole.record))
    assert load_checkpoint(tmp_path / LAST).tensors.keys() == whole.tensors.keys() | more.keys()


# The load dialog


def says(shown: Dialog, phrase: str) -> bool:
    return phrase in " ".join(shown.text.split())


async def test_the_load_dialog_lists_hostile_files_and_says_what_is_wrong_with_each(runs: Files) -> None:
    saves = runs["text"].parent
    metadata, record, tensors = contents(runs["text"] / LAST)
    wild = put(put(record, "config.num_layers", 10**9), "data.name", "[bold]\x1b[31m\n")
    for name, data in {
        "a": joined(b"{}", b"", 2**63),
        "b": without_checksum(metadata, wild, tensors),
        "c": without_checksum(metadata, json.dumps(record), tensors | {"history.val": np.zeros((7, 2))}),
    }.items():
        (saves / name).mkdir()
        (saves / name / LAST).write_bytes(data)
    (saves / "d").mkdir()
    os.mkfifo(saves / "d" / LAST)
    phrases = {"a": "its head is too large", "b": "--layers must be at most", "c": "a curve", "d": "is a pipe or"}
    told: list[str] = []
    async with dialog((160, 45)) as shown:
        assert shown.table.row_count == 8
        for row in range(8):
            shown.table.move_cursor(row=row)
            await shown.told()
            entry = shown.table.chosen
            assert entry is not None
            if entry.run in phrases:
                await shown.until(partial(says, shown, phrases[entry.run]))
                await shown.press("enter")
                await shown.until(lambda: len(toasts(shown.app)) > len(told))
                told.append(entry.run)
    assert sorted(told) == sorted(phrases)  # and the dialog was still there
    assert shown.answers == []


# What is refused must not be what a run wrote


@pytest.mark.parametrize("task", ["text", "stock"])
@pytest.mark.parametrize("optimizer", ["adam", "adagrad", "sgd"])
def test_what_a_run_wrote_on_its_way_is_always_read_again(task: str, optimizer: str, here: Path) -> None:
    settings = {"optimizer": optimizer, "average": 8.0, "num_layers": 2, "dropout": 0.2, "seed": 2**63}
    trainer = tiny_trainer(here, task, **settings)
    path = here / "saves" / "run" / LAST
    path.parent.mkdir(parents=True)
    for step in range(5):
        save_checkpoint(path, trainer.checkpoint())
        assert spoken(path) == []
        trainer.step()
        trainer.record_validation(float("inf") if step == 2 else 5.0 - step)
        trainer.history.train.add(trainer.steps, float("nan"))  # as an explosion leaves it
        trainer.history.mark(trainer.steps, "saved")
