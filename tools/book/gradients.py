"""How much of a gradient of the cell state is left some steps back, before anything was learnt."""

from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.network.model import Network
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.words import TaskType

H, V, B = 256, 96, 16  # units, characters, texts side by side
STEPS = 50
SHOWN = (1, 10, 20, 50)  # steps back that the table shows


@dataclass(frozen=True)
class Start:
    """How an LSTM starts, and how many steps of its text it has read before the measurement begins."""

    forget_bias: float
    orthogonal: bool
    read_before: int = 0
    embedded: bool = False  # wide input weights, as for characters; else small ones, as for numbers

    @property
    def name(self) -> str:
        """As the table calls it."""
        later = f", after {self.read_before} steps" if self.read_before else ""
        inputs = ", wide input weights" if self.embedded else ""
        return f"{self.forget_bias:g}, {'orthogonal' if self.orthogonal else 'uniform'}{inputs}{later}"


STARTS = (
    *(Start(bias, orthogonal) for bias in (0, 1, 3) for orthogonal in (True, False)),
    Start(3, orthogonal=True, read_before=50),
    Start(1, orthogonal=True, embedded=True),
)


def left(start: Start, seed: int = 1) -> Floats:
    """The share of the length of a random dc that is left 0, 1 ... STEPS steps back, over all paths: (STEPS + 1,).

    It is the median of B texts: where gradients explode, one text can be far ahead of the others. The network is one
    layer of H units with its usual start values, except for the forget bias and, where `start` says so, for recurrent
    weights from U(-1/sqrt(H), 1/sqrt(H)). The texts are random characters.
    """
    one_blas_thread()
    rng = np.random.default_rng(seed)
    task: TaskType = "classification" if start.embedded else "regression"
    network = Network(V, H, V, task_type=task, dtype=np.float64, seed=seed)
    network.kind.rows(network.parameters["bias_l0"], "f")[...] = start.forget_bias
    if not start.orthogonal:
        recurrent = network.parameters["weight_hh_l0"]
        recurrent[...] = rng.uniform(-1 / np.sqrt(H), 1 / np.sqrt(H), recurrent.shape)
    cell, state = network.cells[0], tuple(part[0] for part in network.zero_state(B))
    steps = []
    for ids in rng.integers(0, V, (start.read_before + STEPS, B)):
        state, kept = cell.step(np.eye(V)[ids], state)
        steps.append(kept)
    gradients = np.zeros((B, H)), rng.normal(size=(B, H))  # dh, dc
    lengths = [np.linalg.norm(gradients[1], axis=1)]
    for kept in steps[: -STEPS - 1 : -1]:
        gradients = cell.step_back(gradients, kept, to_parameters=False).state  # type: ignore[assignment]
        lengths.append(np.linalg.norm(gradients[1], axis=1))
    shares: Floats = np.median(np.array(lengths) / lengths[0], axis=1)
    return shares


def in_short(share: float) -> str:
    """A share as the table prints it: three decimals, more for what is small, fewer for what is large."""
    if share >= 10:
        return f"{share:.0f}"
    return f"{share:.3f}" if share >= 0.01 else f"{share:.4f}"


def table() -> str:
    """The table of docs/book: a row for each start, a column for each number of steps."""
    rows = [("forget bias, recurrent weights", *(f"{n} step{'s' * (n > 1)} back" for n in SHOWN))]
    rows += [(start.name, *(in_short(left(start)[n]) for n in SHOWN)) for start in STARTS]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
