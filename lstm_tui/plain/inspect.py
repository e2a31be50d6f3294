"""`lstm-tui inspect`: what goes on inside a saved model, as a table, JSON, a page of HTML or a picture."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.inside.html import document, note
from lstm_model.inside.views.base import Subject, View
from lstm_model.inside.views.names import VIEW_NAMES
from lstm_model.inside.views.registry import VIEWS
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.progress import equal_stages
from lstm_model.runs.saved_model import SavedModel
from lstm_model.storage.files import write_whole
from lstm_model.storage.home import expanded
from lstm_model.tasks.base import Task, finish
from lstm_model.tasks.registry import own_text
from lstm_tui.opening.chosen import with_model
from lstm_tui.opening.outputs import file_to_write
from lstm_tui.opening.received import kept_for_a_while
from lstm_tui.opening.saved import read_saved
from lstm_tui.options.given import Given, changes_of
from lstm_tui.options.values import in_a_row
from lstm_tui.reports.judged import wrapped
from lstm_tui.reports.plot_file import require_plot, write_figure
from lstm_tui.terminal.output import Progress, json_line, message, result
from lstm_tui.visible import as_line, cells, padded, visible

FIGURES = "+-0123456789"  # what a figure begins with


def inspect(given: Given) -> int:
    """Look inside, and show or write what was found."""
    names = _views(given)
    plot = require_plot(given["plot"]) if "plot" in given else None
    if plot is not None and len(names) > 1:
        raise InputError(f"--plot draws one view: name one with --view, of {in_a_row(names)}")
    page = file_to_write("--html", given["html"], (".html", ".htm")) if "html" in given else None
    given, _ = with_model(given)
    with kept_for_a_while(given) as kept:
        about, found = _looked(kept, names)
    if "json" in given:
        result(json_line(about | {view.name: view.report for view in found}))
    elif page is None and plot is None:
        result("\n".join(_lines(about, found)))
    if page is not None:
        write_whole(page, _page(about, found).encode())
        message(f"written into {page}")
    if plot is not None:
        write_figure(plot, lambda figure: f"{_model(about)}\n{found[0].draw(figure)}")
        message(f"drawn into {plot}")
    return 0


def _looked(given: Given, names: Sequence[str]) -> tuple[dict[str, Any], list[View]]:
    """The model and what it reads, and what was found inside."""
    saved = read_saved(given)
    one_blas_thread()
    progress = Progress("looking")
    trainer = saved.trainer(changes_of(given))
    for said in saved.notes(trainer.task):
        message(f"note: {said}")
    subject = Subject.of(trainer.judged, trainer.task, _text(given, trainer.task), **_where(given))
    try:
        found = [finish(VIEWS[name](subject), told)
                 for name, told in zip(names, equal_stages(progress, len(names)), strict=True)]  # fmt: skip
    finally:
        progress.clear()
    return _about(saved, subject), found


def _views(given: Given) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(given.get("view", VIEW_NAMES[:1])))
    for name in names:
        if name not in VIEW_NAMES:
            raise InputError(f"--view must be {in_a_row(VIEW_NAMES)}, not {name!r}")
    return names


def _where(given: Given) -> dict[str, Any]:
    """Where to look, in the library's counting: its layers are from 0."""
    where = {name: given[option] for name, option in (("unit", "unit"), ("step", "at")) if option in given}
    if "layer" in given:
        where["layer"] = given["layer"] - 1
    return where | {"page": given.get("page", 1) - 1}


def _text(given: Given, task: Task) -> str | None:
    """One's own text, if one is named."""
    if "text_file" not in given:
        return None
    path = expanded(given["text_file"])
    piped = given["text_file"] == "-"
    try:
        raw = sys.stdin.buffer.read() if piped else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}: name a text file with --text-file") from None
    return own_text(task, raw, "standard input" if piped else str(path))


def _about(saved: SavedModel, subject: Subject) -> dict[str, Any]:
    """The model, and what it reads."""
    return {
        "task": saved.config.task,
        "checkpoint": str(saved.file),
        "model": saved.config.shape,
        "step": saved.record.step,
        "reading": subject.reading.name,
    }


def _model(about: dict[str, Any]) -> str:
    return f"{about['checkpoint']}, step {about['step']:,} ({about['model']})"


def _lines(about: dict[str, Any], found: Sequence[View]) -> list[str]:
    lines = [as_line(f"model   {_model(about)}"), as_line(f"reads   {about['reading']}")]
    for view in found:
        lines += ["", view.name.capitalize(), *wrapped(view.how_to_read), "", *_aligned(view.rows)]
    return lines


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table as lines: figures to the right, words and the first column to the left."""
    shown = [[as_line(cell) for cell in row] for row in rows]
    columns = list(zip(*shown, strict=True))
    figures = [k > 0 and all(cell[:1] in FIGURES for cell in column[1:]) for k, column in enumerate(columns)]
    placed = list(zip([max(map(cells, column)) for column in columns], figures, strict=True))
    return [
        "  ".join(padded(cell, width, right=right) for cell, (width, right) in zip(row, placed, strict=True)).rstrip()
        for row in shown
    ]


def _page(about: dict[str, Any], found: Sequence[View]) -> str:
    title = visible(f"Inside {Path(about['checkpoint']).parent.name}")
    said = note(visible(f"{_model(about)}. It reads: {about['reading']}."))
    return document(title, [said, *(view.html() for view in found)])
