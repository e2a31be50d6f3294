"""What simple counting scores on a text: n-gram models to hold a network's loss against."""

import math

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.errors import InputError

ORDERS = 4  # contexts of 0, 1, 2 and 3 characters

Codes = NDArray[np.int64]
Series = NDArray[np.float64]


def text_baselines(train_ids: Ids, part_ids: Ids, V: int) -> dict[str, float]:
    """Loss, in nats per character, of counting models of `train_ids` (n,) on `part_ids` (m,); ids are 0 .. V-1.

    "uniform": every character alike. "context_0" (frequencies) to "context_3": n-grams with 0 to 3 characters of
    context, interpolated as Witten and Bell (1991) do: with n(h) sightings of context h and t(h) different characters
    seen after it,

        p(c | h) = (n(h, c) + t(h) p(c | shorter h)) / (n(h) + t(h))

    down to 1/V for no context at all. The first characters of the part are predicted from what of it there is.
    Raises InputError for a part without characters.
    """
    if not len(part_ids):
        raise InputError("the part holds no characters to judge: give it a share in --split")
    train, part = train_ids.astype(np.int64), part_ids.astype(np.int64)
    losses = {"uniform": math.log(V)}
    p = np.full(len(part), 1.0 / V)  # (m,) of each character of the part, under the longest context so far
    contexts = np.zeros_like(train), np.zeros_like(part)  # codes of the k characters before
    for k in range(ORDERS):
        if k:
            contexts = _lengthen(train, part, contexts, k, V)
        p[k:] = _witten_bell((contexts[0], train[k:]), (contexts[1], part[k:]), p[k:], V)
        losses[f"context_{k}"] = -float(np.log(p).mean())
    return losses


def _lengthen(train: Codes, part: Codes, before: tuple[Codes, Codes], k: int, V: int) -> tuple[Codes, Codes]:
    """Codes of the k characters before each place from the k-th on, from those of k-1; equal contexts, equal codes."""
    longer = [codes[:-1] * V + ids[k - 1 : -1] for codes, ids in zip(before, (train, part), strict=True)]
    if V**ORDERS >= 2**63:  # number the contexts that occur, so that codes stay below n * V
        _, ranks = np.unique(np.concatenate(longer), return_inverse=True)
        longer = np.split(ranks, [len(longer[0])])
    return longer[0], longer[1]


def _witten_bell(train: tuple[Codes, Codes], part: tuple[Codes, Codes], shorter: Series, V: int) -> Series:
    """Return p(c | h) of the part's pairs (context codes, next characters), given p(c | shorter h), all (m,)."""
    pairs, times = np.unique(train[0] * V + train[1], return_counts=True)
    if not len(pairs):
        return shorter
    contexts, first, kinds = np.unique(pairs // V, return_index=True, return_counts=True)
    totals = np.add.reduceat(times, first)  # pairs are sorted, so those of one context stand together
    seen = _look_up(pairs, times, part[0] * V + part[1])
    n, t = _look_up(contexts, totals, part[0]), _look_up(contexts, kinds, part[0])
    return np.where(n > 0, (seen + t * shorter) / np.maximum(n + t, 1), shorter)


def _look_up(keys: Codes, counts: Codes, wanted: Codes) -> Codes:
    """Counts of the `wanted` among sorted `keys`; 0 for those that are not there."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, counts[place], 0)
