"""How many cores a training step uses."""

import os
from typing import Any

from threadpoolctl import threadpool_limits

from lstm_model.settings.config import MOST_THREADS, Config

LEAST_ROWS, LEAST_WORK = 4, 10_000_000  # of a shard: sequences, and multiply-adds


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shard_count(config: Config) -> int:
    """Into how many shards a batch is cut, a core for each: what --threads says, else what pays.

    Every shard needs work that outweighs handing it over, and rows enough to use the weights it reads for. Measured by
    benchmarks/step.py.
    """
    B, H = config.batch_size, config.hidden_size
    if os.name != "posix":  # helpers inherit a descriptor, which other systems do not let them
        return 1
    if config.threads:
        return min(B, config.threads)
    work = config.seq_length * B * 4 * H * H * (2 * config.num_layers - 1)  # multiply-adds of a forward pass, roughly
    return max(1, min(cores(), MOST_THREADS, B // LEAST_ROWS, work // LEAST_WORK))


def one_blas_thread() -> Any:
    """Hold BLAS to one thread from now on, in the whole process.

    Its threads wait for each other by spinning, several times in each of the T steps of a batch: on a machine whose
    other core is busy that costs a hundred times what it gains. Shards use the cores better, see crew.py.
    """
    return threadpool_limits(1, user_api="blas")
