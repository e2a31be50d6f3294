"""Characters of a held-out part that training never shows: a model can only guess them, however long it is trained."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.errors import named_characters

PIECE = 1 << 20  # characters counted at a time


@dataclass(frozen=True)
class Unseen:
    """How often each such character comes in a part, the most frequent first, and how long the part is."""

    counts: dict[str, int]
    part_length: int

    @property
    def share(self) -> float:
        """Share of the part's characters that training never shows."""
        return sum(self.counts.values()) / max(1, self.part_length)

    def sentence(self, part: str = "held-out part") -> str:
        """What a reader should know of it, in words; nothing if training shows all characters."""
        if not self.counts:
            return ""
        n = len(self.counts)
        names = named_characters("".join(self.counts))
        has = f"the {part} has {n} character{'' if n == 1 else 's'} that training never shows"
        return f"{has}, {percent(self.share)} of it: {names}"


def unseen_characters(train_ids: Ids, part_ids: Ids, characters: str) -> Unseen:
    """The characters of `part_ids` (m,) that are not in `train_ids` (n,); ids 0 .. V-1 stand for `characters`."""
    counts = character_counts(part_ids, len(characters))
    missing = counts > 0
    for start in range(0, len(train_ids), PIECE):
        if not missing.any():  # as a rule after some pieces
            break
        missing[train_ids[start : start + PIECE]] = False
    ids = np.flatnonzero(missing)
    ids = ids[np.argsort(-counts[ids], kind="stable")]
    return Unseen({characters[k]: int(counts[k]) for k in ids}, len(part_ids))


def character_counts(ids: Ids, V: int) -> NDArray[np.int64]:
    """How often each of the ids 0 .. V-1 comes: (V,)."""
    counts = np.zeros(V, np.int64)
    for start in range(0, len(ids), PIECE):  # bincount makes eight bytes of each id
        counts += np.bincount(ids[start : start + PIECE], minlength=V)
    return counts


def percent(share: float) -> str:
    """A share in per cent, with digits enough to tell it from nothing."""
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
