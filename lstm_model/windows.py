"""Windows of T days of prices, and the day after each that a network must predict.

A window ends the day before its target day; nothing dated on or after the target day is in it. The days are parted in
order of time, and the scaler sees the training part alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.prices import Prices, known_feature

PARTS = ("train", "val", "test")
TARGETS = ("return", "close")


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


class PriceData:
    """Windows of T days and the day after each.

    `x` (N, F): scaled features of each day, the target's own series first. `y` (N,): scaled target *of that day*, which
    the window that ends the day before must predict. `parts`: "train", "val", "test" -> range of target days, indices
    into `prices.dates`. The borders lie at `split` per cent of all days, so that the parts are the same whatever T;
    the first target day is the first with T days of features before it. Windows may look back into an earlier part.

    Target "return": features are ln(close/close of the day before), then ln(open|high|low / close of the same day) and
    the change of ln(1 + volume) on the day before. Target "close": the prices as they are, and ln(1 + volume).

    A `scaler`, or its `state()`, is used instead of a fitted one: to go on from a checkpoint, or to judge it.
    """

    def __init__(
        self,
        prices: Prices,
        T: int,
        split: Sequence[float] = (70, 15, 15),
        target: str = "return",
        features: Sequence[str] = (),
        scaler: Scaler | Mapping[str, Any] | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if target not in TARGETS:
            raise InputError(f"unknown price target {target!r}: choose from {', '.join(TARGETS)}")
        names = list(dict.fromkeys(map(known_feature, features)))
        if absent := [name for name in names if name not in prices.columns]:
            raise InputError(f"the prices were read without {', '.join(absent)}: name them when reading the file")
        self.prices, self.T, self.target = prices, T, target
        self.feature_names = (target, *names)
        self._first = 1 if target == "return" else 0  # the first day with all features: day 0 has no return
        self.parts = _parts(len(prices.dates), T, self._first, split)

        raw = _features(prices, target, names)  # (N, F)
        fitted = slice(self._first, self.parts["train"].stop)
        if scaler is None:
            scaler = Scaler.fit(raw[fitted])
        self.input_scaler = scaler if isinstance(scaler, Scaler) else Scaler.from_state(scaler)
        if self.input_scaler.mean.shape != (raw.shape[1],):
            had = len(self.input_scaler.mean)
            raise InputError(f"the scaler is for {had} features and the data has {raw.shape[1]}: ask for the same ones")
        # The target is the first feature, so one fit serves both.
        self.target_scaler = Scaler(self.input_scaler.mean[:1], self.input_scaler.std[:1])
        scaled = self.input_scaler.apply(raw)
        scaled[: self._first] = 0.0
        self.x: Floats = scaled.astype(dtype)  # (N, F)
        self.y: Floats = self.x[:, 0].copy()  # (N,)

    @property
    def train_closes(self) -> NDArray[np.float64]:
        """Prices of all days up to the last training target day (M,): what baselines may be fitted on."""
        return self.prices.close[: self.parts["train"].stop]

    def windows(self, days: NDArray[np.integer[Any]] | range) -> tuple[Floats, Floats, Floats]:
        """Gather the windows that end the day before each of the target `days` (B,).

        Returns x (T, B, F), y_last (B,): the target of each of `days`, and y_every (T, B): y_every[t] is the target of
        the day after window day t, so that y_every[-1] is y_last.
        """
        targets = self._checked(days)
        window = targets + np.arange(-self.T, 0)[:, None]  # (T, B) the days looked at
        y_every = self.y[window + 1]  # (T, B)
        return self.x[window], y_every[-1], y_every

    def no_change(self, days: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """What a forecast of the day before's close is in scaled units (B,)."""
        before = self.prices.close[days - 1] if self.target == "close" else np.zeros(len(days))
        return self.target_scaler.apply(before[:, None])[:, 0]

    def closes(self, days: NDArray[np.integer[Any]] | range, predicted_scaled: ArrayLike) -> NDArray[np.float64]:
        """Predicted prices (B,) in the file's currency, from scaled predictions (B,) of the targets of `days` (B,).

        May overflow to infinity for predictions that no price could have.
        """
        return self._price(self.prices.close[self._checked(days) - 1], predicted_scaled)

    def next_window(self) -> Floats:
        """Return the last T days (T, 1, F): what the day after the last date is forecast from."""
        return self.x[-self.T :, None, :]

    def next_close(self, predicted_scaled: ArrayLike) -> float:
        """Forecast price of `next_date`, from the scaled prediction for `next_window()`."""
        return float(self._price(self.prices.close[-1:], predicted_scaled)[0])

    @property
    def next_date(self) -> np.datetime64:
        """The next weekday for daily prices (any day, if the file has weekends); else one median step further."""
        dates = self.prices.dates
        steps = np.sort(np.diff(dates))
        following: np.datetime64 = dates[-1] + steps[len(steps) // 2]
        if steps[len(steps) // 2] == np.timedelta64(1, "D") and np.is_busday(dates.astype("datetime64[D]")).all():
            return np.busday_offset(following, 0, roll="forward")  # holidays are not known here
        return following

    def scaler_state(self) -> dict[str, list[float]]:
        """Return `input_scaler` as plain lists, for a checkpoint; `Scaler.from_state` reads it back."""
        return self.input_scaler.state()

    def _price(self, before: NDArray[np.float64], predicted_scaled: ArrayLike) -> NDArray[np.float64]:
        predicted = self.target_scaler.undo(np.reshape(predicted_scaled, before.shape))
        if self.target == "close":
            return predicted
        with np.errstate(over="ignore"):
            return before * np.exp(predicted)

    def _checked(self, days: NDArray[np.integer[Any]] | range) -> NDArray[np.intp]:
        """Refuse days without a whole window: a negative index would silently read the end of the series."""
        targets = np.asarray(days, dtype=np.intp)
        if targets.size and (targets.min() < self._first + self.T or targets.max() >= len(self.y)):
            raise IndexError(f"target days must lie in {self._first + self.T} .. {len(self.y) - 1}")
        return targets


def _features(prices: Prices, target: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Unscaled features (N, F), the target first. Day 0 of target "return" holds zeros in place of what it lacks."""
    close = prices.close
    columns = [close if target == "close" else np.diff(np.log(close), prepend=np.log(close[:1]))]
    for name in names:
        values = prices.columns[name]
        if name == "Volume":
            logs = np.log1p(values)
            columns.append(logs if target == "close" else np.diff(logs, prepend=logs[:1]))
        else:
            columns.append(values if target == "close" else np.log(values / close))
    return np.column_stack(columns)


def _parts(days: int, T: int, first: int, split: Sequence[float]) -> dict[str, range]:
    """Target days of each part. Raises InputError for shares that make no split, and for too few days."""
    shown = "/".join(f"{share:g}" for share in split)
    whole = len(split) == len(PARTS) and abs(sum(split) - 100) <= 1e-6
    if not whole or split[0] == 0 or not all(share == 0 or share >= 1 for share in split):
        raise InputError(f"split {shown} is not three shares that make 100, each at least 1 or 0: write it as 70/15/15")
    if T < 1:
        raise InputError(f"--seq {T}: a window needs at least one day")
    borders = _borders(days, T, first, split)
    if not _enough(borders, split):
        start = max(days, int((first + T) * 100 / split[0])) + 1
        needed = next(n for n in count(start) if _enough(_borders(n, T, first, split), split))
        largest = borders[1] - first - 1  # one training target
        works = largest >= 1 and _enough(_borders(days, largest, first, split), split)
        advice = f"the largest --seq that would work is {largest}" if works else "no --seq would work: add rows"
        raise InputError(f"{days} rows are too few for --seq {T} and split {shown}, which need {needed}: {advice}")
    return {part: range(a, b) for part, a, b in zip(PARTS, borders, borders[1:], strict=False)}


def _borders(days: int, T: int, first: int, split: Sequence[float]) -> tuple[int, int, int, int]:
    """First training target day, then the ends of train, val and test."""
    return first + T, round(days * split[0] / 100), round(days * (split[0] + split[1]) / 100), days


def _enough(borders: Sequence[int], split: Sequence[float]) -> bool:
    """Whether each part that was asked for has a day."""
    return all(a < b for a, b, share in zip(borders, borders[1:], split, strict=False) if share)
