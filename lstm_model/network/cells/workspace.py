"""The arrays that the passes of a layer work in: made once for a shape, and used again."""

from collections.abc import Callable
from typing import Generic, TypeVar

from lstm_model.arrays import Inputs

Work = TypeVar("Work")


class Workspace(Generic[Work]):
    """Holds arrays for the shapes (T, B) that were used last, and what the last forward pass leaves to its way back.

    make: makes the arrays for a shape.
    """

    SHAPES_KEPT = 6  # training, a held-out part and its end, prompts; more would only hold memory

    def __init__(self, make: Callable[[int, int], Work]) -> None:
        self._make = make
        self._made: dict[tuple[int, int], Work] = {}
        self._last: tuple[Work, Inputs] | None = None

    def begin(self, x: Inputs) -> Work:
        """The arrays for a forward pass over x, (T, B) ids or (T, B, D) floats."""
        shape = x.shape[0], x.shape[1]
        work = self._made.pop(shape, None) or self._make(*shape)
        while len(self._made) >= self.SHAPES_KEPT:
            self._made.pop(next(iter(self._made)))  # the one unused for longest
        self._made[shape] = work
        self._last = work, x
        return work

    def end(self) -> tuple[Work, Inputs]:
        """The arrays and the x of the last forward pass, for its way back, which writes over them.

        RuntimeError without a forward pass, and for a second way back: it would give wrong gradients.
        """
        if self._last is None:
            raise RuntimeError("each backward needs a forward before it")
        last, self._last = self._last, None
        return last
