"""After a power cut at any moment of a run, whatever the disk had not flushed, the run goes on from its last save."""

import sys
from pathlib import Path

import pytest

from lstm_model.errors import CheckpointError
from lstm_model.runs.folder import RunFolder
from support.cuts import Inspector, cut_everywhere
from support.cuts_beside import cut_while_keeping, cut_while_sweeping
from support.power import Disk
from support.recording import recorded
from support.stepped import tiny_trainer

if sys.platform == "win32":
    pytest.skip("folders cannot be flushed", allow_module_level=True)


def test_what_was_said_to_be_saved_is_there_after_a_power_cut(tmp_path: Path) -> None:
    counts = cut_everywhere(tmp_path, tiny_trainer(tmp_path), steps=5, every=7)
    assert counts["gone on with"] > 10


@pytest.mark.slow
@pytest.mark.parametrize("task", ["text", "stock"])
def test_after_a_power_cut_at_any_operation_nothing_saved_is_lost(task: str, tmp_path: Path) -> None:
    counts = cut_everywhere(tmp_path, tiny_trainer(tmp_path, task), steps=80, every=1)
    assert counts["states"] > 4000


def test_after_a_power_cut_a_run_that_is_named_deleted_and_brought_back_is_there_whole(tmp_path: Path) -> None:
    counts = cut_while_keeping(tmp_path, tiny_trainer(tmp_path), steps=4, rounds=2, every=9, seed=1)
    assert counts["of them different"] > 20


def test_after_a_power_cut_a_sweep_knows_all_that_it_had_told(tmp_path: Path) -> None:
    counts = cut_while_sweeping(tmp_path, tiny_trainer(tmp_path), trials=1, every=7, seed=1)
    assert counts["of them different"] > 20


def test_a_file_under_its_last_name_that_was_not_flushed_is_found(tmp_path: Path) -> None:
    """The model sees the classic mistake: a rename that comes to the disk before the bytes do."""
    root = tmp_path / "disk"
    root.mkdir()
    with recorded(root) as recorder:
        (root / "part").open("wb").close()
        with (root / "part").open("wb") as file:
            file.write(b"whole")
        (root / "part").replace(root / "file")
    disk = Disk(root)
    for operation in recorder.operations:
        disk.do(operation)
    left = {state.files.get(f"{root.resolve()}/file") for state in disk.states()}
    assert left == {None, b"", b"wh", b"\0\0\0\0\0", b"whole"}


def test_a_checkpoint_that_is_torn_is_not_called_whole(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    trainer.step()
    folder = RunFolder.new("text", tmp_path / "run")
    data = folder.save(trainer).read_bytes()
    for torn in (data[: len(data) // 2], bytes(len(data)), data[:-1]):
        with pytest.raises(CheckpointError):
            Inspector(tmp_path, "run").step(torn)
    folder.release()
