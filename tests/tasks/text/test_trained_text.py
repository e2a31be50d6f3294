"""What a model of text was trained on is kept, and how much of what is measured it has seen is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from lstm_model.tasks.text.corpus import read_corpus
from lstm_model.tasks.text.trained_on import TrainedText
from support.texts import written

TEXT = b"to be or not to be, that is the question\n" * 100


def test_another_split_of_the_same_text_measures_what_was_trained_on(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    kept = TrainedText.of(read_corpus(path))
    memory = json.loads(json.dumps(kept.memory()))
    assert TrainedText.from_memory(memory, kept.fingerprint) == kept
    other = read_corpus(path, split=(50, 25, 25))
    val, test = other.parts["val"], other.parts["test"]
    assert kept.shares(other.fingerprint, val) == (1.0, 0.0)
    trained, chosen = kept.shares(other.fingerprint, test)
    assert trained == pytest.approx(15 / 25, abs=0.01)
    assert chosen == pytest.approx(5 / 25, abs=0.01)
    assert kept.sentence(other.fingerprint, test).startswith("60 % of these characters the model was trained on")
    own = read_corpus(path)
    for name in ("val", "test"):
        assert kept.sentence(own.fingerprint, own.parts[name]) == ""
    assert "by 50 % of these characters" in kept.sentence(own.fingerprint, own.held_out)
    changed = read_corpus(written(tmp_path, TEXT + b"."))
    assert kept.shares(changed.fingerprint, changed.parts["train"]) == (0.0, 0.0)


@pytest.mark.parametrize("bad", [None, [], [1], [2, 1], [-1, 5], [0.0, 5], ["0", 5], [0, 1 << 60], [True, 5], {}])
def test_what_makes_no_sense_in_a_checkpoint_is_as_if_it_were_not_there(bad: Any) -> None:
    assert TrainedText.from_memory({"trained": bad, "validated": [0, 1]}, "x") is None
    assert TrainedText.from_memory({"trained": [0, 1], "validated": bad}, "x") is None


def test_a_checkpoint_from_before_this_was_kept_says_nothing() -> None:
    assert TrainedText.from_memory({"vocabulary": "ab"}, "x") is None
