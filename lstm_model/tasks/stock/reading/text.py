"""Bytes -> text: what the file is, which encoding it has, and how its lines end."""

import codecs
import io
import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError, quoted, shortened
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.stock.reading.names import ALL, key
from lstm_model.tasks.stock.reading.notes import Note, refusal

PIECE = 1 << 24  # bytes read at a time
MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
_SAVE = "save it as CSV in UTF-8"
_FORMATS = {
    b"\x1f\x8b": ("a gzip archive", "unpack it with gunzip"),
    b"BZh": ("a bzip2 archive", "unpack it with bunzip2"),
    b"\xfd7zXZ\0": ("an xz archive", "unpack it with unxz"),
    b"(\xb5/\xfd": ("a zstd archive", "unpack it with unzstd"),
    b"7z\xbc\xaf": ("a 7z archive", "unpack it"),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", "save it as CSV"),
    b"PAR1": ("a Parquet file", "write it as CSV, with pandas: read_parquet(...).to_csv(...)"),
    b"ARROW1": ("a Feather file", "write it as CSV, with pandas: read_feather(...).to_csv(...)"),
    b"\x89HDF": ("an HDF5 file", "write its table as CSV"),
    b"SQLite format 3": ("an SQLite database", "write its table as CSV"),
    b"%PDF": ("a PDF file", "copy its table into a CSV file"),
    b"{\\rtf": ("an RTF document", "save it as plain text"),
    b"\x89PNG": ("a picture", "name a CSV file"),
    b"\xff\xd8\xff": ("a picture", "name a CSV file"),
    b"GIF8": ("a picture", "name a CSV file"),
}
_PAGE = re.compile(r"<(!doctype|html|head|body|table|div|script|p|center|h\d)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A text as UTF-8 bytes without a mark, its lines ended by newlines alone."""

    path: Path
    raw: bytes | bytearray
    encoding: str
    line_ends: str  # "LF", "CR LF", "CR" or "mixed"
    cut: bool = False  # its last line is perhaps not whole


def read_text(path: Path, encoding: str | None = None, tell: Tell = quiet) -> tuple[Text, list[Note]]:
    """Read a file; InputError if it is none, or not a text in `encoding` (UTF-8, -16 or -32 where none is said)."""
    notes: list[Note] = []
    raw, grew = _bytes(path, tell)
    if grew:
        raw = raw[: raw.rfind(b"\n") + 1]
        notes.append(Note("text", "the file grew while it was read: what stood in it at first was read"))
    _require_text(path, raw)
    text: bytes | bytearray
    if encoding:
        text = _decoded(path, raw, encoding)
    else:
        mark = next((mark for mark in MARKS if raw.startswith(mark)), b"")
        encoding = MARKS.get(mark) or _without_mark(raw)
        if encoding != "utf-8" and not mark:
            notes.append(Note("text", f"the file was read as {encoding.upper()}, which has no mark"))
        text = _utf8(path, raw) if encoding == "utf-8" else _decoded(path, raw, encoding)
    text = text.removeprefix(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else text
    if (zero := text.find(0)) >= 0:
        line = 1 + text[:zero].count(b"\n")
        raise refusal(path, f"not a text file (a zero byte at offset {zero}): {_SAVE}", line)
    text, ends = _lines(text)
    _require_table(path, text)
    if ends in ("CR", "mixed"):
        notes.append(Note("text", f"line ends are {'CR alone' if ends == 'CR' else 'mixed'}: read as LF"))
    return Text(path, text, encoding, ends, grew), notes


def read_head(path: Path, encoding: str | None = None, most: int = 1 << 17) -> Text:
    """The whole lines at the start of a file, to tell what it is; bytes that are no text are replaced."""
    try:
        with path.open("rb") as file:
            raw = bytearray(file.read(most + 1))
    except OSError as error:
        raise refusal(path, f"cannot be read ({error.strerror}): name a CSV file") from None
    _require_text(path, raw)
    encoding = encoding or next((MARKS[mark] for mark in MARKS if raw.startswith(mark)), _without_mark(raw))
    _require_encoding(encoding)
    text, ends = _lines(bytes(raw).decode(encoding, "replace").encode("utf-8").removeprefix(codecs.BOM_UTF8))
    _require_table(path, text)
    return Text(path, text[: text.rfind(b"\n") + 1] if len(raw) > most else text, encoding, ends)


def _bytes(path: Path, tell: Tell) -> tuple[bytearray, bool]:
    """What stands in the file when it is opened, and whether it has grown since."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise refusal(path, "cannot be read (Is a directory): name a CSV file")
        if not stat.S_ISREG(mode):
            raise refusal(path, "is a pipe or a device: write what comes out of it to a file, and name that")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            raw = bytearray(size)
            view, filled = memoryview(raw), 0
            while filled < size and (got := file.readinto(view[filled : filled + PIECE])):
                filled += got
                tell(filled / size)
            view.release()
            del raw[filled:]
            return raw, os.fstat(file.fileno()).st_size > size > 0
    except OSError as error:
        raise refusal(path, f"cannot be read ({error.strerror}): name a CSV file") from None


def _require_text(path: Path, raw: bytearray) -> None:
    """Name a file of another kind as what it is."""
    for magic, (what, advice) in _FORMATS.items():
        if raw.startswith(magic):
            raise refusal(path, f"this is {what}, not CSV: {advice}")
    if raw.startswith(b"PK\x03\x04"):
        try:
            members = zipfile.ZipFile(io.BytesIO(raw)).namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            members = []
        if members and not any(name.startswith(("xl/", "[Content_Types]", "content.xml")) for name in members):
            raise refusal(path, f"this is a zip archive, not CSV: unpack it, and name {quoted(members[0])}")
        kind = "an OpenDocument spreadsheet" if "content.xml" in members else "an Excel workbook"
        raise refusal(path, f"this is {kind}, not CSV: save it as CSV")


def _require_table(path: Path, text: bytes | bytearray) -> None:
    """Name JSON and web pages as what they are."""
    head = text[:2000].decode("utf-8", "replace").lstrip()
    begin = quoted(" ".join(head[:80].split()))
    if re.match(r'\{\s*["}]|\[\s*([{\["]|\]\s*$|-?\d[\d.eE+-]*\s*[,\]])', head):
        raise refusal(path, f"this is JSON, not CSV: {begin}: fetch or write it as CSV")
    if _PAGE.match(head):
        raise refusal(path, f"this is a web page, not CSV: {begin}: look at it in a browser, and fetch the CSV file")
    if re.match(r"<\?xml|<[a-z]+[^<>\n]*>\s*<[a-z]+", head, re.IGNORECASE) and not _is_bracketed_header(head):
        raise refusal(path, f"this is XML, not CSV: {begin}: fetch or write it as CSV")


def _is_bracketed_header(head: str) -> bool:
    return bool(re.match(r"\s*(<\w+>\s*[,;\t ]?\s*){2,}(\n|$)", head)) and not head.startswith("<?")


def _without_mark(raw: bytearray) -> str:
    """The encoding of a text without a mark, by where its zero bytes stand."""
    head = raw[: 4096 - 4096 % 4]
    if b"\0" not in head or len(head) < 8:
        return "utf-8"
    zeros = [head[k::4].count(0) / (len(head) // 4) for k in range(4)]
    for encoding, full, none in (
        ("utf-32-le", (2, 3), (0,)), ("utf-32-be", (0, 1), (3,)),
        ("utf-16-le", (1, 3), (0, 2)), ("utf-16-be", (0, 2), (1, 3)),
    ):  # fmt: skip
        if min(zeros[k] for k in full) > (0.9 if len(none) == 1 else 0.3) and max(zeros[k] for k in none) < 0.05:
            return encoding
    return "utf-8"


def _utf8(path: Path, raw: bytearray) -> bytearray:
    if raw.isascii():
        return raw
    try:
        decoder, start = codecs.getincrementaldecoder("utf-8")(), 0
        while start < len(raw):
            decoder.decode(raw[start : start + PIECE], final=start + PIECE >= len(raw))
            start += PIECE
    except UnicodeDecodeError:
        pass
    else:
        return raw
    at = _first_bad(raw)
    line = 1 + raw[:at].count(b"\n")
    controls = sum(raw[:4096].count(code) for code in range(32) if code not in b"\t\n\r\f")
    if controls > 20:
        raise refusal(path, f"not a text file (byte 0x{raw[at]:02x} at offset {at} is not UTF-8): {_SAVE}")
    before = raw[raw.rfind(b"\n", 0, at) + 1 : at].decode("utf-8", "replace")[-20:]
    where = f"byte 0x{raw[at]:02x} at offset {at}" + (f", after {quoted(before)}" if before else "")
    guess = likely_encoding(bytes(raw))
    advice = f"set `encoding` to {guess}, or save it as UTF-8" if guess else _SAVE
    raise refusal(path, f"not UTF-8 ({where}): {advice}", line)


def _first_bad(raw: bytearray) -> int:
    """Offset of the first byte that is not UTF-8; the length if there is none."""
    start = 0
    while start < len(raw):
        piece = bytes(raw[start : start + PIECE])
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError as error:
            if start + PIECE < len(raw) and error.start > len(piece) - 4:  # a character cut by the end of the piece
                start += error.start
                continue
            return start + error.start
        start += PIECE
    return len(raw)


def _decoded(path: Path, raw: bytearray, encoding: str) -> bytes:
    """As UTF-8."""
    _require_encoding(encoding)
    try:
        return codecs.decode(raw, encoding).encode("utf-8")
    except TypeError:
        return bytes(raw).decode(encoding).encode("utf-8")
    except UnicodeDecodeError as error:
        at, line = error.start, 1 + raw[: error.start].count(b"\n")
        other = likely_encoding(bytes(raw))
        advice = f"set `encoding` to {other}" if other and other != encoding else _SAVE
        raise refusal(path, f"not {encoding} (byte 0x{raw[at]:02x} at offset {at}): {advice}", line) from None
    except UnicodeError:
        raise refusal(path, f"not {encoding}: {_SAVE}") from None


def _require_encoding(encoding: str) -> None:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # refuses codecs that are not of text, as rot13
    except (LookupError, ValueError):  # the latter for a name that is no text itself
        known = "try utf-8, cp1252, gbk or utf-16"
        raise InputError(f"`encoding` {quoted(shortened(encoding))} is unknown: {known}") from None


def _lines(text: bytes | bytearray) -> tuple[bytes | bytearray, str]:
    """The text with newlines alone, and how its lines ended."""
    if b"\r" not in text:
        return text, "LF"
    both, returns, feeds = text.count(b"\r\n"), text.count(b"\r"), text.count(b"\n")
    if both == returns:
        return text.replace(b"\r\n", b"\n"), "CR LF" if feeds == both else "mixed"
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), "CR" if feeds == 0 else "mixed"


# What a guess tries: tables have few letters, so that a guess by frequencies fails; but their columns have known names.
_TRIED = ("cp1252", "gbk", "big5", "shift_jis", "cp949", "cp1251", "mac_roman", "cp1250", "cp1254", "cp850")
_LATIN = frozenset("äöüÄÖÜßéèêëÉÈàâçÇîïôûùœæåøØÅÆáíóúñÁÍÓÚÑãõÀ€£¥§°´’‘“”„–—·ºª©®™\u00a0½²³±")


def likely_encoding(raw: bytes) -> str | None:
    """The encoding in which the head of a text has most known names of columns, or else the likeliest letters."""
    start = max(0, _first_bad(bytearray(raw)) - 1000)
    head = raw[:8000] + b"\n" + raw[raw.rfind(b"\n", 0, start) + 1 : start + 8000]
    read: dict[str, str] = {}
    for encoding in _TRIED:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            read[encoding] = decoder.decode(head, final=False)
        except UnicodeDecodeError:
            continue
    best = max(read, key=lambda name: (_known(read[name]), _plausible(read[name], name)), default=None)
    return best if best and (_known(read[best]) or _plausible(read[best], best)) else None


def _known(text: str) -> int:
    """How many cells with other than ASCII letters are names of columns."""
    cells = re.split(r"[,;\t|\n\"]", text[:4000])
    return sum(not cell.isascii() and key(cell) in ALL for cell in cells)


def _plausible(text: str, encoding: str) -> int:
    """2 if the foreign characters are such as people write in this encoding, 1 if they are letters at all, else 0."""
    foreign = re.findall(r"[^\x00-\x7f]+", text)
    if encoding in ("cp1252", "mac_roman", "cp850"):
        good = all(len(run) <= 2 and set(run) <= _LATIN for run in foreign)
    elif encoding in ("gbk", "big5", "shift_jis", "cp949"):
        good = all(
            len(run) >= 2 and all("\u3040" <= c <= "\u9fff" or "가" <= c <= "힣" for c in run) for run in foreign
        )
    elif encoding == "cp1251":
        good = all(len(run) >= 2 and all("А" <= c <= "ё" for c in run) for run in foreign)
    else:
        good = all(len(run) <= 2 and run.isalpha() for run in foreign)
    return 2 if good else int(encoding == "cp1252" and all(run.isprintable() for run in foreign))
