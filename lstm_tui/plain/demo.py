"""`lstm-tui demo NAME`: a common mistake, made on purpose beside what is right."""

import shutil
import textwrap

from lstm_model.arrays import quietly
from lstm_model.lessons.outcome import Outcome, outcome_of
from lstm_model.lessons.table import LESSONS
from lstm_model.parallel.blas import one_blas_thread
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import Progress, json_line, result

WIDEST, NARROWEST = 100, 40  # columns


@quietly
def demo(given: Given) -> int:
    """Make the mistake that was named, or list them all."""
    name = given.get("lesson")
    as_json = "json" in given
    if name is None:
        for line in [json_line({key: each.title for key, each in LESSONS.items()})] if as_json else _list():
            result(line)
        return 0
    one_blas_thread()
    progress = Progress(LESSONS[name].title)
    try:
        outcome = outcome_of(name, progress)
    finally:
        progress.clear()
    if as_json:
        rows = [dict(zip(outcome.columns, row, strict=True)) for row in outcome.rows]
        said = {"title": LESSONS[name].title, "about": outcome.about, "said": outcome.said}
        result(json_line({"demo": name, **said, "rows": rows}))
        return 0
    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns - 1))
    for line in _for_a_person(name, outcome, width):
        result(line)
    return 0


def _list() -> list[str]:
    widest = max(map(len, LESSONS))
    lines = [f"  {name:<{widest}}  {lesson.title}" for name, lesson in LESSONS.items()]
    return ["Common mistakes, each made beside what is right:", "", *lines, "", "See one with: lstm-tui demo NAME"]


def _for_a_person(name: str, outcome: Outcome, width: int) -> list[str]:
    """What was done, a block for each way, what tells them apart, and where more is said."""
    lesson = LESSONS[name]
    first, *figures = outcome.columns
    lines = [lesson.title, "", *textwrap.wrap(outcome.about, width), ""]
    labels = max(len(first), *(len(str(row[0])) for row in outcome.rows))
    heads = [textwrap.wrap(head, 20) for head in figures]
    deep = max(map(len, heads))
    for k in range(deep):
        cells = [head[k - deep + len(head)] if k >= deep - len(head) else "" for head in heads]
        label = first if k == deep - 1 else ""
        lines.append(f"{label:<{labels}}" + "".join(f"  {cell:>20}" for cell in cells))
    lines += [f"{row[0]!s:<{labels}}" + "".join(f"  {_figure(value):>20}" for value in row[1:]) for row in outcome.rows]
    return [*(line.rstrip() for line in lines), "", *textwrap.wrap(outcome.said, width), "",
            f"More in docs/book/{lesson.chapter}."]  # fmt: skip


def _figure(value: str | float | None) -> str:
    """A number in four digits; nothing for what there is not."""
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value:.4g}"
