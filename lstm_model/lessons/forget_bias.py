"""The bias of the forget gate at the start decides what an LSTM can learn to remember."""

import numpy as np

from lstm_model.inside.trace import trace
from lstm_model.lessons.outcome import Outcome, Progress
from lstm_model.network.model import Network
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer

BIASES = (-2.0, 0.0, 1.0, 3.0)
STEPS, BACK = 400, 20


def outcome(progress: Progress) -> Outcome:
    """Train the copy task from each start."""
    rows = []
    for number, bias in enumerate(BIASES):
        trainer = Trainer(open_task(preset_config("copy", hidden_size=48, batch_size=32, threads=1)))
        set_forget_bias(trainer.model, bias)
        left = gradient_left(trainer)
        for step in range(STEPS):
            trainer.step()
            progress((number + step / STEPS) / len(BIASES))
        rows.append((f"bias {bias:g}", left, finish(trainer.task.validation_loss(trainer.model))))
    reference = next(iter(trainer.task.references().values()))
    return Outcome(
        f"Four LSTMs learn to repeat 3 symbols after a gap of 20 steps, {STEPS} training steps each. They differ in"
        " the bias of the forget gate at the start alone.",
        ("forget gate starts with", f"gradient left {BACK} steps back, before training", "loss, nats a step"),
        tuple(rows),
        f"A network that remembers nothing scores {reference:.3f}. The less of the gradient reaches back to the"
        " symbols, the less tells the network to keep them, and the slower it learns. Above 1 the gradient grows on"
        " its way: that learns too here, but it can explode over longer ways.",
    )


def set_forget_bias(model: Network, bias: float) -> None:
    """Let the forget gates of all layers start with a bias."""
    for k in range(model.num_layers):
        model.kind.rows(model.parameters[f"bias_l{k}"], "f")[...] = bias


def gradient_left(trainer: Trainer) -> float:
    """How much of the gradient of a prediction with respect to c is left some steps back."""
    reading = trainer.task.reading(0, 0)
    traced = trace(trainer.model, reading.x[:, 0])
    last = len(reading.labels) - 1
    c = traced.back(last, 0).states[0]["c"]
    return float(np.linalg.norm(c[last - BACK]) / np.linalg.norm(c[last]))
