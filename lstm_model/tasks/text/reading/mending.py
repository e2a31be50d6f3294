"""From characters as they stand in a file to those a model learns: line ends, marks, zero characters, accents.

The same is done to a prompt, so that what is typed or read from a file fits what was learnt.
"""

import unicodedata
from collections.abc import Iterator

RETURN, ZERO, MARK = "\r", "\0", "\ufeff"
LONGEST_LETTER = 4096  # characters of a letter with its marks; Unicode's own bound for streams is 30


class Mending:
    """Mends a text piece after piece, and counts what it mends.

    CR LF and CR become LF. Byte order marks and zero characters are left out. Letters and marks that stand apart are
    composed (Unicode NFC) unless `compose` is False. Whatever is in `known`, the characters of a model made before this
    was done, stays: a CR, a zero character, a mark that is not the first character.
    """

    def __init__(self, known: str = "", compose: bool = True) -> None:
        self._keeps = {character for character in (RETURN, ZERO, MARK) if character in known}
        self._compose = compose
        self.line_ends = {"CR LF": 0, "CR": 0, "LF": 0}  # as they stood in the file
        self.marked = False
        self.marks, self.zeros = 0, 0  # left out; the mark at the start is not among them
        self.composed, self.changed = 0, False  # characters fewer than there were; whether NFC changed any
        self._held = ""  # the last letter so far: what follows may belong to it

    @property
    def lines(self) -> int:
        """Line ends so far, as an editor counts them."""
        held = self._held
        return sum(self.line_ends.values()) + held.count("\n") + held.count(RETURN) - held.count("\r\n")

    def pieces(self, texts: Iterator[str]) -> Iterator[str]:
        """Whole texts out of texts that may end between CR and LF or between a letter and its accent."""
        begun = False
        for text in texts:
            if not begun and text:
                begun, self.marked = True, text.startswith(MARK)
                text = text[1:] if self.marked else text
            text = self._held + text
            cut = self._safe_cut(text)
            text, self._held = text[:cut], text[cut:]
            if done := self._mended(text):
                yield done
        last, self._held = self._held, ""
        if done := self._mended(last):
            yield done

    def _safe_cut(self, text: str) -> int:
        """Where to cut a text so that what follows cannot change what stands before: before its last letter."""
        cut = len(text) - 1
        while cut > 0 and (text[cut] in (MARK, ZERO) or joins_on(text[cut])) and len(text) - cut < LONGEST_LETTER:
            cut -= 1
        if cut > 0 and text[cut] == "\n" and text[cut - 1] == RETURN:
            cut -= 1
        return max(cut, 0)

    def _mended(self, text: str) -> str:
        if RETURN in text:
            text = self._with_line_feeds(text)
        else:
            self.line_ends["LF"] += text.count("\n")
        if MARK in text and MARK not in self._keeps:
            self.marks += text.count(MARK)
            text = text.replace(MARK, "")
        if ZERO in text and ZERO not in self._keeps:
            self.zeros += text.count(ZERO)
            text = text.replace(ZERO, "")
        if self._compose and not text.isascii():
            text = self._composed(text)
        return text

    def _with_line_feeds(self, text: str) -> str:
        both = text.count("\r\n")
        alone = text.count(RETURN) - both
        self.line_ends["CR LF"] += both
        self.line_ends["LF"] += text.count("\n") - both
        text = text.replace("\r\n", "\n")
        if RETURN in self._keeps:
            return text
        self.line_ends["CR"] += alone
        return text.replace(RETURN, "\n")

    def _composed(self, text: str) -> str:
        composed = unicodedata.normalize("NFC", text)
        if composed != text:
            self.changed = True
            self.composed += len(text) - len(composed)
        return composed

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended, a plain sentence each."""
        notes = []
        if self.marked:
            notes.append("the byte order mark was left out")
        if self.marks:
            where = "in the middle of the text"
            notes.append(f"{self.marks:,} byte order mark{_s(self.marks)} {where} {_were(self.marks)} left out")
        ends = {name: count for name, count in self.line_ends.items() if count}
        if ends.keys() - {"LF"}:
            counted = ", ".join(f"{name} ({count:,})" for name, count in ends.items())
            kinds = counted if len(ends) > 1 else next(iter(ends))
            notes.append(f"line ends {kinds} were read as LF")
        if self.zeros:
            notes.append(f"{self.zeros:,} zero character{_s(self.zeros)} (U+0000) {_were(self.zeros)} left out")
        if self.composed:
            notes.append(f"letters and accents that stood apart were composed (NFC): {self.composed:,} of them")
        elif self.changed:
            notes.append("some characters were replaced by their usual form (NFC)")
        return tuple(notes)


def mended(text: str, known: str = "", compose: bool = True) -> str:
    """A text mended as a whole."""
    return "".join(Mending(known, compose).pieces(iter([text])))


def joins_on(character: str) -> bool:
    """Whether a character may melt with those before it, or change places with them, when they are composed."""
    if character < "\u0300":
        return False
    if "\u1160" <= character <= "\u11ff":  # vowels and finals of Korean syllables
        return True
    return unicodedata.category(character)[0] == "M" or not unicodedata.is_normalized("NFC", character)


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
