"""A model of text that learns as it reads: nothing is known before it is scored, and nothing else changes."""

import math
from pathlib import Path

import numpy as np
import pytest

from lstm_model.adaptation.rules import Rule
from lstm_model.errors import InputError
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.settings.presets import preset_config
from lstm_model.storage.cache import cache_folder
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.text.adaptation import learning
from lstm_model.tasks.text.adaptation.adaptive import (
    SEGMENT,
    read_adaptively,
    read_passage_adaptively,
    text_reader,
    text_scales,
)  # fmt: skip
from lstm_model.tasks.text.adaptation.learning import judge_learning
from lstm_model.tasks.text.adaptation.online import read_online
from lstm_model.tasks.text.corpus import Corpus
from lstm_model.tasks.text.judging.kneser_ney import Counted, counted, counting_losses
from lstm_model.tasks.text.judging.mixture import fitted_weights, mixed_loss
from lstm_model.tasks.text.surprise import read_passage, surprise
from lstm_model.tasks.text.task import TextTask, text_nats, text_score

V = 6
FAST = Rule(3.0, 0.0)


def model_of(V: int = V) -> Network:
    return Network(V, 16, V, seed=2)


def test_what_only_peeking_could_learn_is_not_learnt() -> None:
    """After a part that comes again, characters drawn by chance: whoever predicts them below ln V has seen them."""
    chance = np.random.default_rng(4).integers(0, V, 60 * SEGMENT)
    ids = np.concatenate([np.tile(np.arange(V), 400), chance])
    start = len(ids) - len(chance)
    reader = text_reader(model_of(), FAST)
    nats = finish(read_adaptively(reader, ids, 1, len(ids))).nats
    assert nats[start - 40 : start - 10].mean() < 0.2  # it does learn
    assert nats[start:].mean() > math.log(V)
    peeked = []  # what a reader gets that learns from a segment before it is scored
    for first in range(start, len(ids), SEGMENT):
        inputs, targets = ids[first - 1 : first + SEGMENT - 1, None], ids[first : first + SEGMENT, None]
        for _ in range(8):
            reader.predict(inputs, fresh=True)
            loss = reader.learn(targets)
        peeked.append(loss)
    assert np.mean(peeked) < 0.9 * math.log(V)  # so the line above can tell the two apart


def test_without_a_rate_it_reads_as_one_that_stands_still() -> None:
    ids, model = np.random.default_rng(7).integers(0, V, 300), model_of()
    read = finish(read_adaptively(text_reader(model, Rule(0.0, 0.0)), ids, 5, 300))
    still = finish(surprise(model, ids, 5, 300, context=1))
    np.testing.assert_allclose(read.nats, still.nats, rtol=1e-5)
    np.testing.assert_array_equal(read.guesses, still.guesses)


def test_a_reader_goes_on_with_what_it_has_read() -> None:
    ids, model = np.tile(np.arange(V), 100), model_of()
    whole = finish(read_adaptively(text_reader(model, FAST), ids, 1, 1 + 8 * SEGMENT)).nats
    reader = text_reader(model, FAST)
    parts = [finish(read_adaptively(reader, ids, 1 + k * SEGMENT, 1 + (k + 4) * SEGMENT)).nats for k in (0, 4)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (5, 5), (3, 999)])
def test_a_range_outside_of_the_text_is_an_error(start: int, stop: int) -> None:
    with pytest.raises(InputError, match="the text has 10"):
        finish(read_adaptively(text_reader(model_of()), np.zeros(10, int), start, stop))


def test_surprise_of_each_character_has_the_mean_that_the_score_says() -> None:
    ids, model, part = np.random.default_rng(1).integers(0, V, 4500), model_of(), range(400, 4433)
    nats = finish(text_nats(model, ids, part))
    assert len(nats) == len(part)
    assert nats.mean() == pytest.approx(finish(text_score(model, ids, part)).loss, rel=1e-6)


def test_scales_are_of_the_training_part_and_none_where_it_is_too_short() -> None:
    model, ids = model_of(), np.random.default_rng(1).integers(0, V, 6000)
    scales = finish(text_scales(model, ids, range(6000)))
    assert scales is not None
    assert scales.shape == model.parameters.flat.shape
    assert (scales >= 0).all()
    assert finish(text_scales(model, ids, range(SEGMENT))) is None


def test_counts_character_by_character_have_the_mean_of_the_counting_model() -> None:
    rng = np.random.default_rng(3)
    train, part = (rng.choice(V, n, p=[0.4, 0.3, 0.1, 0.1, 0.05, 0.05]) for n in (5000, 600))
    found = counted(train, part, V)
    assert -np.log(found.p).mean() == counting_losses(train, part, V)["context_8"]
    assert found.known[0] == 0  # nothing is known of what stands before the part
    assert found.known[:9].max() <= 8
    assert set(found.known) > {4, 5}


def test_the_mixture_is_at_least_as_good_as_either_where_it_was_fitted() -> None:
    rng = np.random.default_rng(8)
    known = rng.integers(0, 3, 3000).astype(np.uint8)
    p = np.where(known == 2, 0.9, 0.05)  # these counts are sure of what they know, and rightly
    nats = -np.log(np.where(rng.random(3000) < 0.5, 0.5, 0.4))
    weights = fitted_weights(nats, counts := Counted(p, known))
    assert weights[2] < 0.1 < 0.9 < weights[0]
    assert mixed_loss(nats, counts, weights) < min(nats.mean(), -np.log(p).mean())


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """Words of a small language; each tenth page has a word of its own, which comes again and again."""
    rng = np.random.default_rng(6)
    pages = []
    for _ in range(30):
        own = "".join(rng.choice(list("abcdefgh"), 9))
        words = rng.choice(["the ", "of ", "and\n", f"{own} "], 40)
        pages.append("".join(words))
    (tmp_path / "pages.txt").write_text("\n\n".join(pages))
    config = preset_config("text", data=str(tmp_path / "pages.txt"), hidden_size=24, split=(60, 20, 20))
    task = open_task(config)
    assert isinstance(task, TextTask)
    return task.corpus


def test_the_rate_is_found_on_the_validation_part_and_kept(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    model = model_of(len(corpus.vocabulary))
    before = model.parameters.flat.copy()
    test = corpus.parts["test"]
    found = judge_learning(model, corpus.ids, test, corpus)
    assert (model.parameters.flat == before).all()
    assert found.tuned.searched == len(corpus.parts["val"])
    still = finish(text_score(model, corpus.ids, test)).loss
    assert found.mixed is not None
    assert found.adapted_mixed is not None
    assert found.adapted < still
    assert found.adapted_mixed < found.adapted
    assert found.mixed < still
    # Another test part changes nothing of what was found; and what was found is not searched for again.
    ids = corpus.ids.copy()
    ids[test.start :] = ids[test.start : test.stop][::-1]
    monkeypatch.setattr(learning, "find_text_rule", None)
    again = judge_learning(model, ids, test, corpus)
    assert again.tuned == found.tuned
    assert again.adapted != found.adapted


def test_a_damaged_note_of_what_was_found_is_found_anew(corpus: Corpus) -> None:
    model = model_of(len(corpus.vocabulary))
    part = range(corpus.parts["test"].start, corpus.parts["test"].start + 2 * SEGMENT)
    found = judge_learning(model, corpus.ids, part, corpus)
    for file in cache_folder().glob("*.json"):
        file.write_text('{"rule": {"rate": NaN, "pull": 1}, "searched": 3, "weights": [], "adapted_weights": []}')
    assert judge_learning(model, corpus.ids, part, corpus) == found


@pytest.mark.parametrize("cell", CELLS)
def test_a_text_is_read_from_nothing_by_every_cell_and_chance_gains_nothing(cell: str) -> None:
    config = preset_config("text", hidden_size=12, warmup=5, learning_rate=0.02, cell=cell)
    again = finish(read_online(config, np.tile(np.arange(V), 1500), V))
    assert again.tenths[-1] < 0.1 * math.log(V) < 0.5 * math.log(V) < again.tenths[0]
    assert 0 < again.loss < math.log(V)
    assert finish(read_online(config, np.random.default_rng(1).integers(0, V, 2000), V)).loss > math.log(V)


def test_without_its_text_a_model_learns_at_a_usual_rate_and_has_no_counts(corpus: Corpus) -> None:
    found = judge_learning(model_of(len(corpus.vocabulary)), corpus.ids, corpus.parts["test"], None)
    assert found.tuned.searched == 0
    assert (found.mixed, found.adapted_mixed) == (None, None)
    assert math.isfinite(found.adapted)


def test_a_passage_is_read_learning_and_without_and_knows_which_is_which(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    (tmp_path / "names.txt").write_text("".join(rng.choice(["the ", "of ", "and\n"], 4000)) + "ananas\n" * 900)
    task = open_task(preset_config("text", data=str(tmp_path / "names.txt"), split=(60, 20, 20)))
    assert isinstance(task, TextTask)
    model = model_of(len(task.corpus.vocabulary))
    before = model.parameters.flat.copy()
    count = finish(read_passage(model, task, 7, 0)).count
    still, learnt = (finish(read(model, task, 7, count - 1)) for read in (read_passage, read_passage_adaptively))
    assert (model.parameters.flat == before).all()
    assert (learnt.text, learnt.part, learnt.number, learnt.step) == (still.text, "test", count - 1, 7)
    assert (still.still, still.still_bits) == (None, None)
    assert learnt.still_bits is not None
    np.testing.assert_array_equal(learnt.still_bits, still.bits)
    assert learnt.bits.mean() < 0.5 * still.bits.mean()  # a name that comes again and again


def test_before_the_start_of_a_text_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("ab" * 20)
    task = open_task(preset_config("text", data=str(tmp_path / "short.txt"), split=(50, 25, 25)))
    assert isinstance(task, TextTask)
    learnt = finish(read_passage_adaptively(model_of(2), task, 0, 0))
    assert len(learnt.bits) == len(learnt.text) == 10
