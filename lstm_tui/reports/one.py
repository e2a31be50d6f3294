"""`eval`: a saved model measured on a held-out part, beside what simple forecasts score.

`evaluate` gives, among others, a dict with the keys of `eval --json`; `as_text` turns all into lines for a person.
"""

from collections.abc import Callable
from dataclasses import replace

from lstm_model.arrays import quietly
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.saves import BEST
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.reports.judged import Judged, measure
from lstm_tui.visible import as_line


@quietly
def evaluate(saved: SavedModel, given: Given, progress: Callable[[float], None] = lambda _: None) -> Judged:
    """Measure a saved model with the options that were given."""
    judged = measure(saved, given, progress)
    notes = tuple(map(with_flags, (*judged.notes, *_better_one(saved))))
    return replace(judged, notes=notes, report={**judged.report, "notes": notes})


def _better_one(saved: SavedModel) -> tuple[str, ...]:
    """Point to the run's best checkpoint where another one, whose validation loss is higher, is measured."""
    best, record = saved.file.with_name(BEST), saved.record
    lowest, loss = record.best_val_loss, record.val_loss
    if saved.file == best or lowest is None or loss is None or loss <= lowest or not best.exists():
        return ()
    if record.best_step == record.step:  # the same state; one loss is over a sample of the part, one over all
        return ()
    return (f"{best} has a lower validation loss, that of step {record.best_step:,}; --load it to measure that one",)


def as_text(judged: Judged) -> str:
    """The report as lines of plain text; whatever it quotes is made visible, on its line."""
    report = judged.report
    lines = [
        f"model   {report['checkpoint']}, step {report['step']:,} ({report['model']})",
        f"data    {report['data']}",
        *judged.lines(),
    ]
    return "\n".join(map(as_line, lines))
