"""The loss by place in a piece of text, where the state before the piece is the right one and where it is not."""

import numpy as np

from lstm_model.arrays import Floats, State
from lstm_model.network.model import Network
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import shipped_models
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.text.task import TextTask

T, B, PIECES = 64, 16, 4
FIRST = 8  # characters of a piece that the table takes together
STATES = ("carried on", "zeros", "of another text")


def losses() -> dict[str, tuple[float, float]]:
    """For each kind of state: nats per character over the first characters of the pieces, and over the others.

    The shipped model reads B streams of the validation part, PIECES pieces of T characters each.
    """
    one_blas_thread()
    saved = SavedModel.read(shipped_models()["demo-text"])
    model = saved.trainer().judged
    task = open_task(saved.config, saved.record.data.memory)
    assert isinstance(task, TextTask)
    part = task.corpus.parts["val"]
    ids = task.corpus.ids[part.start : part.stop]
    starts = np.arange(B) * (len(ids) // B)
    found: dict[str, list[Floats]] = {name: [] for name in STATES}
    state = model.zero_state(B)
    for piece in range(PIECES + 1):
        index = np.arange(T)[:, None] + starts + piece * T  # (T, B)
        x, targets = ids[index], ids[index + 1]
        after, nats = _read(model, x, targets, state)
        if piece:  # the first has nothing before it
            found["carried on"].append(nats)
            found["zeros"].append(_read(model, x, targets, model.zero_state(B))[1])
            other = tuple(np.roll(part, 1, axis=1) for part in state)
            found["of another text"].append(_read(model, x, targets, other)[1])
        state = after
    means = {name: np.mean(each, axis=(0, 2)) for name, each in found.items()}
    return {name: (float(mean[:FIRST].mean()), float(mean[FIRST:].mean())) for name, mean in means.items()}


def _read(model: Network, x: Floats, targets: Floats, state: State) -> tuple[State, Floats]:
    """The state after a piece, and -ln p of each target: (T, B)."""
    logits, after = model.forward(x, state)
    shifted = logits - logits.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    nats: Floats = -np.take_along_axis(log_p, targets[..., None].astype(int), axis=2)[..., 0]
    return after, nats


def table() -> str:
    """The table of the page: nats over the first characters of a piece, and over the others."""
    rows = [f"| the state before the piece | its first {FIRST} characters | the other {T - FIRST} |", "|---|---|---|"]
    rows += [f"| {name} | {first:.2f} | {others:.2f} |" for name, (first, others) in losses().items()]
    return "\n".join(rows)
