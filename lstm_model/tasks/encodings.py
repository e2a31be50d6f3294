"""In which encoding bytes are text: byte order marks, the zero bytes of UTF-16, and guesses for a person to judge."""

import codecs
import unicodedata

# The marks of UTF-32 come first: that of UTF-16-LE begins one of them.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# What files are written in that are not UTF-8; where two explain the bytes alike, the earlier is the likelier.
COMMON = ("cp1252", "cp1251", "gb18030", "cp932", "cp949", "big5", "cp1250", "koi8_r", "euc_jp", "cp1253", "cp1254",
          "cp1255", "cp1256", "iso8859_2", "mac_roman", "cp437", "cp866", "cp850")  # fmt: skip
MESS, SENSE = 0.03, 0.06  # differences of charset-normalizer's two measures that say nothing
PLAIN_CONTROLS = "\t\n\r\f\b\x1b"  # stand in texts: the last two in manual pages and what terminals print
MIXED = 0.05  # share of letters beside one of another script that is no slip
FEW_ZEROS = 3  # zero bytes that are no chance, if all of them stand on one side of the pairs


def marked_encoding(head: bytes) -> str | None:
    """The encoding that the byte order mark at the start of a file names."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark) and (encoding != "utf-32" or _decoded(head, "utf-32", 4) is not None):
            return encoding
    return None


def unmarked_wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, known from where its zero bytes stand; None for all other bytes."""
    if 0 not in head:
        return None
    for encoding in WIDE[:2]:
        text = _decoded(head, encoding, 4)
        if text and text.count("\0") <= len(text) / 100:
            return encoding
    odd, even = head[1::2].count(0), head[::2].count(0)  # of little-endian and of big-endian Latin text
    if _alternate(head, WIDE[2], odd, even):
        return WIDE[2]
    return WIDE[3] if _alternate(head, WIDE[3], even, odd) else None


def _alternate(head: bytes, encoding: str, here: int, there: int) -> bool:
    """Whether pairs of bytes are UTF-16, with so many zero bytes where those of Latin text stand, and elsewhere."""
    text = _decoded(head, encoding, 2)
    if not text:
        return False
    if here >= len(text) / 5 and there <= len(text) / 50:
        return True
    # Of another script only blanks and line ends have zero bytes, and in UTF-8 its letters would be half controls.
    return here >= FEW_ZEROS and not there and not any(map(_odd, text)) and control_share(head) > 0.02


def control_share(raw: bytes) -> float:
    """Share of bytes that are controls and stand in no text."""
    return sum(map(raw.count, _CONTROLS)) / max(1, len(raw))


_CONTROLS = [bytes([k]) for k in (*range(1, 32), 127) if chr(k) not in PLAIN_CONTROLS]


def guessed_encodings(sample: bytes, most: int = 2) -> list[str]:
    """Encodings in which some bytes make sense, the likeliest first: to be named to a person, never to be used.

    charset-normalizer judges them. Of those it holds for about equal, the more common come first.
    """
    from charset_normalizer import from_bytes

    try:
        sample.decode()
    except UnicodeDecodeError:
        pass
    else:
        return ["utf-8"]
    matches = list(from_bytes(sample, cp_isolation=list(COMMON)))
    best, sense = min((m.chaos for m in matches), default=0), max((m.coherence for m in matches), default=0)
    near = [m for m in matches if m.chaos <= best + MESS and m.coherence >= sense - SENSE] or matches[:1]
    names = {name for match in near for name in (match.encoding, *(alike.encoding for alike in match.submatch))}
    mixed = {name: _mixed(sample.decode(name, "replace")) for name in names}
    if min(mixed.values(), default=1) > MIXED:  # of a few letters charset-normalizer makes what it likes
        mixed |= {name: _mixed(sample.decode(name, "replace")) for name in COMMON}
    ranked = [name for name in COMMON if mixed.get(name, 1) <= min(mixed.values()) + MIXED]
    texts: dict[str, str] = {}
    for name in ranked:  # of those that read the bytes alike only one is worth naming
        texts.setdefault(sample.decode(name, "replace"), name)
    return list(texts.values())[:most]


def _mixed(text: str) -> float:
    """Of all characters beyond ASCII the share that no writer would put there: beside a letter of another script, say.

    A Latin letter beside another is what is expected; U+FFFD and controls are always out of place.
    """
    beyond = strange = 0
    for before, character, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        if character < "\x80":
            continue
        beyond += 1
        if not character.isprintable() or character == "\ufffd":
            strange += 1
        elif character.isalpha() and not unicodedata.name(character, "").startswith("LATIN"):
            strange += any(each < "\x80" and each.isalpha() for each in (before, after))
    return strange / max(1, beyond)


def _decoded(head: bytes, encoding: str, width: int) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head[: len(head) - len(head) % width])
    except UnicodeError:
        return None


def _odd(character: str) -> bool:
    return unicodedata.category(character) in ("Cn", "Cc", "Cs") and character not in PLAIN_CONTROLS
