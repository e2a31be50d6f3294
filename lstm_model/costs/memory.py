"""What a run will need and how fast it will go, told from its settings before anything is made."""

import math
from dataclasses import dataclass

import numpy as np

from lstm_model.costs.room import too_little
from lstm_model.costs.shards import shard_count
from lstm_model.errors import InputError
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.start_values import parameter_shapes
from lstm_model.optimization.optimizers import OPTIMIZERS
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes

FLOAT = 4  # bytes: training is in float32


@dataclass(frozen=True)
class Memory:
    """Bytes that a training step needs. The data are not in it: they are there once, whatever the settings."""

    weights: int
    gradients: int
    optimizer: int
    batch: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.gradients + self.optimizer + self.batch


def parameter_count(config: Config, sizes: Sizes) -> int:
    """How many parameters the network has."""
    shapes = parameter_shapes(CELLS[config.cell], sizes.inputs, config.hidden_size, sizes.outputs, config.num_layers)
    return sum(math.prod(shape) for shape in shapes.values())


def memory(config: Config, sizes: Sizes) -> Memory:
    """The arrays of a training step, in bytes.

    Vectors as long as the parameters, n: the weights; their average, if it is kept, which is a model of its own with
    room for gradients; with helpers the copy that all of them read, and a gradient for each of them; what the optimizer
    remembers, and the vector it reckons in. The batch's past, which the way back needs: of each layer and step what its
    cell keeps; with dropout the mask and what it leaves. Then what there is once, for G gates: the gradients that run
    down from layer to layer (2), the derivatives put in order for their sums (G), the outputs with their gradient, and
    a layer's recurrent weights scaled and in blocks (2 times G H).
    """
    c, shards, kind = config, shard_count(config), CELLS[config.cell]
    n = FLOAT * parameter_count(config, sizes)
    averaged, shared = bool(c.average), shards > 1
    T, B, H, G = c.seq_length, c.batch_size, c.hidden_size, len(kind.gates)
    remembered = len(OPTIMIZERS[c.optimizer](0, np.dtype(np.float32)).memory)
    of_a_step = H * (c.num_layers * (kind.arrays_per_step + 2 * bool(c.dropout)) + 2 + G)
    outputs = 2 * sizes.outputs * sizes.judged_steps
    return Memory(
        weights=n * (1 + averaged + shared),
        gradients=n * (1 + averaged + shards - 1),
        optimizer=n * (remembered + 1),
        batch=FLOAT * (B * (T * of_a_step + outputs) + 2 * G * H * H),
    )


def require_memory(config: Config, sizes: Sizes) -> None:
    """An InputError for a run that cannot be held here: on this machine, or within the limits of this process."""
    needed = memory(config, sizes).total
    short = too_little(needed)
    if short:
        names = ("hidden_size", "num_layers", "batch_size", "seq_length")
        given = ", ".join(f"`{name}` {getattr(config, name)}" for name in names)
        raise InputError(f"{given} need {short}: choose smaller ones", field="hidden_size")
