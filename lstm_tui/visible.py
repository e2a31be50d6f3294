"""Text from a corpus, a model or a file name, made safe to show: nothing in it can steer the terminal."""

import unicodedata

_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {127: 0x2421}  # ␀ ... ␡


def visible(text: str) -> str:
    """Replace control characters by visible ones: C0 by control pictures, other controls and bidi marks by escapes.

    New lines and tabs stay. Costs nothing for printable text.
    """
    if text.isascii():
        return text if text.isprintable() else text.translate(_PICTURES)
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    code = ord(character)
    if code in _PICTURES:
        return chr(_PICTURES[code])
    if unicodedata.category(character) == "Zs":
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
