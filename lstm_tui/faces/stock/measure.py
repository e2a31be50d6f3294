"""`eval` of a model of prices: its forecasts beside what doing nothing scores."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from lstm_model.errors import InputError
from lstm_model.network.model import Network
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.base import default_part, finish
from lstm_model.tasks.data_files import shipped
from lstm_model.tasks.stock.adaptive import walk as walk_on
from lstm_model.tasks.stock.judging.luck import compare, seeded
from lstm_model.tasks.stock.judging.walk_forward import judge, outlook, simple
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.stock.trained_days import Overlap, TrainedDays
from lstm_tui.faces.stock.judged import StockJudged
from lstm_tui.opening.alike import told_from_seeds
from lstm_tui.options.given import Given, changes_of
from lstm_tui.reports.judged import Report, heading


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> StockJudged:
    """Judge it on a part: the first horizon, the others under "horizons", and --seeds."""
    trainer = saved.trainer(changes_of(given))
    task = trainer.task
    if not isinstance(task, StockTask):
        raise InputError(f"{saved.file} holds no model of prices")
    same = saved.was_trained_on(task.fingerprint)
    if "seeds" in given and not same:
        raise InputError("--seeds trains on the prices the model was trained on, and these are others: leave it out")
    part = given.get("part") or default_part(task.parts)
    days = task.part(part)
    one_blas_thread()
    paths = finish(task.paths(trainer.judged), progress)
    found: dict[int, Report] = {}
    for h in task.settings.horizons:
        found[h] = judge(task, paths, part, h) | {"baselines": simple(task, paths, part, h)}
        if part == "test":
            found[h]["validation"] = judge(task, paths, "val", h)
        found[h] |= outlook(task, paths, h)
    how: Report = {}
    if "adapt" in given:
        how = _add_adapted(found, task, trainer.judged, paths, part, progress)
    if "seeds" in given:
        others = told_from_seeds(given, trainer, saved.record.total_steps, seeded, progress)
        for h, one in found.items():
            one["seeds"] = {"steps": trainer.steps, **compare(others, part, h)}
    first = task.settings.horizons[0]
    used = _used(saved, task, part)
    notes = (*task.notes, *_on_data(saved, task, used))
    report = (
        heading(saved, str(trainer.config.data or shipped("stock")), part)
        | {
            "from": str(paths.dates[days[0]]),
            "to": str(paths.dates[task.data.parts[part].stop - 1]),
            "column": task.prices.column,
            "target": task.settings.target,
            "row": task.data.step,
            "trained_rows": None if used is None else used.trained,
            "same_series": None if used is None else used.same_series,
            **found.pop(first),
            **how,
        }
        | ({"horizons": {str(h): one for h, one in found.items()}} if found else {})
    )
    return StockJudged(report, notes, paths=paths)


def _used(saved: SavedModel, task: StockTask, part: str) -> Overlap | None:
    """How many of the rows that are measured the model knows; None if its checkpoint does not tell."""
    learnt = TrainedDays.from_memory(saved.record.data.memory)
    if learnt is None:
        return None
    span = task.data.parts[part]
    return learnt.overlap(task.prices.dates, task.prices.close, np.arange(span.start, span.stop))


def _on_data(saved: SavedModel, task: StockTask, used: Overlap | None) -> tuple[str, ...]:
    """What a reader should know of the prices, beside what the task says itself."""
    same, had = saved.was_trained_on(task.fingerprint), saved.record.data.name
    notes: tuple[str, ...] = ()
    if not same:
        unknown = ", and its checkpoint does not tell which days it knows" if used is None else ""
        notes = (f"the file is not the one the model was trained on ({had}); its scaler is kept{unknown}",)
    if used is not None and (used.trained or not same):  # of its own validation part its name tells
        notes += (used.sentence(f"{task.data.step}s"),)
    return tuple(filter(None, notes))


def _add_adapted(
    found: dict[int, Report], task: StockTask, model: Network, paths: PricePaths, part: str,
    progress: Callable[[float], None],
) -> Report:  # fmt: skip
    """Walk over the part with a model that learns each day once it is over, and put what it says beside the other."""
    walk = finish(walk_on(task, model, paths, part), progress)
    for h, one in found.items():
        one["adapted"] = judge(task, walk.walked.paths, part, h)
    return {"adapting": {**asdict(walk.rule), "searched": walk.searched, "explosions": list(walk.walked.explosions)}}
