"""Several files read one after the other into one text; what is no text is left out, and it is said why."""

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lstm_model.arrays import Ids
from lstm_model.errors import InputError, shortened
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.text.kind import EncodingErrors
from lstm_model.tasks.text.reading.reader import GAPS, AsRead, Numbering, TextFile, renumbered
from lstm_model.tasks.text.reading.sources import Source, Texts, find_files

NAMED = 3  # files of a kind that a note names
NEAR = 0.2  # of the smaller part beside it: how far a cut may move to fall between two files


@dataclass(frozen=True)
class Skipped:
    """A file that is not read: its name, what it is in a word or two, and why in a line."""

    name: str
    kind: str
    why: str


class JoinedFiles:
    """What was read, with the same face as a `TextFile`: numbers (N,), piece after piece, of one numbering for all.

    starts: where each file begins in the text. A file that does not end its last line gets a line end, unless the model
    that is to read it (`known`) has none. InputError if no file can be read.
    """

    def __init__(
        self,
        texts: Texts,
        encoding: str = "utf-8",
        errors: EncodingErrors = "strict",
        known: str = "",
        compose: bool = True,
        tell: Tell = quiet,
    ) -> None:
        found = find_files(texts)
        self.files: list[Source] = []
        self.hashes: list[str] = []  # the sha256 of each
        self.starts: list[int] = []
        self.skipped: list[Skipped] = []
        self.pieces: list[Ids] = []
        self.changed = False  # whether accents of any were composed
        self._left_out, self._length = found.left_out, 0
        self._numbering, self._gaps = Numbering(), set[str]()
        self._read: list[AsRead] = []
        self._notes: Counter[str] = Counter()
        digest = hashlib.sha256()
        for done, source in enumerate(found.files):
            before = len(self._numbering.characters)
            try:
                file = TextFile(source.path, encoding, errors, known, compose, numbering=self._numbering)
            except InputError as error:
                self._numbering.forget_all_but(before)
                self._skip(source, str(error))
                continue
            self._take(source, file, ends_lines=not known or "\n" in known)
            digest.update(os.fsencode(f"{file.fingerprint}  {source.name}\n"))
            tell((done + 1) / len(found.files))
        if not self.files:
            why = self.skipped[0].why
            raise InputError(f"{texts.place}: none of {len(found.files):,} files can be read; {why}", field="data")
        self.fingerprint = digest.hexdigest()
        self.order = texts.order

    def _take(self, source: Source, file: TextFile, *, ends_lines: bool) -> None:
        self.files.append(source)
        self.hashes.append(file.fingerprint)
        self.starts.append(self._length)
        self.pieces += file.pieces
        self._length += len(file)
        if ends_lines and self._numbering.characters[int(file.pieces[-1][-1])] != "\n":
            self.pieces.append(self._numbering.numbered("\n"))
            self._length += 1
        self._gaps |= file.gaps
        self._read.append(file.as_read)
        self._notes.update(file.notes)
        self.changed |= file.mending.changed

    def _skip(self, source: Source, why: str) -> None:
        self.skipped.append(Skipped(source.name, _kind(why), why))

    def __len__(self) -> int:
        return self._length

    @property
    def characters(self) -> str:
        """The characters that the numbers stand for, as they first came."""
        return self._numbering.characters

    @property
    def prompt(self) -> str:
        """Where something new begins in the text: after the widest gap it has; else its first character."""
        return next((gap for gap in GAPS if gap in self._gaps), self.characters[0])

    @property
    def as_read(self) -> AsRead:
        """What is known of all files together; the encoding is "several" where they differ."""
        encodings = {each.encoding for each in self._read}
        ends: Counter[str] = Counter({"CR LF": 0, "CR": 0, "LF": 0})
        for each in self._read:
            ends.update(each.line_ends)
        return AsRead(
            sum(each.size for each in self._read),
            encodings.pop() if len(encodings) == 1 else "several",
            dict(ends),
            sum(each.replaced for each in self._read),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """How many files, which are left out and why, then what was said of them, each sentence once."""
        order = "in mixed order" if self.order == "mixed" else "by name"
        notes = [f"{len(self.files):,} {'file' if len(self.files) == 1 else 'files'}, {order}"]
        kinds: dict[str, list[str]] = {}
        for each in self.skipped:
            kinds.setdefault(each.kind, []).append(shortened(each.name))
        said = [f"{kind} {len(names):,} ({_some(names)})" for kind, names in kinds.items()]
        said += [f"{why} {count:,}" for why, count in self._left_out.items()]
        if said:
            notes.append(f"left out: {'; '.join(said)}")
        notes += [f"{note} ({times:,} files)" if times > 1 else note for note, times in self._notes.items()]
        return tuple(notes)

    def take_ids(self, ids_of_characters: Ids) -> Ids:
        """All characters as other numbers (N,): ids_of_characters[k] for characters[k]. Lets go of the pieces."""
        return renumbered(self.pieces, ids_of_characters)


def _kind(why: str) -> str:
    """What a file is, from why it cannot be read."""
    if " is empty" in why:
        return "empty"
    if " is not " in why or "looks like" in why or "byte order mark" in why:
        return "in another encoding"
    return "no text" if " is no text" in why or "no plain text" in why else "that cannot be read"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def between_files(parts: dict[str, range], starts: Sequence[int]) -> tuple[dict[str, range], tuple[str, ...]]:
    """Parts whose cuts fall between two files where one begins near enough; and the names of parts where none does."""
    names = [name for name, part in parts.items() if part]
    cuts = [parts[name].start for name in names[1:]]
    inside: list[str] = []
    for k, (name, cut) in enumerate(zip(names[1:], cuts, strict=True)):
        smaller = min(len(parts[names[k]]), len(parts[name]))
        nearest = min(starts, key=lambda start: abs(start - cut))
        if abs(nearest - cut) <= NEAR * smaller and nearest:
            cuts[k] = nearest
        else:
            inside.append(name)
    end = parts[names[-1]].stop
    moved = {name: range(a, b) for name, a, b in zip(names, [0, *cuts], [*cuts, end], strict=True)}
    return {name: moved.get(name, range(end, end)) for name in parts}, tuple(inside)
