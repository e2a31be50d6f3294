"""`eval` of a model of prices: its forecasts beside what doing nothing scores."""

from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_model.errors import InputError
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.base import finish
from lstm_model.tasks.data_files import shipped
from lstm_model.tasks.stock.judging.luck import compare, seeded
from lstm_model.tasks.stock.judging.walk_forward import judge, outlook, simple
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.stock.trained_days import Overlap, TrainedDays
from lstm_model.training.seeds import train_alike
from lstm_model.training.trainer import Trainer
from lstm_tui.faces.heading import WIDTH, Judged, Report, ahead, heading, wrapped
from lstm_tui.options.given import Given, changes_of
from lstm_tui.visible import visible

FORECASTS = {
    "persistence": "no change",
    "drift": "drift",
    "ar1": "AR(1) of returns",
    "mean_5": "mean of last 5",
    "mean_20": "mean of last 20",
    "train_mean": "training mean",
}
PARTS = {"val": "validation", "test": "test"}


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> Judged:
    """Judge it on a part: the first horizon, the others under "horizons", and --seeds."""
    trainer = saved.trainer(changes_of(given))
    task = trainer.task
    if not isinstance(task, StockTask):
        raise InputError(f"{saved.file} holds no model of prices")
    same = saved.was_trained_on(task.fingerprint)
    if "seeds" in given and not same:
        raise InputError("--seeds trains on the prices the model was trained on, and these are others: leave it out")
    part = given.get("part") or ("test" if task.data.parts["test"] else "val")
    days = task.part(part)
    one_blas_thread()
    paths = finish(task.paths(trainer.judged), progress)
    found: dict[int, Report] = {}
    for h in task.settings.horizons:
        found[h] = judge(task, paths, part, h) | {"baselines": simple(task, paths, part, h)}
        if part == "test":
            found[h]["validation"] = judge(task, paths, "val", h)
        found[h] |= outlook(task, paths, h)
    if "seeds" in given:
        _add_seeds(found, part, trainer, saved.record.total_steps, given["seeds"], progress)
    first = task.settings.horizons[0]
    notes = task.notes
    used = _used(saved, task, part)
    notes += _on_data(saved, task, used)
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
        }
        | ({"horizons": {str(h): one for h, one in found.items()}} if found else {})
    )
    return Judged(report, notes, paths)


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


def _add_seeds(
    found: dict[int, Report], part: str, trainer: Trainer, end: int | None, count: int,
    progress: Callable[[float], None],
) -> None:  # fmt: skip
    """Train models like this one, and put what they say beside it. end: of the schedule, if it has one."""
    others = finish(train_alike(trainer.config, trainer.steps, end, count, seeded), progress)
    for h, one in found.items():
        one["seeds"] = {"steps": trainer.steps, **compare(others, part, h)}


def lines(report: Report) -> list[str]:
    """The report for a person, after the lines on model and data."""
    r, row = report, report["row"]
    said = [
        f"part    {PARTS[r['part']]}, {r['from']} to {r['to']}, rows by the {row}, column {visible(r['column'])}",
        *_horizon(r, row, r["part"]),
    ]
    for other in r.get("horizons", {}).values():
        said += ["", "-" * WIDTH, *_horizon(other, row, r["part"])]
    return said


def _horizon(r: Report, row: str, part: str) -> list[str]:
    """What there is to say of one horizon."""
    model = {"rmse": r["rmse"], "mae": r["mae"], "mape": r["mape"], "r2": r["r2"],
             "direction": r["directional_accuracy"]}  # fmt: skip
    rows = [("this model", model)] + [(name, r["baselines"][key]) for key, name in FORECASTS.items()]
    low, high = r["directional_ci"] or (None, None)
    judged = [("validation", r["validation"])] if "validation" in r else []
    return [
        "",
        f"{ahead(r['horizon'], row):<20}{'RMSE':>11}{'MAE':>11}{'MAPE %':>9}{'R2':>9}{'direction %':>13}",
        *(f"{name:<20}{_price(m['rmse'], 11)}{_price(m['mae'], 11)}{_cell(m['mape'], 9, 3)}{_cell(m['r2'], 9, 3)}"
          f"{_cell(m['direction'], 13, 1, 100)}" for name, m in rows),
        "",
        f"{'part':<12}{'forecasts':>10}{'RMSE':>11}{'no change':>11}{'skill %':>9}{'MASE':>8}{'U':>8}{'p':>10}",
        *(f"{name:<12}{m['days']:>10,}{_price(m['rmse'], 11)}{_price(m['persistence_rmse'], 11)}"
          f"{_cell(m['skill'], 9, 2, 100)}{_cell(m['mase'], 8)}{_cell(m['theil_u'], 8)}{_p_value(m['dm_p_value']):>10}"
          for name, m in [*judged, (PARTS[part], r)]),
        "",
        *wrapped(f"direction right {_cell(r['directional_accuracy'], digits=1, times=100)} %"
                  f" (95 % interval {_cell(low, digits=1, times=100)} to {_cell(high, digits=1, times=100)})"),
        *wrapped(_next(r)),
        *_seeds(r),
        "",
        *wrapped(r["verdict"]),
        *wrapped(r["lag_verdict"]),
    ]  # fmt: skip


def _next(r: Report) -> str:
    """The forecast after the last row, and what its interval is worth."""
    interval = r["interval"]
    said = f"next: {r['next_date']}, forecast {_price(r['next_close'])}"
    if r["next_low"] is None:
        return f"{said}; the validation part is too short for an interval"
    level, held = f"{100 * interval['level']:.0f} %", interval["coverage"]
    said += f", {level} interval {_price(r['next_low'])} to {_price(r['next_high'])}"
    if held is not None:
        said += f"; made on the first half of the validation part, it held {100 * held:.1f} % of the second"
    if interval["test_coverage"] is not None:
        said += f" and {100 * interval['test_coverage']:.1f} % of the test part"
    return said


def _seeds(r: Report) -> list[str]:
    """The table of --seeds."""
    if "seeds" not in r:
        return []
    s, steps = r["seeds"], r["seeds"]["steps"]
    rows: list[tuple[str, dict[str, Any]]] = [(f"seed {one['seed']}", one) for one in s["seeds"]]
    names = ("rmse", "skill", "dm_p_value")
    for label, key in (("mean", "mean"), ("sd", "sd"), ("least", "min"), ("largest", "max")):
        rows.append((label, {name: s[name][key] for name in names}))
    rows.append(("mean of forecasts", s["mean_forecast"]))
    rows.append(("no change", {"rmse": s["persistence_rmse"], "skill": 0.0, "dm_p_value": None}))
    return [
        "",
        f"{f'{steps:,} steps each':<20}{'RMSE':>11}{'skill %':>10}{'p':>13}",
        *(f"{name:<20}{_price(m['rmse'], 11)}{_cell(m['skill'], 10, 2, 100)}{_p_value(m['dm_p_value']):>13}"
          for name, m in rows),
        *wrapped(s["verdict"]),
    ]  # fmt: skip


def _p_value(p: float | None) -> str:
    return "-" if p is None else f"{p:.2g}" if p >= 0.001 else "< 0.001"


def _price(value: float | None, width: int = 0) -> str:
    """Four digits behind the point; one of a large price, and four digits that matter of a tiny one."""
    if value is None:
        return f"{'-':>{width}}"
    size = abs(value)
    text = f"{value:.4g}" if size and size < 0.001 else f"{value:.4f}" if size < 1000 else f"{value:,.1f}"
    return f"{text if len(text) < width or not width else f'{value:.3e}':>{width}}"


def _cell(value: float | None, width: int = 0, digits: int = 4, times: float = 1) -> str:
    if value is None:
        return f"{'-':>{width}}"
    text = f"{times * value:.{digits}f}"
    return f"{text if len(text) < width or not width else f'{times * value:.1e}':>{width}}"
