"""What a network writes while it learns: one training, sampled at steps that lie ever further apart."""

import numpy as np

from lstm_model.network.sampling import Choice, generate
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.trainer import Trainer

STEPS = (0, 30, 100, 300, 1000, 3000)
LENGTH, TEMPERATURE, PROMPT = 220, 0.7, "DESCRIPTION\n       The "


def sampled() -> str:
    """The samples as a part of a page: step, loss of held-out text, and what the averaged weights write. Minutes."""
    one_blas_thread()
    config = preset_config("text", hidden_size=256, seed=1, threads=1, schedule="sqrt")
    task = open_task(config)
    assert isinstance(task, TextTask)
    trainer, parts = Trainer(task), []
    for step in STEPS:
        while trainer.steps < step:
            trainer.step()
        loss = finish(task.validation_loss(trainer.judged, quick=True))
        ids = task.corpus.vocabulary.encode(PROMPT)
        written = generate(trainer.judged, ids, LENGTH, Choice(TEMPERATURE), np.random.default_rng(1))
        text = task.corpus.vocabulary.decode(np.fromiter(written, int))
        lines = "\n".join(line.rstrip() for line in text.splitlines())
        parts.append(f"Step {step:,}, {loss:.2f} nats:\n\n```text\n{lines}\n```")
    return "\n\n".join(parts)
