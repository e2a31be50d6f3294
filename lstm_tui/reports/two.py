"""`eval --against`: two models measured on the same data, in one table, and whether one is better."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.comparison import Comparison
from lstm_model.tasks.stock.judging.comparison import compare_forecasts
from lstm_model.tasks.text.judging.comparison import compare_losses
from lstm_tui.faces.heading import Judged, Report, ahead, wrapped
from lstm_tui.options.given import Given
from lstm_tui.reports import one
from lstm_tui.reports.picture import days_of
from lstm_tui.visible import visible

SAME = ("part", "data", "column", "days", "chars", "from", "to", "horizon")  # what both must be judged on
WIDTH, COLUMN = 24, 12  # cells of a name and of a figure
# Name, key, digits and factor of a row; the key of what "tomorrow = today" has, where it has it.
STOCK = (
    ("RMSE", "rmse", 4, 1, "persistence_rmse"),
    ("MAE", "mae", 4, 1, "persistence_mae"),
    ("MAPE %", "mape", 3, 1, "persistence_mape"),
    ("R2", "r2", 3, 1, "persistence_r2"),
    ("direction right %", "directional_accuracy", 1, 100, None),
    ("skill", "skill", 4, 1, None),
    ("MASE", "mase", 4, 1, None),
    ("Theil's U", "theil_u", 4, 1, None),
)
TEXT = (("nats per character", "loss", 4), ("bits per character", "bits_per_char", 4), ("perplexity", "perplexity", 2))


def evaluate(
    pair: Sequence[SavedModel], given: Given, progress: Callable[[float], None] = lambda _: None
) -> tuple[Report, list[Judged]]:
    """Measure two models, A and B: both reports and which is better; then both as they were judged.

    InputError unless both are judged on the same days or characters.
    """
    models = [replace(one.evaluate(saved, given, progress), name=name) for saved, name in zip(pair, "AB", strict=True)]
    a, b = (model.report for model in models)
    _require_same(a, b)
    comparison = _compare(*models)
    both = {
        "task": a["task"],
        "a": a,
        "b": b,
        "better": comparison.better,
        "dm_p_value": comparison.p_value,
        "verdict": comparison.sentence,
    }
    return both, models


def _require_same(a: Report, b: Report) -> None:
    for key in SAME:
        if a.get(key) != b.get(key):
            raise InputError(
                f"cannot compare: A is judged on {key} {a.get(key)} and B on {b.get(key)}; choose models with the same"
                " data and split, or name what both are to be judged on with --data or --part"
            )


def _compare(a: Judged, b: Judged) -> Comparison:
    if a.paths is None or b.paths is None:
        return compare_losses(a.report["loss"], b.report["loss"])
    days = days_of(a)
    part = slice(days.start, days.stop)
    return compare_forecasts(
        a.paths.closes[part], a.paths.predicted[part], b.paths.predicted[part], a.report["horizon"], a.report["row"]
    )


def as_text(both: Report) -> str:
    """The two reports for a person."""
    a, b = both["a"], both["b"]
    measured = (
        f"{a['chars']:,} characters"
        if both["task"] == "text"
        else f"{a['days']:,} {a['row']}s, {a['from']} to {a['to']}"
    )
    rows = _text_rows(a, b) if both["task"] == "text" else _stock_rows(a, b)
    return "\n".join([
        *(visible(f"{name}       {_model(r)}") for name, r in (("A", a), ("B", b))),
        visible(f"data    {a['data']}"),
        f"part    {'all of it' if a['part'] == 'all' else a['part'] + ' part'}, {measured}",
        "",
        *(f"{name:<{WIDTH}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells).rstrip() for name, *cells in rows),
        "",
        *wrapped(both["verdict"]),
    ])  # fmt: skip


def _model(r: Report) -> str:
    return f"{r['checkpoint']}, step {r['step']:,} ({r['model']})"


def _text_rows(a: Report, b: Report) -> list[list[str]]:
    rows = [["", "A", "B", "B - A"]]
    for name, key, digits in TEXT:
        rows.append([name, *(f"{value:.{digits}f}" for value in (a[key], b[key])), f"{b[key] - a[key]:+.{digits}f}"])
    return rows


def _stock_rows(a: Report, b: Report) -> list[list[str]]:
    rows = [[ahead(a["horizon"], a["row"]), "A", "B", "no change"]]
    for name, key, digits, times, same in STOCK:
        values: list[Any] = [a.get(key), b.get(key), a.get(same) if same else None]
        rows.append([name, *("-" if value is None else f"{times * value:.{digits}f}" for value in values)])
    return rows
