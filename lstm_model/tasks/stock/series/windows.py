"""Windows of T days of prices, and the days after each that a network must predict.

A window ends the day before its target day; nothing dated on or after the target day is in it. The days are parted in
order of time, and the scalers see the training part alone. A "day" is a row of the file, whatever lies between two.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.tasks.stock.kind import MOVES, POSITIVE, Target
from lstm_model.tasks.stock.reading.names import is_price
from lstm_model.tasks.stock.series.calendar import date_after, step_word
from lstm_model.tasks.stock.series.features import each_once
from lstm_model.tasks.stock.series.parts import split_days
from lstm_model.tasks.stock.series.prices import Prices
from lstm_model.tasks.stock.series.scaler import Scaler, given_or_fitted


class PriceData:
    """Windows of T days and what follows each.

    `x` (N, F): scaled features of each day, the target's own series first. `y` (N, K): what the window that ends the
    day before must predict, scaled, for each of the K `horizons`. For a horizon of h days y[d] is about the close of
    day d + h - 1, h days after the last close that the window knows; NaN where the series ends before. `parts`:
    "train", "val", "test" -> range of days d, indices into `prices.dates`; `days` leaves out those whose target lies
    beyond the part's end, so that nothing learnt in one part is about a day of the next. The borders lie at `split` per
    cent of all days, so that the parts are the same whatever T; the first target day is the first with T days of
    features before it. Windows may look back into an earlier part.

    Target "return": y is the log return ln(close[d + h - 1] / close[d - 1]); features are ln(close/close of the day
    before), then ln(open|high|low / close of the same day) and the change of ln(1 + volume) on the day before. Target
    "change": the same with differences in place of logarithms, which values at or below 0 have not. Targets "close"
    and "value", which differ in nothing but that "close" is for prices: the values as they are, and ln(1 + volume).
    Features that are no price of the row and no volume are as they are, whatever the target.

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
        horizons: Sequence[int] = (1,),
    ) -> None:
        if target not in get_args(Target):
            raise InputError(f"unknown price target {target!r}: choose from {', '.join(get_args(Target))}")
        names = each_once(features)
        if absent := [name for name in names if name not in prices.columns]:
            raise InputError(f"the prices were read without {', '.join(absent)}: name them when reading the file")
        if target in POSITIVE and not (prices.close > 0).all():
            raise InputError(f"`target` {target} needs values above 0: set it to value or change", field="target")
        self.prices, self.T, self.target, self.horizons = prices, T, target, tuple(horizons)
        self.feature_names = (target, *names)
        self.reach = max(horizons)  # days that a target takes in
        self._first = 1 if target in MOVES else 0  # the first day with all features: day 0 has no move
        self.parts = split_days(len(prices.dates), T, self._first, split, self.reach)

        raw = _features(prices, target, names)  # (N, F)
        fitted = slice(self._first, self.parts["train"].stop)
        self.input_scaler = given_or_fitted(scaler, raw[fitted])
        if self.input_scaler.mean.shape != (raw.shape[1],):
            had = len(self.input_scaler.mean)
            raise InputError(f"the scaler is for {had} features and the data has {raw.shape[1]}: ask for the same ones")
        scaled = self.input_scaler.apply(raw)
        scaled[: self._first] = 0.0
        self.x: Floats = scaled.astype(dtype)  # (N, F)
        ahead = np.column_stack([_ahead(prices.close, target, h) for h in self.horizons])  # (N, K), unscaled
        known = ahead if scaler is None or isinstance(scaler, Scaler) else scaler.get("targets")
        self.target_scaler = self._fit_targets(known)
        self.y: Floats = self.target_scaler.apply(ahead).astype(dtype)  # (N, K)
        if 1 in self.horizons:  # the very numbers that the window holds of this day, one day later
            self.y[:, self.horizons.index(1)] = self.x[:, 0]

    def _fit_targets(self, known: Any) -> Scaler:
        """The scaler of the K targets: what the training part (N, K), or a saved state, `known`, says of each.

        The target of one day ahead is the first feature, and values are values whenever they come: one fit serves both.
        """
        K = len(self.horizons)
        mean, std = np.repeat(self.input_scaler.mean[:1], K), np.repeat(self.input_scaler.std[:1], K)
        for k, h in enumerate(self.horizons):
            if h == 1 or self.target not in MOVES:
                continue
            if isinstance(known, np.ndarray):
                one = Scaler.fit(known[self._first : self.parts["train"].stop - h + 1, k : k + 1])
            else:
                saved = Scaler.from_state(known if isinstance(known, Mapping) else {})
                if len(saved.mean) != K:
                    raise InputError(f"the saved scaler is damaged: it needs a mean and std for each of {K} horizons")
                one = Scaler(saved.mean[k : k + 1], saved.std[k : k + 1])
            mean[k], std[k] = one.mean[0], one.std[0]
        return Scaler(mean, std)

    def days(self, part: str, reach: int | None = None) -> NDArray[np.intp]:
        """Days of a part whose targets up to `reach` days ahead (all horizons, if not given) lie in it (n,)."""
        span = self.parts.get(part, range(0))
        return np.arange(span.start, max(span.start, span.stop - (reach or self.reach) + 1))

    @property
    def train_closes(self) -> NDArray[np.float64]:
        """Prices of all days up to the last training target day (M,): what baselines may be fitted on."""
        return self.prices.close[: self.parts["train"].stop]

    def windows(self, days: NDArray[np.integer[Any]] | range) -> tuple[Floats, Floats, Floats]:
        """Gather the windows that end the day before each of the target `days` (B,).

        Returns x (T, B, F), y_last (B, K): the targets of each of `days`, and y_every (T, B, K): y_every[t] are those
        of the day after window day t, so that y_every[-1] is y_last.
        """
        targets = self._checked(days)
        window = targets + np.arange(-self.T, 0)[:, None]  # (T, B) the days looked at
        y_every = self.y[window + 1]  # (T, B, K)
        return self.x[window], y_every[-1], y_every

    def no_change(self, days: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
        """What a forecast of the day before's close is in scaled units (B, K)."""
        before = self.prices.close[days - 1] if self.target not in MOVES else np.zeros(len(days))
        return self.target_scaler.apply(before[:, None])

    def closes(
        self, days: NDArray[np.integer[Any]] | range, predicted_scaled: ArrayLike, k: int = 0
    ) -> NDArray[np.float64]:
        """Predicted prices (B,) in the file's currency, from scaled predictions (B,) of target k of `days` (B,).

        They are of the days horizons[k] - 1 after `days`. May overflow to infinity for predictions that no price has.
        """
        return self._price(self.prices.close[self._checked(days) - 1], predicted_scaled, k)

    def next_window(self) -> Floats:
        """Return the last T days (T, 1, F): what the days after the last date are forecast from."""
        return self.x[-self.T :, None, :]

    def next_close(self, predicted_scaled: ArrayLike, k: int = 0) -> float:
        """Forecast price horizons[k] days after the last one, from the scaled prediction for `next_window()`."""
        return float(self._price(self.prices.close[-1:], predicted_scaled, k)[0])

    def window_after(self, closes: Sequence[float]) -> Floats:
        """Return the last T days (T, 1, F) once some more have ended at these closes.

        InputError where days have features beside the series, which nobody knows of them.
        """
        if len(self.feature_names) > 1:
            raise InputError(f"this model also reads {', '.join(self.feature_names[1:])}, which no typed day has")
        series = np.concatenate([self.prices.close[-self.T - 1 :], closes])
        values = series
        if self.target in MOVES:
            levels = np.log(series) if self.target == "return" else series
            values = np.diff(levels, prepend=levels[:1])
        window: Floats = self.input_scaler.apply(values[-self.T :, None]).astype(self.x.dtype)[:, None]
        return window

    def close_after(self, before: float, predicted_scaled: ArrayLike, k: int = 0) -> float:
        """Forecast price horizons[k] days after a close, from the scaled prediction of a window that ends with it."""
        return float(self._price(np.array([before]), predicted_scaled, k)[0])

    @property
    def next_date(self) -> np.datetime64:
        """When the next row is to be expected, see `date_after`."""
        return date_after(self.prices.dates)

    @property
    def step(self) -> str:
        """What lies between two rows, in a word, see `step_word`."""
        return step_word(self.prices.dates)

    def scaler_state(self) -> dict[str, Any]:
        """Return the scalers as plain lists, for a checkpoint; `scaler` takes them again."""
        state: dict[str, Any] = self.input_scaler.state()
        return state if self.horizons == (1,) else state | {"targets": self.target_scaler.state()}

    def _price(self, before: NDArray[np.float64], predicted_scaled: ArrayLike, k: int) -> NDArray[np.float64]:
        scaler = self.target_scaler
        scaled = np.asarray(predicted_scaled, dtype=np.float64).reshape(before.shape)
        predicted: NDArray[np.float64] = scaled * scaler.std[k] + scaler.mean[k]
        if self.target not in MOVES:
            return predicted
        if self.target == "change":
            return before + predicted
        with np.errstate(over="ignore"):
            return before * np.exp(predicted)

    def _checked(self, days: NDArray[np.integer[Any]] | range) -> NDArray[np.intp]:
        """Refuse days without a whole window: a negative index would silently read the end of the series."""
        targets = np.asarray(days, dtype=np.intp)
        if targets.size and (targets.min() < self._first + self.T or targets.max() >= len(self.y)):
            raise IndexError(f"target days must lie in {self._first + self.T} .. {len(self.y) - 1}")
        return targets


def _ahead(close: NDArray[np.float64], target: str, h: int) -> NDArray[np.float64]:
    """Unscaled targets (N,) h days ahead of the day before each; NaN where there is no such day."""
    ahead = np.full(len(close), np.nan)
    if target in MOVES:
        levels = np.log(close) if target == "return" else close
        ahead[1 : len(close) - h + 1] = levels[h:] - levels[:-h]
    else:
        ahead[: len(close) - h + 1] = close[h - 1 :]
    return ahead


def _features(prices: Prices, target: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Unscaled features (N, F), the target first. Day 0 of a target of MOVES holds zeros in place of what it lacks."""
    levels = np.log(prices.close) if target == "return" else prices.close
    columns = [np.diff(levels, prepend=levels[:1]) if target in MOVES else prices.close]
    return np.column_stack([*columns, *(_beside(name, prices, target) for name in names)])


def _beside(name: str, prices: Prices, target: str) -> NDArray[np.float64]:
    """An unscaled feature (N,): as it is, but for volumes, and for prices of the row beside a target of MOVES."""
    values = prices.columns[name]
    if name == "Volume":
        logs: NDArray[np.float64] = np.log1p(values)
        return np.diff(logs, prepend=logs[:1]) if target in MOVES else logs
    if target not in MOVES or not is_price(name):
        return values
    if target == "change":
        return values - prices.close
    return np.log(values / prices.close) if (values > 0).all() else values
