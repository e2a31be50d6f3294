"""Stopped in any way at any moment and gone on with, in processes of their own: bit for bit the run nobody stopped."""

import csv
import random
import signal
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.network.cells.registry import CELLS
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import Validated
from lstm_model.runs.run import Run
from lstm_model.settings.words import DEFAULT_CELL
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.driven import VALIDATE_EVERY
from support.lives import Parent, parent_of_lives
from support.runs import assert_same_checkpoint
from support.stepped import tiny_trainer

if sys.platform == "win32":
    pytest.skip("needs POSIX signals", allow_module_level=True)

Files = dict[str, Path]
STEPS = 70
NUMBERS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
STATUS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -9, "limit": 0}
SIZES = ["--hidden", "8", "--batch", "4", "--seq", "5", "--preset", "quick", "--dropout", "0.3", "--seed", "3"]
ROW = ("epoch", "loss", "learning_rate", "grad_norm")  # what a row holds beside times and the validation
ALL = [
    (task, cell, optimizer, layers, threads, average)
    for task, cell, optimizer, layers, threads, average in product(
        ("text", "stock"), CELLS, ("adam", "adagrad", "sgd"), (1, 2, 3), (1, 2), (8, 0)
    )
    if task == "text" or not average  # as the presets have it
    if cell == DEFAULT_CELL or (optimizer, layers) == ("adam", 2)
]
SOME = [
    ("text", "lstm", "adam", 1, 1, 8), ("text", "lstm", "adagrad", 2, 1, 0), ("text", "gru", "sgd", 3, 1, 8),
    ("text", "lstm", "adam", 2, 2, 8), ("text", "rnn", "adam", 2, 2, 8), ("stock", "lstm", "adam", 3, 1, 0),
    ("stock", "gru", "adagrad", 1, 2, 0), ("stock", "rnn", "sgd", 2, 1, 0),
]  # fmt: skip
Case = tuple[str, str, str, int, int, int]


@pytest.fixture(scope="module")
def parent() -> Iterator[Parent]:
    """One parent for all processes of a file: its imports cost more than a run."""
    with parent_of_lives() as parent:
        yield parent


def train(parent: Parent, folder: Path, stop: str, at: int, *arguments: str) -> None:
    """Train in a process, which stops as it is told to; SIGNALs are sent after a slice of its work."""
    out = folder / "out"
    how = {"signal": getattr(signal, stop), "slice": at} if stop in NUMBERS else {}
    answer = parent.live(out, "train", *arguments, "--json", **how)
    assert answer["status"] == STATUS[stop], out.read_text()


def train_broken(parent: Parent, folder: Path, settings: list[str], stops: list[tuple[str, int]]) -> int:
    """Train in as many processes as it takes; how often it was really stopped."""
    run = str(folder / "broken")
    count, going_on = 0, [*settings, "--save", run]
    for stop, at in stops:
        signalled = stop != "limit"
        autosave = "1e-9" if stop == "SIGKILL" else "0"  # nothing but `last` outlives a kill
        steps = STEPS if signalled else min(STEPS, at)  # also between two validations
        train(parent, folder, stop, at, *going_on, "--steps", str(steps), "--autosave", autosave)
        count += signalled
        going_on = ["--load", run]
    train(parent, folder, "limit", 0, *going_on, "--steps", str(STEPS))
    return count


def rows_of(run: Path) -> dict[int, set[tuple[str, ...]]]:
    with (run / "metrics.csv").open(newline="", encoding="utf-8") as file:
        found: dict[int, set[tuple[str, ...]]] = {}
        for row in csv.DictReader(file):
            found.setdefault(int(row["step"]), set()).add(tuple(row[name] for name in ROW))
    return found


def samples_of(run: Path) -> dict[int, set[Sample]]:
    found: dict[int, set[Sample]] = {}
    book = SampleBook(run / "samples.txt")
    for sample in map(book.__getitem__, range(len(book))):
        found.setdefault(sample.step, set()).add(sample)
    return found


def assert_same_log(one: dict[int, Any], other: dict[int, Any], stops: int) -> None:
    """What both hold of a step is the same; each stop may have come between a step and what is written of it."""
    assert sorted(other) == list(range(1, STEPS + 1))
    for step, entries in one.items():
        assert entries == other[step], f"step {step}"
    assert len(other) - len(one) <= stops


def stops_for(case: Case) -> list[tuple[str, int]]:
    """One to three stops at random slices, a kill among them half of the time."""
    dice = random.Random(repr(case))
    stops = [(dice.choice(["SIGKILL", *STATUS]), dice.randint(1, 60)) for _ in range(dice.randint(1, 3))]
    if stops[0][0] == "limit":
        stops[0] = "limit", dice.randint(VALIDATE_EVERY, 35)
    return [stop for k, stop in enumerate(stops) if k == 0 or stop[0] != "limit"]


def prove(case: Case, parent: Parent, data: Files, folder: Path) -> None:
    task, cell, optimizer, layers, threads, average = case
    stops = stops_for(case)
    settings = ["--task", task, "--data", str(data[task]), *SIZES, "--optimizer", optimizer, "--layers", str(layers)]
    settings += ["--threads", str(threads), "--average", str(average), "--cell", cell]
    if any(stop == "limit" for stop, _ in stops):
        settings += ["--schedule", "constant"]  # another has its end where the run has it
    train(parent, folder, "limit", 0, *settings, "--save", str(folder / "whole"), "--steps", str(STEPS))
    count = train_broken(parent, folder, settings, stops)
    for name in ("last", "best"):
        assert_same_checkpoint(folder / "broken" / f"{name}.safetensors", folder / "whole" / f"{name}.safetensors")
    assert_same_log(rows_of(folder / "broken"), rows_of(folder / "whole"), count)
    if task == "text":
        assert_same_log(samples_of(folder / "broken"), samples_of(folder / "whole"), count)


@pytest.mark.parametrize("case", SOME, ids=lambda case: "-".join(map(str, case)))
def test_a_run_stopped_anyhow_is_bit_for_bit_the_unbroken_one(
    case: Case, parent: Parent, data: Files, tmp_path: Path
) -> None:
    prove(case, parent, data, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("case", ALL, ids=lambda case: "-".join(map(str, case)))
def test_the_same_holds_for_every_task_cell_optimizer_depth_thread_count_and_average(
    case: Case, parent: Parent, data: Files, tmp_path: Path
) -> None:
    prove(case, parent, data, tmp_path)


def test_the_matrix_stops_runs_in_every_way() -> None:
    for cases in (SOME, ALL):
        assert {stop for case in cases for stop, _ in stops_for(case)} == STATUS.keys()


# What the matrix found


def drawn(run: Run, count: int) -> list[str]:
    """Samples, one after the other at the step that a run stands at."""
    texts: list[str] = []
    while len(texts) < count:
        if not run.job:
            run.look()
        texts += [event.text for event in run.work() if isinstance(event, Sample)]
    return texts


def test_a_resumed_run_writes_the_samples_an_unbroken_one_writes(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path), None, Plan(look_length=20))
    run.step()
    first = drawn(run, 3)
    assert len(set(first)) == 3  # of one step, all different
    run.step()
    resumed = Run(restore_trainer(run.trainer.checkpoint()), None, run.plan)
    assert drawn(resumed, 2) == drawn(run, 2)


def test_the_end_of_a_run_puts_no_second_point_on_the_curve(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path, "stock"), None, Plan(steps=8))
    measured = 0
    while not run.finished:
        measured += sum(isinstance(event, Validated) for event in (run.work() if run.job else run.step()))
    assert measured == 3
    assert run.trainer.history.val.buckets().step.tolist() == [4, 8]


@pytest.mark.parametrize("task", ["text", "stock"])
def test_an_end_between_two_validations_is_shown_and_may_be_the_best_but_leaves_the_curve_as_it_would_be(
    task: str, tmp_path: Path
) -> None:
    def ended(trainer: Trainer, steps: int) -> Trainer:
        run = Run(trainer, None, Plan(steps=steps))
        while not run.finished:
            run.work() if run.job else run.step()
        return trainer

    broken = ended(tiny_trainer(tmp_path, task, schedule="constant"), 10)
    assert broken.history.shown_val().step.tolist() == [4, 8, 10]
    losses = broken.history.shown_val().mean.tolist()
    assert broken.val_loss == losses[-1]
    assert broken.best_val_loss == min(losses)
    went_on = ended(restore_trainer(broken.checkpoint()), 16)
    whole = ended(tiny_trainer(tmp_path, task, schedule="constant"), 16)
    np.testing.assert_array_equal(went_on.history.val.state(), whole.history.val.state())
    np.testing.assert_array_equal(went_on.history.train.state(), whole.history.train.state())
    assert went_on.history.shown_val().step.tolist() == [4, 8, 12, 16]
