"""One steep place is enough to throw a network far away, where its gradient is not bounded."""

import math

import numpy as np

from lstm_model.lessons.outcome import Outcome, Progress
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import DivergedError, Trainer

STEPS = 300
RATE = 4.0  # of plain gradient descent
BOUNDS = (1.0, 0.0)


def outcome(progress: Progress) -> Outcome:
    """Train the same network with and without a bound."""
    rows = []
    for number, bound in enumerate(BOUNDS):
        config = preset_config(
            "text", hidden_size=64, num_layers=2, batch_size=8, seq_length=64, optimizer="sgd", learning_rate=RATE,
            clip=bound, schedule="constant", warmup=0, average=0, dropout=0, threads=1,
        )  # fmt: skip
        trainer = Trainer(open_task(config))
        norms, losses = [], []
        for step in range(STEPS):
            progress((number + step / STEPS) / len(BOUNDS))
            try:
                report = trainer.step()
            except DivergedError:  # the loss is no number any more
                losses.append(math.inf)
                break
            norms.append(report.grad_norm)
            losses.append(report.loss)
        name = f"bound {bound:g}" if bound else "no bound"
        rows.append((name, float(np.max(norms)), float(np.max(losses)), float(np.mean(losses[-20:]))))
    return Outcome(
        f"Two networks of two layers take {STEPS} steps of plain gradient descent at a rate of {RATE:g} on the man"
        " pages. They differ in the bound on the norm of the gradient alone.",
        ("way", "largest gradient norm", "largest loss", "loss at the end"),
        tuple(rows),
        "The direction of a step is the same, only its length is bounded. Without a bound the first steep place"
        " sends the weights far away, and what was learnt until then is lost.",
    )
