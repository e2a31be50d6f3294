"""Choosing characters: which ones may be drawn, how often, and that equal seeds write equal text."""

from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_model.arrays import State
from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.network.sampling import Choice, generate, probabilities

V = 6
LIKELIEST = {"temperature 0": Choice(0.0), "top-k 1": Choice(1.5, top_k=1), "tiny top-p": Choice(1.5, top_p=1e-9)}
PROMPT = np.array([2, 0, 5])

quick = settings(max_examples=80, deadline=None, derandomize=True, database=None)
any_logits = hnp.arrays(
    np.float32, st.integers(1, 12), elements=st.floats(width=32, allow_nan=False, allow_infinity=False)
)
usual_logits = hnp.arrays(np.float32, st.integers(1, 12), elements=st.floats(-20, 20, width=32))
choices = st.builds(Choice, st.sampled_from([0.0, 1e-3, 0.5, 1.0, 10.0]), st.integers(0, 14), st.floats(1e-6, 1.0))
likeliest = pytest.mark.parametrize("choice", LIKELIEST.values(), ids=LIKELIEST.keys())


class HighestDraw(np.random.Generator):
    """A generator whose draw is the largest number below 1."""

    def __init__(self) -> None:
        super().__init__(np.random.PCG64())

    def random(self, *_: Any, **__: Any) -> Any:
        return float(np.nextafter(1.0, 0.0))


def make_model(num_layers: int = 2) -> LSTM:
    model = LSTM(V, 8, V, num_layers, dtype=np.float64, seed=3)
    model.parameters["head_weight"][...] *= 4  # so that characters differ in probability
    return model


def ids(
    model: LSTM, prompt: np.ndarray = PROMPT, length: int = 60, choice: Choice | None = None, seed: int = 0
) -> list[int]:
    return list(generate(model, prompt, length, choice or Choice(1.0), np.random.default_rng(seed)))


def entropy(p: np.ndarray) -> float:
    p = p[p > 0]
    return -float((p * np.log(p)).sum())


@quick
@given(logits=any_logits, choice=choices)
def test_probabilities_are_not_negative_and_sum_to_1_for_any_finite_logits(logits: np.ndarray, choice: Choice) -> None:
    p = probabilities(logits, choice)
    assert p.shape == logits.shape
    assert (p >= 0).all()
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert p[np.argmax(logits)] == p.max()


def test_at_temperature_1_the_probabilities_are_the_softmax() -> None:
    logits = np.array([0.5, -1.0, 2.0])
    np.testing.assert_allclose(probabilities(logits, Choice(1.0)), np.exp(logits) / np.exp(logits).sum(), rtol=1e-12)


def test_temperature_divides_the_logits() -> None:
    logits = np.array([0.5, -1.0, 2.0])
    np.testing.assert_allclose(probabilities(logits, Choice(0.4)), probabilities(logits / 0.4, Choice(1.0)), rtol=1e-12)


@quick
@given(logits=usual_logits, low=st.floats(0.05, 5), more=st.floats(0, 5))
def test_a_higher_temperature_never_lowers_the_entropy(logits: np.ndarray, low: float, more: float) -> None:
    cooler, warmer = (entropy(probabilities(logits, Choice(temperature))) for temperature in (low, low + more))
    assert cooler <= warmer + 1e-9


def test_entropy_rises_with_temperature_from_none_to_almost_ln_v() -> None:
    logits = np.array([0.0, 1.0, 2.0, 4.0])
    found = [entropy(probabilities(logits, Choice(temperature))) for temperature in (0, 0.2, 0.5, 1, 2, 5, 1000)]
    assert found[0] == 0
    assert all(before < after for before, after in pairwise(found))
    assert found[-1] == pytest.approx(np.log(4), abs=1e-5)


@quick
@given(logits=any_logits)
@likeliest
def test_only_the_likeliest_is_left(choice: Choice, logits: np.ndarray) -> None:
    p = probabilities(logits, choice)
    assert p[np.argmax(logits)] == 1
    assert np.count_nonzero(p) == 1


@likeliest
def test_a_text_of_the_likeliest_is_the_same_for_every_seed(choice: Choice) -> None:
    model = make_model()
    assert ids(model, choice=choice, seed=1) == ids(model, choice=Choice(0.0), seed=2)


@quick
@given(logits=usual_logits, k=st.integers(1, 14))
def test_top_k_leaves_the_k_likeliest_and_their_proportions(logits: np.ndarray, k: int) -> None:
    p, full = probabilities(logits, Choice(1.0, top_k=k)), probabilities(logits, Choice(1.0))
    kept = p > 0
    assert np.count_nonzero(kept) == min(k, len(p))
    assert full[kept].min() >= full[~kept].max(initial=0)
    np.testing.assert_allclose(p[kept], full[kept] / full[kept].sum(), rtol=1e-9)


@quick
@given(logits=usual_logits, top_p=st.floats(0.01, 1))
def test_top_p_leaves_the_fewest_likeliest_that_reach_it(logits: np.ndarray, top_p: float) -> None:
    p, full = probabilities(logits, Choice(1.0, top_p=top_p)), probabilities(logits, Choice(1.0))
    kept = p > 0
    assert full[kept].min() >= full[~kept].max(initial=0)
    assert full[kept].sum() >= top_p - 1e-9
    assert full[kept].sum() - full[kept].min() < top_p + 1e-9  # without the least of them it is not reached
    np.testing.assert_allclose(p[kept], full[kept] / full[kept].sum(), rtol=1e-9)


def test_top_k_comes_before_top_p() -> None:
    logits = np.log([0.4, 0.3, 0.2, 0.1])
    p = probabilities(logits, Choice(1.0, top_k=2, top_p=0.5))  # 4/7 and 3/7: the first alone reaches a half
    np.testing.assert_allclose(p, [1, 0, 0, 0])


def test_top_k_never_draws_outside_the_k_likeliest() -> None:
    model, k = make_model(), 2
    written = ids(model, length=300, choice=Choice(3.0, top_k=k))
    text = np.concatenate([PROMPT, written])
    logits = model.forward(text[:-1, None])[0][len(PROMPT) - 1 :, 0]  # (300, V): what each was drawn from
    ranks = [int(np.sum(row > row[chosen])) for row, chosen in zip(logits, written, strict=True)]
    assert set(ranks) == {0, 1}


def test_even_the_highest_draw_stays_within_the_k_likeliest() -> None:
    model = make_model(num_layers=1)
    model.parameters["head_weight"][...] = 0
    # Ids 0, 1 and 2 are allowed, and their probabilities sum to a rounding error below 1.
    for top in np.random.default_rng(0).normal(size=(200, 3)):
        model.parameters["head_bias"][...] = [*top, -9, -9, -9]
        assert next(generate(model, PROMPT, 1, Choice(1.0, top_k=3), HighestDraw())) < 3


def test_characters_are_drawn_as_often_as_their_probabilities_say() -> None:
    model = make_model(num_layers=1)
    model.parameters["head_weight"][...] = 0
    shares = np.array([0.4, 0.3, 0.1, 0.1, 0.05, 0.05])
    model.parameters["head_bias"][...] = np.log(shares)
    n = 4000
    counts = np.bincount(ids(model, length=n), minlength=V)
    chi_square = float(((counts - n * shares) ** 2 / (n * shares)).sum())
    assert chi_square < 20.5  # 5 degrees of freedom: 1 chance in 1000, and the seed is fixed


def test_equal_seeds_write_equal_text_and_different_seeds_do_not() -> None:
    model = make_model()
    assert ids(model, seed=4) == ids(model, seed=4)
    assert ids(model, seed=4) != ids(model, seed=5)


def test_what_a_model_was_used_for_before_changes_nothing() -> None:
    model = make_model()
    before = ids(model)
    model.forward(np.zeros((9, 4), int))
    ids(model, prompt=np.array([1]), seed=8)
    assert ids(model) == before


def test_two_texts_drawn_in_turn_do_not_disturb_each_other() -> None:
    model = make_model()
    one = generate(model, PROMPT, 20, Choice(1.0), np.random.default_rng(1))
    two = generate(model, PROMPT[::-1], 20, Choice(1.0), np.random.default_rng(2))
    pairs = list(zip(one, two, strict=True))
    assert [a for a, _ in pairs] == ids(model, length=20, seed=1)
    assert [b for _, b in pairs] == ids(model, PROMPT[::-1], length=20, seed=2)


@pytest.mark.parametrize("num_layers", [1, 3])
def test_one_step_after_the_other_equals_one_forward_pass(num_layers: int) -> None:
    model = make_model(num_layers)
    text = np.random.default_rng(5).integers(0, V, (30, 2))
    rng = np.random.default_rng(6)
    state: State = (rng.normal(size=(num_layers, 2, 8)), rng.normal(size=(num_layers, 2, 8)))
    whole, (h, c) = model.forward(text, state)
    for characters, expected in zip(text, whole, strict=True):
        outputs, state = model.step(np.eye(V)[characters], state)
        np.testing.assert_allclose(outputs, expected, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(state, (h, c), rtol=1e-11, atol=1e-12)


def test_a_step_leaves_the_state_it_was_given_alone() -> None:
    model, state = make_model(), (np.ones((2, 1, 8)), np.ones((2, 1, 8)))
    model.step(np.eye(V)[[0]], state)
    assert all((part == 1).all() for part in state)


@pytest.mark.parametrize("n", [1, 2, 7, 500])
def test_generated_text_is_what_forward_over_the_whole_text_predicts(n: int) -> None:
    """The likeliest characters, after prompts from one character to one longer than any training sequence."""
    model = make_model()
    prompt = np.random.default_rng(n).integers(0, V, n)
    written = ids(model, prompt, length=40, choice=Choice(0.0))
    text = np.concatenate([prompt, written])
    outputs, _ = model.forward(text[:-1, None])
    assert written == np.argmax(outputs[n - 1 :, 0], axis=1).tolist()


def test_the_whole_prompt_matters() -> None:
    model = make_model()
    prompts = [np.array([first, 0, 1]) for first in range(V)]
    assert len({tuple(ids(model, prompt, length=40)) for prompt in prompts}) > 1


def test_length_is_the_number_of_characters_and_one_can_stop_early() -> None:
    model = make_model()
    assert ids(model, length=0) == []
    assert len(ids(model, length=7)) == 7
    endless = generate(model, PROMPT, 10**9, Choice(1.0), np.random.default_rng(0))
    assert list(islice(endless, 7)) == ids(model, length=7)


def test_an_empty_prompt_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match="give at least one character"):
        ids(make_model(), prompt=np.array([], int))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"temperature": -0.5}, "`temperature` .* not -0.5"),
        ({"temperature": float("nan")}, "`temperature` .* not nan"),
        ({"temperature": float("inf")}, "`temperature` .* not inf"),
        ({"top_k": -3}, "`top_k` .* not -3"),
        ({"top_p": 0.0}, "`top_p` .* not 0.0"),
        ({"top_p": 1.5}, "`top_p` .* not 1.5"),
        ({"top_p": float("nan")}, "`top_p` .* not nan"),
    ],
)
def test_an_impossible_choice_is_an_error_that_names_the_value(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        Choice(**arguments)


@pytest.mark.parametrize(
    "arguments", [{"temperature": 0}, {"top_k": 0}, {"top_k": 10**6}, {"top_p": 1}, {"top_p": 1e-300}]
)
def test_the_ends_of_the_ranges_are_allowed(arguments: dict[str, Any]) -> None:
    assert probabilities(np.arange(4.0), Choice(**arguments)).sum() == pytest.approx(1)
