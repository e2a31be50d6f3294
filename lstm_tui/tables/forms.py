"""The forms in which a table is written: text for a person, CSV for programs, Markdown and LaTeX for papers."""

import csv
import io
from collections.abc import Sequence

from lstm_tui.tables.columns import LEAVE, Column, Row
from lstm_tui.visible import as_line, cells, padded

_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
})  # fmt: skip


def as_text(columns: Sequence[Column], rows: Sequence[Row], width: int | None = None) -> list[str]:
    """Columns below each other, numbers to the right; with a width, those that matter least go until a line fits."""
    columns = list(columns)
    lines = _aligned(columns, rows)
    leaving = [name for name in LEAVE if any(column.name == name for column in columns)]
    while width is not None and leaving and max(map(cells, lines)) > width:
        gone = leaving.pop(0)
        columns = [column for column in columns if column.name != gone]
        lines = _aligned(columns, rows)
    return lines


def as_csv(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """A head of names and a line for each row; numbers as exact as they are, nothing where there is nothing."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_exact(row[column.name]) for column in columns] for row in rows)
    return text.getvalue().splitlines()


def as_markdown(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """A table of Markdown."""

    def line(words: Sequence[str]) -> str:
        return "| " + " | ".join(word.replace("|", r"\|") for word in words) + " |"

    sides = ["---:" if column.right else "---" for column in columns]
    return [line([column.head for column in columns]), line(sides), *map(line, _written(columns, rows))]


def as_latex(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    """A tabular of LaTeX that needs no package."""

    def line(words: Sequence[str]) -> str:
        return " & ".join(word.translate(_LATEX) for word in words) + r" \\"

    sides = "".join("r" if column.right else "l" for column in columns)
    head = line([column.head for column in columns])
    return [rf"\begin{{tabular}}{{{sides}}}", r"\hline", head, r"\hline", *map(line, _written(columns, rows)),
            r"\hline", r"\end{tabular}"]  # fmt: skip


def _written(columns: Sequence[Column], rows: Sequence[Row]) -> list[list[str]]:
    return [[as_line(column.text(row[column.name])) for column in columns] for row in rows]


def _aligned(columns: Sequence[Column], rows: Sequence[Row]) -> list[str]:
    lines = [[column.head for column in columns], *_written(columns, rows)]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(padded(text, widths[k], right=columns[k].right) for k, text in enumerate(line)).rstrip()
        for line in lines
    ]


def _exact(value: object) -> object:
    return "" if value is None else as_line(value) if isinstance(value, str) else value
