"""Named arrays that lie in one vector."""

from collections.abc import ItemsView, Mapping

import numpy as np

from lstm_model.arrays import Float, Floats


class Parameters:
    """Arrays under their names, all views into one vector `flat`.

    An optimizer, a clip or a copy is one operation on `flat`; the model reads the same numbers by name. Nothing is ever
    rebound, so nobody can be left holding stale arrays after a checkpoint is loaded. `flat`: a vector to use in place
    of one of its own.
    """

    def __init__(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        dtype: type[np.floating] | np.dtype[np.floating] = np.float32,
        flat: Float[Floats, " n"] | None = None,
    ) -> None:
        self._shapes = dict(shapes)
        sizes = [int(np.prod(shape)) for shape in shapes.values()]
        self.flat: Floats = np.zeros(sum(sizes), dtype) if flat is None else flat
        ends = np.cumsum(sizes)
        self._named: dict[str, Floats] = {
            name: self.flat[end - size : end].reshape(shape)
            for (name, shape), size, end in zip(shapes.items(), sizes, ends, strict=True)
        }

    def __getitem__(self, name: str) -> Floats:
        return self._named[name]

    def items(self) -> ItemsView[str, Float[Floats, "..."]]:
        """Pairs of name and array, in the order in which they lie in the vector."""
        return self._named.items()

    def some(self, *names: str) -> tuple[Float[Floats, "..."], ...]:
        """Several arrays by name."""
        return tuple(self._named[name] for name in names)

    def like(self, flat: Float[Floats, " n"]) -> "Parameters":
        """Another vector, seen under the same names and shapes."""
        return Parameters(self._shapes, flat.dtype, flat)
