"""`--plot FILE`: a picture as a file, through matplotlib, which is an optional extra."""

import importlib.util
import io
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.storage.files import write_whole
from lstm_tui.opening.outputs import file_to_write
from lstm_tui.reports.judged import Judged
from lstm_tui.visible import visible

ENDINGS = (".png", ".svg", ".pdf")
SIZE = 10, 6  # inches
DPI = 150


def require_plot(name: str) -> Path:
    """The file a picture is to be written to; an InputError now, rather than after the work, if it cannot be."""
    path = file_to_write("--plot", name, ENDINGS)
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError("--plot needs matplotlib, which is not installed: pip install matplotlib")
    return path


def write_plot(path: Path, models: Sequence[Judged]) -> None:
    """Draw one report, or two together."""
    rival = models[1] if len(models) > 1 else None
    write_figure(path, lambda figure: _title(models, models[0].draw(figure, rival)))


def write_figure(path: Path, draw: Callable[[Any], str]) -> None:
    """Write a picture as a whole file; one that was there is replaced. draw: draws it and gives its title."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    title = draw(figure)
    first = figure.axes[0]
    place = figure.suptitle if first.get_title() else first.set_title  # where each part has a title of its own
    place(title, fontsize=10, parse_math=False)
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
