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
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Inputs, State
from lstm_model.network.model import Network
from lstm_model.parallel.board import Board

GO, READY, DONE = b"g", b"r", b"d"
HELPER = f"{__package__}.helper"  # the module that a helper runs
GONE_WITHIN = 5.0  # seconds for a helper that is told to end to do so
ANSWER_WITHIN = 30.0  # seconds between the owner's end of a step and its helper's, whose shards are alike
DropoutKey = tuple[int, ...]  # what the generator of a step's dropout follows from


# glibc gives large arrays back to the system when they are freed, and by chance of their addresses a helper then takes
# 400 pages anew in every step, zeroed one by one: some runs were 13 % slower for it. So what it took it keeps.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}


class Helper:
    """One helper process, as its owner sees it. It may be starting, there, busy, or lost: never to come (back)."""

    def __init__(self, spec: dict[str, Any], descriptor: int) -> None:
        package = str(Path(str(files("lstm_model"))).resolve().parent)
        path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
        self._there = self._lost = False
        self.busy = False  # sent to work, and its answer not heard
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
                [sys.executable, "-P", "-m", HELPER, json.dumps(spec)],  # -P: not the working directory's
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                pass_fds=[descriptor], env={**os.environ, **KEEP_MEMORY, "PYTHONPATH": path},
            )  # fmt: skip
        except OSError:  # no process to be had: the owner does its work
            self._lost = True
            return
        self._down, self._up = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)

    @property
    def pid(self) -> int | None:
        """The number of its process, if there is one."""
        return self._process.pid if self._process else None

    def wait_ready(self, seconds: float) -> bool:
        """Whether it is there, after some seconds at most."""
        if not self._there and not self._lost and select.select([self._up], [], [], seconds)[0]:
            self._there = self._hear(READY)
        return self._there and not self._lost

    def begin(self) -> None:
        """Send it to work on what is on the board, if it is there."""
        if self.wait_ready(0):
            self.busy = True
            try:
                self._down.write(GO)
            except OSError:
                self._lost, self.busy = True, False

    def wait(self) -> bool:
        """Wait until it is done with what it was sent to; False if it was not there, ended before, or never answers."""
        done = self.busy and self._answers() and self._hear(DONE)
        self.busy = False
        return done

    def _answers(self) -> bool:
        """Whether an answer comes in time; else it is stopped or stuck, and is let go."""
        for _ in range(2):  # the first time may have passed while the owner itself was stopped, by ctrl+z say
            if select.select([self._up], [], [], ANSWER_WITHIN)[0]:
                return True
        self.end(patience=0)
        return False

    def _hear(self, word: bytes) -> bool:
        self._lost = self._up.read(1) != word
        return not self._lost

    def end(self, patience: float = GONE_WITHIN) -> None:
        """Let it go: it ends when nobody can send it to work any more, or is killed after some seconds."""
        self._lost, self.busy = True, False
        if self._process is None:
            return
        self._down.close()
        self._up.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Crew:
    """Computes a model's loss and gradients in shards of the batch; `shards` 1 is the model alone.

    x, targets: a batch whose shapes and types all others have; B is the second axis of both.
    """

    def __init__(self, model: Network, x: Inputs, targets: Inputs, shards: int) -> None:
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
            Network(**model.settings, vectors=(model.parameters.flat, self._board[f"gradients{k}"]))
            for k in range(1, shards)
        ]
        self._specs = [
            {"model": model.settings, "fields": fields, "shard": k, "share": self._shares[k],
             "descriptor": self._board.descriptor}
            for k in range(1, shards)
        ]  # fmt: skip
        self._helpers += [Helper(spec, self._board.descriptor) for spec in self._specs]
        self._end = weakref.finalize(self, _end_all, self._helpers, self._board)

    @property
    def shards(self) -> int:
        """Into how many shards a batch is cut."""
        return len(self._parts)

    def loss_and_gradients(
        self, x: Inputs, targets: Inputs, state: State | None, dropout_key: DropoutKey | None
    ) -> tuple[float, State]:
        """As `Network.loss_and_gradients`, with the gradients of all shards added up in the model's."""
        if self.shards == 1:
            return self.model.loss_and_gradients(x, targets, state, _generator(dropout_key, 0))
        state = state or self.model.zero_state(x.shape[1])
        self._hand_out(x, targets, state, dropout_key)
        first, share = self._parts[0], self._shares[0]
        start = tuple(values[:, first] for values in state)
        rng = _generator(dropout_key, 0)
        loss, after_first = self.model.loss_and_gradients(x[:, first], targets[:, first], start, rng, share)
        loss *= share
        after = tuple(np.empty_like(values) for values in state)
        for values, of_shard in zip(after, after_first, strict=True):
            values[:, first] = of_shard
        for k, (helper, twin, part, share) in enumerate(self._others(), start=1):
            if not helper.wait():
                compute_shard(twin, self._board, k, share)
            self.model.gradients.flat += self._board[f"gradients{k}"]
            for name, values in zip(self.model.kind.states, after, strict=True):
                values[:, part] = self._board[f"{name}_after{k}"]
            loss += float(self._board[f"loss{k}"][0]) * share
        return loss, after

    def _others(self) -> Iterator[tuple[Helper, Network, slice, float]]:
        """All shards but the first: who computes it, what the owner would compute it with, its sequences and share."""
        return zip(self._helpers, self._twins, self._parts[1:], self._shares[1:], strict=True)

    def _hand_out(self, x: Inputs, targets: Inputs, state: State, key: DropoutKey | None) -> None:
        """Put all but the first shard on the board, and send the helpers to work."""
        for k, helper in enumerate(self._helpers):
            if helper.busy:  # an exception cut the step before short; whatever it answers now belongs to that
                helper.end()
                self._helpers[k] = Helper(self._specs[k], self._board.descriptor)
        np.copyto(self._board["parameters"], self.model.parameters.flat)
        fields = {"x": x, "targets": targets} | dict(zip(self.model.kind.states, state, strict=True))
        for k, (helper, _, part, _) in enumerate(self._others(), start=1):
            for name, values in fields.items():
                np.copyto(self._board[f"{name}{k}"], values[:, part])
            self._board[f"key{k}"][:] = -1 if key is None else [*key, k]
            helper.begin()

    def wait_ready(self, seconds: float = 30.0) -> bool:
        """Whether all helpers are there, after some seconds at most each: for who wants to measure."""
        return all(helper.wait_ready(seconds) for helper in self._helpers)

    @property
    def helper_pids(self) -> list[int]:
        """The process numbers of the helpers."""
        return [helper.pid for helper in self._helpers if helper.pid is not None]

    def close(self) -> None:
        """End the helpers; the crew can still compute, alone."""
        if self._helpers:
            self._end()


def _end_all(helpers: list[Helper], board: Board) -> None:
    for helper in helpers:
        helper.end()
    board.close_descriptor()


def _shard_fields(k: int, model: Network, x: Inputs, targets: Inputs) -> dict[str, tuple[tuple[int, ...], str]]:
    state = (model.num_layers, x.shape[1], model.hidden_size), model.dtype.str
    of_shard = {
        "gradients": (model.gradients.flat.shape, model.dtype.str),
        "x": (x.shape, x.dtype.str),
        "targets": (targets.shape, targets.dtype.str),
        "loss": ((1,), "<f8"),
        "key": ((4,), "<i8"),
    }
    for name in model.kind.states:
        # Apart: a helper may be killed half-way, and its owner then starts from the state before the step again.
        of_shard[name] = of_shard[f"{name}_after"] = state
    return {f"{name}{k}": field for name, field in of_shard.items()}


def _generator(key: DropoutKey | None, shard: int) -> np.random.Generator | None:
    return None if key is None else np.random.default_rng([*key, shard])


def compute_shard(model: Network, board: Board, k: int, share: float) -> None:
    """One shard's part of a step, read from the board and written to it; what owner and helper do alike."""
    key: NDArray[np.int64] = board[f"key{k}"]
    rng = None if key[0] < 0 else np.random.default_rng(key.tolist())
    state = tuple(board[f"{name}{k}"] for name in model.kind.states)
    loss, after = model.loss_and_gradients(board[f"x{k}"], board[f"targets{k}"], state, rng, share)
    for name, values in zip(model.kind.states, after, strict=True):
        board[f"{name}_after{k}"][...] = values
    board[f"loss{k}"][0] = loss
