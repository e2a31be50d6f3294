"""A twin has as many parameters and the same data, and moves nothing of the training it stands beside."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.training.twin import twin_trainer
from support.stepped import tiny_trainer


@pytest.mark.parametrize("task", ["text", "stock"])
def test_it_learns_from_the_same_batches_and_leaves_the_cursor_where_it_was(task: str, tmp_path: Path) -> None:
    trainer, alone = tiny_trainer(tmp_path, task), tiny_trainer(tmp_path, task)
    trainer.step()
    alone.step()
    twin, before = twin_trainer(trainer.task, "rnn"), trainer.task.cursor()
    twin.task.seek(dict.fromkeys(before, 0))
    np.testing.assert_array_equal(twin.task.next_batch().x, tiny_trainer(tmp_path, task).task.next_batch().x)
    for _ in range(5):
        twin.step()
    assert trainer.task.cursor() == before
    trainer.step()
    alone.step()
    np.testing.assert_array_equal(trainer.model.parameters.flat, alone.model.parameters.flat)


def test_it_has_about_as_many_parameters(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, hidden_size=40)
    twin = twin_trainer(trainer.task, "rnn")
    assert twin.model.kind.name == "rnn"
    wanted = trainer.model.parameters.flat.size
    assert wanted <= twin.model.parameters.flat.size < 1.05 * wanted
