"""The real command line with steps that compute for two seconds each, but for the first one."""

import sys
import time
from itertools import count
from typing import Any

import numpy as np

from lstm_model.network.model import Network
from lstm_tui.cli import main

SECONDS = 2.0


def make_steps_long() -> None:
    """Let the network multiply matrices for so long, each time but the first, before it does what it is to do."""
    right, numbers = Network.loss_and_gradients, count()
    large = np.ones((500, 500), np.float32)

    def slow(network: Network, *arguments: Any, **options: Any) -> Any:
        end = time.monotonic() + (SECONDS if next(numbers) else 0.0)
        while time.monotonic() < end:
            large @ large
        return right(network, *arguments, **options)

    setattr(Network, "loss_and_gradients", slow)  # noqa: B010 - a method


if __name__ == "__main__":
    make_steps_long()
    sys.exit(main(sys.argv[1:]))
