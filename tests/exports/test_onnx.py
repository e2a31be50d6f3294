"""A model as ONNX: another program computes the same outputs and carries the same state."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from lstm_model.errors import InputError
from lstm_model.exports.onnx_file import onnx_model
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.runs.saved_model import SavedModel
from lstm_tui.cli import main
from support.runs import TINY

Out = pytest.CaptureFixture[str]
cells = pytest.mark.parametrize("cell", [name for name, kind in CELLS.items() if kind.onnx])
layers = pytest.mark.parametrize("num_layers", [1, 2, 3])


def session(model: bytes) -> Any:
    return onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])


def network_of(cell: str, num_layers: int, **options: Any) -> Network:
    network = Network(5, 7, options.pop("outputs", 5), num_layers, seed=2, cell=cell, **options)
    rng = np.random.default_rng(3)
    network.parameters.flat[:] += rng.normal(0, 0.3, network.parameters.flat.shape)  # biases that are not zero
    return network


def state_of(network: Network, B: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(4)
    return tuple(rng.normal(0, 0.5, part.shape).astype(np.float32) for part in network.zero_state(B))


@cells
@layers
def test_logits_and_states_of_ids_are_ours(cell: str, num_layers: int) -> None:
    network = network_of(cell, num_layers)
    ids = np.random.default_rng(5).integers(0, 5, (11, 3))
    state = state_of(network, 3)
    outputs, after = network.forward(ids, state)
    run = session(onnx_model(network, takes_ids=True, about={}))
    found = run.run(None, {"ids": ids, **dict(zip(network.kind.states, state, strict=True))})
    np.testing.assert_allclose(found[0], outputs, atol=1e-5)
    for theirs, ours in zip(found[1:], after, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-5)


@cells
@layers
@pytest.mark.parametrize("loss_at", ["last", "every"])
def test_predictions_from_numbers_are_ours(cell: str, num_layers: int, loss_at: Any) -> None:
    network = network_of(cell, num_layers, outputs=2, task_type="regression", loss_at=loss_at)
    x = np.random.default_rng(5).normal(size=(6, 4, 5)).astype(np.float32)
    state = state_of(network, 4)
    outputs, _ = network.forward(x, state)
    run = session(onnx_model(network, takes_ids=False, about={}))
    assert [each.name for each in run.get_outputs()] == ["prediction", *(f"{name}_out" for name in network.kind.states)]
    found = run.run(None, {"x": x, **dict(zip(network.kind.states, state, strict=True))})
    assert found[0].shape == outputs.shape
    np.testing.assert_allclose(found[0], outputs, atol=1e-5)


@cells
def test_a_state_is_carried_from_one_piece_to_the_next(cell: str) -> None:
    network = network_of(cell, 2)
    ids = np.random.default_rng(5).integers(0, 5, (10, 2))
    run = session(onnx_model(network, takes_ids=True, about={}))
    zeros = dict(zip(network.kind.states, network.zero_state(2), strict=True))
    whole = run.run(["logits"], {"ids": ids, **zeros})[0]
    first, *state = run.run(None, {"ids": ids[:4], **zeros})
    second = run.run(["logits"], {"ids": ids[4:], **dict(zip(network.kind.states, state, strict=True))})[0]
    np.testing.assert_allclose(np.concatenate([first, second]), whole, atol=1e-6)


def test_a_cell_without_an_operator_is_one_line() -> None:
    network = network_of("lstm", 1)
    network.kind = replace(network.kind, name="toy", onnx=None)
    with pytest.raises(InputError, match="ONNX has no operator for the cell toy: export a model of another cell"):
        onnx_model(network, takes_ids=True, about={})


# The command


def test_a_saved_model_of_another_cell_computes_what_it_did(here: Path, data: dict[str, Path]) -> None:
    options = ["--data", str(data["text"]), "--cell", "gru", *TINY, "--steps", "2", "--save", "run"]
    assert main(["train", *options]) == main(["export", "--load", "run", "--onnx", "model.onnx"]) == 0
    trainer = SavedModel.read(here / "run").trainer()
    x = trainer.task.next_batch().x
    outputs, _ = trainer.judged.forward(x)
    (zeros,) = trainer.judged.zero_state(x.shape[1])
    found = session((here / "model.onnx").read_bytes()).run(None, {"ids": x.astype(np.int64), "h": zeros})
    np.testing.assert_allclose(found[0], outputs, atol=1e-5)
    trainer.close()


@pytest.mark.parametrize("task", ["text", "stock"])
def test_export_writes_a_saved_model_that_computes_what_it_did(
    task: str, runs: dict[str, Path], here: Path, capsys: Out
) -> None:
    assert main(["export", "--load", str(runs[task]), "--onnx", "model.onnx"]) == 0
    assert "model.onnx" in capsys.readouterr().out
    saved = SavedModel.read(runs[task])
    trainer = saved.trainer()
    x = trainer.task.next_batch().x
    outputs, _ = trainer.judged.forward(x)
    run = session((here / "model.onnx").read_bytes())
    zeros = dict(zip("hc", trainer.judged.zero_state(x.shape[1]), strict=True))
    found = run.run(None, {run.get_inputs()[0].name: x.astype(np.int64) if x.ndim == 2 else x, **zeros})
    np.testing.assert_allclose(found[0], outputs, atol=1e-5)
    trainer.close()
    about = {each.key: json.loads(each.value) for each in onnx.load(here / "model.onnx").metadata_props}
    assert about["task"] == task
    assert about["step"] == 6
    assert about["data"] == json.loads(json.dumps(saved.record.data.memory))


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ("--onnx model.txt", "--onnx model.txt: the ending says what is written; choose .onnx"),
        ("--onnx folder", "--onnx folder: the ending"),
        ("--onnx folder.onnx", "--onnx folder.onnx is a folder: name a file in it"),
        ("--onnx nowhere/model.onnx", "there is no folder nowhere; make it first"),
        ("", "export needs --onnx FILE or --tensorboard DIR"),
        ("--load missing --onnx model.onnx", "there is no checkpoint missing"),
    ],
)
def test_what_cannot_be_written_is_one_line(options: str, phrase: str, here: Path, capsys: Out) -> None:
    (here / "folder.onnx").mkdir()
    assert main(["export", *options.split()]) == 2
    assert phrase in capsys.readouterr().err.splitlines()[-1]


def test_without_the_package_one_line_names_it(
    runs: dict[str, Path], here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "lstm_model.exports.onnx_file", raising=False)
    assert main(["export", "--load", str(runs["text"]), "--onnx", "model.onnx"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--onnx needs onnx, which is not installed: pip install 'lstm-tui[onnx]', or pip install onnx" in line
