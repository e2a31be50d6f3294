"""What is luck: the same training from other seeds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lstm_model.network.model import Network
from lstm_model.tasks.base import Task, finish
from lstm_model.tasks.stock.judging.significance import ALPHA
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.task import StockTask

FIGURES = ("rmse", "skill", "dm_p_value")
UNJUDGED = "No skill to measure with any seed: the part is too short, or nothing moves in it."


@dataclass(frozen=True, eq=False)
class Seeded:
    """What a model that was trained from a seed says."""

    seed: int
    task: StockTask
    paths: PricePaths


def seeded(task: Task, model: Network) -> Seeded:
    """What a model of prices says that was trained from the seed of its task's settings."""
    if not isinstance(task, StockTask):
        raise TypeError(f"{task.name} are no prices")
    return Seeded(task.config.seed, task, finish(task.paths(model)))


def compare(found: Sequence[Seeded], part: str, horizon: int) -> dict[str, Any]:
    """Figures of each seed, their mean, sd, min and max, those of the mean of all forecasts, and a verdict.

    Keys: seeds (a list with seed, rmse, skill, dm_p_value), rmse, skill, dm_p_value (each with mean, sd, min, max; None
    where a figure is undefined), mean_forecast (rmse, skill, dm_p_value), persistence_rmse, verdict.
    """
    judged = [judge(one.task, one.paths, part, horizon) for one in found]
    task, paths = found[0].task, found[0].paths
    mean = np.mean([one.paths.outlooks[horizon].predicted for one in found], axis=0)
    together = judge(task, replace(paths, outlooks={horizon: replace(paths.outlooks[horizon], predicted=mean)}),
                     part, horizon)  # fmt: skip
    return {
        "seeds": [{"seed": one.seed, **_figures(m)} for one, m in zip(found, judged, strict=True)],
        **{name: _spread([m[name] for m in judged]) for name in FIGURES},
        "mean_forecast": _figures(together),
        "persistence_rmse": together["persistence_rmse"],
        "verdict": _verdict([_has_skill(m) for m in judged]) if any(map(_is_judged, judged)) else UNJUDGED,
    }


def _figures(metrics: dict[str, Any]) -> dict[str, float | None]:
    return {name: metrics[name] for name in FIGURES}


def _is_judged(metrics: dict[str, Any]) -> bool:
    return metrics["skill"] is not None and metrics["dm_p_value"] is not None


def _has_skill(metrics: dict[str, Any]) -> bool:
    skill, p = metrics["skill"], metrics["dm_p_value"]
    return _is_judged(metrics) and bool(skill > 0 and p < ALPHA)


def _spread(values: list[float | None]) -> dict[str, float | None]:
    """Mean, standard deviation (of a sample: over n - 1), least and largest."""
    there = [value for value in values if value is not None]
    if len(there) < len(values):
        return dict.fromkeys(("mean", "sd", "min", "max"))
    return {
        "mean": float(np.mean(there)),
        "sd": float(np.std(there, ddof=1)) if len(there) > 1 else None,
        "min": min(there),
        "max": max(there),
    }


def _verdict(skilled: list[bool]) -> str:
    count, n = sum(skilled), len(skilled)
    if n == 1:
        return f"{'Skill' if count else 'No skill'} with the one seed that was tried: that says nothing about others."
    if count == n:
        return f"Skill with every one of {n} seeds."
    if count == 0:
        return f"No skill with any of {n} seeds."
    if 2 * count > n:
        return f"Skill with most seeds, {count} of {n}: the seed decides the rest."
    return f"No reliable skill: only {count} of {n} seeds show{'s' * (count == 1)} it, so it is probably luck."
