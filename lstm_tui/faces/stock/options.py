"""The options of the task stock."""

from collections.abc import Sequence
from typing import get_args

from lstm_model.settings.words import LossAt
from lstm_model.tasks.stock.kind import Target
from lstm_model.tasks.stock.series.features import FEATURES, each_once
from lstm_tui.options.option import READING, SHOWING, TRAINING, Option
from lstm_tui.options.values import count, names, wholes

DATA = "a table with dates and prices"  # what --data may be


def _horizons(given: Sequence[int]) -> tuple[int, ...]:
    """Each once, the nearest first."""
    return tuple(sorted(set(given)))


OPTIONS: tuple[Option, ...] = (
    Option("column", "stock: the column of prices (Close)", READING, field="column", metavar="NAME", group="data",
           task="stock", may_change="with other data", of_the_data=True),
    Option("date_column", "stock: the column of dates (found by its name and its cells)", READING, field="date_column",
           metavar="NAME", group="data", task="stock", may_change="with other data", of_the_data=True),
    Option("symbol", "stock: which of several series in the file", READING, field="symbol", metavar="NAME",
           group="data", task="stock", may_change="with other data", of_the_data=True),
    Option("adjust", "stock: multiply the prices before a date, as for a split: 2023-06-28:0.25, one or several",
           READING, field="adjust", takes="values", convert=names, metavar="DATE:FACTOR", group="data",
           task="stock", may_change="with other data", of_the_data=True),
    Option("features", f"stock: also read {', '.join(FEATURES)}, or any other columns of numbers", SHOWING,
           field="features", convert=names, metavar="A,B", setting=each_once, group="settings", task="stock",
           of_the_data=True),
    Option("target", "stock: what to predict, return (log return, the default) or close of prices, value or change of"
           " any series", SHOWING, field="target", choices=get_args(Target), metavar="NAME", group="settings",
           task="stock"),
    Option("horizon", "stock: how many days ahead to predict, one number or several (1)", TRAINING, field="horizons",
           takes="values", convert=wholes, metavar="N", setting=_horizons, group="settings", task="stock"),
    Option("loss_at", "stock: predict after the last day of a window (last), or after every day", TRAINING,
           field="loss_at", choices=get_args(LossAt), metavar="STEP", group="settings",
           task="stock"),
    Option("seeds", "stock: also train N models like it, each from a seed of its own", ("eval",), convert=count,
           metavar="N", task="stock"),
)  # fmt: skip
