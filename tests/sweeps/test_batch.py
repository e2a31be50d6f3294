"""A batch: runs with data of their own on the roads of a sweep, and models that are alike but for the seed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import InputError, WorkError
from lstm_model.network.model import Network
from lstm_model.settings.presets import preset_config
from lstm_model.sweeps.alike import batch_alike, told_alike
from lstm_model.sweeps.batch import Batch, Wanted
from lstm_model.sweeps.driving import Told, drive
from lstm_model.sweeps.trial import Order, Outcome, run_trial
from lstm_model.tasks.base import Task, finish
from lstm_model.training.seeds import train_alike
from support.roads import TINY, Here, design
from support.stepped import write_prices


def really(number: int, order: Order, tell: object) -> Outcome | None:
    return run_trial(order, lambda _: None, lambda: "go on")


def stock(data: Path) -> Any:
    return preset_config("stock", data=str(data), hidden_size=4, batch_size=8, seq_length=5)


def driven(batch: Batch, road: Here) -> list[Told]:
    try:
        return list(drive(batch, road, 1, lambda: False))
    finally:
        batch.close()


def test_a_bad_file_ends_nothing_and_only_what_is_missing_or_has_changed_is_trained(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    good, other, bad = write_prices(tmp_path), write_prices(tmp_path / "more", 100), tmp_path / "bad.csv"
    bad.write_text("no prices\n")
    wanted = [Wanted("bad", stock(bad)), Wanted("good", stock(good)), Wanted("other", stock(other))]
    road = Here(really)
    batch = Batch(wanted, tmp_path / "batch", steps=3)
    driven(batch, road)
    assert [trial.outcome.state for trial in batch.trials.values() if trial.outcome] == ["failed", "done", "done"]
    assert batch.trials[0].outcome is not None
    assert "bad.csv" in batch.trials[0].outcome.why
    assert [number for number, _ in road.begun] == [1, 2]
    write_prices(tmp_path / "more", 110)
    again = Here(really)
    batch = Batch(wanted, tmp_path / "batch", steps=3)
    driven(batch, again)
    assert batch.over
    assert [number for number, _ in again.begun] == [2]
    with pytest.raises(InputError, match="holds another sweep"):
        Batch(wanted, tmp_path / "batch", steps=3, asked={"steps": 3})


@pytest.mark.parametrize("end", [None, 3, 9])
def test_models_alike_on_a_road_are_those_of_one_process_to_the_last_bit(end: int | None, tmp_path: Path) -> None:
    def weights(task: Task, model: Network) -> tuple[int, Any]:
        return task.config.seed, model.parameters.flat.copy()

    config = preset_config("copy", **TINY, schedule="cosine", warmup=1, threads=1)
    plain = finish(train_alike(config, 6, end, 2, weights))
    shares: list[float] = []
    batch = batch_alike(config, 6, end, 2, tmp_path / "alike")
    told = told_alike(batch, Here(really), weights, shares.append)
    batch.close()
    assert [seed for seed, _ in told] == [seed for seed, _ in plain] == [5, 6]
    for (_, one), (_, other) in zip(told, plain, strict=True):
        assert np.array_equal(one, other)
    assert shares[-1] == 1.0


def test_a_model_that_fails_is_named_by_its_seed(tmp_path: Path) -> None:
    batch = batch_alike(design().base, 6, None, 2, tmp_path / "alike")
    with pytest.raises(WorkError, match="the model of seed 5 has failed: the loss was no number"):
        told_alike(
            batch, Here(lambda *_: Outcome("failed", why="the loss was no number")), lambda *_: None, lambda _: None
        )
    batch.close()
