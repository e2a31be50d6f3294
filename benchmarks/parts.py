"""What each speed-up gains against the plain form it replaces, one after the other on one core.

    python benchmarks/parts.py [--json FILE]

docs/performance.md tells the reasons, in the same order; the last rows are of what was tried and left out.
Times are medians in microseconds. It takes some 15 seconds.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from machine import Results, introduce, parser_of
from step import V, batch_of, median_ms

from lstm_model.arrays import State
from lstm_model.network.cells.blocks import block_width, blocks_of, in_blocks
from lstm_model.network.cells.lstm.buffers import Buffers
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.lstm.sequence import Layer
from lstm_model.network.cells.products import sum_rows_by_id, with_ones
from lstm_model.optimization.optimizers import Adam

RNG = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    """Random numbers."""
    return RNG.standard_normal(shape).astype(np.float32)


def micros(action: Callable[[], Any], seconds: float = 0.15) -> float:
    """The median time of a call."""
    action()
    return 1e3 * median_ms(action, seconds)


def against(name: str, plain: Callable[[], Any], fast: Callable[[], Any]) -> list[str]:
    """A row: both times and the gain."""
    before, after = micros(plain), micros(fast)
    return [name, *(f"{t:,.0f}" if t >= 10 else f"{t:.1f}" for t in (before, after)), f"{before / after:.1f}"]


def products(results: Results) -> None:
    """The recurrent product of one step, (B, H) with (H, 4H), in GFLOP/s."""
    rows = []
    for H in (128, 256, 512):
        for B in (8, 16, 32, 64):
            h, weight = floats(B, H), floats(4 * H, H)
            stacked, gates = np.empty((B, 4 * H), np.float32), np.empty((4, B, H), np.float32)
            by_gate = np.ascontiguousarray(weight.reshape(4, H, H).transpose(0, 2, 1))
            width = block_width(B, H)
            blocks, out = in_blocks(by_gate, B), blocks_of(gates)
            whole = np.ascontiguousarray(weight.T)
            times = [
                micros(partial(np.matmul, h, weight.T, out=stacked)),
                micros(partial(np.matmul, h, whole, out=stacked)),
                micros(partial(np.matmul, h, by_gate, out=gates)),
                micros(partial(np.matmul, h, blocks, out=out)),
            ]
            speeds = [f"{8 * B * H * H / t / 1e3:.0f}" for t in times]
            rows.append([f"H{H} B{B}", *speeds, str(width), f"{times[0] / times[-1]:.2f}"])
    head = ["recurrent product", "transposed view", "copy", "by gate", "in blocks", "width", "gain"]
    results.table("products", head, rows, more=["in blocks", "gain"])


def gates() -> list[str]:
    """Three sigmoids and a tanh on strided gates against one tanh on all, at H256 B32."""
    B, H = 32, 256
    stacked, apart = floats(B, 4 * H), floats(4, B, H)
    scale = np.array([0.5, 0.5, 1, 0.5], np.float32)[:, None, None]
    shift = np.array([0.5, 0.5, 0, 0.5], np.float32)[:, None, None]
    out = np.empty_like(apart)

    def plain() -> None:
        z_i, z_f, z_g, z_o = np.split(stacked, 4, axis=1)
        for z in (z_i, z_f, z_o):
            1 / (1 + np.exp(-z))
        np.tanh(z_g)

    def fast() -> None:
        np.tanh(apart, out=out)
        np.multiply(out, scale, out=out)
        np.add(out, shift, out=out)

    return against("gates: 3 sigmoids and a tanh / one tanh", plain, fast)


def ids() -> list[list[str]]:
    """Input rows and their gradient, for characters at H256 T64 B32."""
    n, H = 64 * 32, 256
    chosen = RNG.choice(V, n, p=RNG.dirichlet(np.full(V, 0.3)))  # as uneven as the characters of a text
    weight, rows, out = floats(4, V, H), floats(4, n, H), np.empty((4, n, H), np.float32)

    def one_hot() -> np.ndarray:
        made = np.zeros((n, V), np.float32)
        made[np.arange(n), chosen] = 1
        return made

    def gather() -> None:
        for of_gate, its in zip(weight, out, strict=True):
            np.take(of_gate, chosen, axis=0, out=its, mode="clip")

    def add_at() -> None:
        total = np.zeros((V, 4 * H), np.float32)
        np.add.at(total, chosen, rows.transpose(1, 0, 2).reshape(n, 4 * H))

    return [
        against("input rows: one-hot product / gather", lambda: np.matmul(one_hot(), weight, out=out), gather),
        against("gradient of ids: one-hot product / sorted sums", lambda: np.matmul(one_hot().T, rows),
                lambda: sum_rows_by_id(chosen, rows, V)),
        against("gradient of ids: np.add.at / sorted sums", add_at, lambda: sum_rows_by_id(chosen, rows, V)),
    ]  # fmt: skip


def bias() -> list[list[str]]:
    """The input part for prices, H64 T30 B64 D1: bias added afterwards, or through a column of ones."""
    T, B, H = 30, 64, 64
    x, weight, b, dz = floats(T, B, 1), floats(4, 1, H), floats(4, 1, H), floats(4, T * B, H)
    out, both = np.empty((4, T * B, H), np.float32), np.concatenate([weight, b], axis=1)

    def plain() -> None:
        np.matmul(x.reshape(-1, 1), weight, out=out)
        np.add(out, b, out=out)

    def gradients() -> None:
        np.matmul(dz.transpose(0, 2, 1), x.reshape(-1, 1))
        np.add.reduce(dz, axis=1)

    return [
        against("prices in: product, then bias / ones", plain, lambda: np.matmul(with_ones(x), both, out=out)),
        against("their gradients: apart / ones", gradients, lambda: np.matmul(dz.transpose(0, 2, 1), with_ones(x))),
    ]


def views() -> list[str]:
    """The views of all time steps, there and back, at H100 T25 B1: taken for each sequence, or once."""
    work = Buffers.of(25, 1, 100, np.dtype(np.float32))
    work.dz.fill(0)

    def taken() -> None:
        Buffers.__dict__["steps"].func(work)
        Buffers.__dict__["steps_back"].func(work)

    def kept() -> None:
        for _ in work.steps:
            pass
        for _ in work.steps_back:
            pass

    return against("views of T25: taken / kept", taken, kept)


def optimizer(millions: float) -> list[str]:
    """Adam over the whole vector of parameters, or over pieces of it whose arrays stay in the cache."""
    size, piece = int(1e6 * millions), 1 << 17
    parameters, gradient, whole = floats(size), floats(size), Adam(size)
    pieces = [
        (parameters[k : k + piece], gradient[k : k + piece], Adam(min(piece, size - k))) for k in range(0, size, piece)
    ]

    def in_pieces() -> None:
        for some, of_some, adam in pieces:
            adam.update(some, of_some, 1e-3)

    name = f"Adam, {millions} M parameters: whole / in pieces (left out)"
    return against(name, lambda: whole.update(parameters, gradient, 1e-3), in_pieces)


def whole_layer(H: int, T: int, B: int) -> list[str]:
    """Forward and back over a sequence of characters: the plain cell, step by step, against the layer."""
    parameters = tuple(0.1 * values for values in (floats(4 * H, V), floats(4 * H, H), floats(4 * H)))
    layer = Layer(parameters, tuple(np.empty_like(values) for values in parameters))
    x, dh, zero = batch_of(T, B)[0], floats(T, B, H), np.zeros((B, H), np.float32)
    one_hot, cell = np.eye(V, dtype=np.float32), Cell(*parameters)

    def plain() -> None:
        state: State = (zero, zero)
        kept = []
        for ids_of_step in x:
            state, of_step = cell.step(one_hot[ids_of_step], state)
            kept.append(of_step)
        sums = [np.zeros_like(values) for values in parameters]
        d, dc = zero, zero
        for t in range(T - 1, -1, -1):
            gradients = cell.step_back((dh[t] + d, dc), kept[t])
            d, dc = gradients.state
            for total, part in zip(sums, gradients.parameters.values(), strict=True):
                total += part

    def fast() -> None:
        layer.forward(x, (zero, zero))
        layer.backward(dh)

    return against(f"whole layer, H{H} T{T} B{B}: plain cell / layer", plain, fast)


def main() -> None:
    """Print both tables."""
    results = Results(parser_of(__doc__).parse_args().json)
    introduce()
    products(results)
    rows = [
        gates(),
        *ids(),
        *bias(),
        views(),
        whole_layer(100, 25, 1),
        whole_layer(128, 64, 32),
        whole_layer(256, 64, 32),
        optimizer(0.4),
        optimizer(4),
    ]
    head = ["plain form / fast form", "plain us", "fast us", "gain"]
    results.table("parts", head, rows, less=["fast us"], more=["gain"])
    results.write()


if __name__ == "__main__":
    main()
