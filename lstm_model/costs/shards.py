"""How many cores a training step uses."""

import os

from lstm_model.network.cells.registry import CELLS
from lstm_model.settings.config import MOST_THREADS, Config

LEAST_ROWS, LEAST_WORK = 4, 10_000_000  # of a shard: sequences, and multiply-adds


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shard_count(config: Config) -> int:
    """Into how many shards a batch is cut, a core for each: what `threads` says, else what pays.

    Every shard needs work that outweighs handing it over, and rows enough to use the weights it reads for. Measured by
    benchmarks/step.py.
    """
    B, H = config.batch_size, config.hidden_size
    if os.name != "posix":  # helpers inherit a descriptor, which other systems do not let them
        return 1
    if config.threads:
        return min(B, config.threads)
    product = len(CELLS[config.cell].gates) * H * H
    work = config.seq_length * B * product * (2 * config.num_layers - 1)  # multiply-adds of a forward pass, roughly
    return max(1, min(cores(), MOST_THREADS, B // LEAST_ROWS, work // LEAST_WORK))
