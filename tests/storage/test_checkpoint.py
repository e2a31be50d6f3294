"""Checkpoints: complete, under PyTorch's names, and never trusted further than they can be checked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save as to_bytes

from lstm_model.curves.history import Mark
from lstm_model.errors import CheckpointError
from lstm_model.network.model import LSTM
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint, read_record, save_checkpoint
from lstm_model.storage.record import parse_record, read_entries
from lstm_model.storage.weights import model_tensors
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.hostile_files import contents, put, without_checksum

Files = dict[str, Path]
LAST = "last.safetensors"


def opened(path: Path) -> Trainer:
    return restore_trainer(load_checkpoint(path))


def test_the_weights_bear_pytorchs_names_and_one_of_its_two_biases_is_zero() -> None:
    model = LSTM(3, 5, 2, 2, seed=1)
    tensors = model_tensors(model)
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    layer = {"weight_hh": (20, 5), "bias_ih": (20,), "bias_hh": (20,)}
    assert shapes == {
        "lstm.weight_ih_l0": (20, 3), "lstm.weight_ih_l1": (20, 5), "head.weight": (2, 5), "head.bias": (2,),
        **{f"lstm.{name}_l{k}": shape for name, shape in layer.items() for k in (0, 1)},
    }  # fmt: skip
    assert not tensors["lstm.bias_hh_l0"].any()
    assert tensors["lstm.bias_ih_l0"][5:10].tolist() == [1.0] * 5  # the forget gate's


def test_a_checkpoint_holds_everything_a_run_needs(trained: Files) -> None:
    checkpoint = load_checkpoint(trained["text"] / LAST)
    kinds = {"lstm", "head", "training", "optimizer", "state", "history"}
    assert {name.split(".")[0] for name in checkpoint.tensors} == kinds
    assert set(checkpoint.record.data.memory["vocabulary"]) >= set("NAME ls")
    assert load_checkpoint(trained["stock"] / LAST).record.data.memory.keys() == {"mean", "std", "days", "changes"}
    assert read_record(trained["text"] / LAST) == checkpoint.record


@pytest.mark.parametrize("task", ["text", "stock"])
def test_the_record_stands_in_the_file_under_the_names_that_other_versions_read(task: str, trained: Files) -> None:
    _, record, _ = contents(trained[task] / LAST)
    assert list(record) == ["config", "step", "optimizer_steps", "base_rate", "total_steps", "cursor", "loss",
                            "val_loss", "best_val_loss", "best_step", "elapsed_s", "marks", "data"]  # fmt: skip
    assert list(record["cursor"]) == ["position", "epochs"]
    memory = ["vocabulary", "prompt", "trained", "validated"] if task == "text" else ["mean", "std", "days", "changes"]
    assert list(record["data"]) == ["name", "sha256", *memory]


def test_what_a_record_writes_it_reads_again(trained: Files) -> None:
    whole = load_checkpoint(trained["text"] / LAST).record
    wild = replace(whole, loss=float("inf"), val_loss=None, total_steps=None, alone=True, marks=(Mark(3, "saved"),))
    for record in (whole, wild):
        assert parse_record(read_entries(record.to_json())) == record


def test_what_a_newer_version_adds_under_another_name_is_left_out(trained: Files) -> None:
    record = load_checkpoint(trained["text"] / LAST).record
    newer = record.as_dict() | {"weather": "fine", "marks": [[1, "saved"], [2, "danced"]]}
    assert parse_record(newer) == replace(record, marks=(Mark(1, "saved"),))


def test_the_second_bias_of_a_foreign_model_is_added_to_the_first(trained: Files, tmp_path: Path) -> None:
    checkpoint = load_checkpoint(trained["text"] / LAST)
    moved = dict(checkpoint.tensors)
    moved["lstm.bias_hh_l0"] = moved["lstm.bias_ih_l0"] / 4
    moved["lstm.bias_ih_l0"] = moved["lstm.bias_ih_l0"] * 3 / 4
    save_checkpoint(tmp_path / LAST, Checkpoint(moved, checkpoint.record))
    np.testing.assert_allclose(opened(tmp_path / LAST).judged.parameters["bias_l0"],
                               checkpoint.tensors["lstm.bias_ih_l0"], rtol=1e-6)  # fmt: skip


# What cannot be used


def one_line(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        opened(path)
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("task", ["text", "stock"])
def test_a_truncated_file_is_refused_wherever_it_was_cut(task: str, trained: Files, tmp_path: Path) -> None:
    whole = (trained[task] / LAST).read_bytes()
    path = tmp_path / LAST
    for length in (0, 1, 7, 8, 9, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert str(path) in one_line(path)


@pytest.mark.parametrize(
    ("data", "phrase"),
    [
        (b"PK\x03\x04" + bytes(500), "is not a whole checkpoint"),  # a zip file, as torch.save writes it
        (b"\x80\x04\x95" + bytes(500), "is not a whole checkpoint"),  # a pickle
        (np.random.default_rng(0).bytes(4000), "is not a whole checkpoint"),
        (to_bytes({"weight": np.zeros(3, np.float32)}), "was not written by lstm-tui"),
        (to_bytes({"weight": np.zeros(3)}, {"format": "pt"}), "was not written by lstm-tui"),
        (
            to_bytes({}, {"format": "lstm-tui checkpoint", "version": "2"}),
            "has version 2, newer than this program reads (1): use a newer lstm-tui",
        ),
        (to_bytes({}, {"format": "lstm-tui checkpoint", "version": "1"}), "its record cannot be read"),
        (to_bytes({}, {"format": "lstm-tui checkpoint", "version": "1", "record": "[]"}), "its record cannot be read"),
    ],
    ids=["zip", "pickle", "noise", "no metadata", "PyTorch's", "newer version", "no record", "a list as record"],
)
def test_a_foreign_file_is_refused_with_its_name(data: bytes, phrase: str, tmp_path: Path) -> None:
    path = tmp_path / LAST
    path.write_bytes(data)
    line = one_line(path)
    assert phrase in line
    assert str(path) in line


def changed(file: Path, name: str, value: Any) -> bytes:
    """A file with one tensor, or one entry of the record ("config.task"), replaced; None leaves it out."""
    metadata, record, tensors = contents(file)
    if name not in tensors:
        record = put(record, name, ... if value is None else value)
    elif value is None:
        del tensors[name]
    else:
        tensors[name] = value
    return without_checksum(metadata, record, tensors)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lstm.weight_hh_l0", None),
        ("head.weight", None),
        ("head.bias", np.zeros((3, 3), np.float32)),
        ("lstm.weight_ih_l0", np.zeros((32, 1), np.float32)),
        ("lstm.bias_hh_l0", np.full(32, np.nan, np.float32)),
        ("lstm.bias_ih_l0", np.zeros(32, np.int32)),
        ("optimizer.mean", None),
        ("optimizer.mean", np.zeros(3, np.float32)),
        ("state.h", np.zeros((1, 4, 9), np.float32)),
        ("history.train", None),
        ("history.train", np.zeros((3, 3))),
        ("step", None),
        ("step", "many"),
        ("step", float("inf")),
        ("cursor", None),
        ("cursor", 3),
        ("total_steps", "all"),
        ("val_loss", [1]),
        ("config", None),
        ("config", []),
        ("config.hidden_size", "8"),
        ("config.hidden_size", 10**7),  # a model of this size must not be built first
        ("config.num_layers", 2),
        ("config.num_layers", 10**9),
        ("config.optimizer", "adamant"),
        ("config.split", 5),
        ("data", None),
        ("data.vocabulary", None),
        ("data.vocabulary", 5),
        ("data.sha256", None),
    ],
)
def test_a_part_that_is_missing_or_does_not_fit_is_one_line(
    name: str, value: Any, trained: Files, tmp_path: Path
) -> None:
    (tmp_path / LAST).write_bytes(changed(trained["text"] / LAST, name, value))
    one_line(tmp_path / LAST)
