"""`eval --against`: two models measured on the same data, in one table, and whether one is better."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lstm_model.errors import InputError
from lstm_model.runs.saved_model import SavedModel
from lstm_tui.options.given import Given
from lstm_tui.reports import one
from lstm_tui.reports.judged import Judged, Report, wrapped
from lstm_tui.visible import visible
from lstm_tui.wording import PART_WORDS

SAME = ("part", "data")  # what both must be judged on, with what the task adds
WIDTH, COLUMN = 24, 12  # cells of a name and of a figure


def evaluate(
    pair: Sequence[SavedModel], given: Given, progress: Callable[[float], None] = lambda _: None
) -> tuple[Report, list[Judged]]:
    """Measure two models, A and B: both reports and which is better; then both as they were judged.

    InputError unless both are judged on the same.
    """
    models = [replace(one.evaluate(saved, given, progress), name=name) for saved, name in zip(pair, "AB", strict=True)]
    a, b = models
    _require_same(a, b)
    comparison = a.compare(b)
    both = {
        "task": a.report["task"],
        "a": a.report,
        "b": b.report,
        "better": comparison.better,
        "dm_p_value": comparison.p_value,
        "verdict": comparison.sentence,
    }
    return both, models


def _require_same(a: Judged, b: Judged) -> None:
    for key in (*SAME, *a.SAME):
        mine, theirs = a.report.get(key), b.report.get(key)
        if mine != theirs:
            raise InputError(
                f"cannot compare: A is judged on {key} {mine} and B on {theirs}; choose models with the same"
                " data and split, or name what both are to be judged on with --data or --part"
            )


def as_text(models: Sequence[Judged], verdict: str) -> str:
    """The two reports for a person."""
    a, b = models
    data, part = a.report["data"], a.report["part"]
    return "\n".join([
        *(visible(f"{one.name}       {_model(one.report)}") for one in (a, b)),
        visible(f"data    {data}"),
        f"part    {'all of it' if part == 'all' else PART_WORDS.get(part, str(part)) + ' part'}, {a.measured}",
        "",
        *(f"{name:<{WIDTH}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells).rstrip() for name, *cells in a.rows(b)),
        "",
        *wrapped(verdict),
    ])  # fmt: skip


def _model(r: Report) -> str:
    return f"{r['checkpoint']}, step {r['step']:,} ({r['model']})"
