"""Several days ahead: targets, their scalers, what is compared with what; and one day ahead is as it always was."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.network.gradient_check import check_gradients
from lstm_model.network.model import LSTM
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.judging.metrics import (
    baselines,
    diebold_mariano,
    stock_metrics,
    student_t_p_value,
    wilson_interval,
)
from lstm_model.tasks.stock.judging.walk_forward import judge, simple
from lstm_model.tasks.stock.series.prices import read_prices
from lstm_model.tasks.stock.series.windows import PriceData
from lstm_model.tasks.stock.task import StockTask
from lstm_model.training.resume import restore_trainer
from lstm_tui.cli import main
from lstm_tui.opening.form import Checked
from lstm_tui.options.given import settings_of
from lstm_tui.options.parser import parser_for
from support.hostile_files import contents, put, without_checksum
from support.places import ROOT
from support.series import random_prices
from support.stepped import tiny_trainer, write_prices

HORIZONS = (1, 5, 20)
targets = pytest.mark.parametrize("target", ["return", "close"])


@targets
def test_a_target_is_what_happens_from_the_last_known_close_on(target: str) -> None:
    prices = random_prices(200)
    data = PriceData(prices, 4, target=target, horizons=HORIZONS, dtype=np.float64)
    raw = data.target_scaler.undo(data.y)  # (N, K)
    for k, h in enumerate(HORIZONS):
        for day in (7, 50, 200 - h):
            then, known = prices.close[day + h - 1], prices.close[day - 1]
            assert raw[day, k] == pytest.approx(then if target == "close" else math.log(then / known))
            assert data.closes(np.array([day]), data.y[[day], k], k) == pytest.approx([then])
        assert np.isnan(raw[200 - h + 1 :, k]).all()


@targets
def test_each_target_is_scaled_by_what_lies_whole_in_the_training_part(target: str) -> None:
    prices = random_prices(200)
    data = PriceData(prices, 4, target=target, horizons=HORIZONS)
    logs, stop = np.log(prices.close), data.parts["train"].stop
    for k, h in enumerate(HORIZONS):
        known = prices.close[:stop] if target == "close" else (logs[h:] - logs[:-h])[: stop - h]
        assert data.target_scaler.mean[k] == pytest.approx(known.mean())
        assert data.target_scaler.std[k] == pytest.approx(known.std())


def test_no_target_reaches_beyond_its_part() -> None:
    data = PriceData(random_prices(200), 4, horizons=HORIZONS)
    for part, span in data.parts.items():
        for h in HORIZONS:
            days = data.days(part, h)
            assert days[0] == span.start
            assert days[-1] + h - 1 == span.stop - 1
        assert data.days(part).tolist() == data.days(part, 20).tolist()
        assert not np.isnan(data.windows(data.days(part))[2]).any()


@pytest.mark.parametrize("loss_at", ["last", "every"])
def test_training_learns_all_horizons_and_its_gradients_are_right(tmp_path: Path, loss_at: str) -> None:
    trainer = tiny_trainer(tmp_path, "stock", horizons=(1, 5), loss_at=loss_at, threads=1)
    assert isinstance(trainer.task, StockTask)
    batch = trainer.task.next_batch()
    assert batch.targets.shape == (5 if loss_at == "every" else 1, 2, 2)
    assert trainer.model.parameters["head_weight"].shape == (2, 8)
    model = LSTM(1, 4, 2, task_type="regression", loss_at=trainer.task.settings.loss_at, dtype=np.float64)
    assert max(check_gradients(model, batch.x.astype(float), batch.targets.astype(float)).values()) < 1e-6
    losses = [trainer.step().loss for _ in range(20)]
    assert all(map(math.isfinite, losses))


def test_a_run_of_several_horizons_goes_on_as_if_unbroken(tmp_path: Path) -> None:
    unbroken = tiny_trainer(tmp_path, "stock", horizons=(2, 5))
    for _ in range(5):
        unbroken.step()
    save_checkpoint(tmp_path / "a.safetensors", unbroken.checkpoint())
    resumed = restore_trainer(load_checkpoint(tmp_path / "a.safetensors"))
    assert resumed.task.memory() == unbroken.task.memory()
    assert [resumed.step().loss for _ in range(9)] == [unbroken.step().loss for _ in range(9)]


def test_a_checkpoint_from_before_there_were_horizons_goes_on_bit_for_bit(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, "stock")
    trainer.step()
    assert trainer.task.memory().keys() >= {"mean", "std"}
    old = tmp_path / "old.safetensors"
    save_checkpoint(old, trainer.checkpoint())
    metadata, record, tensors = contents(old)
    for newer in ("config.horizons", "data.days", "data.changes"):  # what that version did not write
        record = put(record, newer, ...)
    old.write_bytes(without_checksum(metadata, record, tensors))
    again = restore_trainer(load_checkpoint(old))
    assert again.config.value("horizons") == (1,)
    assert [again.step() for _ in range(9)] == [trainer.step() for _ in range(9)]
    data = again.task.data  # type: ignore[attr-defined]
    assert np.array_equal(data.y[:, 0], data.x[:, 0])  # one day ahead is the first feature, to the last bit


def test_a_saved_scaler_without_its_targets_is_refused() -> None:
    state = PriceData(random_prices(120), 4, horizons=(1, 5)).scaler_state()
    assert PriceData(random_prices(120, 1), 4, horizons=(1, 5), scaler=state).scaler_state() == state
    for bad in ({}, None, {"mean": [0.0], "std": [1.0]}):
        with pytest.raises(InputError, match="the saved scaler is damaged"):
            PriceData(random_prices(120), 4, horizons=(1, 5), scaler=state | {"targets": bad})


def test_paths_say_each_day_what_was_said_before_it(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, "stock", horizons=(2, 5))
    task, model = trainer.task, trainer.judged
    assert isinstance(task, StockTask)
    paths = finish(task.paths(model))
    for k, h in enumerate((2, 5)):
        outlook = paths.outlooks[h]
        for day in (10, 50, 120 - h):
            output = model.forward(task.data.windows(np.array([day]))[0])[0][-1, 0, k]
            assert outlook.predicted[day + h - 1] == pytest.approx(
                task.data.closes(np.array([day]), np.array([output]), k)[0], rel=1e-5
            )
        assert np.isnan(outlook.predicted[: 6 + h - 1]).all()
        assert np.isfinite(outlook.predicted[6 + h - 1 :]).all()
        output = model.forward(task.data.next_window())[0][-1, 0, k]
        assert outlook.next_close == pytest.approx(task.data.next_close(output, k), rel=1e-5)
    assert [str(paths.outlooks[h].next_date) for h in (2, 5)] == ["2024-06-18", "2024-06-21"]
    assert (paths.next_date, paths.next_close) == (paths.outlooks[2].next_date, paths.outlooks[2].next_close)
    assert paths.predicted is paths.outlooks[2].predicted
    metrics = judge(task, paths, "val", 5)
    days = task.part("val", 5)
    assert metrics["days"] == len(days) == len(task.data.parts["val"]) - 4
    table = simple(task, paths, "val", 5)
    assert metrics["persistence_rmse"] == table["persistence"]["rmse"]
    assert table["persistence"]["mae"] == pytest.approx(np.abs(paths.closes[days + 4] - paths.closes[days - 1]).mean())


def test_baselines_of_some_days_ahead_are_those_worked_out_by_hand() -> None:
    closes = random_prices(100).close
    table = baselines(closes, 60, range(70, 90), horizon=5)
    returns = np.diff(np.log(closes[:60]))
    slope, intercept = np.polyfit(returns[:-1], returns[1:], 1)
    forecasts: dict[str, list[float]] = {name: [] for name in table}
    for day in range(70, 90):
        known = closes[day - 1]
        step, total = math.log(known / closes[day - 2]), 0.0
        for _ in range(5):
            step = intercept + slope * step
            total += step
        forecasts["persistence"].append(known)
        forecasts["drift"].append(known * math.exp(5 * returns.mean()))
        forecasts["ar1"].append(known * math.exp(total))
        forecasts["mean_5"].append(closes[day - 5 : day].mean())
        forecasts["mean_20"].append(closes[day - 20 : day].mean())
        forecasts["train_mean"].append(closes[:60].mean())
    for name, forecast in forecasts.items():
        assert table[name]["mae"] == pytest.approx(np.abs(np.array(forecast) - closes[74:94]).mean()), name


def test_errors_are_scaled_by_moves_of_as_many_days() -> None:
    closes = random_prices(100).close
    m = stock_metrics(closes[60:], closes[55:95] * 1.01, closes[55:95], closes[:50], 5)
    assert m["mase"] == pytest.approx(m["mae"] / np.abs(closes[5:50] - closes[:45]).mean())
    right = np.sign(closes[60:] - closes[55:95]) > 0
    assert m["directional_ci"] == wilson_interval(right.sum() / 5, 40 / 5)
    assert '"no change"' in str(m["verdict"])


def test_diebold_mariano_takes_in_what_overlapping_forecasts_share() -> None:
    rng = np.random.default_rng(2)
    e1, e2 = (
        np.convolve(rng.normal(0, 1, 64), np.ones(5), "valid"),
        np.convolve(rng.normal(0, 1.3, 64), np.ones(5))[4:-4],
    )
    d, n, h = e1**2 - e2**2, 60, 5
    gamma = [np.sum((d[k:] - d.mean()) * (d[: n - k] - d.mean())) / n for k in range(h)]
    statistic = d.mean() / math.sqrt((gamma[0] + 2 * sum(gamma[1:])) / n)
    corrected = statistic * math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    assert diebold_mariano(e1, e2, h) == pytest.approx(student_t_p_value(corrected, n - 1))
    swing = np.sqrt(
        2 + np.where(np.arange(40) % 2, 1.0, -1.0)
    )  # d alternates: its autocovariances outweigh its variance
    p = diebold_mariano(swing, np.ones(40), 2)
    assert p is not None
    assert 0 <= p <= 1
    assert (diebold_mariano(np.ones(40), np.zeros(40), 2), diebold_mariano(swing[:7], np.ones(7), 2)) == (0, None)


@pytest.mark.parametrize("written", [["1", "5", "20"], ["1,5,20"], ["20", "5,1", "5"]])
def test_horizons_are_given_with_blanks_or_commas(written: list[str]) -> None:
    for name in ("", "train"):
        given = parser_for(name).given(["--task", "stock", "--horizon", *written, "--seed", "3"])
        assert settings_of(given)["horizons"] == (1, 5, 20)
    shown = Checked({"task": "stock", "horizon": (1, 5, 20)}).command
    assert shown == "lstm-tui --task stock --horizon 1,5,20"


@pytest.mark.parametrize("bad", [(), (0,), (5, 1), (1, 1), (1001,), ("1",), (1.5,), (True,)])
def test_wrong_horizons_are_refused(bad: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="`horizons` must be up to 20 different numbers of days"):
        Config.of("stock", horizons=bad)


def test_what_is_wrong_with_horizons_is_one_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_prices(here)
    stock = ["train", "--task", "stock", "--data", "prices.csv"]
    for arguments, phrase in [
        ([*stock, "--horizon"], "--horizon needs a value"),
        ([*stock, "--horizon", "x"], "--horizon must be a whole number, not 'x'"),
        ([*stock, "--horizon", "0"], "--horizon must be up to 20 different numbers of days"),
        ([*stock, "--horizon", "19", "--seq", "5"], "too few for --seq 5, --horizon 19 and split 70/15/15"),
        (["train", "--horizon", "5"], "--horizon is for the task stock"),
    ]:
        assert main([*arguments, *([] if arguments[-1] == "--horizon" else ["--steps", "1"])]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert phrase in line


@pytest.mark.parametrize("split", [(70.0, 15.0, 15.0), (85.0, 15.0, 0.0)])
def test_a_split_that_is_named_for_a_far_horizon_works(tmp_path: Path, split: tuple[float, ...]) -> None:
    data = str(write_prices(tmp_path))
    settings: dict[str, Any] = {"data": data, "hidden_size": 4, "batch_size": 1, "seq_length": 10, "horizons": (20,)}
    with pytest.raises(InputError, match="no `seq_length` would work: add rows, take a smaller `horizons`, or") as told:
        StockTask(preset_config("stock", split=split, **settings))
    named = re.search(r"use `split` ([\d/]+)$", str(told.value))
    assert named is not None
    shares = tuple(float(share) for share in named[1].split("/"))
    assert (shares[2] > 0) == (split[2] > 0)
    assert len(StockTask(preset_config("stock", split=shares, **settings)).part("val", 20)) >= 1


def test_the_largest_window_that_fits_is_told_with_horizons_too(tmp_path: Path) -> None:
    data = str(write_prices(tmp_path))
    settings: dict[str, Any] = {"data": data, "hidden_size": 4, "batch_size": 1}
    with pytest.raises(InputError, match="the largest `seq_length` that would work is 73"):
        StockTask(preset_config("stock", seq_length=74, horizons=(10,), **settings))
    assert len(StockTask(preset_config("stock", seq_length=73, horizons=(10,), **settings)).days) == 1


def test_the_figures_of_doing_nothing_in_the_document_are_right() -> None:
    root = ROOT
    text = (root / "docs/evaluation.md").read_text(encoding="utf-8")
    closes = read_prices(root / "data/MSFT_1d_data.csv").close
    stop, start = round(len(closes) * 0.7), round(len(closes) * 0.85)
    for h in HORIZONS:
        row = baselines(closes, stop, range(start, len(closes) - h + 1), h)["persistence"]
        assert f"| {h} day{'s' if h > 1 else ''} ahead | {row['rmse']:.4f} | {row['r2']:.3f} |" in text
