"""A saved model is opened by one rule, and a new run begun by one, whoever asks: the command line or a key."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.saved_model import SavedModel, peek
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from lstm_model.storage.claim import Claim
from lstm_tui.cli import main
from lstm_tui.opening.launch import Launch
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from support.runs import TINY, contents
from support.stepped import Hand, tiny_launch, write_prices, write_text

Files = dict[str, Path]
Out = pytest.CaptureFixture[str]
LAST, PREVIOUS = "last.safetensors", "previous.safetensors"


@pytest.fixture
def hand() -> Hand:
    return Hand()


def told(session: Session) -> list[str]:
    return [notice.text for notice in session.latest.notices]


def app_over(folder: Path, hand: Hand, task: str = "text", **options: Any) -> Sessions:
    """An app over a tiny run of its own, with one turn taken."""
    folder.mkdir(exist_ok=True)
    sessions = Sessions(tiny_launch(folder, task, **options), hand.begin)
    hand.turn()
    return sessions


def saved_run(folder: Path, task: str, data: Path, *more: str) -> Path:
    """A run of three steps, its last and the one before it."""
    options = ["--task", task, "--data", str(data), *TINY, "--save", str(folder), *more]
    assert main(["train", *options, "--steps", "2"]) == 0
    assert main(["train", "--load", str(folder), "--steps", "3"]) == 0
    return folder


def without(file: Path, name: str) -> None:
    """Take a tensor out of a checkpoint, which is otherwise whole."""
    whole = load_checkpoint(file)
    save_checkpoint(file, Checkpoint({key: t for key, t in whole.tensors.items() if key != name}, whole.record))


def load_with_l(here: Path, hand: Hand, run: Path, **options: Any) -> Session:
    """Key l for a run of the task on the screen."""
    session = app_over(here / "app", hand, **options).load(run)
    hand.turn()
    return session


def load_of_the_other_task(here: Path, hand: Hand, run: Path, **options: Any) -> Session:
    """Key l for a run of the task that is not on the screen, and was not yet."""
    session = app_over(here / "app", hand, "stock", **options).load(run)
    hand.turn()
    return session


Loads = pytest.mark.parametrize("load", [load_with_l, load_of_the_other_task])
Load = Callable[..., Session]


# What is said of a saved model


@Loads
def test_a_key_goes_on_with_other_data_in_a_new_folder_and_says_so_as_the_command_line_does(
    load: Load, here: Path, data: Files, hand: Hand, capsys: Out
) -> None:
    own = Path(shutil.copy(data["text"], here / "own.txt"))
    run = saved_run(here / "run", "text", own)
    own.write_text(own.read_text() + "NAME ls\n" * 9)
    before = contents(run)
    session = load(here, hand, run)
    assert session.latest.figure.step >= 3
    said = "the data are not those run was trained on (own.txt): they are read from their start"
    assert said in told(session)
    folder = str(session.latest.files.folder)
    assert f"run stays as it is: the run goes on in {folder}" in told(session)
    assert Path(folder) != run
    capsys.readouterr()
    session.request(commands.Stop(save=False))
    hand.turn()
    assert main(["train", "--load", str(run), "--steps", "4"]) == 2
    assert f"own.txt has changed since {run} was trained on it" in capsys.readouterr().err
    assert contents(run) == before
    assert main(["train", "--load", str(run), "--steps", "4", "--save", str(here / "new")]) == 0
    assert f"note: {said}" in capsys.readouterr().err


@Loads
def test_what_does_not_fit_is_said_with_the_name_of_the_file(load: Load, here: Path, data: Files, hand: Hand) -> None:
    run = saved_run(here / "run", "text", data["text"])
    without(run / LAST, "head.bias")
    session = load(here, hand, run)
    assert f"{run / LAST}: the checkpoint holds no tensor head.bias" in told(session)


@Loads
def test_a_last_that_is_damaged_inside_is_said_with_the_one_before_it(
    load: Load, here: Path, data: Files, hand: Hand
) -> None:
    run = saved_run(here / "run", "text", data["text"])
    whole = (run / LAST).read_bytes()
    (run / LAST).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    session = load(here, hand, run)
    assert any(line.endswith(f"; the one before it, of step 2, is {run / PREVIOUS}") for line in told(session))


def test_a_last_whose_head_is_damaged_is_said_with_the_one_before_it(here: Path, data: Files, hand: Hand) -> None:
    run = saved_run(here / "run", "text", data["text"])
    (run / LAST).write_bytes(b"x" * 100)
    sessions = app_over(here / "app", hand)
    for open_it in (sessions.load, SavedModel.read, peek):
        with pytest.raises(CheckpointError, match="the one before it, of step 2, is"):
            open_it(run)


def test_of_two_models_to_look_at_the_notes_on_both_are_told(here: Path, data: Files, hand: Hand, capsys: Out) -> None:
    own = Path(shutil.copy(data["text"], here / "own.txt"))
    old = saved_run(here / "old", "text", own)
    own.write_text(own.read_text() + "NAME ls\n" * 9)
    new = saved_run(here / "new", "text", own)
    launched: list[Launch] = []

    def run_app(launch: Launch) -> int:
        launched.append(launch)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lstm_tui.cli.on_terminal", lambda: True)
        patch.setattr("lstm_tui.app.run_app", run_app)
        assert main(["--eval-only", "--load", str(new), "--against", str(old)]) == 0
    sessions = Sessions(launched[0], hand.begin)
    hand.turn()
    assert any("not those old was trained on" in line for line in told(sessions.current))
    assert sessions.current.latest.rival is not None


# What holds for whatever an app opens


@Loads
def test_an_apps_threads_hold_for_what_is_loaded(load: Load, here: Path, data: Files, hand: Hand) -> None:
    run = saved_run(here / "run", "text", data["text"], "--threads", "2")
    session = load(here, hand, run, settings={"threads": 1, "seed": 9})
    assert session.latest.about.config is not None
    assert (session.latest.about.config.threads, session.latest.about.config.seed) == (
        1,
        1,
    )  # the seed is the model's own


def test_an_apps_threads_hold_for_a_run_that_t_comes_back_to(here: Path, hand: Hand) -> None:
    sessions = app_over(here / "app", hand, settings={"threads": 1})
    sessions.launch = replace(sessions.launch, eval_only=True)
    saved_run(here / "saves" / "prices", "stock", write_prices(here), "--threads", "2")
    session = sessions.switch()
    hand.turn()
    assert session.latest.about.config is not None
    assert session.latest.about.config.threads == 1


# Where a run may be written


def nothing_is_writable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a person who may not write here: who runs tests may be root, who may do anything."""
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)


@Loads
def test_a_key_asks_whether_the_folder_can_be_written(
    load: Load, here: Path, data: Files, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = saved_run(here / "run", "text", data["text"])
    nothing_is_writable(monkeypatch)
    session = load(here, hand, run)
    assert any(f"cannot save in {run}: {run} may not be written to" in line for line in told(session))
    Claim(run).release()  # and nobody holds it


def test_what_is_only_looked_at_need_not_be_writable(
    here: Path, data: Files, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = saved_run(here / "run", "text", data["text"])
    nothing_is_writable(monkeypatch)
    assert load_with_l(here, hand, run, eval_only=True).latest.figure.step == 3


def test_t_asks_whether_a_new_run_can_be_written(here: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = app_over(here / "app", hand)
    nothing_is_writable(monkeypatch)
    session = sessions.switch()
    hand.turn()
    assert any("cannot save in saves/stock-" in line and "may not be written to" in line for line in told(session))
    assert session.latest.figure.step == 0


def test_t_asks_whether_there_is_memory_for_a_new_run(here: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = app_over(here / "app", hand)
    monkeypatch.setattr("lstm_model.costs.room.machine_memory", lambda: 1000)
    session = sessions.switch()
    hand.turn()
    assert any("MB of memory" in line for line in told(session))


def test_a_run_whose_own_steps_cannot_be_saved_is_not_left_and_the_other_is_free(
    here: Path, data: Files, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = saved_run(here / "run", "text", data["text"])
    sessions = app_over(here / "app", hand)
    hand.turn()
    (here / "app" / "run").write_text("in the way")
    session = sessions.load(run)
    hand.turn()
    assert any(line.startswith("not loaded, because the current run could not be saved") for line in told(session))
    assert Path(str(session.latest.files.folder)) == here / "app" / "run"
    assert main(["train", "--load", str(run), "--steps", "4"]) == 0


def test_a_run_that_cannot_be_opened_lets_go_of_its_folder(here: Path, data: Files) -> None:
    own = Path(shutil.copy(data["text"], here / "own.txt"))
    run = saved_run(here / "run", "text", own)
    own.unlink()
    assert main(["train", "--load", str(run), "--steps", "4"]) == 2
    write_text(here)
    assert main(["train", "--load", str(run), "--data", str(here / "pages.txt"), "--steps", "4"]) == 0


# Read once


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a checkpoint is read, a price file, and all days are forecast."""
    counted: Counter[str] = Counter()

    def count(place: str) -> None:
        name = place.rpartition(".")[2]
        real = _looked_up(place)

        def counting(*arguments: Any, **options: Any) -> Any:
            counted[name] += 1
            return real(*arguments, **options)

        monkeypatch.setattr(place, counting)

    count("lstm_model.runs.saved_model.load_checkpoint")
    count("lstm_model.tasks.stock.task.read_prices")
    count("lstm_model.tasks.stock.task.StockTask.paths")
    return counted


def _looked_up(place: str) -> Any:
    from pkgutil import resolve_name

    module, _, name = place.rpartition(".")
    return getattr(resolve_name(module), name)


@pytest.mark.parametrize("plot", [False, True])
def test_eval_reads_a_model_and_its_prices_once_and_forecasts_once(
    plot: bool, here: Path, data: Files, counts: Counter[str]
) -> None:
    run = saved_run(here / "run", "stock", data["stock"])
    counts.clear()
    assert main(["eval", "--load", str(run), *(["--plot", "picture.svg"] if plot else [])]) == 0
    assert counts == {"load_checkpoint": 1, "read_prices": 1, "paths": 1}


def test_a_comparison_reads_and_forecasts_once_for_each_model(here: Path, data: Files, counts: Counter[str]) -> None:
    runs = [str(saved_run(here / f"run-{seed}", "stock", data["stock"], "--seed", seed)) for seed in "12"]
    counts.clear()
    assert main(["eval", "--load", runs[0], "--against", runs[1]]) == 0
    assert counts == {"load_checkpoint": 2, "read_prices": 2, "paths": 2}


def test_two_models_to_look_at_are_read_once_each(
    here: Path, data: Files, counts: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [str(saved_run(here / f"run-{seed}", "stock", data["stock"], "--seed", seed)) for seed in "12"]
    counts.clear()
    monkeypatch.setattr("lstm_tui.cli.on_terminal", lambda: True)
    monkeypatch.setattr("lstm_tui.app.run_app", lambda launch: 0)
    assert main(["--eval-only", "--load", runs[0], "--against", runs[1]]) == 0
    assert counts == {"load_checkpoint": 2, "read_prices": 2}


@pytest.mark.parametrize("command", [["train", "--steps", "4"], ["eval"], ["sample", "--length", "3"]])
def test_a_command_reads_a_model_of_text_once(
    command: list[str], here: Path, data: Files, counts: Counter[str]
) -> None:
    run = saved_run(here / "run", "text", data["text"])
    counts.clear()
    assert main([*command, "--load", str(run)]) == 0
    assert counts == {"load_checkpoint": 1}


# Advice that helps


@pytest.mark.skipif(os.name != "posix", reason="pipes are POSIX's")
@pytest.mark.parametrize("command", [["train", "--steps", "4"], ["eval"]])
@pytest.mark.parametrize("task", ["text", "stock"])
def test_where_the_data_have_become_a_pipe_other_data_do_as_the_error_says(
    task: str, command: list[str], here: Path, data: Files, capsys: Out
) -> None:
    own = Path(shutil.copy(data[task], here / "own"))
    run = saved_run(here / "run", task, own)
    own.unlink()
    os.mkfifo(own)
    capsys.readouterr()
    assert main([*command, "--load", str(run)]) == 2
    assert capsys.readouterr().err.endswith("is a pipe or a device: name a plain file with --data\n")
    assert main([*command, "--load", str(run), "--data", str(data[task])]) == 0


def test_a_folder_that_another_process_holds_is_told_before_a_session_is_left(
    here: Path, data: Files, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise InputError("in use")

    run = saved_run(here / "run", "text", data["text"])
    sessions = app_over(here / "app", hand, "stock")
    monkeypatch.setattr("lstm_model.runs.folder.Claim", held)
    with pytest.raises(InputError, match="in use"):
        sessions.load(run)
    assert sessions.current.task == "stock"
