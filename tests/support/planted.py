"""Texts with a rule that only memory can follow, and small networks trained on them for some seconds."""

import math
from collections.abc import Callable
from itertools import chain

import numpy as np

from lstm_model.network.model import Network
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.tasks.probes import HeldOut
from lstm_model.tasks.text.corpus import BatchStreams, Vocabulary

LETTERS = np.array(list("abcdefgh "))
TRAINED, READ = 100_000, 16 * 512  # characters
STEPS, H = 300, 32


def _quoted(rng: np.random.Generator) -> str:
    """Letters that say nothing; a quotation has 8 of them, and its end looks like its beginning."""
    return f'{_random(rng, int(rng.integers(2, 14)))}"{_random(rng, 8)}"'


def _bracketed(rng: np.random.Generator) -> str:
    """The same with brackets of three kinds: which one closes was said 8 letters before."""
    opening, closing = ("()", "[]", "<>")[rng.integers(3)]
    return f"{_random(rng, int(rng.integers(2, 14)))}{opening}{_random(rng, 8)}{closing}"


def _in_lines(rng: np.random.Generator) -> str:
    """Lines of 15 letters: when one ends must be counted."""
    return _random(rng, 15) + "\n"


def _random(rng: np.random.Generator, count: int) -> str:
    return "".join(rng.choice(LETTERS, count))


RULES: dict[str, Callable[[np.random.Generator], str]] = {
    "inside quotes": _quoted,
    "brackets": _bracketed,
    "column in the line": _in_lines,
}


def planted_text(rule: str, rng: np.random.Generator, length: int) -> str:
    """A text that follows a rule."""
    pieces = iter(lambda: RULES[rule](rng), None)
    text = ""
    for piece in chain(pieces):
        text += piece
        if len(text) >= length:
            break
    return text[:length]


def shuffled(text: str, rng: np.random.Generator) -> str:
    """The same characters in an order that means nothing."""
    return "".join(rng.permutation(list(text)))


def trained_on(text: str, seed: int, steps: int = STEPS) -> tuple[Network, Vocabulary]:
    """A network that has read a text, and the characters that it knows."""
    one_blas_thread()
    vocabulary = Vocabulary("".join(sorted(set(text))))
    network = Network(len(vocabulary), H, len(vocabulary), seed=seed)
    optimizer, streams, state = Adam(network.parameters.flat.size), BatchStreams(vocabulary.encode(text), 32, 64), None
    for step in range(steps):
        batch = streams.next()
        _, last = network.loss_and_gradients(batch.x, batch.targets, None if batch.fresh else state)
        state = tuple(part.copy() for part in last)
        clip(network.gradients.flat, 1.0, "norm")
        rate = 1e-2 * min(1, (step + 1) / 20) * (1 + math.cos(math.pi * step / steps)) / 2
        optimizer.update(network.parameters.flat, network.gradients.flat, rate)
    return network, vocabulary


def streams_of(text: str, vocabulary: Vocabulary, B: int = 16, warm_up: int = 64) -> HeldOut:
    """A text as B streams side by side."""
    T = (len(text) - 1) // B
    places = np.arange(T)[:, None] + np.arange(B) * T
    ids = vocabulary.encode(text)
    return HeldOut(ids[places], ids[places + 1], text, places, warm_up)
