"""Standardised columns, by what the training part shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lstm_model.arrays import Floats
from lstm_model.errors import InputError


@dataclass(frozen=True)
class Scaler:
    """Shift and stretch each of F features to mean 0 and standard deviation 1 over the data it was fitted on."""

    mean: NDArray[np.float64]  # (F,)
    std: NDArray[np.float64]  # (F,) never 0

    @classmethod
    def fit(cls, values: Floats) -> Self:
        """Fit on (N, F). A feature that is constant, but for rounding, gets std 1: it becomes 0 and stays there."""
        mean = values.mean(axis=0, dtype=np.float64)
        std = values.std(axis=0, dtype=np.float64)
        return cls(mean, np.where(std <= 1e-10 * np.abs(mean), 1.0, std))

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Rebuild from `state()`. Raises InputError when it holds no usable scaler."""
        try:
            mean, std = (np.asarray(state[key], dtype=np.float64) for key in ("mean", "std"))
        except (KeyError, TypeError, ValueError):
            raise InputError("the saved scaler is damaged: it needs the lists mean and std of numbers") from None
        if mean.ndim != 1 or mean.shape != std.shape or not np.isfinite([mean, std]).all() or not (std > 0).all():
            raise InputError("the saved scaler is damaged: mean and std must be finite, of one length, and std above 0")
        return cls(mean, std)

    def state(self) -> dict[str, list[float]]:
        """Return mean and std as plain lists, for a checkpoint."""
        return {"mean": self.mean.tolist(), "std": self.std.tolist()}

    def apply(self, values: ArrayLike) -> NDArray[np.float64]:
        """Scale (..., F)."""
        return (np.asarray(values, dtype=np.float64) - self.mean) / self.std

    def undo(self, scaled: ArrayLike) -> NDArray[np.float64]:
        """Bring scaled values (..., F) back to their own units."""
        return np.asarray(scaled, dtype=np.float64) * self.std + self.mean


def given_or_fitted(scaler: Scaler | Mapping[str, Any] | None, values: NDArray[np.float64]) -> Scaler:
    """The scaler that a checkpoint kept, or a new one for values (N, F)."""
    if scaler is None:
        return Scaler.fit(values)
    return scaler if isinstance(scaler, Scaler) else Scaler.from_state(scaler)
