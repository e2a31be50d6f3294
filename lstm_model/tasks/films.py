"""A movie of a training: what a model made of the same symbols as it learnt. A task that shows one makes its frames."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FINEST, MOST = 32, 255  # of a bit of surprise are told apart; of these a symbol has so many at most


@dataclass(frozen=True, eq=False)
class Frame:
    """How a model read the n symbols of a film after some steps."""

    step: int
    levels: NDArray[np.uint8]  # (n,) surprise of each symbol in FINEST-ths of a bit
    guesses: str  # n symbols: what it held likeliest at each place

    @property
    def bits(self) -> NDArray[np.float64]:
        """Surprise of each symbol in bits (n,), up to MOST / FINEST."""
        return self.levels / FINEST


@dataclass(frozen=True, eq=False)
class Film:
    """Symbols, and the frames in the order of their steps."""

    text: str = ""  # n symbols
    frames: tuple[Frame, ...] = ()
    kinds: tuple[str, ...] = ()  # what kinds of symbols there are
    kind_of: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))  # (n,) the kind of each

    def by_kind(self, frame: Frame) -> dict[str, float]:
        """The mean surprise of each kind that occurs, in bits."""
        bits = frame.bits
        return {name: float(bits[self.kind_of == k].mean()) for k, name in enumerate(self.kinds) if k in self.kind_of}
