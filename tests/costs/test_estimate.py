"""What a run will need and how fast it will go: held against what was measured, and what a step takes."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from lstm_model.costs import memory as estimate
from lstm_model.costs.speed import items_per_second, seconds_per_step
from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.trainer import Trainer
from support.stepped import tiny_trainer

DATA = {"vocabulary": " " * 96}  # as many characters as in benchmarks/step.py

# benchmarks/README.md, "step.py", both tables: task, H, T, B, layers, dropout, shards, our milliseconds.
MEASURED = [
    ("text", 100, 25, 1, 1, 0.0, 1, 0.87),
    ("text", 128, 64, 32, 1, 0.0, 1, 15.98),
    ("text", 256, 64, 32, 1, 0.0, 1, 47.10),
    ("text", 256, 100, 64, 1, 0.0, 1, 135.10),
    ("text", 512, 100, 64, 1, 0.0, 1, 503.13),
    ("stock", 64, 30, 64, 1, 0.0, 1, 3.43),
    ("text", 256, 64, 32, 2, 0.2, 1, 120.85),
    ("text", 100, 25, 1, 1, 0.0, 1, 0.88),
    ("text", 128, 64, 32, 1, 0.0, 2, 9.86),
    ("text", 256, 64, 32, 1, 0.0, 2, 26.07),
    ("text", 256, 100, 64, 1, 0.0, 2, 74.29),
    ("text", 512, 100, 64, 1, 0.0, 2, 243.05),
    ("stock", 64, 30, 64, 1, 0.0, 2, 2.55),
    ("text", 256, 64, 32, 2, 0.2, 2, 74.83),
]


@pytest.mark.parametrize(("task", "H", "T", "B", "layers", "dropout", "shards", "ms"), MEASURED)
def test_the_speed_is_within_a_factor_of_1_6_of_what_was_measured(
    task: str, H: int, T: int, B: int, layers: int, dropout: float, shards: int, ms: float
) -> None:
    own = {"loss_at": "last"} if task == "stock" else {}
    config = Config.of(
        task, hidden_size=H, seq_length=T, batch_size=B, num_layers=layers, dropout=dropout, threads=shards, **own
    )
    sizes = kind_of(task).sizes(config, DATA)
    seconds = seconds_per_step(config, sizes)
    assert ms / 1.6 < 1000 * seconds < ms * 1.6
    items = B * T if task == "text" else B
    assert items_per_second(config, sizes) == pytest.approx(items / seconds)


@pytest.mark.parametrize("task", ["text", "stock"])
@pytest.mark.parametrize(("cell", "layers"), [("lstm", 1), ("lstm", 3), ("gru", 2), ("rnn", 2)])
def test_the_parameters_are_counted_as_the_model_has_them(tmp_path: Path, task: str, cell: str, layers: int) -> None:
    trainer = tiny_trainer(tmp_path, task, cell=cell, num_layers=layers)
    assert estimate.parameter_count(trainer.config, trainer.task.sizes) == trainer.model.parameters.flat.size


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden_size": 96, "batch_size": 16, "seq_length": 40},
        {"hidden_size": 64, "batch_size": 8, "seq_length": 20, "num_layers": 2, "dropout": 0.3, "average": 8.0},
        {"hidden_size": 160, "batch_size": 4, "seq_length": 8, "optimizer": "sgd", "average": 0.0},
        {"cell": "gru", "hidden_size": 96, "batch_size": 16, "seq_length": 40},
        {"cell": "rnn", "hidden_size": 96, "batch_size": 16, "seq_length": 40, "num_layers": 2},
    ],
)
def test_the_memory_is_within_a_quarter_of_what_a_step_takes(tmp_path: Path, settings: dict[str, Any]) -> None:
    tiny_trainer(tmp_path).step()  # whatever is imported or made once is there
    given: dict[str, Any] = {"data": str(tmp_path / "pages.txt"), "threads": 1, "dropout": 0.0, **settings}
    task = TextTask(preset_config("text", **given))
    tracemalloc.start()
    try:
        Trainer(task).step()
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    told = estimate.memory(task.config, task.sizes).total
    assert told / 1.25 < taken < told * 1.25


def test_a_run_that_the_machine_cannot_hold_is_refused_with_its_sizes() -> None:
    config = preset_config("text")
    sizes = kind_of("text").sizes(config, DATA)
    with pytest.raises(
        InputError,
        match=r"^`hidden_size` 1000000, `num_layers` 1, `batch_size` 16, `seq_length` 64 need .* GB of memory",
    ):
        estimate.require_memory(config.changed(hidden_size=1_000_000), sizes)
    estimate.require_memory(config, sizes)
