"""`--init-from`: a new run with the weights of another, also over another alphabet, other features, other horizons."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.network.model import Network
from lstm_model.runs.saved_model import SavedModel
from lstm_model.storage.bare import bare_network
from lstm_tui.cli import main
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.run import open_run
from support.runs import contents
from support.stepped import write_prices

Files = dict[str, Path]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def other(here: Path) -> Path:
    """A text with characters that the first one does not have, and without some that it has."""
    path = here / "other.txt"
    path.write_text("ÀÉ abc\nNAME\n" * 80, encoding="utf-8")
    return path


def begun(run: Path, **given: Any) -> tuple[Opened, Network]:
    """A run that begins with the weights of another, and the network that these are of."""
    opened = open_run({"init_from": str(run), "save": "new", "batch": 4, "seq": 5, **given})
    opened.trainer.close()
    return opened, bare_network(SavedModel.read(run).checkpoint)


def test_known_characters_have_their_rows_and_columns_and_new_ones_start_fresh(runs: Files, other: Path) -> None:
    opened, old = begun(runs["text"], data=str(other))
    trainer = opened.trainer
    assert trainer.steps == 0
    assert trainer.state is None
    was = SavedModel.read(runs["text"]).record.data.memory["vocabulary"]
    now = trainer.task.memory()["vocabulary"]
    fresh = trainer.task.build_model()
    for network in (trainer.model, trainer.judged):
        for name in ("weight_hh_l0", "bias_l0"):
            np.testing.assert_array_equal(network.parameters[name], old.parameters[name])
        for k, character in enumerate(now):
            source, place = (old, was.index(character)) if character in was else (fresh, k)
            for name, axis in (("weight_ih_l0", 1), ("head_weight", 0), ("head_bias", 0)):
                ours = network.parameters[name].take(k, axis=axis)
                np.testing.assert_array_equal(ours, source.parameters[name].take(place, axis=axis), err_msg=character)
    assert set(now) - set(was)
    assert set(was) - set(now)


def test_it_says_which_are_known_which_start_fresh_and_which_are_left_out(
    runs: Files, other: Path, capsys: Out
) -> None:
    train = ["train", "--init-from", str(runs["text"]), "--data", str(other), "--save", "new", "--steps", "2"]
    before = contents(runs["text"])
    assert main([*train, "--batch", "4", "--seq", "5"]) == 0
    said = capsys.readouterr().err
    assert f"note: it begins with the weights of {runs['text']}/last.safetensors, step 6: " in said
    assert "'À' (U+00C0), 'É' (U+00C9)" in said
    assert "start fresh; " in said
    assert "of it are left out" in said
    assert contents(runs["text"]) == before
    assert SavedModel.read(Path("new")).record.step == 2


def test_the_shape_is_that_of_the_other_run_and_no_other_is_taken(runs: Files, here: Path, capsys: Out) -> None:
    opened, _ = begun(runs["text"])  # of 8 units, where a new run has more
    assert opened.trainer.config.hidden_size == 8
    assert main(["train", "--init-from", str(runs["text"]), "--hidden", "16", "--steps", "2"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--hidden must be 8, as of the model that the run begins from, not 16" in line


def test_the_first_loss_is_that_of_the_other_model(runs: Files, data: Files) -> None:
    opened, _ = begun(runs["text"], data=str(data["text"]))
    saved = SavedModel.read(runs["text"]).trainer({"batch_size": 4, "seq_length": 5})
    batch = opened.trainer.task.next_batch()
    ours, theirs = (
        network.loss(network.forward(batch.x)[0], batch.targets).value
        for network in (opened.trainer.model, saved.judged)
    )
    assert ours == theirs
    saved.close()


def test_a_feature_more_and_other_horizons_start_fresh(runs: Files, here: Path, capsys: Out) -> None:
    head, *rows = write_prices(here).read_text(encoding="utf-8").splitlines()
    path = here / "more.csv"
    path.write_text("\n".join([f"{head},Volume", *(f"{row},{1000 + k % 7}" for k, row in enumerate(rows))]) + "\n")
    opened, old = begun(runs["stock"], data=str(path), features=("Volume",), horizon=(1, 5), task="stock")
    new = opened.trainer.model.parameters
    np.testing.assert_array_equal(new["weight_ih_l0"][:, 0], old.parameters["weight_ih_l0"][:, 0])
    np.testing.assert_array_equal(new["head_weight"][0], old.parameters["head_weight"][0])
    fresh = opened.trainer.task.build_model().parameters
    np.testing.assert_array_equal(new["weight_ih_l0"][:, 1], fresh["weight_ih_l0"][:, 1])
    np.testing.assert_array_equal(new["head_weight"][1], fresh["head_weight"][1])
    first, second = opened.notes
    assert first.endswith("1 of 2 inputs are known; Volume starts fresh")
    assert second == "of its head: 1 of 2 outputs are known; 5 days ahead starts fresh"


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ("--init-from missing", "there is no checkpoint missing"),
        ("--init-from demo-text --load demo-text", "--init-from begins a new run, and --load goes on with an old one"),
        ("--init-from demo-text --task stock", "is of the task text, not stock"),
        ("--init-from demo-text --layers 2", "--layers must be 1, as of the model that the run begins from, not 2"),
    ],
)
def test_what_cannot_be_begun_is_one_line(options: str, phrase: str, here: Path, capsys: Out) -> None:
    assert main(["train", *options.split(), "--steps", "2"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert phrase in line
    assert contents(here) == {}
