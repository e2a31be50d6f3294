"""What a text model's loss is held against: counting, compressors, and how much of a part was in the training part.

It depends on the texts alone, so it is found once and kept, under a hash of all it depends on (see storage/cache.py).
"""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_model.arrays import Ids
from lstm_model.progress import Tell, equal_stages, quiet, stages
from lstm_model.storage.cache import recall, remember
from lstm_model.tasks.text.judging.compressors import available, compressed_bits
from lstm_model.tasks.text.judging.counting_names import COUNTING
from lstm_model.tasks.text.judging.kneser_ney import counting_losses
from lstm_model.tasks.text.judging.overlap import WIDTHS, copied_share

MOST_COUNTED = 20_000_000  # characters of each text: counting them takes 40 to 120 bytes and up to a microsecond each
VERSION = 1  # of what is kept; a change of any figure needs the next number
SHARES = 0.15, 0.75, 1.0  # of the time: after counting, after compressing, after the search for copies

Figures = dict[str, float]


@dataclass(frozen=True)
class Yardsticks:
    """What was found on a part, given the training part, and notes on what a reader should know about it."""

    counting: Figures  # nats per character, see kneser_ney.py
    compressors: Figures  # bits per character, see compressors.py
    overlap: Figures  # by width, the share of the part's windows that stand in the training part, see overlap.py
    notes: tuple[str, ...] = ()


def of_text(train_ids: Ids, part_ids: Ids, characters: str, tell: Tell = quiet) -> Yardsticks:
    """All that `part_ids` (m,) can be held against; `characters` are what the ids 0 .. V-1 stand for.

    Takes 10 s on 3.8 million characters, most of it xz, and nothing when it was found before. InputError for a part
    without characters.
    """
    train, part = nearest(train_ids, part_ids)
    kept = _Kept(train, part, characters)

    counting, compressing, searching = stages(tell, *SHARES)

    def compress() -> Figures:
        found = compressed_bits(as_bytes(train, characters), as_bytes(part, characters), compressing)
        return {name: bits / len(part) for name, bits in found.items()}

    counted = kept.counting(counting)
    compressed = kept.figures("compressors", available(), compress)
    overlap = kept.copies(searching)
    tell(1.0)
    notes: tuple[str, ...] = ()
    if (len(train), len(part)) != (len(train_ids), len(part_ids)):
        notes = (
            f"counting, compressors and copies know {MOST_COUNTED:,} characters of each text at most, the nearest ones",
        )
    return Yardsticks(counted, compressed, overlap, notes)


def counting_of(train_ids: Ids, part_ids: Ids, characters: str) -> Figures:
    """The counting models' losses alone: they take a second where all takes ten."""
    return _Kept(*nearest(train_ids, part_ids), characters).counting()


def copies_of(train_ids: Ids, part_ids: Ids, characters: str, tell: Tell = quiet) -> Figures:
    """How much of a part stands word for word in the training part, by width, alone."""
    return _Kept(*nearest(train_ids, part_ids), characters).copies(tell)


class _Kept:
    """What is known of two texts: read when it is made, added to and written as more is found."""

    def __init__(self, train: Ids, part: Ids, characters: str) -> None:
        self._texts = train, part, len(characters)
        about = f"{VERSION} {train.dtype} {part.dtype} {len(train)} {characters}"
        digest = hashlib.sha256(about.encode("utf-8", "surrogatepass"))
        for ids in (train, part):
            digest.update(ids.tobytes())
        self._key = digest.hexdigest()
        self._known: dict[str, Any] = recall(self._key)

    def counting(self, tell: Tell = quiet) -> Figures:
        return self.figures("counting", list(COUNTING), lambda: counting_losses(*self._texts, tell))

    def copies(self, tell: Tell = quiet) -> Figures:
        train, part, _ = self._texts
        widths = [width for width in WIDTHS if width <= len(part)]

        def search() -> Figures:
            told = equal_stages(tell, len(widths))
            return {str(w): copied_share(train, part, w, each) for w, each in zip(widths, told, strict=True)}

        return self.figures("overlap", list(map(str, widths)), search)

    def figures(self, name: str, keys: list[str], find: Callable[[], Figures]) -> Figures:
        """What is kept under a name, if it has these keys and only sound values; else what `find` gives."""
        figures = self._known.get(name)
        if not (isinstance(figures, dict) and list(figures) == keys and all(map(_sound, figures.values()))):
            figures = self._known[name] = find()
            remember(self._key, self._known)
        return figures


def _sound(value: object) -> bool:
    return isinstance(value, float) and 0 <= value < math.inf


def nearest(train: Ids, part: Ids) -> tuple[Ids, Ids]:
    """The end of a long training part and the start of a long part."""
    return train[-MOST_COUNTED:], part[:MOST_COUNTED]


def as_bytes(ids: Ids, characters: str) -> bytes:
    """The text as UTF-8."""
    codes = np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes[ids].tobytes().decode("utf-32-le", "surrogatepass").encode("utf-8", "surrogatepass")
