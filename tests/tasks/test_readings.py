"""What each task lets a look inside read: held-out data, and what follows each step of it."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.settings.presets import preset_config
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.task import TextTask
from support.stepped import tiny_trainer


def test_a_piece_of_text_is_held_out_and_each_target_is_the_character_behind(tmp_path: Path) -> None:
    task = tiny_trainer(tmp_path).task
    assert isinstance(task, TextTask)
    first, second = task.reading(0, 20), task.reading(1, 20)
    ids, part = task.corpus.ids, task.part("val")
    assert np.array_equal(first.x[:, 0], ids[part.start : part.start + 20])
    assert first.targets is not None
    assert np.array_equal(first.targets[:-1, 0], first.x[1:, 0])
    assert "".join(first.labels) == task.corpus.vocabulary.decode(first.x[:, 0])
    assert second.before is not None
    assert np.array_equal(second.before[-20:, 0], first.x[:, 0])
    assert task.reading(10**6, 20).number == first.count - 1


@pytest.mark.parametrize("number", [0, 1, 5])
def test_a_window_of_prices_is_what_its_day_is_forecast_from(tmp_path: Path, number: int) -> None:
    task = tiny_trainer(tmp_path, "stock").task
    assert isinstance(task, StockTask)
    reading, T = task.reading(number, 999), task.config.seq_length
    day = len(task.prices.dates) - number
    assert reading.x.shape[:2] == (T, 1)
    assert reading.values is not None
    assert reading.values[-1] == task.prices.close[day - 1]
    if number:
        assert reading.targets is not None
        assert np.array_equal(reading.x, task.data.windows(np.array([day]))[0])
    else:
        assert reading.targets is None
        assert np.array_equal(reading.x, task.data.next_window())


def test_a_sequence_to_copy_comes_with_what_is_to_be_said() -> None:
    task = open_task(preset_config("copy"))
    reading = task.reading(3, 999)
    assert reading.targets is not None
    said = [reading.outputs[symbol] for symbol in reading.targets[-3:, 0]]
    assert list(reading.labels[:3]) == said
    assert "!" in reading.labels
