"""What a file is that is no text, from its first bytes: named in a message, with what to do."""

HEAD = 1 << 16  # bytes that are looked at
# First bytes, what they begin, what makes a text of it.
UNPACK, AS_TEXT = "unpack it first", "save it as plain text first"
BEGINNINGS = (
    (b"\x1f\x8b", "packed by gzip", "unpack it first, as with gunzip"),
    (b"BZh", "packed by bzip2", "unpack it first, as with bunzip2"),
    (b"\xfd7zXZ\0", "packed by xz", "unpack it first, as with unxz"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd", "unpack it first, as with unzstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a", "a RAR archive", UNPACK),
    (b"%PDF-", "a PDF", "take its text out first, as with pdftotext"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", AS_TEXT),
    (b"{\\rtf", "rich text (RTF)", AS_TEXT),
    (b"SQLite format 3\0", "an SQLite database", "export what you want of it as text first"),
    (b"PAR1", "a Parquet table", "export what you want of it as text first"),
    (b"\x93NUMPY", "a NumPy array", "name a text file"),
    (b"\x89PNG", "a picture", "name a text file"),
    (b"\xff\xd8\xff", "a picture", "name a text file"),
    (b"GIF8", "a picture", "name a text file"),
    (b"\x7fELF", "a program", "name a text file"),
)
IN_ZIP = (  # what the names of the first files in a zip archive say
    (b"xl/", "an Excel workbook", AS_TEXT),
    (b"word/", "a Word document", AS_TEXT),
    (b"application/epub", "an EPUB book", AS_TEXT),
    (b"application/vnd.oasis", "an OpenDocument file", AS_TEXT),
)


def foreign_kind(head: bytes) -> tuple[str, str] | None:
    """What the file is and what to do with it, if its first bytes (HEAD of them are enough) are those of no text."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next(((what, advice) for mark, what, advice in IN_ZIP if mark in head), ("a zip archive", UNPACK))
    if head[257:262] == b"ustar":
        return "a tar archive", UNPACK
    if head[8:10] == b'{"' and int.from_bytes(head[:8], "little") < 1 << 32 and 0 in head[:8]:
        return "a saved model (safetensors)", "name the text it is to read"
    return next(((what, advice) for mark, what, advice in BEGINNINGS if head.startswith(mark)), None)


def markup(head: str) -> str | None:
    """What a text is written in besides its language, if that is JSON or HTML or XML: they are texts as well."""
    begun = head.lstrip()[:200].casefold()
    if begun.startswith(("<!doctype html", "<html")):
        return "HTML"
    if begun.startswith("<?xml"):
        return "XML"
    return "JSON" if begun.startswith(('{"', '[{"', "{\n", "[\n")) and '"' in begun and ":" in begun else None
