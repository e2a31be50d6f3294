"""The report on a model of prices: tables of its errors beside those of simple forecasts, and what it says next."""

from typing import Any

from lstm_tui.reports.judged import WIDTH, Report, wrapped
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


def ahead(horizon: int, row: str) -> str:
    """How far ahead forecasts look: "one day ahead", "5 weeks ahead"."""
    return f"one {row} ahead" if horizon == 1 else f"{horizon} {row}s ahead"
