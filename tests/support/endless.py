"""The real command line with a step that never ends: the third one of each model."""

import sys
import threading
from itertools import count
from typing import Any

from lstm_model.network.model import Network
from lstm_tui.cli import main

STEPS = 2  # that do end
IN_STEP = "step-in-hand"  # a file made in the working directory once the endless step has begun


def stuck_after(steps: int) -> None:
    """Let the network compute for ever after so many steps."""
    right, numbers = Network.loss_and_gradients, count(1)

    def slow(network: Network, *arguments: Any, **options: Any) -> Any:
        if next(numbers) > steps:
            open(IN_STEP, "w").close()  # noqa: PTH123
            threading.Event().wait()
        return right(network, *arguments, **options)

    setattr(Network, "loss_and_gradients", slow)  # noqa: B010 - a method


if __name__ == "__main__":
    stuck_after(STEPS)
    sys.exit(main(sys.argv[1:]))
