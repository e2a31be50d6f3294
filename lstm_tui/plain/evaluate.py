"""`lstm-tui eval`: a saved model measured on held-out data."""

from lstm_tui.options.given import Given
from lstm_tui.reports import one as report
from lstm_tui.reports import two as report_against
from lstm_tui.reports.picture import Judged, judged, lines
from lstm_tui.reports.plot_file import require_plot, write_plot
from lstm_tui.terminal.output import Progress, ascii_only, json_line, message, result


def evaluate(given: Given) -> int:
    """Print a report on a saved model, or on two; for a person with a picture, and on request with one in a file."""
    plot = require_plot(given["plot"]) if "plot" in given else None
    for_a_person = "json" not in given
    progress = Progress("measuring")
    models: list[Judged] = []
    try:
        if "against" in given:
            found, notes, models = report_against.evaluate(given, progress)
            text = report_against.as_text(found)
        else:
            found, notes = report.evaluate(given, progress)
            text = report.as_text(found)
        if not models and (plot or for_a_person):
            models = [judged(given, found)]
    finally:
        progress.clear()
    for note in notes:
        message(f"note: {note}")
    result(text if for_a_person else json_line(found))
    if for_a_person:
        for line in ["", *lines(models, ascii_only=ascii_only())]:
            result(line)
    if plot is not None:
        write_plot(plot, models)
        message(f"drawn into {plot}")
    return 0
