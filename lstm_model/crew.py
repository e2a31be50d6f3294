"""Several cores for one training step: the batch is cut into shards, and helper processes take all but the first.

Who computes a shard never changes a bit of the result: the shards, not the helpers, decide what is added to what. So
the owner computes a helper's shard itself until that helper is there, and again if it is lost.

    owner                                       helper k
    parameters, x, targets, state -> board
    one byte down the pipe                  ->  loss and gradients of shard k -> board
    shard 0                                     one byte up the pipe
    gradients of all shards, added up       <-

Processes and not threads: between two NumPy calls a thread must have the interpreter, and one LSTM step makes ten calls
of a few microseconds each. docs/performance.md has the figures.
"""

import json
import os
import select
import subprocess
import sys
import weakref
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Inputs, State
from lstm_model.board import Board
from lstm_model.model import LSTM

GO, READY, DONE = b"g", b"r", b"d"
GONE_WITHIN = 5.0  # seconds for a helper that is told to end to do so
DropoutKey = tuple[int, ...]  # what the generator of a step's dropout follows from


class Helper:
    """One helper process, as its owner sees it."""

    def __init__(self, spec: dict[str, Any], descriptor: int) -> None:
        package = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
            [sys.executable, "-m", "lstm_model.helper", json.dumps(spec)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            pass_fds=[descriptor], env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        self._down, self._up = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self.ready = self.lost = False

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def begin(self) -> bool:
        """Send it to work on what is on the board; False if it is not there (yet, or any more)."""
        if not self.wait_ready(0):
            return False
        try:
            self._down.write(GO)
        except OSError:
            self.lost = True
        return not self.lost

    def wait_ready(self, seconds: float) -> bool:
        """Whether it is there, after some seconds at most."""
        if not self.ready and not self.lost and select.select([self._up], [], [], seconds)[0]:
            self.ready = self._hear(READY)
        return self.ready and not self.lost

    def wait(self) -> bool:
        """Wait until it is done; False if it ended before it was."""
        return self._hear(DONE)

    def _hear(self, word: bytes) -> bool:
        self.lost = self._up.read(1) != word
        return not self.lost

    def end(self) -> None:
        """Let it go: it ends when nobody can send it to work any more."""
        self._down.close()
        self._up.close()
        try:
            self._process.wait(GONE_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Crew:
    """Computes a model's loss and gradients in shards of the batch; `shards` 1 is the model alone.

    x, targets: a batch whose shapes and types all others have; B is the second axis of both.
    """

    def __init__(self, model: LSTM, x: Inputs, targets: Inputs, shards: int) -> None:
        B = x.shape[1]
        self.model = model
        borders = [round(B * k / shards) for k in range(shards + 1)]
        self._parts = [slice(a, b) for a, b in pairwise(borders)]
        self._shares = [(part.stop - part.start) / B for part in self._parts]
        self._helpers: list[Helper] = []
        if shards == 1:
            return
        fields: dict[str, tuple[tuple[int, ...], str]] = {"parameters": (model.parameters.flat.shape, model.dtype.str)}
        for k, part in enumerate(self._parts[1:], start=1):
            fields |= _shard_fields(k, model, x[:, part], targets[:, part])
        self._board = Board(fields)
        self._twins = [
            LSTM(**model.settings, vectors=(model.parameters.flat, self._board[f"gradients{k}"]))
            for k in range(1, shards)
        ]
        for k in range(1, shards):
            spec = {"model": model.settings, "fields": fields, "shard": k, "share": self._shares[k],
                    "descriptor": self._board.descriptor}  # fmt: skip
            self._helpers.append(Helper(spec, self._board.descriptor))
        self._board.close_descriptor()
        self._end = weakref.finalize(self, _end_all, self._helpers)

    @property
    def shards(self) -> int:
        """Into how many shards a batch is cut."""
        return len(self._parts)

    def loss_and_gradients(
        self, x: Inputs, targets: Inputs, state: State | None, dropout_key: DropoutKey | None
    ) -> tuple[float, State]:
        """As `LSTM.loss_and_gradients`, with the gradients of all shards added up in the model's."""
        if self.shards == 1:
            return self.model.loss_and_gradients(x, targets, state, _generator(dropout_key, 0))
        h, c = state or self.model.zero_state(x.shape[1])
        board = self._board
        np.copyto(board["parameters"], self.model.parameters.flat)
        began = []
        for k, part in enumerate(self._parts[1:], start=1):
            for name, values in (("x", x), ("targets", targets), ("h", h), ("c", c)):
                np.copyto(board[f"{name}{k}"], values[:, part])
            board[f"key{k}"][:] = -1 if dropout_key is None else [*dropout_key, k]
            began.append(self._helpers[k - 1].begin())
        first = self._parts[0]
        loss, (h0, c0) = self.model.loss_and_gradients(
            x[:, first], targets[:, first], (h[:, first], c[:, first]), _generator(dropout_key, 0), self._shares[0]
        )
        h, c = np.empty_like(h), np.empty_like(c)
        h[:, first], c[:, first] = h0, c0
        loss *= self._shares[0]
        for k, part in enumerate(self._parts[1:], start=1):
            if not (began[k - 1] and self._helpers[k - 1].wait()):
                compute_shard(self._twins[k - 1], board, k, self._shares[k])
            self.model.gradients.flat += board[f"gradients{k}"]
            h[:, part], c[:, part] = board[f"h{k}"], board[f"c{k}"]
            loss += float(board[f"loss{k}"][0]) * self._shares[k]
        return loss, (h, c)

    def wait_ready(self, seconds: float = 30.0) -> bool:
        """Whether all helpers are there, after some seconds at most each: for who wants to measure."""
        return all(helper.wait_ready(seconds) for helper in self._helpers)

    @property
    def helper_pids(self) -> list[int]:
        """The process numbers of the helpers."""
        return [helper.pid for helper in self._helpers]

    def close(self) -> None:
        """End the helpers; the crew can still compute, alone."""
        if self._helpers:
            self._end()


def _end_all(helpers: list[Helper]) -> None:
    for helper in helpers:
        helper.lost = True
        helper.end()


def _shard_fields(k: int, model: LSTM, x: Inputs, targets: Inputs) -> dict[str, tuple[tuple[int, ...], str]]:
    state = (model.num_layers, x.shape[1], model.hidden_size), model.dtype.str
    of_shard = {
        "gradients": (model.gradients.flat.shape, model.dtype.str),
        "x": (x.shape, x.dtype.str),
        "targets": (targets.shape, targets.dtype.str),
        "h": state,
        "c": state,
        "loss": ((1,), "<f8"),
        "key": ((4,), "<i8"),
    }
    return {f"{name}{k}": field for name, field in of_shard.items()}


def _generator(key: DropoutKey | None, shard: int) -> np.random.Generator | None:
    return None if key is None else np.random.default_rng([*key, shard])


def compute_shard(model: LSTM, board: Board, k: int, share: float) -> None:
    """One shard's part of a step, read from the board and written to it; what owner and helper do alike."""
    key: NDArray[np.int64] = board[f"key{k}"]
    rng = None if key[0] < 0 else np.random.default_rng(key.tolist())
    state = board[f"h{k}"], board[f"c{k}"]
    loss, (h, c) = model.loss_and_gradients(board[f"x{k}"], board[f"targets{k}"], state, rng, share)
    board[f"h{k}"][...], board[f"c{k}"][...], board[f"loss{k}"][0] = h, c, loss
