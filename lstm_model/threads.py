"""How many threads the matrix products may use."""

from threadpoolctl import threadpool_limits

from lstm_model.config import Config


def thread_count(config: Config) -> int:
    """Threads for a run: what --threads says, else one.

    A second thread gains up to 1.4 times on an idle machine, and loses a hundred times on one whose other core is
    busy: BLAS threads wait for each other by spinning, several times in each of the T steps of a batch.
    """
    return config.threads or 1


def limit_threads(config: Config) -> None:
    """Hold BLAS to a run's thread count from now on, in the whole process."""
    threadpool_limits(thread_count(config), user_api="blas")
