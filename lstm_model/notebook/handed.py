"""What a person hands over to be learnt from: files, or a text or a table in memory, which becomes a file of the run.

A run that goes on must find its data again, so what lies in memory alone is written into the run's folder.
"""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, quoted
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.home import expanded

LONGEST_PATH = 500  # characters: what is longer, or has more than one line, is the text itself
TABLE = ".csv"  # as which a table is written


@dataclass(frozen=True)
class Handed:
    """Data as they came: `paths` of files, or `contents` for a file that is to be called `name`; neither: what ships.

    task: whose data these are, by their looks. settings: what follows from them, where nobody says otherwise.
    """

    task: str
    paths: tuple[Path, ...] = ()
    contents: bytes | None = None
    name: str = ""
    settings: tuple[tuple[str, Any], ...] = ()


def handed(data: Any, task: str | None) -> Handed:
    """Take what is there. InputError for what holds nothing, and for what is no text, table or path.

    data: a path, a text, several paths, a data frame or a series of pandas, or None for what ships. A str of more than
    one line, or of more than 500 characters, is the text itself; any other one is a path.
    """
    first = next(iter(KINDS))
    if data is None:
        return Handed(task or first)
    if hasattr(data, "to_csv"):
        return _table(data, task)
    if isinstance(data, str) and ("\n" in data or len(data) > LONGEST_PATH):
        if not data.strip():
            raise InputError("the text is empty: it holds nothing but blanks and line ends", field="data")
        return Handed(task or first, contents=data.encode("utf-8", "surrogatepass"), name="text.txt")
    several = isinstance(data, (list, tuple)) and data and all(isinstance(each, (str, os.PathLike)) for each in data)
    if not (several or isinstance(data, (str, os.PathLike))):
        raise InputError(
            f"data must be a text, a path, several paths or a data frame, not {type(data).__name__}", field="data"
        )
    paths = tuple(map(_path, data if several else (data,)))
    return Handed(task or _reader_of(paths[0].suffix.lower()) or first, paths)


def _path(name: str | os.PathLike[str]) -> Path:
    if not str(name).strip():
        raise InputError("the text is empty: give a text of several lines, or the path of a file", field="data")
    path = expanded(Path(name))
    if not path.exists():
        raise InputError(
            f"there is no file {quoted(str(name))}: name one that is there; a text itself must have more than one line",
            field="data",
        )
    return path.absolute()


def _reader_of(ending: str) -> str | None:
    """The task that reads files which end so, if one says so."""
    return next((task for task in KINDS if ending in kind_of(task).endings), None)


def _table(table: Any, task: str | None) -> Handed:
    """A data frame, or a series, as a file of comma-separated values; dates that are its index become a column."""
    frame = table.to_frame(name=table.name or "value") if hasattr(table, "to_frame") and table.ndim == 1 else table
    if not len(frame):
        raise InputError("the data frame is empty: it has no rows", field="data")
    numeric = [name for name, kind in zip(frame.columns, frame.dtypes, strict=True) if kind.kind in "iuf"]
    if not numeric:
        names = ", ".join(quoted(str(name)) for name in frame.columns)
        raise InputError(f"the data frame has no numeric column, only {names or 'an index'}: convert one to numbers",
                         field="data")  # fmt: skip
    counted = frame.index.dtype.kind in "iu"  # rows that are numbered, rather than dated
    if counted and len(frame.columns) == 1:
        raise InputError("the data frame has no dates: make them its index, or a column of it", field="data")
    text = io.StringIO()
    frame.to_csv(text, index=not counted, index_label=None if counted else _index_labels(frame))
    only = (("column", str(numeric[0])),) if len(numeric) == 1 and isinstance(numeric[0], str) else ()
    chosen = task or _reader_of(TABLE) or next(iter(KINDS))
    return Handed(chosen, contents=text.getvalue().encode(), name=f"table{TABLE}", settings=only)


def _index_labels(frame: Any) -> Sequence[str]:
    names = [str(name) for name in frame.index.names if name is not None]
    return names if len(names) == len(frame.index.names) else ["Date"] * len(frame.index.names)
