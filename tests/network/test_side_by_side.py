"""Several continuations at once are those that would be written alone; a beam search finds the likeliest."""

from itertools import product

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.network.beam import beam_search
from lstm_model.network.model import LSTM
from lstm_model.network.sampling import Choice, generate, probabilities, sample_side_by_side

V = 6
PROMPT = np.array([2, 0, 5])


def make_model(num_layers: int = 2, V: int = V) -> LSTM:
    model = LSTM(V, 8, V, num_layers, dtype=np.float64, seed=3)
    model.parameters["head_weight"][...] *= 4  # so that characters differ in probability
    return model


def together(
    model: LSTM, seeds: range, choice: Choice, length: int = 60, until: list[int] | None = None
) -> list[list[int]]:
    texts: list[list[int]] = [[] for _ in seeds]
    rngs = [np.random.default_rng(seed) for seed in seeds]
    ending = None if until is None else np.array(until)
    for step in sample_side_by_side(model, PROMPT, length, choice, rngs, ending):
        for k, sampled in step:
            texts[k].append(sampled.id)
    return texts


def alone(model: LSTM, seed: int, choice: Choice, length: int = 60) -> list[int]:
    return list(generate(model, PROMPT, length, choice, np.random.default_rng(seed)))


@pytest.mark.parametrize("choice", [Choice(1.0), Choice(0.7, top_k=3), Choice(1.5, top_p=0.8), Choice(0.0)], ids=str)
def test_side_by_side_each_is_what_it_would_be_alone(choice: Choice) -> None:
    model = make_model()
    assert together(model, range(4, 11), choice) == [alone(model, seed, choice) for seed in range(4, 11)]


def test_probabilities_of_many_rows_are_those_of_each() -> None:
    logits = np.random.default_rng(0).normal(size=(50, 9)).astype(np.float32) * 5
    for choice in (Choice(0.0), Choice(0.5), Choice(1.0, top_k=4), Choice(2.0, top_p=0.6), Choice(1.0, 3, 0.5)):
        np.testing.assert_array_equal(probabilities(logits, choice), [probabilities(row, choice) for row in logits])


def test_one_that_has_ended_leaves_and_the_others_go_on_as_they_would() -> None:
    model, until = make_model(), [1, 3]
    texts = together(model, range(12), Choice(1.0), until=until)
    assert len({len(text) for text in texts}) > 3
    for seed, text in enumerate(texts):
        whole = alone(model, seed, Choice(1.0))
        ends = [k for k in range(2, len(whole) + 1) if whole[k - 2 : k] == until]
        assert text == whole[: ends[0] if ends else len(whole)]


def test_the_prompt_does_not_count_as_what_was_to_come() -> None:
    model = make_model()
    (first, *_) = alone(model, 0, Choice(1.0))
    (text,) = together(model, range(1), Choice(1.0), until=[int(PROMPT[-1]), first])
    assert len(text) > 1


# Beam search


def searched(model: LSTM, length: int, width: int, until: list[int] | None = None) -> list[tuple[list[int], float]]:
    ending = None if until is None else np.array(until)
    *_, last = beam_search(model, PROMPT, length, width, ending)
    return [(each.ids.tolist(), each.loss) for each in last]


def loss_of(model: LSTM, ids: list[int]) -> float:
    """The mean of -ln p, in one forward pass."""
    text = np.concatenate([PROMPT, ids])
    logits = model.forward(text[:-1, None])[0][len(PROMPT) - 1 :, 0]
    return float(np.mean([-np.log(probabilities(row, Choice(1.0))[k]) for row, k in zip(logits, ids, strict=True)]))


def test_a_beam_that_holds_all_finds_the_likeliest_of_all_texts() -> None:
    model = make_model(1, V)
    found = searched(model, 4, V**4)
    assert len(found) == V**4
    best = min((loss_of(model, list(ids)), list(ids)) for ids in product(range(V), repeat=4))
    assert found[0][0] == best[1]
    for ids, loss in found[:: V**2]:
        assert loss == pytest.approx(loss_of(model, ids), rel=1e-9)
    assert [loss for _, loss in found] == sorted(loss for _, loss in found)


def test_one_beam_always_takes_the_likeliest() -> None:
    model = make_model()
    ((ids, _),) = searched(model, 40, 1)
    assert ids == alone(model, 0, Choice(0.0), 40)


def test_a_wider_beam_finds_nothing_less_likely_here() -> None:
    model = make_model()
    losses = [searched(model, 12, width)[0][1] for width in (1, 4, 64)]
    assert losses == sorted(losses, reverse=True)
    assert losses[2] < losses[0]


def test_beams_end_where_they_are_told_to_and_are_held_against_each_other_by_their_mean() -> None:
    model = make_model()
    found = searched(model, 12, 5, until=[1])
    assert len(found) == 5
    ended = [ids for ids, _ in found if ids[-1] == 1]
    assert ended
    assert all(1 not in ids[:-1] for ids, _ in found)
    assert all(len(ids) == 12 for ids, _ in found if ids[-1] != 1)
    assert [loss for _, loss in found] == sorted(loss for _, loss in found)
    assert found[0][1] == pytest.approx(loss_of(model, found[0][0]), rel=1e-9)


def test_an_empty_prompt_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(InputError, match="give at least one character"):
        next(beam_search(make_model(), np.array([], int), 5, 2))


def test_each_continuation_can_have_a_temperature_of_its_own() -> None:
    model = LSTM(5, 6, 5, 1, seed=3)
    model.parameters.flat[...] *= 4  # certain enough that the temperature shows
    choices = [Choice(0.0), Choice(0.7), Choice(1.5)]
    prompt = np.array([1, 2])
    together: dict[int, list[int]] = {}
    rngs = [np.random.default_rng(k) for k in range(3)]
    for drawn in sample_side_by_side(model, prompt, 40, choices, rngs):
        for k, each in drawn:
            together.setdefault(k, []).append(each.id)
    for k, choice in enumerate(choices):
        assert together[k] == list(generate(model, prompt, 40, choice, np.random.default_rng(k)))
