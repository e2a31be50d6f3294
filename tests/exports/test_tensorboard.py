"""Events for TensorBoard, read back from the files as they lie on the disk."""

import csv
import shutil
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from tensorboardX.proto.event_pb2 import Event

from lstm_model.runs.saved_model import SavedModel
from lstm_tui.cli import main
from support.runs import TINY, contents

Out = pytest.CaptureFixture[str]


def events(folder: Path) -> list[Any]:
    """All events in the files of a folder: records of a length, its check, the bytes, and their check."""
    found = []
    for file in sorted(folder.glob("events.out.tfevents.*")):
        data, at = file.read_bytes(), 0
        while at < len(data):
            (length,) = struct.unpack_from("<Q", data, at)
            found.append(Event.FromString(data[at + 12 : at + 12 + length]))
            at += 12 + length + 4
    return found


def values(folder: Path) -> dict[str, dict[int, Any]]:
    """What was written, by tag and step."""
    found: dict[str, dict[int, Any]] = {}
    for event in events(folder):
        for value in event.summary.value:
            found.setdefault(value.tag, {})[event.step] = value
    return found


def test_a_run_is_told_as_it_goes(here: Path, data: dict[str, Path], capsys: Out) -> None:
    options = ["--data", str(data["text"]), "--save", "run", "--steps", "6", *TINY, "--tensorboard", "board"]
    assert main(["train", *options]) == 0
    found = values(here / "board" / "run")
    with (here / "run" / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {str(step) for step in found["loss"]} == {row["step"] for row in rows}
    for row in rows:
        assert found["loss"][int(row["step"])].simple_value == pytest.approx(float(row["loss"]), rel=1e-5)
    assert {"val_loss", "learning_rate", "grad_norm", "chars_per_s", "epoch", "elapsed_s"} <= found.keys()
    model = SavedModel.read(here / "run").trainer().judged
    for name, array in model.parameters.items():
        histogram = found[f"weights/{name}"][6].histo
        assert histogram.num == array.size
        assert histogram.sum == pytest.approx(float(array.sum(dtype=float)), abs=1e-3)
    for gate in "ifgo":
        assert 0 <= abs(found[f"gates_l0/{gate}"][6].histo.min) <= 1
        assert found[f"gates_l0/{gate}"][6].histo.num > 100


def test_a_saved_run_is_told_afterwards(runs: dict[str, Path], here: Path, capsys: Out) -> None:
    (runs["text"] / "samples.txt").write_text(
        "--- step 4  temperature 0.8  loss 1.2340  prompt 'NAME'  9 bytes\nNAME\nabcd\n\n", encoding="utf-8"
    )
    before = contents(runs["text"])
    assert main(["export", "--load", str(runs["text"]), "--tensorboard", "board"]) == 0
    assert "board/text-run: " in capsys.readouterr().out
    found = values(here / "board" / "text-run")
    with (runs["text"] / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {str(step) for step in found["loss"]} == {row["step"] for row in rows}
    (sample,) = (value.tensor.string_val[0].decode() for value in found["sample/text_summary"].values())
    assert sample == "    NAME\n    abcd"
    assert found["weights/weight_hh_l0"][6].histo.num == 8 * 8 * 4
    assert "gates_l0/f" in found
    assert contents(runs["text"]) == before


def test_a_model_without_figures_gives_its_curves(here: Path, capsys: Out) -> None:
    assert main(["export", "--load", "demo-stock", "--tensorboard", "board"]) == 0
    found = values(here / "board" / "demo-stock")
    assert len(found["loss"]) > 100
    assert max(found["val_loss"]) <= 1_900
    assert "gates_l0/i" in found


def test_without_the_data_all_but_the_gates_is_written(runs: dict[str, Path], here: Path, capsys: Out) -> None:
    shutil.copytree(runs["stock"], "alone")
    saved = SavedModel.read(here / "alone")
    Path(str(saved.config.data)).rename("away.csv")
    try:
        assert main(["export", "--load", "alone", "--tensorboard", "board"]) == 0
    finally:
        Path("away.csv").rename(str(saved.config.data))
    assert "no gates are shown, for the data cannot be read" in capsys.readouterr().err
    found = values(here / "board" / "alone")
    assert "weights/head_bias" in found
    assert not any(tag.startswith("gates") for tag in found)


@pytest.mark.parametrize("command", ["train --steps 2", "export --load demo-stock"])
def test_without_the_package_one_line_names_it(
    command: str, here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    assert main([*command.split(), "--tensorboard", "board"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--tensorboard needs tensorboardX, which is not installed: pip install 'lstm-tui[tensorboard]'" in line
    assert contents(here) == {}


def test_a_folder_that_is_a_file_is_one_line(here: Path, capsys: Out) -> None:
    (here / "board").write_text("", encoding="utf-8")
    assert main(["train", "--steps", "2", "--tensorboard", "board"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--tensorboard board: board is a file; name a folder" in line
