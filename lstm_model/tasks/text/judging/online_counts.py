"""Counts that learn as they go: a Kneser-Ney model that knows, at each character, the characters before it alone.

It is the model of kneser_ney.py with counts that grow: what is counted there over the training part is counted here
over what was read so far. Nobody has to walk over the text for that. The places of each context are put side by side,
in the order in which they come; then a count so far is a running sum.
"""

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.text.judging.counting_names import LONGEST_CONTEXT
from lstm_model.tasks.text.judging.kneser_ney import FALLBACK

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]


def online_counts(ids: Ids, V: int, tell: Tell = quiet) -> Reals:
    """The surprise of each character (n,), nats, of counts with contexts of up to 8 characters; ids are 0 .. V-1.

    Discounts are fixed: half, one and one and a half for what was counted once, twice and more often. Takes a second
    for 200,000 characters, with 150 bytes of memory for each.
    """
    p: Reals = np.full(len(ids), 1 / V)
    contexts = _Groups(np.zeros(len(ids), np.int64))
    ends = ids.astype(np.int64)
    grams = _Groups(ends)
    for k in range(LONGEST_CONTEXT + 1):
        if k == LONGEST_CONTEXT:
            p = _probabilities(contexts, grams, np.ones(len(ids), np.bool_), p)
        else:
            longer_ends = _longer(ends, ids, V)
            longer = _Groups(longer_ends)
            # A shorter context counts kinds: places at which the character before n-gram and context is a new one.
            p = _probabilities(contexts, grams, longer.first(), p)
            contexts, grams, ends = _Groups(_before_each(ends)), longer, longer_ends
        tell((k + 1) / (LONGEST_CONTEXT + 1))
    nats: Reals = -np.log(p)
    return nats


class _Groups:
    """Places (n,) that belong together, such as all that end with the same characters, in the order in which they come.

    numbers: of each place its group's.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._order = np.argsort(numbers, kind="stable")
        ordered = numbers[self._order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        self._starts, self._lengths = starts, np.diff(starts, append=len(numbers))

    def before(self, counted: Flags) -> Numbers:
        """How many places before each, in its group, are counted (n,)."""
        here = counted[self._order]
        running: Numbers = np.cumsum(here, dtype=np.int64) - here
        running -= np.repeat(running[self._starts], self._lengths)
        found: Numbers = np.empty_like(running)
        found[self._order] = running
        return found

    def first(self) -> Flags:
        """Which places are the first of their group (n,)."""
        found = np.zeros(len(self._order), np.bool_)
        found[self._order[self._starts]] = True
        return found


def _before_each(numbers: Numbers) -> Numbers:
    """The number of the place before each; nothing stands before the first."""
    return np.concatenate([[-1], numbers[:-1]])


def _longer(ends: Numbers, ids: Ids, V: int) -> Numbers:
    """Number the n-grams that end at each place, from the numbers of those that are a character shorter."""
    both = (_before_each(ends) + 1) * V + ids
    numbers: Numbers = np.unique(both, return_inverse=True)[1].astype(np.int64)
    return numbers


def _probabilities(contexts: _Groups, grams: _Groups, counted: Flags, shorter: Reals) -> Reals:
    """p(c | h) of each character, given p(c | h') = `shorter` and which places are counted: see kneser_ney.py."""
    a, total = grams.before(counted), contexts.before(counted)
    # How many characters were counted after the context at least once, twice, three times.
    kinds = [contexts.before(counted & (a == times)) for times in range(3)]
    discounts = np.array([0.0, *FALLBACK])
    steps = np.diff(discounts)  # what a second and a third count add
    held_back = sum((step * number for step, number in zip(steps, kinds, strict=True)), np.zeros(len(a)))
    known = total > 0
    A = np.where(known, total, 1)
    p: Reals = np.where(known, (a - discounts[np.minimum(a, 3)] + held_back * shorter) / A, shorter)
    return p
