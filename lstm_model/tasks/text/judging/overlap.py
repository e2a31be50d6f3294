"""How much of a held-out part stands word for word in the training part: what a model may know by heart."""

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.progress import Tell, quiet

# Twenty characters are a stock phrase. Fifty are most of a line: whoever wrote them a second time copied them. A
# hundred are a paragraph that both parts have.
WIDTHS = (20, 50, 100)
PIECE = 1 << 20  # training characters looked at at a time
BASE, MODULUS = 0x9E3779B97F4A7C15, 1 << 64  # odd, so that no character is lost when products leave 64 bits

Hashes = NDArray[np.uint64]


def copied_share(train_ids: Ids, part_ids: Ids, width: int, tell: Tell = quiet) -> float:
    """Share of all windows of `width` characters in `part_ids` (m,), one from each place, that stand in `train_ids`.

    Windows are found by a hash and then compared. Takes some 50 bytes for each character of the part. Raises InputError
    for a part that is shorter than a window.
    """
    if len(part_ids) < width:
        raise InputError(f"the part has {len(part_ids)} characters: fewer than a window of {width}")
    hashes, first, which = np.unique(_hashes(part_ids, width), return_index=True, return_inverse=True)
    found = np.zeros(len(hashes), np.bool_)
    for start in range(0, len(train_ids) - width + 1, PIECE):
        piece = train_ids[start : start + PIECE + width - 1]
        theirs = _hashes(piece, width)
        at = np.minimum(np.searchsorted(hashes, theirs), len(hashes) - 1)
        hits = np.flatnonzero((hashes[at] == theirs) & ~found[at])
        wanted, once = np.unique(at[hits], return_index=True)
        same = _windows(piece, width)[hits[once]] == _windows(part_ids, width)[first[wanted]]
        found[wanted] = same.all(axis=1)
        tell(min(1.0, (start + PIECE) / len(train_ids)))
    return float(found[which].mean())


def _windows(ids: Ids, width: int) -> Ids:
    return np.lib.stride_tricks.sliding_window_view(ids, width)


def _hashes(ids: Ids, width: int) -> Hashes:
    """Polynomial in BASE, modulo 2^64, of each window's ids: (n - width + 1,), as Karp and Rabin (1987) have it.

    Put together from windows of 1, 2, 4, ... characters: that of 2 L is hash(first L) * BASE^L + hash(last L).
    """
    n = len(ids) - width + 1
    doubled, length, power = ids.astype(np.uint64) + np.uint64(1), 1, BASE
    result, done = np.zeros(n, np.uint64), 0
    while True:
        if width & length:
            result = result * np.uint64(power) + doubled[done : done + n]
            done += length
        if 2 * length > width:
            return result
        doubled = doubled[:-length] * np.uint64(power) + doubled[length:]
        power, length = power * power % MODULUS, 2 * length
