"""`--cell`: the other cells go through every command as the usual one does."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from safetensors.numpy import load_file

from lstm_model.settings.cell_rates import rate_factor
from lstm_model.settings.presets import preset_config
from lstm_model.settings.words import CellName
from lstm_tui.cli import main
from support.runs import TINY

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]


@pytest.fixture
def trained_with(here: Path, data: Files, capsys: Out) -> Any:
    """Train a tiny run of a task with a cell; what was printed."""

    def train(task: str, cell: str, steps: int = 3) -> str:
        options = ["--data", str(data[task]), "--cell", cell, "--steps", str(steps), "--save", f"{task}-{cell}"]
        assert main(["train", "--task", task, *options, *TINY]) == 0
        return capsys.readouterr().out

    return train


@pytest.mark.parametrize(("task", "cell"), [("text", "gru"), ("stock", "rnn")])
def test_another_cell_is_trained_named_saved_and_gone_on_with(
    task: str, cell: str, here: Path, trained_with: Any, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(here))
    assert f"1 {cell} layer of 8 units" in trained_with(task, cell)
    saved = here / f"{task}-{cell}" / "last.safetensors"
    of_layers = {name.partition(".")[0] for name in load_file(saved) if "_l0" in name}
    assert of_layers == {cell}
    assert main(["train", "--load", f"{task}-{cell}", "--steps", "5"]) == 0
    assert "finished at step 5" in capsys.readouterr().out
    assert main(["runs", "--json"]) == 0
    assert {run["settings"] for run in json.loads(capsys.readouterr().out)} == {f"default {cell} 1x8"}
    assert main(["eval", "--load", f"{task}-{cell}"]) == 0
    assert f"(default {cell} 1x8)" in capsys.readouterr().out


def test_a_gru_writes_and_is_measured_beside_an_lstm(trained_with: Any, capsys: Out) -> None:
    for cell in ("gru", "lstm"):
        trained_with("text", cell)
    assert main(["sample", "--load", "text-gru", "--length", "20", "--seed", "1"]) == 0
    assert len(capsys.readouterr().out) > 15
    assert main(["eval", "--load", "text-gru", "--against", "text-lstm", "--json"]) == 0
    both = json.loads(capsys.readouterr().out)
    assert [both[name]["model"] for name in "ab"] == ["default gru 1x8", "default 1x8"]
    assert both["better"] == ("a" if both["a"]["loss"] < both["b"]["loss"] else "b")


def test_a_cell_has_a_rate_of_its_own_unless_one_is_given(here: Path, data: Files, trained_with: Any) -> None:
    for cell in get_args(CellName):
        assert 0 < rate_factor(cell) <= 1
    usual, rnn = (preset_config("stock", cell=cell).learning_rate for cell in ("lstm", "rnn"))
    assert rnn == pytest.approx(usual * rate_factor("rnn"))
    assert rnn < usual
    trained_with("stock", "rnn")
    settings = here / "stock-rnn" / "config.json"
    assert json.loads(settings.read_text())["learning_rate"] == rnn
    assert main(["train", "--load", "stock-rnn", "--steps", "4"]) == 0
    assert json.loads(settings.read_text())["learning_rate"] == rnn, "it is not taken twice"
    given = ["--cell", "rnn", "--lr", str(usual), "--data", str(data["stock"]), "--steps", "1", "--save", "given"]
    assert main(["train", "--task", "stock", *given, *TINY]) == 0
    assert json.loads((here / "given/config.json").read_text())["learning_rate"] == usual


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "--load", "text-gru", "--cell", "lstm"], "--cell lstm differs from gru in text-gru"),
        (["--eval-only", "--load", "text-gru", "--cell", "rnn"], "--cell rnn differs from gru in text-gru"),
        (["train", "--cell", "elman"], "--cell"),
    ],
)
def test_the_cell_of_a_saved_run_cannot_change(arguments: list[str], said: str, trained_with: Any, capsys: Out) -> None:
    trained_with("text", "gru")
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err.splitlines()[-1]
