"""`eval` of a model of prices: its forecasts beside what doing nothing scores."""

from collections.abc import Callable
from typing import Any

from lstm_model.digits import apart
from lstm_model.errors import InputError
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.base import finish
from lstm_model.tasks.data_files import shipped
from lstm_model.tasks.stock.judging.luck import compare, seeded
from lstm_model.tasks.stock.judging.outside import mostly
from lstm_model.tasks.stock.judging.walk_forward import judge, outlook, simple
from lstm_model.tasks.stock.task import StockTask
from lstm_model.training.seeds import train_alike
from lstm_model.training.trainer import Trainer
from lstm_tui.faces.heading import WIDTH, Judged, Report, ahead, heading, wrapped
from lstm_tui.options.given import Given, changes_of
from lstm_tui.options.wording import with_flags
from lstm_tui.visible import visible
from lstm_tui.wording import column

FORECASTS = {
    "persistence": "no change",
    "drift": "drift",
    "ar1": "AR(1) of returns",
    "mean_5": "mean of last 5",
    "mean_20": "mean of last 20",
    "train_mean": "training mean",
}
PARTS = {"val": "validation", "test": "test"}
CHANCE = 2.5  # per cent: half of a two-sided test at 5 %
NO_SHARES = "MAPE and U are left out: the series has values at or below 0, and a share of those means nothing."


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
    if not same:
        notes += ("the prices are not those the model was trained on; its scaler is kept",)
    report = (
        heading(saved, str(trainer.config.data or shipped("stock")), part)
        | {
            "from": str(paths.dates[days[0]]),
            "to": str(paths.dates[task.data.parts[part].stop - 1]),
            "column": task.prices.column,
            "target": task.settings.target,
            "row": task.data.step,
            **found.pop(first),
        }
        | ({"horizons": {str(h): one for h, one in found.items()}} if found else {})
    )
    return Judged(report, notes, paths)


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
    others = list(r.get("horizons", {}).values())
    for other in others:
        said += ["", "-" * WIDTH, *_horizon(other, row, r["part"])]
    if others:
        said += ["", "-" * WIDTH, *_many(1 + len(others))]
    return said


def _many(verdicts: int) -> list[str]:
    """What to think of one verdict among several."""
    return wrapped(
        f"{verdicts} verdicts stand here, one for each horizon. Where there is nothing to foretell each of them says"
        f" skill in up to {CHANCE:g} % of all reports, and so one of {verdicts} in up to {verdicts * CHANCE:g} %."
    )


def _horizon(r: Report, row: str, part: str) -> list[str]:
    """What there is to say of one horizon."""
    judged = [("validation", r["validation"])] if "validation" in r else []
    return [
        "",
        *_errors(r, row),
        "",
        f"{'part':<12}{'forecasts':>10}{'RMSE':>11}{'no change':>11}{'skill %':>9}{'MASE':>8}{'U':>8}{'p':>10}",
        *(f"{name:<12}{m['days']:>10,}{_beside(m['rmse'], m['persistence_rmse'], 11)}"
          f"{_cell(m['skill'], 9, 2, 100)}{_cell(m['mase'], 8)}{_cell(m['theil_u'], 8)}{_p_value(m['dm_p_value']):>10}"
          for name, m in [*judged, (PARTS[part], r)]),
        "",
        *wrapped(r["direction_verdict"]),
        *wrapped(_next(r)),
        *_seeds(r),
        "",
        *wrapped(r["verdict"]),
        *wrapped(r["lag_verdict"]),
        *(line for text in _remarks(r) for line in ("", *wrapped(text))),
    ]  # fmt: skip


def _remarks(r: Report) -> list[str]:
    """What a reader of the verdicts should know."""
    said = [with_flags(r[key]) for key in ("outside_verdict", "tests_verdict") if r[key]]
    return said if r["mape"] is not None else [*said, NO_SHARES]


def _errors(r: Report, row: str) -> list[str]:
    """The model's errors above those of the simple forecasts."""
    model = {"rmse": r["rmse"], "mae": r["mae"], "mape": r["mape"], "r2": r["r2"],
             "direction": r["directional_accuracy"]}  # fmt: skip
    rows = [model, *r["baselines"].values()]
    names = ["this model", *(_called(key) for key in r["baselines"])]
    columns = [column([one[key] for one in rows], width) for key, width in (("rmse", 11), ("mae", 11), ("mape", 11))]
    return [
        f"{ahead(r['horizon'], row):<20}{'RMSE':>11}{'MAE':>11}{'MAPE %':>11}{'R2':>9}{'direction %':>13}",
        *(f"{name:<20}{''.join(cells)}{_cell(one['r2'], 9, 3)}{_cell(one['direction'], 13, 1, 100)}"
          for name, one, *cells in zip(names, rows, *columns, strict=True)),
    ]  # fmt: skip


def _called(forecast: str) -> str:
    """A simple forecast by its name."""
    return FORECASTS.get(forecast) or forecast.replace("seasonal_", "seasonal naive, ")


def _next(r: Report) -> str:
    """The forecast after the last row, and what its interval is worth."""
    interval = r["interval"]
    forecast, low, high = apart(r["next_close"], r["next_low"], r["next_high"])
    said = f"next: {r['next_date']}, forecast {forecast}{_worth(r)}"
    if r["next_low"] is None:
        return f"{said}; the validation part is too short for an interval"
    said += f", {100 * interval['level']:.0f} % interval {low} to {high}"
    held = [("second", interval["coverage"], interval["days"]),
            ("test part", interval["test_coverage"], interval["test_days"])]  # fmt: skip
    told = [f"{_held(share, count)} the {name}" for name, share, count in held if share is not None]
    if told:
        said += f"; made on the first half of the validation part, it held {' and '.join(told)}"
    if any(share == 0 for _, share, _ in held):
        said += ": an interval that held nothing says nothing"
    return said


def _held(share: float, count: int) -> str:
    return f"none of the {count} closes of" if share == 0 else f"{100 * share:.1f} % of"


def _worth(r: Report) -> str:
    """A word on a forecast from closes that a model of closes was never taught."""
    if not r["next_outside"]:
        return ""
    worthless = mostly(r["outside"]) and r["skill"] is not None and r["skill"] < 0
    return f" ({'worthless: ' if worthless else ''}made from closes beyond all that training saw)"


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
    errors = column([m["rmse"] for _, m in rows], 11)
    return [
        "",
        f"{f'{steps:,} steps each':<20}{'RMSE':>11}{'skill %':>10}{'p':>13}",
        *(f"{name:<20}{error}{_cell(m['skill'], 10, 2, 100)}{_p_value(m['dm_p_value']):>13}"
          for error, (name, m) in zip(errors, rows, strict=True)),
        *wrapped(s["verdict"]),
    ]  # fmt: skip


def _p_value(p: float | None) -> str:
    return "-" if p is None else f"{p:.2g}" if p >= 0.001 else "< 0.001"


def _beside(value: float, other: float, width: int) -> str:
    """Two numbers in columns of this width, told apart."""
    return "".join(f"{text:>{width}}" for text in apart(value, other, width=width - 1))


def _cell(value: float | None, width: int = 0, digits: int = 4, times: float = 1) -> str:
    if value is None:
        return f"{'-':>{width}}"
    text = f"{times * value:.{digits}f}"
    return f"{text if len(text) < width or not width else f'{times * value:.1e}':>{width}}"
