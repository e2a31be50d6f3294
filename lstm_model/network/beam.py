"""Beam search: not a draw, but the likeliest continuations that a search of bounded width finds."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats, Ids, Integer, quietly
from lstm_model.network.model import Network
from lstm_model.network.sampling import after_prompt, step_ids


class Continuation(NamedTuple):
    """Ids that follow a prompt, and the mean of -ln p over them: nats per character."""

    ids: Integer[Ids, " n"]
    loss: float


def beam_search(
    model: Network,
    prompt: Integer[Ids, " n"],
    length: int,
    width: int,
    until: Integer[Ids, " m"] | None = None,
) -> Iterator[list[Continuation]]:
    """The continuations of `width` beams, the likeliest first; after each step those that there are by then.

    Of all ways to go on from the `width` likeliest beginnings the `width` likeliest are kept (Lowerre 1976). No draw is
    in it: equal arguments give equal ids. length: ids, 1 or more. until: ids whose coming ends a beam; beams of
    different length are compared by their mean. The search ends when as many beams have ended.

    InputError for an empty prompt. A wide beam is no better text: what is likeliest repeats itself (Holtzman et al.
    2020).
    """
    logits, state = after_prompt(model, prompt, 1)
    ids = np.zeros((1, 0), np.intp)  # (K, t): what each beam has
    sums: Floats = np.zeros(1)  # (K,): ln p of all its ids together
    ended: list[Continuation] = []
    for _ in range(length):
        sums, beams, chosen = _likeliest(sums[:, None] + _log_softmax(logits), width - len(ended))
        ids = np.concatenate([ids[beams], chosen[:, None]], axis=1)
        state = tuple(part[:, beams] for part in state)
        if until is not None and len(until) <= ids.shape[1]:
            ends = (ids[:, ids.shape[1] - len(until) :] == until).all(axis=1)
            ended += _continuations(ids[ends], sums[ends])
            ids, sums, chosen = ids[~ends], sums[~ends], chosen[~ends]
            state = tuple(part[:, ~ends] for part in state)
        yield sorted([*ended, *_continuations(ids, sums)], key=lambda each: each.loss)
        if not len(ids):
            return
        logits, state = step_ids(model, chosen, state)


def _continuations(ids: Integer[Ids, "K t"], sums: Float[Floats, " K"]) -> list[Continuation]:
    return [Continuation(row, -float(total) / len(row)) for row, total in zip(ids, sums, strict=True)]


def _likeliest(
    sums: Float[Floats, "K V"], most: int
) -> tuple[Float[Floats, " J"], Integer[Ids, " J"], Integer[Ids, " J"]]:
    """The largest of some sums, which beam each goes on from, and with which id."""
    order = np.argsort(-sums, axis=None, kind="stable")[:most]
    beams, chosen = np.divmod(order, sums.shape[1])
    return sums.reshape(-1)[order], beams, chosen


@quietly
def _log_softmax(logits: Float[Floats, "K V"]) -> Float[Floats, "K V"]:
    """Ln softmax of each row, float64. The largest logit is taken off: exp cannot overflow."""
    logits = logits.astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    shifted: Floats = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return shifted
