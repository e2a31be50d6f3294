"""`lstm-tui eval`: a saved model measured on held-out data."""

from collections.abc import Callable

from lstm_model.errors import InputError
from lstm_tui.opening.chosen import with_model
from lstm_tui.opening.pair import read_pair
from lstm_tui.opening.received import kept_for_a_while
from lstm_tui.opening.saved import read_saved
from lstm_tui.options.given import Given
from lstm_tui.reports import one, two
from lstm_tui.reports.judged import Judged, Report
from lstm_tui.reports.picture import picture_lines
from lstm_tui.reports.plot_file import require_plot, write_plot
from lstm_tui.terminal.output import Progress, ascii_only, json_line, message, result


def evaluate(given: Given) -> int:
    """Print a report on a saved model, or on two; for a person with a picture, and on request with one in a file."""
    if "against" in given and "load" not in given:
        raise InputError("--against PATH needs --load PATH: the two models to compare")
    for name in ("jobs", "scheduler"):
        if name in given and "seeds" not in given:
            raise InputError(f"--{name} says where the models of --seeds are trained: add --seeds N, or leave it out")
    plot = require_plot(given["plot"]) if "plot" in given else None
    for_a_person = "json" not in given
    given, _ = with_model(given)
    progress = Progress("measuring")
    try:
        with kept_for_a_while(given) as kept:
            report, models = _measured(kept, progress)
    finally:
        progress.clear()
    for note in dict.fromkeys(note for model in models for note in model.notes):
        message(f"note: {note}")
    if for_a_person:
        result(two.as_text(models, report["verdict"]) if "against" in given else one.as_text(models[0]))
        for line in ["", *picture_lines(models, ascii_only=ascii_only())]:
            result(line)
    else:
        result(json_line(report))
    if plot is not None:
        write_plot(plot, models)
        message(f"drawn into {plot}")
    return 0


def _measured(given: Given, progress: Callable[[float], None]) -> tuple[Report, list[Judged]]:
    """The report, and the model or the two that it is about."""
    if "against" in given:
        return two.evaluate(read_pair(given), given, progress)
    model = one.evaluate(read_saved(given), given, progress)
    return model.report, [model]
