"""Models from several seeds: the same but for the seed; what is said of them; and the whole report of prices."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import WorkError
from lstm_model.optimization.clipping import Clipped
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.sweeps.roads.local import Local
from lstm_model.sweeps.roads.road import Happened
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.judging.luck import compare, seeded
from lstm_model.training.resume import restore_trainer
from lstm_model.training.seeds import train_alike
from lstm_model.training.trainer import Trainer
from lstm_tui.cli import main
from lstm_tui.faces.stock.report import report_lines
from support.runs import TINY

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]


def report_of(capsys: Out, *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["eval", *arguments, "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def test_the_first_seed_gives_the_model_that_is_measured_bit_for_bit(runs: Files, capsys: Out) -> None:
    report = report_of(capsys, "--load", str(runs["stock"]), "--seeds", "3")
    seeds = report["seeds"]["seeds"]
    assert [one["seed"] for one in seeds] == [1, 2, 3]
    assert [seeds[0][name] for name in ("rmse", "skill", "dm_p_value")] == [
        report[name] for name in ("rmse", "skill", "dm_p_value")
    ]
    assert len({one["rmse"] for one in seeds}) == 3
    rmse = [one["rmse"] for one in seeds]
    assert report["seeds"]["rmse"] == pytest.approx(
        {"mean": np.mean(rmse), "sd": np.std(rmse, ddof=1), "min": min(rmse), "max": max(rmse)}
    )
    assert report["seeds"]["persistence_rmse"] == report["persistence_rmse"]
    assert report["seeds"]["steps"] == 6


def test_the_mean_forecast_is_the_mean_of_the_forecasts(runs: Files) -> None:
    trainer = restore_trainer(load_checkpoint(runs["stock"] / "last.safetensors"))
    found = finish(train_alike(trainer.config, 3, None, 2, seeded))
    said = compare(found, "val", 1)
    days = found[0].task.part("val")
    mean = (found[0].paths.predicted[days] + found[1].paths.predicted[days]) / 2
    error = mean - found[0].paths.closes[days]
    assert said["mean_forecast"]["rmse"] == pytest.approx(np.sqrt(np.square(error).mean()))


def test_what_is_said_of_seeds_counts_those_with_skill(runs: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = restore_trainer(load_checkpoint(runs["stock"] / "last.safetensors"))
    found = finish(train_alike(trainer.config, 0, None, 1, seeded)) * 5
    plain = {"rmse": 1.0, "persistence_rmse": 1.0, "dm_p_value": 0.01}
    for skills, verdict in [
        ((0.1,) * 5, "Skill with every one of 5 seeds."),
        ((0.1, 0.1, 0.1, -0.1, -0.1), "Skill with most seeds, 3 of 5"),
        ((0.1, -0.1, -0.1, -0.1, None), "No reliable skill: only 1 of 5 seeds shows it"),
        ((-0.1,) * 5, "No skill with any of 5 seeds."),
    ]:
        left = iter([*skills, 0.0])
        monkeypatch.setattr(
            "lstm_model.tasks.stock.judging.luck.judge", lambda *_, left=left: plain | {"skill": next(left)}
        )
        said = compare(found, "val", 1)
        assert said["verdict"].startswith(verdict)
        assert (said["skill"]["mean"] is None) == (None in skills)


def test_a_seed_that_diverges_is_named(runs: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = restore_trainer(load_checkpoint(runs["stock"] / "last.safetensors"))
    monkeypatch.setattr("lstm_model.training.trainer.clip", lambda *_: Clipped(float("nan"), cut=False))
    with pytest.raises(WorkError, match="the model of seed 1 has diverged"):
        finish(train_alike(trainer.config, 3, None, 2, seeded))


def test_an_interrupt_while_seeds_train_ends_with_one_line(
    runs: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Trainer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "step", interrupted)
    assert main(["eval", "--load", str(runs["stock"]), "--seeds", "2", "--jobs", "1"]) == 130
    assert capsys.readouterr() == ("", "lstm-tui: interrupted\n")
    waits = iter([True])

    def wait(road: Local, seconds: float) -> list[Happened]:
        if next(waits, False):
            raise KeyboardInterrupt
        return waited(road, seconds)

    waited = Local.wait
    monkeypatch.setattr(Local, "wait", wait)
    assert main(["eval", "--load", str(runs["stock"]), "--seeds", "2", "--jobs", "2"]) == 130
    assert capsys.readouterr() == ("", "lstm-tui: interrupted\n")


def test_seeds_give_the_same_report_side_by_side_and_one_after_another(runs: Files, capsys: Out) -> None:
    asked = ["--load", str(runs["stock"]), "--seeds", "2"]
    assert report_of(capsys, *asked, "--jobs", "2") == report_of(capsys, *asked, "--jobs", "1")


@pytest.mark.slow
def test_seeds_give_the_same_report_on_the_workers_of_a_scheduler(runs: Files, capsys: Out) -> None:
    pytest.importorskip("distributed")
    asked = ["--load", str(runs["stock"]), "--seeds", "2"]
    program = [sys.executable, "-m", "lstm_tui", "eval", *asked, "--scheduler", "local", "--json"]
    there = subprocess.run(program, capture_output=True, text=True, check=True)
    assert json.loads(there.stdout) == report_of(capsys, *asked, "--jobs", "1")


def test_where_seeds_are_trained_needs_seeds(runs: Files, capsys: Out) -> None:
    assert main(["eval", "--load", str(runs["stock"]), "--jobs", "2"]) == 2
    assert "--jobs says where the models of --seeds are trained: add --seeds N" in capsys.readouterr().err


def test_seeds_are_for_prices_and_for_their_own_data(runs: Files, here: Path, data: Files, capsys: Out) -> None:
    shutil.copy(data["stock"], here / "other.csv")
    with (here / "other.csv").open("a", encoding="utf-8") as file:
        file.write("2024-06-17,20\n")
    for arguments, phrase in [
        (["--load", str(runs["text"]), "--seeds", "2"], "--seeds is for the task stock"),
        (["--load", str(runs["stock"]), "--seeds", "2", "--data", "other.csv"], "and these are others: leave it out"),
        (["--load", str(runs["stock"]), "--seeds", "0"], "--seeds must be 1 or more, not 0"),
    ]:
        assert main(["eval", *arguments]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert phrase in line


def test_the_report_of_several_horizons_and_seeds_fits_80_columns(here: Path, data: Files, capsys: Out) -> None:
    stock = ["train", "--task", "stock", "--data", str(data["stock"]), *TINY, "--steps", "4", "--save", "run"]
    assert main([*stock, "--horizon", "1", "5"]) == 0
    report = report_of(capsys, "--load", "run", "--seeds", "2")
    assert report["horizon"] == 1
    assert report["horizons"].keys() == {"5"}
    assert report["horizons"]["5"]["horizon"] == 5
    assert report["horizons"]["5"].keys() == report.keys() & report["horizons"]["5"].keys()
    assert report["validation"]["days"] == 18
    shown = report_lines(report)
    assert max(map(len, shown)) <= 80
    for text in ("one day ahead", "5 days ahead", "validation", "test", "seed 2", "mean of forecasts", "next: "):
        assert any(line.startswith(text) for line in shown), text
    big = report | {"rmse": 123456.789, "persistence_rmse": 1e-9, "mae": 9.87e12, "mape": 1e9, "r2": -123456.7}
    assert max(map(len, report_lines(big))) <= 80


def test_rows_that_are_no_days_are_called_what_they_are(here: Path, capsys: Out) -> None:
    rows = np.random.default_rng(0).normal(0, 0.01, 120).cumsum()
    times = np.datetime64("2024-01-01T00:00:00") + 3600 * np.arange(120)
    text = "".join(f"{time},{20 * np.exp(row):.4f}\n" for time, row in zip(times, rows, strict=True))
    (here / "hours.csv").write_text("timestamp;last\n".replace(";", ",") + text, encoding="utf-8")
    assert main(["train", "--task", "stock", "--data", "hours.csv", *TINY, "--steps", "2", "--save", "run"]) == 0
    capsys.readouterr()
    assert main(["eval", "--load", "run"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "a row a hour" not in out
    for phrase in (
        "one hour ahead",
        'for "no change"',
        "hours this difference can be chance",
        "next: 2024-01-06T00:00:00",
    ):
        assert phrase in out
    assert " day" not in out
