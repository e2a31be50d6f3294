"""Counting models of text: the published table, and the plain loop they abbreviate."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.ngrams import text_baselines

MAN = Path(__file__).parent.parent / "data" / "linux_man.txt"


def test_the_published_losses_of_the_shipped_text_are_reproduced() -> None:
    _, ids = np.unique(np.frombuffer(MAN.read_bytes(), np.uint8), return_inverse=True)
    held_out = len(ids) - 383_330
    losses = text_baselines(ids[:held_out], ids[held_out:], 96)
    published = {"uniform": 4.564, "context_0": 3.246, "context_1": 2.457, "context_2": 1.777, "context_3": 1.352}
    assert losses == pytest.approx(published, abs=0.002)


def plain_loop(train: list[int], part: list[int], V: int, longest: int) -> float:
    """Witten and Bell's recursion, character by character."""
    times = Counter(tuple(train[i - k : i + 1]) for k in range(longest + 1) for i in range(k, len(train)))

    def p(context: tuple[int, ...], character: int) -> float:
        shorter = p(context[1:], character) if context else 1 / V
        after = [n for gram, n in times.items() if gram[:-1] == context]
        if not after:
            return shorter
        return (times[*context, character] + len(after) * shorter) / (sum(after) + len(after))

    return -sum(math.log(p(tuple(part[max(0, i - longest) : i]), part[i])) for i in range(len(part))) / len(part)


@settings(max_examples=60, deadline=None)
@given(
    ids=st.lists(st.integers(0, 3), max_size=40),
    part=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    scale=st.sampled_from([1, 30_000]),  # 4 * 30,000 characters: codes of three and one would leave int64
)
def test_losses_are_those_of_the_plain_loop(ids: list[int], part: list[int], scale: int) -> None:
    V = 4 * scale
    ids, part = [scale * k for k in ids], [scale * k for k in part]
    losses = text_baselines(np.array(ids, np.int32), np.array(part, np.int32), V)
    assert losses["uniform"] == pytest.approx(math.log(V))
    for k in range(4):
        assert losses[f"context_{k}"] == pytest.approx(plain_loop(ids, part, V, k))


def test_probabilities_sum_to_one() -> None:
    train = np.random.default_rng(0).integers(0, 5, 60).astype(np.uint8)
    context = [3, 1, 4]
    alone = 3 * text_baselines(train, np.array(context, np.uint8), 6)["context_3"]
    ends = [4 * text_baselines(train, np.array([*context, c], np.uint8), 6)["context_3"] - alone for c in range(6)]
    assert sum(math.exp(-loss) for loss in ends) == pytest.approx(1)


def test_a_part_without_characters_is_refused() -> None:
    with pytest.raises(InputError, match="no characters to judge"):
        text_baselines(np.arange(3), np.array([], np.int64), 3)
