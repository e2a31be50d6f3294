"""The command line: options, faces and exit statuses."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lstm_model.costs.shards import shard_count
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_tui import cli
from lstm_tui.cli import main
from lstm_tui.opening.launch import Launch
from lstm_tui.options.parser import parser_for
from lstm_tui.options.values import shares
from lstm_tui.terminal.output import Progress, json_line
from support.runs import TINY

Out = pytest.CaptureFixture[str]


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[Launch]:
    """What the app was asked to open; it ends at once with status 7, and a terminal is there."""
    launches: list[Launch] = []

    def run_app(launch: Launch) -> int:
        launches.append(launch)
        return 7

    monkeypatch.setitem(sys.modules, "lstm_tui.app", SimpleNamespace(run_app=run_app))
    monkeypatch.setattr(cli, "on_terminal", lambda: True)
    return launches


# Help


def test_help_and_version_import_neither_numpy_nor_textual() -> None:
    program = """
import sys
import time
from lstm_tui.cli import main
for command in ([], ["train"], ["eval"], ["sample"], ["runs"]):
    for option in ("--help", "--version"):
        assert main([*command, option]) == 0
heavy = {"numpy", "pandas", "textual", "plotext", "safetensors"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_python_m_runs_the_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "lstm_tui", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("lstm-tui ")


def test_the_help_of_train_gives_the_reason_for_every_preset(capsys: Out) -> None:
    assert main(["train", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for task in KINDS:
        for name, preset in kind_of(task).presets.items():
            assert f"{task} {name} {' '.join(preset.reason.split())}" in out


# The app


def test_without_a_command_the_app_opens_on_the_text_that_ships(here: Path, launched: list[Launch]) -> None:
    assert main([]) == 7
    (launch,) = launched
    asked = preset_config("text")
    assert launch.trainer.config == replace(asked, threads=shard_count(asked))  # settled when the run begins
    assert launch.folder is not None
    assert launch.folder.path.parent == Path("saves")
    assert launch.plan.steps is launch.plan.minutes is None
    assert launch.plan.look_every == 15
    assert (launch.eval_only, launch.paused, launch.ssh, launch.settings) == (False, False, False, {})
    assert list(here.iterdir()) == []  # nothing is written before the first save


def test_the_options_of_the_app_reach_it(here: Path, launched: list[Launch], data: dict[str, Path]) -> None:
    asked = ["--task", "stock", "--data", str(data["stock"]), *TINY, "--layers", "2", "--dropout", "0.1", "--lr", "0.5"]
    asked += [
        "--optimizer",
        "sgd",
        "--schedule",
        "constant",
        "--clip",
        "2",
        "--warmup",
        "7",
        "--loss-at",
        "every",
        "--split",
        "60/40",
        "--target",
        "close",
    ]
    asked += ["--seed", "9", "--threads", "1", "--paused", "--ssh", "--sample-every", "0", "--autosave", "30"]
    asked += ["--minutes", "2", "--save", "mine"]
    assert main(asked) == 7
    (launch,) = launched
    config = launch.trainer.config
    wanted: dict[str, Any] = {
        "hidden_size": 8,
        "batch_size": 4,
        "seq_length": 5,
        "num_layers": 2,
        "dropout": 0.1,
        "learning_rate": 0.5,
        "optimizer": "sgd",
        "schedule": "constant",
        "clip": 2,
        "warmup": 7,
        "loss_at": "every",
        "split": (60, 40, 0),
        "target": "close",
    }
    assert {name: config.value(name) for name in wanted} == wanted
    assert config.data == str(data["stock"])
    assert (launch.paused, launch.ssh, launch.settings) == (True, True, {"seed": 9, "threads": 1})
    assert (launch.plan.minutes, launch.plan.autosave, launch.plan.look_every) == (2, 30, float("inf"))
    assert launch.folder is not None
    assert launch.folder.path == Path("mine")


def test_a_slow_link_is_found_out_from_the_environment(
    here: Path, launched: list[Launch], data: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 2222 10.0.0.2 22")
    asked = ["--data", str(data["text"]), *TINY]
    main(asked)
    main([*asked, "--no-ssh"])
    assert [launch.ssh for launch in launched] == [True, False]


def test_load_opens_the_app_on_a_run_and_goes_on_in_its_folder(launched: list[Launch], runs: dict[str, Path]) -> None:
    assert main(["--load", str(runs["text"]), "--lr", "0.25"]) == 7
    (launch,) = launched
    assert launch.trainer.steps == 6
    assert launch.trainer.base_rate == launch.trainer.config.learning_rate == 0.25
    assert launch.folder is not None
    assert launch.folder.path == runs["text"]


def test_evaluation_only_opens_the_newest_run_and_writes_nothing(
    launched: list[Launch], runs: dict[str, Path], capsys: Out
) -> None:
    assert main(["--eval-only"]) == main(["--eval-only", "--task", "stock"]) == 7
    assert [launch.trainer.config.task for launch in launched] == ["text", "stock"]
    assert all(launch.eval_only and launch.folder is None for launch in launched)
    assert capsys.readouterr().err.splitlines() == [
        "showing the newest run: saves/text-run/last.safetensors",
        "showing the newest run: saves/stock-run/last.safetensors",
    ]


def test_evaluation_only_without_a_terminal_prints_the_plain_report(runs: dict[str, Path], capsys: Out) -> None:
    assert main(["--eval-only", "--load", str(runs["stock"])]) == 0
    report = capsys.readouterr()
    assert main(["eval", "--load", str(runs["stock"])]) == 0
    assert report == capsys.readouterr()
    assert "tomorrow = today" in report.out


# Training again from a checkpoint


def test_repeating_the_settings_of_a_checkpoint_is_no_error(runs: dict[str, Path], data: dict[str, Path]) -> None:
    same = ["--task", "stock", "--preset", "default", *TINY, "--optimizer", "adam", "--seed", "1", "--target", "return"]
    asked = ["train", "--load", str(runs["stock"]), *same, "--data", str(data["stock"]), "--steps", "8"]
    assert main(asked) == 0
    assert load_checkpoint(runs["stock"] / "last.safetensors").record.step == 8


def test_load_with_save_leaves_the_loaded_run_as_it_was(runs: dict[str, Path], here: Path) -> None:
    before = {path.name: path.read_bytes() for path in runs["text"].iterdir()}
    assert main(["train", "--load", str(runs["text"]), "--save", "next", "--steps", "9"]) == 0
    assert {path.name: path.read_bytes() for path in runs["text"].iterdir()} == before
    assert load_checkpoint(here / "next" / "last.safetensors").record.step == 9


# Values


@pytest.mark.parametrize(
    ("text", "wanted"), [("90/5/5", (90, 5, 5)), ("90/10", (90, 10, 0)), ("60/39.5/.5", (60, 39.5, 0.5))]
)
def test_a_split_may_leave_out_its_last_share(text: str, wanted: tuple[float, ...]) -> None:
    assert shares(text) == wanted


def test_options_that_are_not_given_are_not_there() -> None:
    for command in ("", "train", "runs"):
        assert parser_for(command).given([]) == {}


# Exit statuses


@pytest.mark.parametrize(
    ("raised", "status", "line"),
    [
        (KeyboardInterrupt(), 130, "lstm-tui: interrupted"),
        (OSError(28, "No space left on device", "/disk/x"), 1, "lstm-tui: error: /disk/x: No space left on device"),
        (MemoryError("x"), 1, "lstm-tui: error: not enough memory: choose smaller --hidden, --batch or --seq (x)"),
    ],
)
def test_what_ends_a_command_is_one_line_and_a_status(
    raised: BaseException, status: int, line: str, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    def dispatch(arguments: list[str]) -> int:
        raise raised

    monkeypatch.setattr(cli, "_dispatch", dispatch)
    assert main(["runs"]) == status
    assert capsys.readouterr().err.splitlines() == [line]


def test_a_closed_pipe_ends_quietly(runs: dict[str, Path]) -> None:
    program = [sys.executable, "-m", "lstm_tui", "runs"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_control_characters_of_a_file_name_do_not_reach_the_terminal(here: Path, capsys: Out) -> None:
    assert main(["train", "--data", "no\x1b[2Jsuch\nfile"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "no␛[2Jsuch␊file" in line


def test_json_has_no_number_that_json_does_not_know() -> None:
    line = json_line({"a": float("nan"), "b": [float("inf"), 1.5, (2,)]})
    assert json.loads(line) == {"a": None, "b": [None, 1.5, [2]]}


def test_a_long_measurement_shows_how_far_it_is_on_a_terminal_alone(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter([0.0, 0.5, 1.5, 2.5, 10.0, 11.5])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress = Progress("measuring")
    for share in (0.1, 0.2, 0.2):
        progress(share)
    progress.clear()
    assert capsys.readouterr().err == "\rmeasuring: 20 %\r" + " " * 15 + "\r"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    quiet = Progress("measuring")
    quiet(0.5)
    quiet.clear()
    assert capsys.readouterr().err == ""


def test_every_task_has_the_common_presets() -> None:
    assert all({"default", "quick", "classic"} <= kind_of(task).presets.keys() for task in KINDS)
