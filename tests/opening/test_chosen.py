"""Where no --load names a model: the newest run, else the model that ships, and each time it is said which."""

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from lstm_model.errors import InputError
from lstm_model.runs.saves import checkpoint_file
from lstm_model.runs.shipped import shipped_model, shipped_models, ships
from lstm_tui import cli
from lstm_tui.cli import main
from lstm_tui.opening.launch import Launch
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from support.places import ROOT
from support.runs import contents
from support.stepped import Hand, tiny_launch

Files = dict[str, Path]
Out = pytest.CaptureFixture[str]
NOTHING_SAVED = "there is no saved {0} model under saves: showing demo-{0}, the model that ships, trained on {1}"
TEXT, STOCK = NOTHING_SAVED.format("text", "linux_man.txt"), NOTHING_SAVED.format("stock", "MSFT_1d_data.csv")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[Launch]:
    """What the app was asked to open, on a terminal."""
    launches: list[Launch] = []

    def run_app(launch: Launch) -> int:
        launches.append(launch)
        return 0

    monkeypatch.setitem(sys.modules, "lstm_tui.app", SimpleNamespace(run_app=run_app))
    monkeypatch.setattr(cli, "on_terminal", lambda: True)
    return launches


def told(session: Session) -> list[str]:
    return [notice.text for notice in session.latest.notices]


# With nothing saved


def test_sample_writes_with_the_model_that_ships(here: Path, capsys: Out) -> None:
    assert main(["sample", "--prime", "NAME", "--length", "40", "--seed", "1"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines() == [TEXT]
    assert (
        main(["sample", "--load", str(ROOT / "saves/demo-text"), "--prime", "NAME", "--length", "40", "--seed", "1"])
        == 0
    )
    assert capsys.readouterr().out == out
    assert contents(here) == {}


def test_eval_measures_the_model_that_ships_for_the_task(here: Path, capsys: Out) -> None:
    assert main(["eval", "--task", "stock", "--json"]) == 0
    out, err = capsys.readouterr()
    assert STOCK in err
    assert json.loads(out)["rmse"] == pytest.approx(0.3855, abs=5e-5)


def test_evaluation_only_opens_the_model_that_ships_and_says_so_on_the_screen(
    here: Path, launched: list[Launch], capsys: Out
) -> None:
    assert main(["--eval-only"]) == main(["--eval-only", "--task", "stock"]) == 0
    assert [launch.trainer.steps for launch in launched] == [28_500, 1_900]
    assert [launch.notes[0] for launch in launched] == [TEXT, STOCK] == capsys.readouterr().err.splitlines()


def test_a_task_without_a_model_that_ships_says_where_it_looked(here: Path, capsys: Out) -> None:
    assert main(["--eval-only", "--task", "copy"]) == 2
    assert "there is no saved copy model under saves: name one with --load, or train one" in capsys.readouterr().err


def test_two_models_to_compare_must_both_be_named(here: Path, capsys: Out) -> None:
    assert main(["eval", "--against", "demo-text"]) == 2
    assert "--against PATH needs --load PATH" in capsys.readouterr().err


# With runs


def test_the_newest_run_comes_before_the_model_that_ships(runs: Files, capsys: Out) -> None:
    assert main(["sample", "--length", "3"]) == main(["eval"]) == main(["eval", "--task", "stock"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("showing")]
    newest = "showing the newest run: saves/{}-run/last.safetensors"
    assert said == [newest.format("text"), newest.format("text"), newest.format("stock")]


def test_in_a_checkout_the_models_that_ship_are_nobodys_newest_run(
    here: Path, trained: Files, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    checkout = here / "checkout"
    for name, folder in shipped_models().items():
        shutil.copytree(folder, checkout / "saves" / name)
    monkeypatch.setattr("lstm_model.runs.shipped.files", lambda package: checkout / "lstm_model")
    shutil.copytree(trained["stock"], checkout / "saves" / "old")
    for file in (checkout / "saves" / "old").iterdir():
        os.utime(file, (1_000_000_000, 1_000_000_000))
    monkeypatch.chdir(checkout)
    assert main(["eval", "--json"]) == 0
    assert capsys.readouterr().err.splitlines()[0] == "showing the newest run: saves/old/last.safetensors"


# By name, and going on


def test_a_model_that_ships_goes_by_its_name_unless_something_else_has_it(here: Path) -> None:
    assert checkpoint_file(Path("demo-text")) == shipped_models()["demo-text"] / "best.safetensors"
    shutil.copytree(shipped_models()["demo-stock"], "demo-text")
    assert checkpoint_file(Path("demo-text")) == Path("demo-text/best.safetensors")


def test_no_run_goes_on_in_the_folder_of_a_model_that_ships(here: Path, capsys: Out) -> None:
    folder = shipped_model("stock")
    assert folder is not None
    before = contents(folder)
    assert main(["train", "--load", "demo-stock", "--steps", "1901"]) == 2
    assert "ships with the program and stays as it is: name a folder to go on in with --save" in capsys.readouterr().err
    assert main(["train", "--load", "demo-stock", "--steps", "1901", "--save", "mine"]) == 0
    assert contents(folder) == before


def test_l_goes_on_from_a_model_that_ships_in_a_new_folder(here: Path) -> None:
    hand, folder = Hand(), shipped_models()["demo-stock"]
    (here / "app").mkdir()
    before = contents(folder)
    sessions = Sessions(tiny_launch(here / "app", "stock"), hand.begin)
    hand.turn()
    session = sessions.load(folder)
    hand.turn(2)
    assert session.latest.figure.step >= 1_900
    assert Path(str(session.latest.files.folder)).parent == Path("saves")
    assert any(line.startswith("demo-stock stays as it is: the run goes on in saves/stock-") for line in told(session))
    assert contents(folder) == before


# Key t in evaluation-only mode


def looked_at(folder: Path, hand: Hand, task: str = "text") -> Sessions:
    (folder / "app").mkdir()
    sessions = Sessions(replace(tiny_launch(folder / "app", task), eval_only=True, folder=None), hand.begin)
    hand.turn()
    return sessions


def test_t_takes_the_model_that_ships_before_one_of_other_data_and_says_which_it_is(runs: Files, here: Path) -> None:
    hand = Hand()
    session = looked_at(here, hand).switch()
    hand.turn()
    assert session.latest.figure.step == 1_900
    assert told(session)[0] == "showing demo-stock, the model that ships, trained on MSFT_1d_data.csv"


def test_t_takes_a_run_over_the_data_that_ship_before_the_model_that_ships(here: Path) -> None:
    assert main(["train", "--task", "stock", "--preset", "quick", "--steps", "2"]) == 0
    hand = Hand()
    session = looked_at(here, hand).switch()
    hand.turn()
    (file,) = here.glob("saves/*/last.safetensors")
    assert told(session)[0] == f"showing {file.relative_to(here)}, trained on MSFT_1d_data.csv"


def test_t_passes_by_a_task_of_which_there_is_no_model(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand()
    sessions = looked_at(here, hand, "stock")
    assert sessions.switch().task == "text"  # and not copy, which stands before it
    monkeypatch.setattr("lstm_model.runs.shipped.files", lambda package: here / "no" / "lstm_model")
    alone = looked_at(here / "app", hand)
    with pytest.raises(InputError, match="there is no saved model of another task: train one first"):
        alone.switch()


def test_only_its_own_folder_ships(here: Path) -> None:
    assert ships(shipped_models()["demo-text"])
    assert not ships(here)
    assert shipped_model("copy") is None
