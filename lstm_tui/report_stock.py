"""`eval` of a model of prices: its forecasts beside what doing nothing scores."""

from collections.abc import Callable
from pathlib import Path

from lstm_model.checkpoint import Checkpoint
from lstm_model.config import Config
from lstm_model.datasets import shipped
from lstm_model.errors import InputError
from lstm_model.evaluation import baselines, stock_metrics
from lstm_model.stock_task import StockTask
from lstm_model.task import finish
from lstm_model.threads import one_blas_thread
from lstm_tui.opening import Given, restored
from lstm_tui.report_heading import Report, heading

FORECASTS = {
    "persistence": "tomorrow = today",
    "drift": "drift",
    "ar1": "AR(1) of returns",
    "mean_5": "mean of 5 days",
    "train_mean": "training mean",
}


def measure(
    file: Path, checkpoint: Checkpoint, config: Config, given: Given, progress: Callable[[float], None]
) -> tuple[Report, tuple[str, ...]]:
    """Report and notes on a part."""
    trainer = restored(file, checkpoint, given)
    task = trainer.task
    if not isinstance(task, StockTask):
        raise InputError(f"{file} holds no model of prices")
    part = given.get("part") or ("test" if task.data.parts["test"] else "val")
    days = task.part(part)
    one_blas_thread()
    paths = finish(task.paths(trainer.judged), progress)
    closes, dates = paths.closes, paths.dates
    metrics = stock_metrics(closes[days], paths.predicted[days], closes[days - 1], task.train_closes)
    simple = baselines(closes, task.data.parts["train"].stop, range(int(days[0]), int(days[-1]) + 1))
    notes = task.notes
    if checkpoint.record["data"]["sha256"] != task.fingerprint:
        notes += ("the prices are not those the model was trained on; its scaler is kept",)
    return heading(file, checkpoint, config, str(trainer.config.data or shipped("stock")), part) | {
        "from": str(dates[days[0]]),
        "to": str(dates[days[-1]]),
        "column": task.prices.column,
        "target": config.target,
        **metrics,
        "baselines": simple,
        "next_date": str(paths.next_date),
        "next_close": paths.next_close,
    }, notes


def lines(report: Report) -> list[str]:
    """The report for a person, after the lines on model and data."""
    r = report
    model = {"rmse": r["rmse"], "mae": r["mae"], "mape": r["mape"], "r2": r["r2"],
             "direction": r["directional_accuracy"]}  # fmt: skip
    rows = [("this model", model)] + [(name, r["baselines"][key]) for key, name in FORECASTS.items()]
    low, high = r["directional_ci"] or (None, None)
    return [
        f"part    {r['part']} part, {r['days']:,} days from {r['from']} to {r['to']}, column {r['column']}",
        "",
        f"{'one day ahead':<20}{'RMSE':>10}{'MAE':>10}{'MAPE %':>9}{'R2':>9}{'direction %':>13}",
        *(f"{name:<20}{_cell(m['rmse'], 10)}{_cell(m['mae'], 10)}{_cell(m['mape'], 9, 3)}{_cell(m['r2'], 9, 3)}"
          f"{_cell(m['direction'], 13, 1, 100)}" for name, m in rows),
        "",
        f"skill {_cell(r['skill'])}   MASE {_cell(r['mase'])}   Theil's U {_cell(r['theil_u'])}"
        f"   Diebold-Mariano p {_p_value(r['dm_p_value'])}",
        f"direction right {_cell(r['directional_accuracy'], digits=1, times=100)} %"
        f" (95 % interval {_cell(low, digits=1, times=100)} to {_cell(high, digits=1, times=100)})",
        f"next: {r['next_date']}, forecast {r['next_close']:.2f}",
        "",
        r["verdict"],
    ]  # fmt: skip


def _p_value(p: float | None) -> str:
    return "-" if p is None else f"{p:.2g}" if p >= 0.001 else "below 0.001"


def _cell(value: float | None, width: int = 0, digits: int = 4, times: float = 1) -> str:
    return f"{'-' if value is None else f'{times * value:.{digits}f}':>{width}}"
