"""`eval --plot FILE`: the picture of a report as a file, through matplotlib, which is an optional extra."""

import importlib.util
import io
import math
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lstm_model.errors import InputError
from lstm_model.storage.files import write_whole
from lstm_tui.faces.heading import Judged, ahead
from lstm_tui.reports.picture import days_of, losses
from lstm_tui.visible import visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")
SIZE = 10, 6  # inches
DPI = 150
# Told apart by all common kinds of colour blindness, and by dash as well.
ACTUAL, MODELS, SIMPLE = "#222222", (("#1668a8", "-"), ("#b35c00", "--")), "#9aa4ae"


def require_plot(name: str) -> Path:
    """The file a picture is to be written to; an InputError now, rather than after the work, if it cannot be."""
    path = Path(name).expanduser()
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"--plot {name}: the ending says what is written; choose .png, .svg or .pdf")
    if path.is_dir():
        raise InputError(f"--plot {name} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise InputError(f"--plot {name}: there is no folder {path.parent}; make it first")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise InputError(f"--plot {name}: {path.parent} may not be written to; name a file elsewhere")
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError("--plot needs matplotlib, which is not installed: pip install matplotlib")
    return path


def write_plot(path: Path, models: Sequence[Judged]) -> None:
    """Draw one report, or two together, and write the file whole; one that was there is replaced."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    if models[0].paths is None:
        _draw_losses(figure, models)
    else:
        _draw_prices(figure, models)
    contents = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter of a file's name that the font lacks is drawn as a box
        figure.savefig(contents, format=path.suffix.lower()[1:])
    write_whole(path, contents.getvalue())


def _title(models: Sequence[Judged], figures: str) -> str:
    """Which model, on which data, and the figures that count."""
    names = [f"{one.name} {_place(one)}".strip() for one in models]
    data = Path(models[0].report["data"]).name
    part = models[0].report["part"]
    on = f"all of {data}" if part == "all" else f"{part} part of {data}"
    return visible(f"{', '.join(names)}: {on}") + f"\n{figures}"


def _place(one: Judged) -> str:
    checkpoint = Path(one.report["checkpoint"])
    return f"{checkpoint.parent.name}/{checkpoint.name}, step {one.report['step']:,}"


def _draw_prices(figure: "Figure", models: Sequence[Judged]) -> None:
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    first = models[0]
    days = slice(days_of(first).start, days_of(first).stop)
    for k, one in enumerate(models):
        if one.paths is None:
            continue
        dates, closes, predicted = one.paths.dates[days], one.paths.closes[days], one.paths.predicted[days]
        if k == 0:
            above.plot(dates, closes, color=ACTUAL, linewidth=1.4, label="actual")
            below.axhline(0, color=ACTUAL, linewidth=0.8)
        colour, dash = MODELS[k]
        label = f"predicted {one.name}".strip()
        above.plot(dates, predicted, color=colour, linestyle=dash, linewidth=1.1, label=label)
        below.plot(dates, predicted - closes, color=colour, linestyle=dash, linewidth=0.9, label=label)
    scored = ", ".join(f"{one.name or 'model'} {one.report['rmse']:.4g}" for one in models)
    r = first.report
    against = f"RMSE {ahead(r['horizon'], r['row'])}: {scored}, no change {r['persistence_rmse']:.4g}"
    above.set_title(_title(models, against), fontsize=10, parse_math=False)
    above.set_ylabel(visible(f"{first.report['column']}, in the currency of the file"), parse_math=False)
    below.set_ylabel("predicted - actual")
    below.set_xlabel("date")
    above.legend(loc="best", frameon=False)
    for axes in (above, below):
        axes.grid(alpha=0.25)


def _draw_losses(figure: "Figure", models: Sequence[Judged]) -> None:
    axes = figure.subplots()
    rows = [(name, loss) for name, loss in losses(models) if math.isfinite(loss)]
    colours = [MODELS[min(k, 1)][0] if k < len(models) else SIMPLE for k in range(len(rows))]
    places = np.arange(len(rows))
    bars = axes.barh(places, [loss for _, loss in rows], color=colours)
    axes.bar_label(bars, fmt="%.3f", padding=3)
    axes.set_yticks(places, [visible(name) for name, _ in rows])
    axes.margins(x=0.1)  # room for the numbers
    axes.invert_yaxis()
    axes.set_xlabel("loss, bits per character (lower is better)")
    figures = ", ".join(f"{one.name or 'model'} {one.report['bits_per_char']:.3f}" for one in models)
    axes.set_title(_title(models, f"bits per character: {figures}"), fontsize=10, parse_math=False)
