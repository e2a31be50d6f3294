"""What stands below the report of `eval`, in text: prices as they were and as they were predicted; losses as bars."""

import shutil
from collections.abc import Sequence
from dataclasses import replace

from lstm_model.network.losses import bits
from lstm_tui.charts.bars import bar_rows
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import plain_text
from lstm_tui.charts.view import View
from lstm_tui.faces.heading import Judged, ahead
from lstm_tui.faces.stock.price_curves import last_day, price_picture
from lstm_tui.faces.text.report import COUNTING

DAYS = 120  # of the part, the last ones: about a column for each
HEIGHT = 16  # rows
NARROWEST = 40  # columns


def days_of(one: Judged) -> range:
    """The days of the part that was measured."""
    if one.paths is None:
        raise TypeError("a text has no days")
    return one.paths.judged(one.report["part"])


def losses(models: Sequence[Judged]) -> list[tuple[str, float]]:
    """Names and losses in bits per character: the models, then the baselines of the first, the best first."""
    found = [(f"model {one.name}" if one.name else "this model", bits(one.report["loss"])) for one in models]
    simple = [(COUNTING.get(key, key), bits(nats)) for key, nats in models[0].report["baselines"].items()
              if isinstance(nats, float)]  # fmt: skip
    return found + sorted(simple, key=lambda row: row[1])


def lines(models: Sequence[Judged], *, ascii_only: bool) -> list[str]:
    """The picture of one report, or of two beside each other, as wide as the terminal or 80 in a pipe."""
    width = max(NARROWEST, shutil.get_terminal_size((80, 24)).columns - 1)
    first = models[0]
    if first.paths is None:
        rows = bar_rows(losses(models), min(width, 80) - 2, ascii_only=ascii_only, digits=3)
        return ["bits per character", *(f"  {row}" for row in rows)]
    part = days_of(first)
    start = max(part.start, part.stop - DAYS)
    view = View(None, float(part.stop - 1 - start), None if part.stop > last_day(first.paths) else float(part.stop - 1))
    rival = models[1].paths if len(models) > 1 else None
    picture = price_picture(first.paths, view, rival=rival)
    if rival is None:
        picture = replace(picture, series=tuple(_as_predicted(series) for series in picture.series))
    r = first.report
    how = f"predicted {ahead(r['horizon'], r['row'])}, and true closes"
    title = f"{r['part']} part, its last {part.stop - start:,} {r['row']}s: {how}"
    return [title, plain_text(picture, width, HEIGHT, ascii_only)]


def _as_predicted(series: Series) -> Series:
    """Name the curve of a part after what it is: here there is no other than the one that was measured."""
    return series if series.role == "truth" else replace(series, label=f"predicted, {series.label}")
