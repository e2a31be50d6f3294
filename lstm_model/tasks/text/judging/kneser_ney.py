"""What counting scores on a text: interpolated modified Kneser-Ney n-grams, to hold a network's loss against.

With a(h c) the count of character c after context h, A(h) = sum over c of a(h c), and h' the context without its oldest
character (Chen and Goodman 1999, section 3):

    p(c | h) = (a(h c) - D(a(h c))) / A(h) + (sum over c of D(a(h c))) / A(h) * p(c | h')

down to 1/V below the empty context. The longest context counts how often c came; every shorter one counts after how
many different characters h c came, for it is asked only where the longer one knows too little. D is one discount each
for counts of 1, 2 and more, estimated from how many n-grams were counted once to four times. After a context that was
never seen, p(c | h) = p(c | h').

How it is computed: all places of both texts are sorted once by the characters that end there, last character first.
Then the places of an n-gram lie side by side, for every n, and so do the longer n-grams that end like it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.text.judging.counting_names import LONGEST_CONTEXT

FALLBACK = (0.5, 1.0, 1.5)  # discounts where a text is too short or too even to estimate them: those of KenLM

Numbers = NDArray[np.int32]
Reals = NDArray[np.float64]


def counting_losses(train_ids: Ids, part_ids: Ids, V: int, tell: Tell = quiet) -> dict[str, float]:
    """Loss, in nats per character, of counting models of `train_ids` (n,) on `part_ids` (m,); ids are 0 .. V-1.

    "uniform": every character equally likely. "context_0" to "context_8": modified Kneser-Ney with so many characters
    of context. The first characters of the part follow a context that was never seen. A second for 3.8 million
    characters of manual pages, with 40 bytes of memory for each; noise, where no two places are alike, takes some 120.
    Raises InputError for a part without characters.
    """
    losses = {"uniform": math.log(V)}
    for k, read in enumerate(_by_context(train_ids, part_ids, V, tell)):
        losses[f"context_{k}"] = -float(np.log(read.p).mean())
    return losses


class Counted(NamedTuple):
    """What a counting model says of each character of a part."""

    p: Reals  # (m,) the probability it gives the character that came
    known: NDArray[np.uint8]  # (m,) how many characters of the context before it were seen in the training text


def counted(train_ids: Ids, part_ids: Ids, V: int, tell: Tell = quiet) -> Counted:
    """The counting model with the longest context, character by character; arguments and errors as before."""
    known = np.zeros(len(part_ids), np.uint8)
    p: Reals = np.empty(0)
    for k, read in enumerate(_by_context(train_ids, part_ids, V, tell)):
        known[read.known] = k
        p = read.p
    return Counted(p, known)


class _OfLength(NamedTuple):
    """The probabilities with so many characters of context, and where such a context was counted."""

    p: Reals  # (m,)
    known: NDArray[np.bool_]  # (m,)


def _by_context(train_ids: Ids, part_ids: Ids, V: int, tell: Tell) -> Iterator[_OfLength]:
    """What the counting models with contexts of 0, 1, ... characters say."""
    if not len(part_ids):
        raise InputError("the part holds no characters to judge: give it a share in `split`", field="split")
    places = _sorted_places(train_ids, part_ids, V)
    tell(0.4)
    shorter: Reals = np.full(len(part_ids), 1 / V)  # (m,) p(c | h') of each character of the part
    contexts, grams = _empty_gram(places), _grams(places, 1)
    for k in range(LONGEST_CONTEXT + 1):
        yield _probabilities(places, contexts, grams, grams.counts, shorter)
        if k < LONGEST_CONTEXT:
            longer = _grams(places, k + 2)
            # of the longer n-grams that were counted, how many end in each: the kinds of characters before it
            kinds = np.bincount(grams.at[longer.first[longer.counts > 0]], minlength=len(grams.first))
            shorter = _probabilities(places, contexts, grams, kinds.astype(np.int32), shorter).p
            contexts, grams = grams, longer
        tell(0.4 + 0.6 * (k + 1) / (LONGEST_CONTEXT + 1))


@dataclass(frozen=True)
class _Places:
    """The places of training text, a gap and part, sorted by the characters that end at each."""

    n: int  # places 0 .. n-1 are the training text
    order: Numbers  # (N,) place, in sorted order
    row: Numbers  # (N,) where each place stands in that order
    alike: NDArray[np.uint8]  # (N,) how many last characters a row shares with the row above
    part: slice  # the places of the part


@dataclass(frozen=True)
class _Grams:
    """All n-grams of one length, numbered as they are sorted."""

    length: int
    at: Numbers  # (N,) number of the n-gram that ends at the place of each row
    first: Numbers  # (G,) first row of each
    counts: Numbers  # (G,) how often it stands in the training text


def _sorted_places(train: Ids, part: Ids, V: int) -> _Places:
    gap = np.full(LONGEST_CONTEXT, V, np.min_scalar_type(V))  # a character of its own: no context reaches over it
    text = np.concatenate([gap, train.astype(gap.dtype), gap, part.astype(gap.dtype)])
    N = len(text) - LONGEST_CONTEXT
    ends = [text[start : start + N] for start in range(LONGEST_CONTEXT, -1, -1)]  # the character 0, 1, .. back
    order = np.lexsort(ends[::-1]).astype(np.int32)
    alike = np.zeros(N, np.uint8)
    same = np.ones(N - 1, np.bool_)
    for characters in ends:
        sorted_characters = characters[order]
        same &= sorted_characters[1:] == sorted_characters[:-1]
        alike[1:] += same
    row = np.empty(N, np.int32)
    row[order] = np.arange(N, dtype=np.int32)
    return _Places(len(train), order, row, alike, slice(len(train) + LONGEST_CONTEXT, N))


def _empty_gram(places: _Places) -> _Grams:
    zero = np.zeros(1, np.int32)
    return _Grams(0, np.zeros(len(places.order), np.int32), zero, zero + places.n)


def _grams(places: _Places, length: int) -> _Grams:
    new = places.alike < length
    new[0] = True
    first = np.flatnonzero(new).astype(np.int32)
    counted = places.order < places.n
    counted[places.row[: min(length - 1, places.n)]] = False  # before these stands the gap
    counts = np.add.reduceat(counted, first, dtype=np.int32)
    return _Grams(length, np.cumsum(new, dtype=np.int32) - 1, first, counts)


def _probabilities(places: _Places, contexts: _Grams, grams: _Grams, counts: Numbers, shorter: Reals) -> _OfLength:
    """Return p(c | h) of the part's characters, given a(h c) = `counts` (G,) and p(c | h') = `shorter`, all (m,)."""
    counted = counts > 0
    a = counts[counted]
    discounts = np.array([0.0, *_discounts(a)])
    of_context = _before(places, contexts, places.order[grams.first[counted]])
    total = np.bincount(of_context, a, minlength=len(contexts.first))  # A(h)
    held_back = np.bincount(of_context, discounts[np.minimum(a, 3)], minlength=len(contexts.first))
    seen = counts[grams.at[places.row[places.part]]]
    h = _before(places, contexts, np.arange(places.part.start, places.part.stop, dtype=np.int32))
    known = total[h] > 0
    A = np.where(known, total[h], 1)
    p: Reals = np.where(known, (seen - discounts[np.minimum(seen, 3)] + held_back[h] * shorter) / A, shorter)
    return _OfLength(p, known)


def _before(places: _Places, contexts: _Grams, ends: Numbers) -> Numbers:
    """Numbers of the contexts before the characters at some places; the part is behind a gap, so none is before all."""
    return contexts.at[places.row[ends - 1]]


def _discounts(counts: Numbers) -> tuple[float, ...]:
    """D for counts of 1, of 2, and of 3 and more (Chen and Goodman 1999, section 3)."""
    n1, n2, n3, n4 = np.bincount(np.minimum(counts, 5), minlength=5)[1:5].tolist()
    if not (n1 and n2 and n3 and n4):
        return FALLBACK
    y = n1 / (n1 + 2 * n2)
    found = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    # None takes more than there is; but each must leave something to what was never seen.
    return found if min(found) > 0 else FALLBACK
