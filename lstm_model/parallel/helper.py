"""The process of a helper: computes one shard of each batch, for as long as its owner lives. See crew.py."""

import json
import os
import signal
import sys

import numpy as np

from lstm_model.network.model import Network
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.parallel.board import Board
from lstm_model.parallel.crew import DONE, GO, READY, compute_shard


def main() -> None:
    """Read what to do from the command line, then work at each byte on standard input, until it is closed."""
    for signum in (signal.SIGINT, signal.SIGHUP):  # meant for the owner, which ends its step and closes the pipe
        signal.signal(signum, signal.SIG_IGN)
    one_blas_thread()
    spec = json.loads(sys.argv[1])
    k, board = spec["shard"], Board(spec["fields"], spec["descriptor"])
    model = Network(**spec["model"], vectors=(board["parameters"], board[f"gradients{k}"]))
    os.write(1, READY)
    with np.errstate(all="ignore"):  # the owner notices an explosion
        while os.read(0, 1) == GO:
            compute_shard(model, board, k, spec["share"])
            os.write(1, DONE)


if __name__ == "__main__":
    main()
