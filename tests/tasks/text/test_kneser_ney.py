"""Counting models of text: the published table, and the plain dictionaries they abbreviate."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.tasks.text.judging.counting_names import LONGEST_CONTEXT
from lstm_model.tasks.text.judging.kneser_ney import FALLBACK, _discounts, counting_losses
from support.places import DATA

MAN = DATA / "linux_man.txt"
PUBLISHED = (3.246, 2.456, 1.765, 1.317, 1.126, 1.044, 0.996, 0.965, 0.947)  # contexts of 0 to 8 characters
Gram = tuple[int, ...]


def test_the_published_losses_of_the_shipped_text_are_reproduced() -> None:
    _, ids = np.unique(np.frombuffer(MAN.read_bytes(), np.uint8), return_inverse=True)
    held_out = len(ids) - 383_330
    shares: list[float] = []
    losses = counting_losses(ids[:held_out].astype(np.uint8), ids[held_out:].astype(np.uint8), 96, shares.append)
    published = {"uniform": 4.564} | {f"context_{k}": nats for k, nats in enumerate(PUBLISHED)}
    assert losses == pytest.approx(published, abs=0.0006)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


class Plain:
    """Chen and Goodman's modified Kneser-Ney, interpolated, with a dictionary for each length, as it is written."""

    def __init__(self, train: list[int], V: int) -> None:
        self.V = V
        self.times = [
            Counter(tuple(train[i - n + 1 : i + 1]) for i in range(n - 1, len(train)))
            for n in range(LONGEST_CONTEXT + 2)
        ]
        self.kinds = [Counter(gram[1:] for gram in longer) for longer in self.times[1:]]

    def p(self, context: Gram | None, c: int, *, longest: bool = True) -> float:
        """Probability of c after a context, None below the empty one."""
        if context is None:
            return 1 / self.V
        table = (self.times if longest else self.kinds)[len(context) + 1]
        D = (0.0, *self.discounts(table))
        after = [a for gram, a in table.items() if gram[:-1] == context]
        shorter = self.p(context[1:] if context else None, c, longest=False)
        if not after:
            return shorter
        a = table[*context, c]
        return (a - D[min(a, 3)] + sum(D[min(a, 3)] for a in after) * shorter) / sum(after)

    @staticmethod
    def discounts(table: "Counter[Gram]") -> tuple[float, ...]:
        n = Counter(table.values())
        if not all(n[k] for k in (1, 2, 3, 4)):
            return FALLBACK
        y = n[1] / (n[1] + 2 * n[2])
        found = tuple(k - (k + 1) * y * n[k + 1] / n[k] for k in (1, 2, 3))
        return found if min(found) > 0 else FALLBACK

    def loss(self, part: list[int], k: int) -> float:
        """Mean over the part; before its first character stands -1, which the training text does not have."""
        padded = [-1] * k + part
        return -sum(math.log(self.p(tuple(padded[i : i + k]), part[i])) for i in range(len(part))) / len(part)


@settings(max_examples=40, deadline=None)
@given(
    ids=st.lists(st.integers(0, 3), max_size=60),
    part=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    scale=st.sampled_from([1, 16_384, 30_000]),  # 4 * 16,384: the most that two bytes hold, and a gap beside them
)
@example(ids=[0, 1], part=[1], scale=1)
@example(ids=[], part=[2, 2], scale=1)
def test_losses_are_those_of_plain_dictionaries(ids: list[int], part: list[int], scale: int) -> None:
    V = 4 * scale
    ids, part = [scale * k for k in ids], [scale * k for k in part]
    dtype = np.min_scalar_type(V)
    losses = counting_losses(np.array(ids, dtype), np.array(part, dtype), V)
    assert losses["uniform"] == pytest.approx(math.log(V))
    plain = Plain(ids, V)
    for k in range(LONGEST_CONTEXT + 1):
        assert losses[f"context_{k}"] == pytest.approx(plain.loss(part, k))


def test_discounts_are_estimated_where_the_text_allows_it() -> None:
    rng = np.random.default_rng(2)
    train = rng.choice(40, 400, p=(weights := 1 / np.arange(1, 41)) / weights.sum())
    plain = Plain(train.tolist(), 40)
    assert FALLBACK not in [plain.discounts(plain.times[2]), plain.discounts(plain.kinds[2])]
    losses = counting_losses(train, train[:30], 40)
    for k in (1, 2):
        assert losses[f"context_{k}"] == pytest.approx(plain.loss(train[:30].tolist(), k))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((8, 4, 2, 1), (0.5, 1.25, 2.0)),
        ((10, 1, 9, 1), FALLBACK),  # would be below 0 for those seen twice
        ((6, 2, 1, 0), FALLBACK),  # would take all from those seen three times
    ],
)
def test_discounts_come_from_how_many_were_seen_once_to_four_times(
    seen: tuple[int, ...], expected: tuple[float, ...]
) -> None:
    counts = np.repeat(np.array([1, 2, 3, 4, 7], np.int32), [*seen, 5])
    assert _discounts(counts) == pytest.approx(expected)


@pytest.mark.parametrize("context", [[3, 1, 4], [0, 0], [5, 5, 5, 5, 5, 5, 5, 5, 5], []])
def test_probabilities_sum_to_one(context: list[int]) -> None:
    train = np.random.default_rng(0).integers(0, 5, 60).astype(np.uint8)  # 5 never comes
    for k in range(LONGEST_CONTEXT + 1):
        name = f"context_{k}"
        ends = np.array([[*context, c] for c in range(6)], np.uint8)
        sums = [len(end) * counting_losses(train, end, 6)[name] for end in ends]
        alone = len(context) * counting_losses(train, ends[0, :-1], 6)[name] if context else 0
        assert sum(math.exp(alone - each) for each in sums) == pytest.approx(1)


def test_a_part_without_characters_is_refused() -> None:
    with pytest.raises(InputError, match="no characters to judge"):
        counting_losses(np.arange(3), np.array([], np.int64), 3)
