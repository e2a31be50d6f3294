"""The report on a model of prices: tables of its errors beside those of simple forecasts, and what it says next."""

from typing import Any

from lstm_model.digits import apart
from lstm_model.tasks.stock.judging.outside import mostly
from lstm_model.tasks.stock.judging.significance import p_value
from lstm_model.tasks.stock.series.noun import Noun, noun_of
from lstm_tui.options.wording import with_flags
from lstm_tui.reports.judged import WIDTH, Report, wrapped
from lstm_tui.visible import visible
from lstm_tui.wording import PART_WORDS, column, often

FORECASTS = {
    "persistence": "no change",
    "drift": "drift",
    "ar1": "AR(1) of returns",
    "mean_5": "mean of last 5",
    "mean_20": "mean of last 20",
    "train_mean": "training mean",
}
CHANCE = 2.5  # per cent: half of a two-sided test at 5 %
NO_SHARES = "MAPE and U are left out: the series has values at or below 0, and a share of those means nothing."


def report_lines(report: Report) -> list[str]:
    """The report for a person, after the lines on model and data."""
    r, row, noun = report, report["row"], noun_of(report["target"], report["column"])
    said = [
        f"part    {PART_WORDS[r['part']]}, {r['from']} to {r['to']}, rows by the {row}, column {visible(r['column'])}",
        *_horizon(r, row, r["part"], noun),
    ]
    if "adapting" in r:
        said += ["", *wrapped(_adapting(r["adapting"], row))]
    others = list(r.get("horizons", {}).values())
    for other in others:
        said += ["", "-" * WIDTH, *_horizon(other, row, r["part"], noun)]
    if others:
        said += ["", "-" * WIDTH, *_many(1 + len(others))]
    return said


def _many(verdicts: int) -> list[str]:
    """What to think of one verdict among several."""
    return wrapped(
        f"{verdicts} verdicts stand here, one for each horizon. Where there is nothing to foretell each of them says"
        f" skill in up to {CHANCE:g} % of all reports, and so one of {verdicts} in up to {verdicts * CHANCE:g} %."
    )


def _horizon(r: Report, row: str, part: str, noun: Noun) -> list[str]:
    """What there is to say of one horizon."""
    judged = [("validation", r["validation"])] if "validation" in r else []
    return [
        "",
        *_errors(r, row),
        "",
        f"{'part':<12}{'forecasts':>10}{'RMSE':>11}{'no change':>11}{'skill %':>9}{'MASE':>8}{'U':>8}{'p':>10}",
        *(f"{name:<12}{m['days']:>10,}{_beside(m['rmse'], m['persistence_rmse'], 11)}"
          f"{_cell(m['skill'], 9, 2, 100)}{_cell(m['mase'], 8)}{_cell(m['theil_u'], 8)}{_p_value(m['dm_p_value']):>10}"
          for name, m in [*judged, (PART_WORDS[part], r)]),
        "",
        *wrapped(r["direction_verdict"]),
        *wrapped(_next(r, noun)),
        *_seeds(r),
        "",
        *wrapped(r["verdict"]),
        *wrapped(r["lag_verdict"]),
        *_adapted(r),
        *(line for text in _remarks(r) for line in ("", *wrapped(text))),
    ]  # fmt: skip


def _remarks(r: Report) -> list[str]:
    """What a reader of the verdicts should know."""
    said = [with_flags(r[key]) for key in ("outside_verdict", "tests_verdict") if r[key]]
    return said if r["mape"] is not None else [*said, NO_SHARES]


def _adapted(r: Report) -> list[str]:
    """The verdict on the model that goes on learning."""
    return ["", *wrapped(f"Learning as it goes: {r['adapted']['verdict']}")] if "adapted" in r else []


def _adapting(how: Report, row: str) -> str:
    """How it went on learning."""
    said = (
        f"Learning as it goes: each {row} of the part is predicted, and learnt from once it is over (rate"
        f" {how['rate']:.3g}, pull back to the trained weights {how['pull']:.3g}, found on the {how['searched']:,}"
        f" {row}s of the validation part). The file stays as it is."
    )
    if how["explosions"]:
        first, times = how["explosions"][0] + 1, len(how["explosions"])
        more = f", and {often(times - 1)} more" if times > 1 else ""
        said += (
            f" The weights ran away at {row} {first:,}{more}, and it went back to the trained ones, at half the rate."
        )
    return said


def _errors(r: Report, row: str) -> list[str]:
    """The model's errors above those of the simple forecasts."""
    models = [r, r["adapted"]] if "adapted" in r else [r]
    rows = [*({**one, "direction": one["directional_accuracy"]} for one in models), *r["baselines"].values()]
    names = ["this model", "learning day by day"][: len(models)]
    names += [_called(key, shares=r["mape"] is not None) for key in r["baselines"]]
    columns = [column([one[key] for one in rows], width) for key, width in (("rmse", 11), ("mae", 11), ("mape", 11))]
    return [
        f"{ahead(r['horizon'], row):<20}{'RMSE':>11}{'MAE':>11}{'MAPE %':>11}{'R2':>9}{'direction %':>13}",
        *(f"{name:<20}{''.join(cells)}{_cell(one['r2'], 9, 3)}{_cell(one['direction'], 13, 1, 100)}"
          for name, one, *cells in zip(names, rows, *columns, strict=True)),
    ]  # fmt: skip


def _called(forecast: str, *, shares: bool) -> str:
    """A simple forecast by its name; shares: whether moves of the series are shares of it."""
    if forecast == "ar1" and not shares:
        return "AR(1) of changes"
    return FORECASTS.get(forecast) or forecast.replace("seasonal_", "seasonal naive, ")


def _next(r: Report, noun: Noun) -> str:
    """The forecast after the last row, and what its interval is worth."""
    interval = r["interval"]
    forecast, low, high = apart(r["next_close"], r["next_low"], r["next_high"])
    said = f"next: {r['next_date']}, forecast {forecast}{_worth(r, noun)}"
    if r["next_low"] is None:
        return f"{said}; the validation part is too short for an interval"
    said += f", {100 * interval['level']:.0f} % interval {low} to {high}"
    held = [("second", interval["coverage"], interval["days"]),
            ("test part", interval["test_coverage"], interval["test_days"])]  # fmt: skip
    told = [f"{_held(share, count, noun)} the {name}" for name, share, count in held if share is not None]
    if told:
        said += f"; made on the first half of the validation part, it held {' and '.join(told)}"
    if any(share == 0 for _, share, _ in held):
        said += ": an interval that held nothing says nothing"
    return said


def _held(share: float, count: int, noun: Noun) -> str:
    return f"none of the {count} {noun.row}s of" if share == 0 else f"{100 * share:.1f} % of"


def _worth(r: Report, noun: Noun) -> str:
    """A word on a forecast from values that a model of values was never taught."""
    if not r["next_outside"]:
        return ""
    worthless = mostly(r["outside"]) and r["skill"] is not None and r["skill"] < 0
    return f" ({'worthless: ' if worthless else ''}made from {noun.row}s beyond all that training saw)"


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
    return "-" if p is None else p_value(p)


def _beside(value: float, other: float, width: int) -> str:
    """Two numbers in columns of this width, told apart."""
    return "".join(f"{text:>{width}}" for text in apart(value, other, width=width - 1))


def _cell(value: float | None, width: int = 0, digits: int = 4, times: float = 1) -> str:
    if value is None:
        return f"{'-':>{width}}"
    text = f"{times * value:.{digits}f}"
    return f"{text if len(text) < width or not width else f'{times * value:.1e}':>{width}}"


def ahead(horizon: int, row: str) -> str:
    """How far ahead forecasts look: "one day ahead", "5 weeks ahead"."""
    return f"one {row} ahead" if horizon == 1 else f"{horizon} {row}s ahead"
