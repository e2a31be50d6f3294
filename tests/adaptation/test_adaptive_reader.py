"""A reader that learns: what it predicts knows nothing of what comes, the model stays as it was, runaways come back."""

import math

import numpy as np
import pytest

from lstm_model.adaptation.reader import SPAN, AdaptiveReader
from lstm_model.adaptation.rules import Dynamic, Optimized, Rule
from lstm_model.adaptation.scales import Segment, gradient_scales
from lstm_model.adaptation.search import find_rule
from lstm_model.arrays import Floats, Ids
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.optimization.optimizers import Adam
from lstm_model.tasks.base import Slices, finish

V, T = 5, 8


def model_of(cell: str = "lstm") -> Network:
    return Network(V, 12, V, seed=3, cell=cell)


def dynamic(model: Network, rate: float, pull: float = 0.0) -> AdaptiveReader:
    return AdaptiveReader(model, Dynamic(Rule(rate, pull), model.parameters.flat.copy()))


def read(reader: AdaptiveReader, ids: Ids) -> list[float]:
    """The loss of each segment of T."""
    losses = []
    for start in range(0, len(ids) - T, T):
        reader.predict(ids[start : start + T, None])
        losses.append(reader.learn(ids[start + 1 : start + T + 1, None]))
    return losses


REPEATED = np.tile(np.array([0, 3, 1, 4, 2, 2, 1]), 120)


@pytest.mark.parametrize("cell", CELLS)
def test_what_comes_again_surprises_less_whatever_the_cell(cell: str) -> None:
    model = model_of(cell)
    before = model.parameters.flat.copy()
    losses = read(dynamic(model, 1.0), REPEATED)
    assert np.mean(losses[-10:]) < 0.3 < np.log(V) * 0.8 < losses[0]
    assert (model.parameters.flat == before).all()


def test_a_prediction_does_not_change_with_what_follows_it() -> None:
    """What is said of a character is the same to the last bit, whatever it and all after it turn out to be."""
    rng = np.random.default_rng(1)
    one = rng.integers(0, V, 200)
    other = one.copy()
    other[121:] = (one[121:] + 1) % V
    said: list[list[Floats]] = []
    for ids in (one, other):
        reader, outputs = dynamic(model_of(), 1.0), []
        for start in range(0, 121, T):
            outputs.append(reader.predict(ids[start : start + T, None]).copy())
            reader.learn(ids[start + 1 : start + T + 1, None])
        said.append(outputs)
    a, b = (np.concatenate(outputs)[:, 0] for outputs in said)
    np.testing.assert_array_equal(a[:121], b[:121])  # the last of these is of character 121
    assert (a[121] != b[121]).all()


def test_nothing_is_learnt_without_a_prediction_before_it() -> None:
    reader = dynamic(model_of(), 1.0)
    targets = np.zeros((T, 1), int)
    with pytest.raises(RuntimeError, match="prediction before"):
        reader.learn(targets)
    reader.predict(targets)
    reader.learn(targets)
    with pytest.raises(RuntimeError, match="prediction before"):
        reader.learn(targets)


@pytest.mark.parametrize("rate", [300.0, 1e6, 1e30])
def test_a_rate_that_explodes_goes_back_to_the_trained_weights_and_says_where(rate: float) -> None:
    model = model_of()
    reader = dynamic(model, rate)
    losses = read(reader, np.random.default_rng(2).integers(0, V, 4000))
    assert reader.explosions
    assert reader.explosions[0] < 2 * SPAN * T
    assert isinstance(reader.update, Dynamic)
    assert reader.update.rule.rate == rate / 2 ** len(reader.explosions)
    assert np.isfinite(reader.model.parameters.flat).all()
    assert np.isfinite(losses[-1])


def test_a_text_that_becomes_hard_for_any_weights_is_no_explosion() -> None:
    model = model_of()
    known = dynamic(model, 1.0)
    read(known, REPEATED)
    learnt = known.model  # knows the repeated text by heart, and nothing of chance
    reader = dynamic(learnt, 0.01)
    losses = read(reader, np.concatenate([REPEATED, np.random.default_rng(5).integers(0, V, 1000)]))
    assert losses[-1] > 5 * losses[20]
    assert reader.explosions == []


def test_the_pull_brings_the_weights_back_to_the_trained_ones() -> None:
    model, distances = model_of(), []
    for pull in (0.0, 0.5):
        reader = dynamic(model, 0.5, pull)
        read(reader, REPEATED[:200])
        distances.append(float(np.abs(reader.model.parameters.flat - model.parameters.flat).max()))
    assert distances[1] < distances[0] / 4


def test_scales_make_a_step_of_a_weight_that_has_large_gradients_as_small_as_another() -> None:
    weights, start = np.zeros(3), np.zeros(3)
    scales = np.array([0.0, 1.0, 5.0])  # their mean is 2
    Dynamic(Rule(1.0, 0.0), start, scales).apply(weights, np.array([2.0, 3.0, 7.0]))
    np.testing.assert_allclose(weights, [-1.0, -1.0, -1.0])


def test_gradient_scales_are_the_root_of_the_mean_square_and_leave_the_weights() -> None:
    model = model_of()
    before = model.parameters.flat.copy()
    some = [Segment(REPEATED[k : k + T, None], REPEATED[k + 1 : k + T + 1, None], fresh=True) for k in (0, 3, 5)]
    scales = finish(gradient_scales(model, some, len(some)))
    squares = np.zeros_like(before, np.float64)
    for segment in some:
        model.loss_and_gradients(segment.x, segment.targets)
        squares += np.square(model.gradients.flat, dtype=np.float64)
    np.testing.assert_allclose(scales, np.sqrt(squares / 3), rtol=1e-4, atol=1e-9)
    assert (model.parameters.flat == before).all()
    with pytest.raises(ValueError, match="a segment"):
        finish(gradient_scales(model, [], 0))


def test_a_model_that_begins_with_nothing_learns_with_an_optimizer() -> None:
    model = model_of()
    losses = read(
        AdaptiveReader(model, Optimized(Adam(model.parameters.flat.size), lambda _: 0.02, 1.0, "norm")), REPEATED
    )
    assert np.mean(losses[-10:]) < 0.1


@pytest.mark.parametrize(
    ("best", "first"), [(Rule(8.0, 0.5), Rule(1.0, 0.5)), (Rule(0.25, 2.0), Rule(1.0, 0.5)), (Rule(1.0, 0.5),) * 2]
)
def test_the_search_finds_the_lowest_of_a_smooth_loss_and_tells_how_far_it_is(best: Rule, first: Rule) -> None:
    tried = []

    def score(rule: Rule) -> Slices[float]:
        yield 0.5
        tried.append(rule)
        return abs(math.log2(rule.rate / best.rate)) + abs(math.log2(rule.pull / best.pull))

    told: list[float] = []
    assert finish(find_rule(score, first), told.append) == best
    assert told == sorted(told)
    assert len(tried) == len(set(tried)) <= 10


def test_a_rule_that_explodes_is_never_the_best() -> None:
    def score(rule: Rule) -> Slices[float]:
        yield 0.5
        return np.nan if rule.rate > 1 else 1.0

    assert finish(find_rule(score, Rule(1.0, 0.1))).rate == 1.0


def test_weights_that_drift_slowly_away_are_noticed_later() -> None:
    """A loss that never doubles at once is still held against that of the trained weights, now and then."""
    model = model_of()
    known = dynamic(model, 1.0)
    read(known, REPEATED)

    class Drift:
        def apply(self, weights: Floats, gradients: Floats) -> None:
            weights *= 0.998  # whatever the gradient says, a little of all that was learnt goes

        def slow_down(self) -> None:
            pass

    reader = AdaptiveReader(known.model, Drift())
    read(reader, np.tile(REPEATED, 4))
    assert reader.explosions
    assert reader.explosions[0] > SPAN * T
