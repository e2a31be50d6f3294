"""A text file as numbers: vocabulary, contiguous parts, contiguous batch streams with carried state."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.errors import InputError, named_characters
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.base import Batch
from lstm_model.tasks.text.kind import EncodingErrors
from lstm_model.tasks.text.reading.joined import JoinedFiles, Skipped, between_files
from lstm_model.tasks.text.reading.reader import AsRead, TextFile
from lstm_model.tasks.text.reading.sources import Texts
from lstm_model.tasks.text.unseen import Unseen, unseen_characters
from lstm_model.tasks.text.writing.opening import LOOKED_AT, usual_opening
from lstm_model.tasks.text.writing.prompt import instead

PART_NAMES = ("train", "val", "test")


class Vocabulary:
    """Characters and their ids 0..V-1, in code point order."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        codes = _codes(characters)
        self._ids = np.full(int(codes.max(initial=0)) + 2, -1, np.int32)  # the last entry stands for all beyond it
        self._ids[codes] = np.arange(len(codes))

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> Ids:
        """Ids of a text, uint8 or uint16 or uint32 as V needs; an unknown character is an InputError that names it."""
        ids = self._ids[np.minimum(_codes(text), len(self._ids) - 1)]
        if (ids < 0).any():
            raise InputError(self._unknown(text))
        return ids.astype(np.min_scalar_type(len(self)))

    def decode(self, ids: Ids) -> str:
        """The text of some ids."""
        return "".join(self.characters[i] for i in ids)

    def _unknown(self, text: str) -> str:
        unknown = "".join(sorted(set(text) - set(self.characters)))
        return (
            f"the model has never seen {named_characters(unknown)}: it knows the {len(self)} characters of its text"
            f"{instead(unknown, self.characters)}"
        )


def _codes(text: str) -> Ids:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@dataclass(frozen=True)
class Corpus:
    """A text as ids (N,), cut into contiguous parts: training first, then validation, then test."""

    name: str
    ids: Ids
    vocabulary: Vocabulary
    fingerprint: str  # sha256 of the file; of several, of their names and theirs
    parts: dict[str, range]
    prompt: str  # where something new begins: the widest gap the text has
    as_read: AsRead  # how the file was read
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # names of several, in their order; none for a single file
    skipped: tuple[Skipped, ...] = ()  # files that are no text
    hashes: tuple[str, ...] = ()  # the sha256 of each of `files`

    def unseen(self, part: range) -> Unseen:
        """The characters of a part that the training part does not have."""
        train = self.parts["train"]
        return unseen_characters(
            self.ids[train.start : train.stop], self.ids[part.start : part.stop], self.vocabulary.characters
        )

    @cached_property
    def opening(self) -> str:
        """What samples start from unless told: how paragraphs, or lines, of the training part begin most often."""
        train = self.parts["train"]
        ids = self.ids[train.start : min(train.stop, train.start + LOOKED_AT)]
        return usual_opening(self.vocabulary.decode(ids), self.prompt)

    @property
    def held_out(self) -> range:
        """All that is not trained on: validation and test part."""
        return range(self.parts["train"].stop, len(self.ids))


def read_corpus(
    path: Path | Texts,
    encoding: str = "utf-8",
    split: tuple[float, ...] = (90, 5, 5),
    vocabulary: Vocabulary | None = None,
    encoding_errors: EncodingErrors = "strict",
    tell: Tell = quiet,
) -> Corpus:
    """Read a text file as a corpus, or several; a `vocabulary` (of a checkpoint) is kept instead of one of the text.

    `encoding_errors`: whether bytes that are no text are an error, or read as U+FFFD ("replace").
    InputError: a file that cannot be read as text (see `TextFile`), or none of several; one distinct character alone;
    characters that the given vocabulary lacks, too few for the split.
    """
    texts = path if isinstance(path, Texts) else Texts((path,))
    read = _read_for(vocabulary, texts, encoding, encoding_errors, tell)
    if vocabulary is None:
        vocabulary = Vocabulary("".join(sorted(read.characters)))
        if len(vocabulary) < 2:
            only = named_characters(vocabulary.characters)
            raise InputError(f"{texts.place} holds one distinct character, {only}: there is nothing to predict")
    else:
        _require_known(read, vocabulary, texts.place)
    ids = read.take_ids(vocabulary.encode(read.characters))
    parts, notes = split_parts(len(ids), split, texts.place), read.notes
    files: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    if isinstance(read, JoinedFiles):
        parts, inside = between_files(parts, read.starts)
        files, skipped = tuple(each.name for each in read.files), tuple(read.skipped)
        hashes = tuple(read.hashes)
        notes += tuple(f"the {name} part begins within a file: no other begins near there" for name in inside)
    corpus = Corpus(
        texts.name, ids, vocabulary, read.fingerprint, parts, read.prompt, read.as_read, notes, files, skipped, hashes
    )
    unseen = corpus.unseen(corpus.held_out).sentence()
    return replace(corpus, notes=(*corpus.notes, unseen)) if unseen else corpus


def _read_for(
    vocabulary: Vocabulary | None, texts: Texts, encoding: str, errors: EncodingErrors, tell: Tell
) -> TextFile | JoinedFiles:
    """The text read as the model's own was: a model made before letters were composed may know them apart only."""
    known = vocabulary.characters if vocabulary else ""
    read = _opened(texts, encoding, errors, known, tell=tell)
    changed = read.changed if isinstance(read, JoinedFiles) else read.mending.changed
    if vocabulary is None or not changed or set(read.characters) <= set(known):
        return read
    apart = _opened(texts, encoding, errors, known, compose=False)
    return apart if set(apart.characters) <= set(known) else read


def _opened(
    texts: Texts, encoding: str, errors: EncodingErrors, known: str, *, compose: bool = True, tell: Tell = quiet
) -> TextFile | JoinedFiles:
    if texts.single is not None:
        return TextFile(texts.single, encoding, errors, known, compose, tell)
    return JoinedFiles(texts, encoding, errors, known, compose, tell)


def _require_known(read: TextFile | JoinedFiles, vocabulary: Vocabulary, path: Path) -> None:
    """An InputError that says which characters a model does not know, and how often they come.

    They cannot be left out instead: a figure for the others alone would be of another text, one with holes.
    """
    unknown = set(read.characters) - set(vocabulary.characters)
    if unknown:
        lacks = np.array([character in unknown for character in read.characters])
        count = sum(int(np.count_nonzero(lacks[piece])) for piece in read.pieces)
        names = named_characters("".join(sorted(unknown)))
        raise InputError(
            f"{path}: the model has never seen {names}, which make {count:,} of its {len(read):,} characters; the model"
            f" knows the {len(vocabulary)} of its own text. Replace them, or train a model on this text"
        )


def split_parts(n: int, split: tuple[float, ...], path: Path) -> dict[str, range]:
    """Contiguous ranges of characters for each part: interleaving would let the model peek at its neighbours."""
    ends = [round(n * sum(split[: k + 1]) / 100) for k in range(len(split))]
    starts = [0, *ends[:-1]]
    parts = {name: range(a, b) for name, a, b in zip(PART_NAMES, starts, ends, strict=False)}
    least = {"train": 3, "val": 1, "test": 1}
    for name, share in zip(parts, split, strict=True):
        if share > 0 and len(parts[name]) < least[name]:
            raise InputError(
                f"{path} has {n} characters: too few for a split of {'/'.join(f'{s:g}' for s in split)};"
                f" the {name} part would have {len(parts[name])}. Give a longer text"
            )
    return parts


@dataclass
class BatchStreams:
    """B contiguous streams through the training part, read T characters at a time.

    Stream b goes on where its last batch ended, so the state (h, c) of one batch is the start of the next. At the end
    of the streams the epoch ends and all start again.
    """

    ids: Ids  # (n,), the training part
    B: int
    T: int
    position: int = 0  # characters read of each stream
    epochs: int = 0  # passes that are complete

    def __post_init__(self) -> None:
        self.length = (len(self.ids) - 1) // self.B  # of a stream; each target lies one character further
        self._index = np.arange(self.T)[:, None] + np.arange(self.B) * self.length  # (T, B)

    @property
    def epoch(self) -> float:
        """Passes through the training part, with the fraction of the current one."""
        return self.epochs + self.position / (self.length - self.length % self.T)

    def next(self) -> Batch:
        """The next T characters of every stream (T, B), and those that follow each; fresh where an epoch begins."""
        if self.position + self.T > self.length:
            self.position, self.epochs = 0, self.epochs + 1
        fresh = self.position == 0
        index = self._index + self.position
        self.position += self.T
        return Batch(self.ids[index], self.ids[index + 1], fresh)


def fitting_shape(n: int, B: int, T: int) -> tuple[int, int]:
    """The batch and sequence length that n training characters allow: B shrinks first, then T."""
    B = max(1, min(B, (n - 1) // T))
    return B, max(1, min(T, (n - 1) // B))
