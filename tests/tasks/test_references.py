"""What a validation loss is held against is the loss of the very forecasts it names."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.judging.kneser_ney import counting_losses
from lstm_model.tasks.text.task import TextTask
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.charts.loss_picture import PictureSettings, loss_picture
from support.places import ROOT
from support.snapshots import changed
from support.stepped import tiny_trainer


def test_texts_are_held_against_counting_models_of_their_training_part(tmp_path: Path) -> None:
    task = tiny_trainer(tmp_path).task
    assert isinstance(task, TextTask)
    train, val = (task.corpus.parts[name] for name in ("train", "val"))
    ids, V = task.corpus.ids, len(task.corpus.vocabulary)
    expected = counting_losses(ids[train.start : train.stop], ids[val.start : val.stop], V)
    *short, best = task.references().items()
    assert [loss for _, loss in short] == list(expected.values())[:5]
    assert dict(short)["uniform"] == pytest.approx(np.log(V))
    assert best == ("9-gram counts", expected["context_8"])
    assert best[1] == min(expected.values())


def test_a_text_that_longer_contexts_do_not_help_has_no_line_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {name: 1.0 + (name != "context_2") for name in ("uniform", *(f"context_{k}" for k in range(9)))}
    monkeypatch.setattr("lstm_model.tasks.text.task.counting_of", lambda train, part, characters: found)
    assert len(tiny_trainer(tmp_path).task.references()) == 5


def test_a_long_text_is_counted_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = tiny_trainer(tmp_path).task
    assert isinstance(task, TextTask)
    whole = task.references()
    monkeypatch.setattr("lstm_model.tasks.text.judging.yardsticks.MOST_COUNTED", 40)
    assert task.references()["4-gram counts"] > whole["4-gram counts"]


def test_the_recipe_knows_no_change_from_an_output_of_zero() -> None:
    task = StockTask(preset_config("stock"))
    days = task.part("val")
    no_change, zero = task.references()["no change"], np.square(task.data.y[days], dtype=np.float64).mean()
    text = " ".join((ROOT / "docs/recipe.md").read_text(encoding="utf-8").split())
    assert f"validation part ({len(days)} days)" in text
    assert f'"No change", a return of 0, has **{no_change:.4f}**' in text
    assert f"the training part's mean return, a little below 0, and has {zero:.4f}" in text
    assert task.data.target_scaler.mean[0] < 0


@pytest.mark.parametrize("target", ["return", "close"])
def test_no_change_is_the_loss_of_a_network_that_says_so(target: str, tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, "stock", target=target)
    task, model = trainer.task, trainer.judged
    if target == "return":  # its output is constant: a return of 0
        model.parameters["head_weight"][...] = 0
        model.parameters["head_bias"][...] = task.data.target_scaler.apply([0.0])  # type: ignore[attr-defined]
        expected = finish(task.validation_loss(model))
    else:  # its output is the last input
        days = task.part("val")  # type: ignore[attr-defined]
        scaled = task.data.x[:, 0]  # type: ignore[attr-defined]
        expected = float(np.mean(np.square(scaled[days - 1] - scaled[days], dtype=np.float64)))
    assert task.references()["no change"] == pytest.approx(expected, rel=1e-5)


def test_a_low_chart_shows_the_references_that_are_hardest_to_beat() -> None:
    references = (("chance", 4.5), ("easy", 2.0), ("hard", 1.0))
    snapshot = changed(Snapshot.waiting("text", eval_only=False), references=references)
    for lines, shown in ((0, []), (2, ["hard", "easy"]), (9, ["hard", "easy", "chance"])):
        picture = loss_picture(snapshot, PictureSettings(lines=lines))
        assert [name for _, _, name in picture.horizontals] == shown
