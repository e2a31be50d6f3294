"""A state may go on to the next batch only where the text does."""

from collections.abc import Iterator

import numpy as np

from lstm_model.arrays import State
from lstm_model.lessons.outcome import Outcome, Progress
from lstm_model.network.model import LSTM, Network
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import Batch
from lstm_model.tasks.text.corpus import BatchStreams
from lstm_model.tasks.text.task import TextTask

STEPS, H, B, T = 600, 64, 16, 32
JUDGED = 200  # steps at the end that are averaged
FIRST = 4  # characters of a piece, whose prediction hangs on the state most


def outcome(progress: Progress) -> Outcome:
    """Train three networks on the same text, which is cut into the same pieces."""
    task = TextTask(preset_config("text", hidden_size=H, batch_size=B, seq_length=T, threads=1))
    train = task.corpus.parts["train"]
    ids = task.corpus.ids[train.start : train.stop]
    ways = (
        ("pieces in order, state carried (right)", streams(ids), True),
        ("shuffled pieces, state from zero", shuffled(ids), False),
        ("shuffled pieces, state carried (wrong)", shuffled(ids), True),
    )
    rows = []
    for number, (name, batches, carried) in enumerate(ways):
        model = LSTM(len(task.corpus.vocabulary), H, len(task.corpus.vocabulary), seed=1)
        losses: list[tuple[float, float]] = []
        for step, of_step in enumerate(train_on(model, batches, carried=carried)):
            losses.append(of_step)
            progress((number + step / STEPS) / len(ways))
        first, rest = np.mean(losses[-JUDGED:], axis=0)
        rows.append((name, float(first), float(rest)))
    return Outcome(
        f"Three networks of {H} units take {STEPS} steps on the same text in pieces of {T} characters. They differ"
        " in the order of the pieces, and in whether the last state of a batch is the first of the next.",
        ("way", f"loss of the first {FIRST} characters of a piece", "loss of the others, nats"),
        tuple(rows),
        "Look at the first characters of a piece, where the network knows nothing but its state. The right state"
        " helps. One from another place of the text says wrong things: that is worse than to start from zero. After"
        " some characters all three have read the same, and hardly differ: so the whole loss does not show the"
        " mistake.",
    )


def streams(ids: np.ndarray) -> Iterator[Batch]:
    """Pieces in the order of the text."""
    contiguous = BatchStreams(ids, B, T)
    while True:
        yield contiguous.next()


def shuffled(ids: np.ndarray) -> Iterator[Batch]:
    """The same pieces in any order."""
    rng = np.random.default_rng(1)
    while True:
        starts = rng.integers(0, len(ids) - T - 1, B)
        index = starts + np.arange(T)[:, None]
        yield Batch(ids[index], ids[index + 1], fresh=False)


def train_on(model: Network, batches: Iterator[Batch], *, carried: bool) -> Iterator[tuple[float, float]]:
    """Take STEPS steps; gives the losses of the first characters of the pieces and of the others."""
    optimizer, parameters = Adam(model.parameters.flat.size), model.parameters.flat
    state: State | None = None
    for _ in range(STEPS):
        batch = next(batches)
        start = state if carried and not batch.fresh else None
        outputs, state = model.forward(batch.x, start)
        first, _ = model.loss(outputs[:FIRST], batch.targets[:FIRST])
        rest, _ = model.loss(outputs[FIRST:], batch.targets[FIRST:])
        _, d_outputs = model.loss(outputs, batch.targets)
        model.backward(d_outputs, to_x=False)
        clip(model.gradients.flat, 1.0, "norm")
        optimizer.update(parameters, model.gradients.flat, 0.005)
        yield first, rest
