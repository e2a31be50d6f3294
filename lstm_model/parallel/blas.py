"""BLAS held to one thread."""

from typing import Any

from threadpoolctl import threadpool_limits


def one_blas_thread() -> Any:
    """Hold BLAS to one thread from now on, in the whole process.

    Its threads wait for each other by spinning, several times in each of the T steps of a batch: on a machine whose
    other core is busy that costs a hundred times what it gains. Shards use the cores better, see crew.py.
    """
    return threadpool_limits(1, user_api="blas")
