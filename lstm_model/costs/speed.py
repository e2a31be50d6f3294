"""How fast a run would go, from its settings alone."""

from lstm_model.costs.memory import _judged_steps, sizes
from lstm_model.costs.shards import shard_count
from lstm_model.network.cells.registry import DEFAULT_CELL
from lstm_model.settings.config import Config

# A step takes as long as its multiply-adds at RATE, and what its cell says for each time step of each layer, forward
# and back. The pair that comes nearest to the table of step.py in benchmarks/README.md: no row is off by more than a
# sixth.
RATE = 38e9  # multiply-adds a second of one core


def multiply_adds(config: Config, V: int, B: int) -> int:
    """Multiply-adds of a training step on B sequences.

    Each product of the way forward has two on the way back: one for what went in, one for the weights. Ids are looked
    up, not multiplied, so the first layer of a text model has its recurrent product alone.
    """
    c, (D, outputs) = config, sizes(config, V)
    H, T = c.hidden_size, c.seq_length
    first = H + (0 if c.task == "text" else D)
    layers = T * B * len(DEFAULT_CELL.gates) * H * (first + (c.num_layers - 1) * 2 * H)
    head = _judged_steps(config) * B * H * outputs
    return 3 * (layers + head)


def seconds_per_step(config: Config, V: int) -> float:
    """About how long a training step takes on the machine of benchmarks/README.md, with a core for each shard."""
    rows = -(-config.batch_size // shard_count(config))  # of the largest shard, for which the others wait
    beside = DEFAULT_CELL.step_seconds * config.seq_length * config.num_layers
    return multiply_adds(config, V, rows) / RATE + beside


def items_per_second(config: Config, V: int) -> float:
    """About how many characters or windows a second that machine learns from."""
    items = config.batch_size * (config.seq_length if config.task == "text" else 1)
    return items / seconds_per_step(config, V)
