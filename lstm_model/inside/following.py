"""How closely values follow features, and how closely they would by chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats, Inputs
from lstm_model.tasks.base import Slices

SHUFFLES = 40  # the best of them is the bound: chance passes it once in 41 times
BLOCK = 64  # steps that stay together when shuffled
ECHO, COMMONEST = 8, 40  # how many of the last ids an echo has, and how many different ones are told apart
STILL = 0.02  # a standard deviation below which a unit says nothing

Reals = NDArray[np.float64]


def auc(values: NDArray[np.floating], holds: NDArray[np.bool_]) -> float:
    """The chance that a value where something holds is above one where it does not; ties count half. 0.5 without both.

    values, holds: (N,). Hanley & McNeil 1982: the area under the ROC curve, from ranks, as Mann & Whitney 1947 have it.
    """
    inside = int(np.count_nonzero(holds))
    outside = len(holds) - inside
    if not inside or not outside:
        return 0.5
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]  # from 1, the mean of those that are equal
    return float((ranks[holds].sum() - inside * (inside + 1) / 2) / (inside * outside))


def correlation(values: NDArray[np.floating], feature: NDArray[np.floating]) -> float:
    """Pearson's r of two series (N,); 0 where one of them stands still."""
    both = [standardised(series.astype(np.float64)[:, None]) for series in (values, feature)]
    return float(np.mean(both[0] * both[1]))


def standardised(columns: Floats, still: float = 0.0) -> Floats:
    """Columns (N, C) with mean 0 and standard deviation 1; those that move no more than `still` become 0."""
    centred = columns - columns.mean(axis=0)
    scale = np.sqrt(np.mean(np.square(centred), axis=0))
    moves = scale > still  # which no NaN is
    centred /= np.where(moves, scale, 1)
    centred[:, ~moves] = 0
    result: Floats = centred
    return result


def without_echo(values: Reals, x: Inputs) -> Reals:
    """Features (T, B, F) less what the last 8 ids explain, each by itself: the residual of a linear fit.

    x: (T, B) ids. Rare ids are taken together.
    """
    T, B, F = values.shape
    ids, counts = np.unique(x, return_counts=True)
    known = ids[np.argsort(-counts, kind="stable")[:COMMONEST]]
    one_hot = (x[..., None] == known).astype(np.float32)  # (T, B, K)
    echo = np.zeros((T, B, ECHO, len(known)), np.float32)
    for lag in range(min(ECHO, T)):
        echo[lag:, :, lag] = one_hot[: T - lag]
    columns = echo.reshape(T * B, -1)
    columns -= columns.mean(axis=0)
    flat = values.reshape(T * B, F)
    flat = flat - flat.mean(axis=0)
    gram = (columns.T @ columns).astype(np.float64)
    gram[np.diag_indices_from(gram)] += 1e-4 * len(columns)  # one of the commonest always comes: it is singular
    fit = np.linalg.solve(gram, (columns.T @ flat.astype(np.float32)).astype(np.float64))
    rest: Reals = flat - columns @ fit
    return rest.reshape(T, B, F)


@dataclass(frozen=True, eq=False)
class Beyond:
    """Correlations (F, U) of units with what is left of features without their echo, and what chance reaches."""

    r: Floats
    bound: Floats  # (F,)

    @property
    def real(self) -> NDArray[np.bool_]:
        """Whether chance is ruled out, (F, U)."""
        return np.abs(self.r) > self.bound[:, None]


def beyond(rest: Reals, units: Floats, rng: np.random.Generator) -> Slices[Beyond]:
    """Correlate features without their echo, (T, B, F), with units (T, B, U).

    The bound of a feature is the largest |r| that it reaches with any unit in 40 orders of its blocks.
    """
    T, B, F = rest.shape
    length = min(BLOCK, T)
    T -= T % length
    series = standardised(rest[:T].reshape(T * B, F)).reshape(T // length, length, B, F)
    blocks: Floats = series.transpose(0, 2, 1, 3).reshape(-1, length, F).astype(np.float32)  # (K, length, F)
    shown = units[:T].reshape(T // length, length, B, -1).transpose(0, 2, 1, 3).reshape(T * B, -1)  # the same order
    shown = standardised(shown.astype(np.float32), STILL)
    yield 0.0

    def correlations(ordered: Floats) -> Floats:
        found: Floats = ordered.reshape(T * B, F).T @ shown / (T * B)
        return found

    bound = np.zeros(F)
    for k in range(SHUFFLES):
        bound = np.maximum(bound, np.abs(correlations(_shuffled(blocks, rng))).max(axis=1))
        if k % 2:
            yield k / SHUFFLES
    return Beyond(correlations(blocks), bound)


def _shuffled(blocks: Floats, rng: np.random.Generator) -> Floats:
    """Blocks (K, length, F) in another order, each turned by some steps: lines of one length would stay in step."""
    count, length = blocks.shape[:2]
    turned = (np.arange(length) + rng.integers(length, size=(count, 1))) % length
    shuffled: Floats = blocks[rng.permutation(count)[:, None], turned]
    return shuffled
