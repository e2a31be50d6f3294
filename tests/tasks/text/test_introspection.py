"""How much a text surprises a model, character by character."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.surprise import CONTEXT, held_out, read_passage, surprise
from lstm_model.tasks.text.task import TextTask, text_loss
from support.stepped import tiny_trainer

V = 7


@pytest.fixture
def model() -> LSTM:
    made = LSTM(V, 6, V, 2, seed=3)
    made.parameters.flat *= 3  # far from uniform
    return made


@pytest.fixture
def ids() -> np.ndarray:
    return np.random.default_rng(4).integers(0, V, 1500).astype(np.uint8)


def task_of(folder: Path, **settings: Any) -> TextTask:
    task = tiny_trainer(folder, **settings).task
    assert isinstance(task, TextTask)
    return task


def test_its_mean_is_the_loss_of_the_same_characters(model: LSTM, ids: np.ndarray) -> None:
    read = finish(surprise(model, ids, 300, 1200, context=1))
    assert read.nats.mean() == pytest.approx(finish(text_loss(model, ids, range(300, 1200))), rel=1e-6)


def test_each_character_is_judged_by_the_state_after_all_before_it(model: LSTM, ids: np.ndarray) -> None:
    read = finish(surprise(model, ids, 900, 1000, context=900))
    logits = model.forward(ids[:999, None])[0][899:, 0].astype(np.float64)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(read.nats, -log_p[np.arange(100), ids[900:1000]], rtol=1e-4)


def test_what_was_read_before_a_passage_counts(model: LSTM, ids: np.ndarray) -> None:
    cold, warm = (finish(surprise(model, ids, 900, 905, context=n)).nats for n in (1, CONTEXT))
    assert not np.allclose(cold, warm)


def test_guesses_are_the_likeliest_with_their_probabilities(model: LSTM, ids: np.ndarray) -> None:
    read = finish(surprise(model, ids, 1, 200, guesses=V))
    assert (np.diff(read.shares, axis=1) <= 0).all()
    np.testing.assert_allclose(read.shares.sum(axis=1), 1)
    for k in (0, 150):
        place = read.guesses[k].tolist().index(ids[1 + k])
        assert read.nats[k] == pytest.approx(-np.log(read.shares[k, place]))


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (5, 5), (5, 1501)])
def test_a_range_that_nothing_can_be_said_of_is_an_input_error(
    model: LSTM, ids: np.ndarray, start: int, stop: int
) -> None:
    with pytest.raises(InputError, match="nothing to read"):
        finish(surprise(model, ids, start, stop))


def test_passages_cover_the_held_out_part_once(tmp_path: Path) -> None:
    task = task_of(tmp_path)
    model = task.build_model()
    name, part = held_out(task)
    assert name == "test"
    first = finish(read_passage(model, task, 0, 0, length=50))
    assert first.count == len(part) // 50 > 1
    passages = [finish(read_passage(model, task, 0, k, length=50)) for k in range(first.count)]
    together = "".join(passage.text for passage in passages)
    assert together == task.corpus.vocabulary.decode(task.corpus.ids[part.start : part.stop])
    assert finish(read_passage(model, task, 0, 99, length=50)).number == first.count - 1


def test_without_a_test_part_the_validation_part_is_read(tmp_path: Path) -> None:
    task = task_of(tmp_path, split=(90.0, 10.0, 0.0))
    assert held_out(task)[0] == "val"
