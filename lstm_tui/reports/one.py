"""`eval`: a saved model measured on a held-out part, beside what simple counting or doing nothing scores.

`evaluate` gives a dict, with the keys of `eval --json`; `as_text` turns it into lines for a person.
"""

from collections.abc import Callable
from pathlib import Path

from lstm_model.arrays import quietly
from lstm_model.runs.saves import BEST
from lstm_model.storage.checkpoint import Checkpoint
from lstm_tui.faces.heading import Report
from lstm_tui.faces.stock import report as report_stock
from lstm_tui.faces.text import report as report_text
from lstm_tui.opening.saved import read_saved
from lstm_tui.options.given import Given, require_same
from lstm_tui.visible import as_line


@quietly
def evaluate(given: Given, progress: Callable[[float], None] = lambda _: None) -> tuple[Report, tuple[str, ...]]:
    """Measure the model that --load names: its report, and notes on what a person should know beside it."""
    file, checkpoint, config = read_saved(given)
    require_same(given, config, file)
    kind = report_text if config.task == "text" else report_stock
    report, notes = kind.measure(file, checkpoint, config, given, progress)
    return report, (*notes, *_better_one(file, checkpoint))


def _better_one(file: Path, checkpoint: Checkpoint) -> tuple[str, ...]:
    """Point to the run's best checkpoint where another one, whose validation loss is higher, is measured."""
    best, record = file.with_name(BEST), checkpoint.record
    lowest, loss = record.get("best_val_loss"), record.get("val_loss")
    if file == best or lowest is None or loss is None or loss <= lowest or not best.exists():
        return ()
    if record["best_step"] == record["step"]:  # the same state; one loss is over a sample of the part, one over all
        return ()
    return (f"{best} has a lower validation loss, that of step {record['best_step']:,}; --load it to measure that one",)


def as_text(report: Report) -> str:
    """The report as lines of plain text; whatever it quotes is made visible, on its line."""
    lines = [
        f"model   {report['checkpoint']}, step {report['step']:,} ({report['model']})",
        f"data    {report['data']}",
        *(report_text.lines(report) if report["task"] == "text" else report_stock.lines(report)),
    ]
    return "\n".join(map(as_line, lines))
