"""The verdict on series whose nature is known: trained, validated and judged as a run is, by the real parts.

Counts of one run of the slow form: see docs/evaluation.md.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.task import StockTask
from lstm_model.training.trainer import Trainer
from support.stepped import write_series

QUICK, SLOW = 6, 200
SHAPE = {"hidden_size": 8, "seq_length": 10, "learning_rate": 1e-2, "warmup": 5, "threads": 1}


def walk(seed: int) -> NDArray[np.float64]:
    """Nobody can foretell it."""
    return 30 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0002, 0.015, 600)))


def noisy_sine(seed: int) -> NDArray[np.float64]:
    return 50 + 5 * np.sin(np.arange(600) / 8) + np.random.default_rng(seed).normal(0, 0.2, 600)


def second_order(seed: int) -> NDArray[np.float64]:
    """Closes whose log returns are AR(2), r = 0.6 r' - 0.5 r'' + noise."""
    noise, returns = np.random.default_rng(seed).normal(0, 0.01, 1250), np.zeros(1250)
    for t in range(2, 1250):
        returns[t] = 0.6 * returns[t - 1] - 0.5 * returns[t - 2] + noise[t]
    return 30 * np.exp(np.cumsum(returns[50:]))


def judged(folder: Path, closes: NDArray[np.float64], seed: int, horizons: tuple[int, ...] = (1,)) -> list[Any]:
    """Train, keep the state that the validation part likes best, and judge it on the test part, for each horizon."""
    one_blas_thread()
    data = str(write_series(folder, closes))
    trainer = Trainer(StockTask(preset_config("stock", "quick", data=data, seed=seed, horizons=horizons, **SHAPE)))
    task, trainer.total_steps = trainer.task, 100
    assert isinstance(task, StockTask)
    best = trainer.judged.parameters.flat.copy()
    for step in range(1, 101):
        trainer.step()
        if step % 20 == 0 and trainer.record_validation(finish(task.validation_loss(trainer.judged))):
            best[...] = trainer.judged.parameters.flat
    trainer.judged.parameters.flat[...] = best
    paths = finish(task.paths(trainer.judged))
    return [judge(task, paths, "test", h) for h in horizons]


def has_skill(metrics: dict[str, Any]) -> bool:
    return str(metrics["verdict"]).startswith("Skill")


def test_on_random_walks_there_is_no_skill_and_the_forecast_follows(tmp_path: Path) -> None:
    found = [metrics for seed in range(QUICK) for metrics in judged(tmp_path, walk(seed), seed, (1, 5))]
    assert not any(map(has_skill, found))
    assert sum(metrics["follows"] for metrics in found) >= len(found) - 1  # one may foretell by chance


@pytest.mark.parametrize("series", [noisy_sine, second_order])
def test_on_what_can_be_foretold_there_is_skill_and_nothing_follows(series: Any, tmp_path: Path) -> None:
    for seed in range(QUICK // 2):
        (metrics,) = judged(tmp_path, series(seed), seed)
        assert has_skill(metrics), (seed, metrics["verdict"])
        assert not metrics["follows"], seed


@pytest.mark.slow
def test_random_walks_are_called_without_skill_in_95_per_cent_of_seeds(tmp_path: Path) -> None:
    claims, foretold = np.zeros(2, int), np.zeros(2, int)
    for seed in range(SLOW):
        found = judged(tmp_path, walk(1000 + seed), seed, (1, 5))
        claims += [has_skill(metrics) for metrics in found]
        foretold += [not metrics["follows"] for metrics in found]
    print(f"of {SLOW} random walks, 1 and 5 days ahead: skill {claims}, not following {foretold}")  # noqa: T201
    assert (claims <= 0.05 * SLOW).all()
    assert (foretold <= 0.05 * SLOW).all()


@pytest.mark.slow
@pytest.mark.parametrize("series", [noisy_sine, second_order])
def test_what_can_be_foretold_is_called_skill_for_nearly_every_seed(series: Any, tmp_path: Path) -> None:
    claims = sum(has_skill(judged(tmp_path, series(1000 + seed), seed)[0]) for seed in range(SLOW // 4))
    print(f"of {SLOW // 4} {series.__name__}: skill {claims}")  # noqa: T201
    assert claims >= 0.95 * SLOW // 4
