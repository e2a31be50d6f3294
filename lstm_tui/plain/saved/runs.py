"""`lstm-tui runs`: what is saved, as a table to work with."""

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs import baselines
from lstm_model.runs.keeping.labels import NO_LABEL, Label, read_label
from lstm_model.runs.saves import Saved, find_saves, saves_root
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.plain.saved.tidying import tidy
from lstm_tui.tables.columns import COLUMNS, Column, Row, all_columns, column_of, row_of, usual
from lstm_tui.tables.conditions import condition
from lstm_tui.tables.forms import as_csv, as_latex, as_markdown, as_text
from lstm_tui.tables.groups import grouped
from lstm_tui.terminal.output import Progress, json_line, message, result

Listed = tuple[Saved, Row]  # a checkpoint, and the row of its run

FORMS: dict[str, Callable[[Sequence[Column], Sequence[Row]], list[str]]] = {
    "csv": as_csv, "markdown": as_markdown, "latex": as_latex,
}  # fmt: skip
MEASURE = COLUMNS["best_val_loss"]  # what groups are compared by
JSON_NAMES = (
    "task",
    "step",
    "loss",
    "val_loss",
    "best_val_loss",
    "bytes",
    "settings",
    "best_step",
    "elapsed_s",
    "data",
)


def runs(given: Given) -> int:
    """List the runs there are, or each checkpoint of them as JSON; or tidy up among them."""
    if tidy(given):
        return 0
    test = condition(given["where"]) if "where" in given else None
    by = _columns(given, "group_by")
    if by and "columns" in given:
        raise InputError("--columns chooses among those of single runs: leave it out with --group-by")
    found, complaints = find_saves()
    for complaint in complaints:
        message(f"note: {with_flags(complaint)}")
    losses = _baselines(found, count="baselines" in given)
    labels = {folder: read_label(folder) for folder in {save.file.parent for save in found}}
    listed = [(save, row_of(save, losses[save.baselines], str(save.file.parent), labels[save.file.parent]))
              for save in found]  # fmt: skip
    if "json" not in given or by:
        listed = _first_of_each(listed)
    if test is not None:
        listed = [(save, row) for save, row in listed if test(row)]
    if by:
        return _show_groups(given, [row for _, row in listed], by)
    listed = _sorted(given, listed, COLUMNS)
    if "json" in given:
        result(
            json_line([as_object(save, row, losses[save.baselines], labels[save.file.parent]) for save, row in listed])
        )
    elif listed or given.keys() & FORMS.keys():
        rows = [row for _, row in listed]
        _write(given, _columns(given, "columns") or (all_columns if "csv" in given else usual)(rows), rows)
    elif found:
        message(f"no run under {saves_root()} fulfils --where {given['where']}")
    else:
        message(f"no runs under {saves_root()}: start one with `lstm-tui` or `lstm-tui train --task text --minutes 2`")
    return 0


def _show_groups(given: Given, rows: list[Row], by: list[Column]) -> int:
    groups = grouped(rows, by, MEASURE)
    for note in groups.notes:
        message(f"note: {note}")
    known = {column.name: column for column in groups.columns}
    made = [row for _, row in _sorted(given, [(None, row) for row in groups.rows], known)]
    if "json" in given:
        result(json_line(made))
    elif made or given.keys() & FORMS.keys():
        _write(given, groups.columns, made)
    else:
        message(f"no runs to group under {saves_root()}")
    return 0


def _baselines(found: Sequence[Saved], *, count: bool) -> Mapping[str, baselines.Losses]:
    """What is known to stand beside the runs; count: what is not known yet is counted."""
    losses = {save.baselines: baselines.known(save.baselines) for save in found}
    missing = {save.baselines: save for save in found if not losses[save.baselines]} if count else {}
    progress = Progress("counting baselines")
    for k, (key, save) in enumerate(missing.items()):
        progress(k / len(missing))
        losses[key] = baselines.count(save)
    progress.clear()
    return losses


def _first_of_each(listed: Sequence[Listed]) -> list[Listed]:
    """Of each run the checkpoint that is loaded when its folder is named."""
    of_run: dict[Path, Listed] = {}
    for save, row in listed:
        of_run.setdefault(save.file.parent, (save, row))
    return list(of_run.values())


def _sorted(given: Given, listed: list[Any], known: Mapping[str, Column]) -> list[Any]:
    """Pairs with a row in the order that is asked for; rows that lack the value come last either way."""
    if "sort" not in given:
        return listed[::-1] if "reverse" in given else listed
    name = given["sort"].replace("-", "_")
    if name not in known:
        name = column_of(name, "--sort").name
        name = "mean" if known is not COLUMNS and name == MEASURE.name else name
    if name not in known:
        raise InputError(f"--sort: a table of groups has no column {name}: there are {', '.join(known)}")

    def value(entry: Any) -> tuple[bool, Any]:
        there = entry[1][name]
        return isinstance(there, str), there

    there = [entry for entry in listed if entry[1][name] is not None]
    without = [entry for entry in listed if entry[1][name] is None]
    return sorted(there, key=value, reverse="reverse" in given) + without


def _columns(given: Given, option: str) -> list[Column]:
    flag = "--" + option.replace("_", "-")
    return [column_of(name, flag) for name in given.get(option, ())]


def _write(given: Given, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    form = next((form for name, form in FORMS.items() if name in given), None)
    if form is not None:
        lines = form(columns, rows)
    else:
        narrow = sys.stdout.isatty() and "columns" not in given
        lines = as_text(columns, rows, shutil.get_terminal_size().columns if narrow else None)
    for line in lines:
        result(line)


def as_object(save: Saved, row: Row, losses: baselines.Losses, label: Label = NO_LABEL) -> dict[str, Any]:
    """A checkpoint for programs."""
    try:
        modified = datetime.fromtimestamp(save.modified, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # a file system may hold years that no calendar has
        modified = None
    passed = baselines.passed(save, losses)
    return {
        "run": save.run, "name": label.name, "note": label.note, "star": label.star,
        "file": save.file.name, "path": str(save.file),
        **{name: getattr(save, name) for name in JSON_NAMES}, "modified": modified,
        "options": {name: row[name] for name, column in COLUMNS.items() if column.is_setting and row[name] is not None},
        "baselines": passed and {"passed": passed.names, "of": passed.of},
    }  # fmt: skip
