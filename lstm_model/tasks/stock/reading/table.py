"""Text -> table: what parts its fields, where its header stands, and which lines are rows."""

import csv
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from lstm_model.errors import InputError, quoted, shortened
from lstm_model.tasks.stock.reading.cells import Grid, UnclosedQuoteError, find_rows, unquoted
from lstm_model.tasks.stock.reading.header import Header, find_header, is_data
from lstm_model.tasks.stock.reading.names import DATE, key
from lstm_model.tasks.stock.reading.notes import Note, refusal, rows_of
from lstm_model.tasks.stock.reading.text import Text

MOST_COLUMNS = 10_000  # a broken file has millions
SEPARATORS = ",;\t|"
_SAMPLE = 400  # lines of the head by which the form of a table is told
_HEAD = 1 << 17  # bytes of it
_LONGEST = 1 << 19  # bytes of a line that may be the header
_SEP_LINE = re.compile(rb'\s*"?sep=(.)"?[,;\t|]*\s*\n', re.IGNORECASE)
_FOOTERS = 25  # lines at the end that may be no rows


@dataclass(frozen=True)
class Table:
    """Rows of fields, and what each column is called."""

    path: Path
    names: tuple[str, ...]
    groups: tuple[str, ...]  # of each column, where the header has several levels: the ticker
    fields: tuple[tuple[int, int], ...]  # the first and the last field of each column
    grid: Grid  # the rows alone
    separator: str
    header_line: int  # as an editor counts; 0 if the file has none

    def base(self, column: int) -> str:
        """The name of a column without the ticker it is of."""
        return self.names[column].removesuffix(f" {self.groups[column]}") if self.groups[column] else self.names[column]

    def error(self, row: int, text: str) -> InputError:
        """What is wrong in a row."""
        return refusal(self.path, text, int(self.grid.lines[row]))


def split_table(text: Text) -> tuple[Table, list[Note]]:
    """Find separator, header and rows; InputError that says what is wrong where, if the text is no table."""
    path, raw, notes = text.path, text.raw, []
    lines_before, wanted = 0, ""
    if not raw[:4096].strip(b" \n") and not raw.strip(b" \n"):
        raise refusal(path, "the file is empty: it needs a header such as Date,Close and a row for each day")
    if found := _SEP_LINE.match(raw):
        wanted, lines_before = found[1].decode("latin-1"), raw[: found.end()].count(b"\n")
        raw = raw[found.end() :]
        notes.append(Note("table", f"the line sep={wanted} says what parts the fields", lines_before))
    if unwrapped := _unwrapped(raw):
        raw = unwrapped
        notes.append(Note("table", "each line was one quoted cell: the quotes were taken off"))
    sample = _sample(raw)
    separator, fields = (wanted, _usual_fields(sample, wanted)) if wanted else _separator(sample)
    if separator == " ":
        wide = all(len(re.split(r"\s{2,}|\t", line.strip())) == fields for line in sample)  # "Adj Close" is one name
        raw = re.sub(rb"[ \t]{2,}|\t" if wide else rb"[ \t]+", b"\t", re.sub(rb"(?m)^[ \t]+|[ \t]+$", b"", raw))
        sample = _sample(raw)
        notes.append(Note("table", "blanks part the fields"))
    if not separator:
        first = sample[0] if sample else ""
        raise refusal(path, f"not a CSV file: no comma, semicolon or tab in its first line {quoted(first)}")
    byte = 9 if separator == " " else ord(separator)
    try:
        grid = find_rows(raw, byte)
    except UnclosedQuoteError as error:
        line = error.line + lines_before
        raise refusal(path, "a quotation mark is opened and never closed: close it", line) from None
    grid = replace(grid, lines=grid.lines + lines_before)
    if text.cut and len(grid) > 1 and not raw.endswith(b"\n"):
        grid = grid.kept(np.arange(len(grid) - 1))
    return _table(path, grid, chr(byte), fields, notes)


def _sample(raw: bytes | bytearray) -> list[str]:
    """The first lines that are not blank."""
    lines = bytes(raw[:_HEAD]).split(b"\n")
    if len(raw) > _HEAD and len(lines) > 1:
        lines = lines[:-1]
    texts = [line.decode("utf-8", "replace") for line in lines[: _SAMPLE * 2]]
    return [line for line in texts if line.strip()][:_SAMPLE]


def _unwrapped(raw: bytes | bytearray) -> bytes | None:
    """The text without the quotes round each line, if each line is one quoted cell with separators in it."""
    sample = _sample(raw)
    whole = [line for line in sample if re.fullmatch(r'"(?:[^"]|"")*"[,;\t]*', line)]
    if len(sample) < 2 or len(whole) < 0.8 * len(sample):
        return None
    inner = [line.rstrip(",;\t")[1:-1] for line in whole]
    if sum(bool(re.search(r"\d.*[,;\t|].*\d", line)) for line in inner) < 0.5 * len(inner):
        return None
    return re.sub(rb'(?m)^"((?:[^"\n]|"")*)"[,;\t]*$', lambda m: m[1].replace(b'""', b'"'), raw)


def fields_of(line: str, separator: str) -> list[str]:
    """The cells of one line."""
    if separator == " ":
        return line.split()
    try:
        return [unquoted(cell) for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
    except (csv.Error, StopIteration, TypeError):
        return [line]


def _score(sample: list[str], separator: str) -> tuple[int, int, int]:
    """How well a separator parts the lines: rows with a date, rows with numbers alone, and their usual fields."""
    counts: dict[int, list[int]] = {}
    for line in sample:
        cells = fields_of(line, separator)
        if len(cells) > 1:
            kind = is_data(cells)
            seen = counts.setdefault(len(cells), [0, 0])
            seen[0] += kind == 2
            seen[1] += kind == 1
    if not counts:
        return 0, 0, 0
    most = max(counts, key=lambda n: (counts[n][0], counts[n][1], n))
    dated, plain = (sum(seen[k] for seen in counts.values()) for k in (0, 1))
    return dated, plain, most


def _separator(sample: list[str]) -> tuple[str, int]:
    """What parts the fields, and into how many; "" if nothing does."""
    scores = {separator: _score(sample, separator) for separator in [*SEPARATORS, " "]}
    best = max(scores, key=lambda s: (scores[s][0], s != " ", scores[s][1], scores[s][2]))
    if scores[best][:2] != (0, 0) and (scores[best][0] or best != " "):
        return best, scores[best][2]
    first = sample[0] if sample else ""
    best = max(SEPARATORS, key=first.count)
    if best in first:
        return best, first.count(best) + 1
    if scores[" "][1] > 1:
        return " ", scores[" "][2]
    return "", 0


def _usual_fields(sample: list[str], separator: str) -> int:
    return _score(sample, separator)[2]


def _table(path: Path, grid: Grid, separator: str, fields: int, notes: list[Note]) -> tuple[Table, list[Note]]:
    if len(grid) and (most := int(grid.counts[: min(len(grid), 50)].max())) >= MOST_COLUMNS:
        raise refusal(path, f"{most + 1:,} columns, and {MOST_COLUMNS:,} are read at most")
    lengths = grid.ends - grid.starts
    grid = grid.kept(lengths > grid.counts)  # lines of separators alone are blank
    grid, notes = _without_comments(grid, fields, separator, notes)
    top = [fields_of(grid.row(k, _LONGEST), separator) for k in range(min(len(grid), _SAMPLE))]
    header = find_header(path, top, fields, grid.lines, separator)
    notes = notes + header.notes
    title = grid.row(header.at) if header.at >= 0 else ""
    line = int(grid.lines[header.at]) if header.at >= 0 else 0
    grid, notes = _without_repeats(grid.kept(slice(header.rows, None)), title, separator, notes)
    if not len(grid):
        raise refusal(path, "a header and no rows: it needs a row for each day")
    names, spans, more = _spans(path, header, grid, separator)
    table = Table(path, names, header.groups or ("",) * len(names), spans, grid, separator, line)
    return table, notes + more


def _without_comments(grid: Grid, fields: int, separator: str, notes: list[Note]) -> tuple[Grid, list[Note]]:
    """Leave out lines that begin with #, but for a header that does."""
    if not len(grid):
        return grid, notes
    marked = grid.raw[grid.starts] == ord("#")
    if not marked.any():
        return grid, notes
    at = np.flatnonzero(marked)
    data = np.flatnonzero(~marked)
    first = int(data[0]) if len(data) else len(grid)
    if len(data) and is_data(fields_of(grid.row(first), separator)):  # the header is the comment above, if it fits
        above = int(at[at < first][-1]) if (at < first).any() else -1
        if above >= 0 and len(fields_of(grid.row(above), separator)) == fields:
            at = at[at != above]
    if len(at):
        notes = [*notes, Note("table", f"{rows_of(len(at), 'comment')} passed over", int(grid.lines[at[0]]))]
    return grid.kept(np.setdiff1d(np.arange(len(grid)), at)), notes


def _without_repeats(grid: Grid, title: str, separator: str, notes: list[Note]) -> tuple[Grid, list[Note]]:
    """Leave out the header where it comes again, and lines after the last row."""
    size = len(title.encode())
    if 0 < size < 4000:
        alike = np.flatnonzero(grid.ends - grid.starts == size)
        alike = alike[grid.raw[grid.starts[alike]] == title.encode()[0]] if len(alike) else alike
        again = [row for row in alike.tolist() if grid.row(row) == title] if len(alike) < 50_000 else []
        if again and again[0] and len(fields_of(grid.row(again[0] - 1), separator)) == 1:  # under a title of its own
            line = int(grid.lines[again[0]])
            notes = [*notes, Note("table", f"another table begins in row {line}: it was passed over", line)]
            grid = grid.kept(slice(0, again[0]))
        elif again:
            line = int(grid.lines[again[0]])
            text = f"row {line} repeats the header: {rows_of(len(again))} passed over"
            notes = [*notes, Note("table", text, line)]
            grid = grid.kept(np.setdiff1d(np.arange(len(grid)), again))
    usual = int(np.median(grid.counts)) if len(grid) else 0
    foot: list[int] = []
    for row in range(len(grid) - 1, max(-1, len(grid) - 1 - _FOOTERS), -1):
        cells = fields_of(grid.row(row), separator)
        if int(grid.counts[row]) >= usual or (len(cells) > 1 and is_data(cells[:2])):
            break
        if re.match(r"\W*\d", cells[0]) and is_data([cells[0], "1"]) == 2:
            break
        foot.append(row)
    if foot and len(foot) < len(grid):
        line = int(grid.lines[foot[-1]])
        shown = quoted(unquoted(grid.row(foot[-1])[:200]))
        text = f"{rows_of(len(foot), 'line')} passed over after the last row (row {line}: {shown})"
        notes = [*notes, Note("table", text, line)]
        grid = grid.kept(slice(0, foot[-1]))
    return grid, notes


def _spans(
    path: Path, header: Header, grid: Grid, separator: str
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...], list[Note]]:
    """Which fields make up each column: all of the header's, and none too many."""
    names = header.names
    wide = len(names)
    plain = tuple((k, k) for k in range(wide))
    extra = grid.counts + 1 - wide
    over = np.flatnonzero(extra > 0)
    if not len(over):
        return names, plain, []
    usual = int(np.median(extra))
    first = [fields_of(grid.row(int(row)), separator) for row in over[:50]]
    rest = grid.ends[over] - grid.separators[grid.first[over] + (wide - 1)]  # from the separator after the last column
    if (rest == extra[over]).all():  # nothing but more separators
        return names, plain, []
    if usual > 0 and len(over) > 0.9 * len(grid):
        at = _date_with_separator(first, names, usual)
        if at >= 0:
            spans = tuple((k + usual * (k > at), k + usual * (k >= at)) for k in range(wide))
            note = Note("table", f"the dates hold the separator: {usual + 1} fields were read as one", column=names[at])
            return names, spans, [note]
        if (
            usual == 1
            and not any(key(name) in DATE for name in names)
            and all(is_data([cells[0], "1"]) == 2 for cells in first)
        ):
            note = Note("table", "rows have one field more than the header: the first was read as the date")
            return ("Date", *names), (*plain, (wide, wide)), [note]
    row = int(over[0])
    saw, line = int(grid.counts[row]) + 1, int(grid.lines[row])
    text = f"{saw} fields where the header has {wide}"
    cells = fields_of(grid.row(row), separator)
    if separator == "," and (pair := _decimal_comma(cells)):
        advice = "part the fields by semicolons, or write a decimal point"
        raise refusal(path, f"{text}: {quoted(pair)} seems to hold a decimal comma: {advice}", line)
    raise refusal(path, f"{text}: put quotes round a value that holds the separator", line)


def _date_with_separator(rows: list[list[str]], names: tuple[str, ...], extra: int) -> int:
    """The column whose dates were parted, as Jan 9, 2024 is; -1 if there is none."""
    for at in range(min(len(names), 3)):
        joined = [" ".join(cells[at : at + extra + 1]) for cells in rows if len(cells) > at + extra]
        alone = [cells[at] for cells in rows if len(cells) > at]
        whole = all(re.search(r"\d{4}|\d\D+\d+\D+\d", text) and is_data([text, "1"]) == 2 for text in alone)
        timed = joined and all(re.search(r"\d\d?:\d\d", text) for text in joined)
        if joined and all(is_data([text, "1"]) == 2 for text in joined) and (timed or not whole):
            return at
    return -1


def _decimal_comma(cells: list[str]) -> str:
    """Two neighbours that look like one number with a decimal comma."""
    for left, right in pairwise(cells[1:]):
        if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})*|[-+]?\d+", left) and re.fullmatch(r"\d{1,6}", right):
            return f"{left},{right}"
    return ""


def shown_names(names: tuple[str, ...]) -> str:
    """Names of columns for a message."""
    return shortened(", ".join(map(quoted, names[:20])) + (", ..." if len(names) > 20 else ""), 160)
