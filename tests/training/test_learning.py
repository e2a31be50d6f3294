"""A run learns: what is random in the weights at first becomes a model that beats what needs none."""

from pathlib import Path

import numpy as np

from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.data_files import shipped
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from support.stepped import write_series


def losses_of(config: Config, steps: int) -> np.ndarray:
    """The training loss of every step of a run."""
    one_blas_thread()
    trainer = Trainer(open_task(config))
    try:
        return np.array([trainer.step().loss for _ in range(steps)])
    finally:
        trainer.close()


def test_a_quick_run_on_the_man_pages_soon_knows_more_than_which_characters_are_frequent() -> None:
    characters = np.bincount(np.frombuffer(shipped("text").read_bytes(), np.uint8))
    p = characters[characters > 0] / characters.sum()
    frequencies = -float(p @ np.log(p))  # nats: the best loss of a model without memory
    losses = losses_of(preset_config("text", "quick", threads=1), 120)
    assert losses[0] > 1.3 * frequencies
    assert losses[-5:].mean() < 0.9 * frequencies


def test_a_default_run_on_prices_learns_what_can_be_learnt(tmp_path: Path) -> None:
    closes = 50 * np.exp(np.cumsum(0.02 * np.sin(2 * np.pi * np.arange(1000) / 12)))  # twelve days, again and again
    losses = losses_of(preset_config("stock", data=str(write_series(tmp_path, closes)), threads=1), 200)
    assert losses[:20].mean() > 0.5  # scaled: "no change" has a loss of 1
    assert losses[-20:].mean() < 0.05
