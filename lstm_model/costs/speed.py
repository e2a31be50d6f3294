"""How fast a run would go, from its settings alone."""

from lstm_model.costs.shards import shard_count
from lstm_model.network.cells.registry import CELLS
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes

# A step takes as long as its multiply-adds at RATE, and what its cell says for each time step of each layer, forward
# and back. The pair that comes nearest to the table of benchmarks/step.py in benchmarks/README.md: no row is off by
# more than a sixth.
RATE = 38e9  # multiply-adds a second of one core


def multiply_adds(config: Config, sizes: Sizes, B: int) -> int:
    """Multiply-adds of a training step on B sequences.

    Each product of the way forward has two on the way back: one for what went in, one for the weights. Ids are looked
    up, not multiplied, so the first layer of a model of ids has its recurrent product alone.
    """
    H, T, gates = config.hidden_size, config.seq_length, len(CELLS[config.cell].gates)
    first = H + (0 if sizes.takes_ids else sizes.inputs)
    layers = T * B * gates * H * (first + (config.num_layers - 1) * 2 * H)
    head = sizes.judged_steps * B * H * sizes.outputs
    return 3 * (layers + head)


def seconds_per_step(config: Config, sizes: Sizes) -> float:
    """About how long a training step takes on the machine of benchmarks/README.md, with a core for each shard."""
    rows = -(-config.batch_size // shard_count(config))  # of the largest shard, for which the others wait
    beside = CELLS[config.cell].step_seconds * config.seq_length * config.num_layers
    return multiply_adds(config, sizes, rows) / RATE + beside


def items_per_second(config: Config, sizes: Sizes) -> float:
    """About how many items, such as characters, that machine learns from a second."""
    return sizes.items_per_step / seconds_per_step(config, sizes)
