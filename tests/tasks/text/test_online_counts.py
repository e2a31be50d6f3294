"""Counts that learn as they go: what a walk over the text gives, without the walk."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from lstm_model.tasks.text.judging.counting_names import LONGEST_CONTEXT
from lstm_model.tasks.text.judging.kneser_ney import FALLBACK
from lstm_model.tasks.text.judging.online_counts import online_counts

V = 4
DISCOUNTS = (0.0, *FALLBACK)


def walked(ids: list[int]) -> list[float]:
    """The same, one character after the other, with a dictionary for each length of context.

    A context that reaches over the text's start has a mark there, which is no character.
    """
    text = [-1, *ids]
    counts: list[defaultdict[tuple[int, ...], Counter[int]]] = [
        defaultdict(Counter) for _ in range(LONGEST_CONTEXT + 1)
    ]
    seen: set[tuple[int, ...]] = set()
    said = []
    for at in range(1, len(text)):
        c, p = text[at], 1 / V
        ends = [tuple(text[max(0, at - k) : at]) for k in range(LONGEST_CONTEXT + 2)]
        for k in range(LONGEST_CONTEXT + 1):
            after = counts[k][ends[k]]
            if total := sum(after.values()):
                held_back = sum(DISCOUNTS[min(n, 3)] for n in after.values())
                p = (after[c] - DISCOUNTS[min(after[c], 3)] + held_back * p) / total
        said.append(-np.log(p))
        for k in range(LONGEST_CONTEXT + 1):
            gram = (*ends[k + 1], c) if k < LONGEST_CONTEXT else None
            if gram is None or (k, *gram) not in seen:
                counts[k][ends[k]][c] += 1
            if gram is not None:
                seen.add((k, *gram))
    return said


@pytest.mark.parametrize("seed", range(3))
def test_running_sums_give_what_a_walk_over_the_text_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = [rng.integers(0, V, n) for n in (3, 5, 11)]
    ids = np.concatenate([words[k] for k in rng.integers(0, 3, 40)])
    np.testing.assert_allclose(online_counts(ids, V), walked(ids.tolist()), rtol=1e-9)


def test_what_comes_later_changes_nothing_before() -> None:
    ids = np.random.default_rng(3).integers(0, V, 400)
    other = ids.copy()
    other[250:] = 0
    np.testing.assert_array_equal(online_counts(ids, V)[:250], online_counts(other, V)[:250])


def test_what_comes_again_is_learnt_and_chance_is_not() -> None:
    again = online_counts(np.tile(np.arange(V), 200), V)
    assert again[0] == pytest.approx(np.log(V))
    assert again[-50:].mean() < 0.02
    assert online_counts(np.random.default_rng(5).integers(0, V, 5000), V).mean() > np.log(V)
