"""What a sample starts from, made to fit the characters that a model knows."""

import codecs
import unicodedata

from lstm_model.errors import InputError
from lstm_model.tasks.encodings import marked_encoding, unmarked_wide
from lstm_model.tasks.text.reading.mending import mended

# What a keyboard has for what word processors write.
ASCII_LIKE = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2013": "-", "\u2014": "-",
              "\u2212": "-", "\u2026": "..."}  # fmt: skip


def fitted_prompt(prompt: str, known: str) -> str:
    """A prompt as the model's text was read: line ends, marks, accents. What is not in `known` still stays as it is."""
    composed = mended(prompt, known)
    if set(composed) <= set(known):
        return composed
    apart = mended(prompt, known, compose=False)  # a model made before letters were composed
    return apart if set(apart) <= set(known) else composed


def decoded_prompt(raw: bytes, where: str) -> str:
    """The text of a prompt's bytes: UTF-8, or what a byte order mark says. `where` they are from, for an InputError."""
    encoding = marked_encoding(raw) or "utf-8"
    if (wide := unmarked_wide(raw)) and encoding == "utf-8":
        raise InputError(f"{where} looks like {wide[:6].upper()} without a byte order mark; save it as UTF-8")
    try:
        return codecs.decode(raw, encoding)
    except UnicodeDecodeError as error:
        line = len((raw[: error.start] + b"|").splitlines())
        byte = f"byte 0x{raw[error.start]:02x} at offset {error.start:,}, line {line:,}"
        raise InputError(f"{where} is not {encoding.upper()}: {byte}; save it as UTF-8") from None


def instead(unknown: str, known: str) -> str:
    """For a message: what could be written for the first unknown character that has a likeness among the known."""
    for character in unknown:
        composed, plain = (unicodedata.normalize(form, character) for form in ("NFKC", "NFKD"))
        bare = "".join(each for each in plain if not unicodedata.combining(each))
        for like in (composed, bare, ASCII_LIKE.get(character, "")):
            if like and like != character and set(like) <= set(known):
                return f". For {character!r} it knows {like!r} ({' '.join(f'U+{ord(c):04X}' for c in like)})"
    return ""
