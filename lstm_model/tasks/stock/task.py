"""The stock task: windows of daily prices, and the next day's, or those some days ahead."""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.network.losses import squared_error
from lstm_model.network.model import LSTM
from lstm_model.settings.config import Config
from lstm_model.tasks.base import Batch, Reading, Slices, Task
from lstm_model.tasks.data_files import file_fingerprint, require_one_file, shipped
from lstm_model.tasks.stock.kind import POSITIVE, StockSettings
from lstm_model.tasks.stock.paths import Outlook, PricePaths
from lstm_model.tasks.stock.reading.rows import shown_date
from lstm_model.tasks.stock.series.calendar import date_after
from lstm_model.tasks.stock.series.noun import Noun, noun_of
from lstm_model.tasks.stock.series.prices import read_prices
from lstm_model.tasks.stock.series.windows import PriceData
from lstm_model.tasks.stock.trained_days import TrainedDays
from lstm_model.tasks.typed import Expected, Typed

MOST_DEVIATIONS = 1e9  # standard deviations from the mean: squares of such inputs still have a float32 sum


class StockTask(Task):
    """Regression: from T days the close some days on, each window on its own with a state that starts at zero."""

    look_pace = 1 / 3  # a forecast is cheap and its plot moves with every one
    SLICE = 256  # windows predicted at a time

    def __init__(self, config: Config, memory: dict[str, Any] | None = None) -> None:
        require_one_file(config)
        path = Path(config.data) if config.data else shipped("stock")
        own = StockSettings.of(config)
        prices = read_prices(
            path, own.column, own.features,
            encoding=own.encoding or None, date_column=own.date_column, symbol=own.symbol, adjust=own.adjust,
            positive=own.target in POSITIVE,
        )  # fmt: skip
        self.data = PriceData(
            prices, config.seq_length, config.split, own.target, own.features, memory, horizons=own.horizons
        )
        days = self.data.days("train")
        notes = prices.notes
        if len(days) < config.batch_size:
            notes += (f"the training part has {len(days)} windows: batch {len(days)} instead of {config.batch_size}",)
            config = config.changed(batch_size=len(days))
        super().__init__(config, path.name, file_fingerprint(path), notes)
        self.prices = prices
        self.days = days
        train, val = self.data.parts["train"], self.data.parts["val"]
        self._learnt = TrainedDays.of(prices.dates, prices.close, train.stop, max(train.stop, val.stop))
        self.batches = len(self.days) // config.batch_size  # an epoch; the shuffled rest waits for another one
        self._epochs = self._position = 0
        self._order: NDArray[np.intp] | None = None

    @classmethod
    def open(cls, config: Config, memory: dict[str, Any] | None = None) -> Self:
        """Read the prices; with the scalers of a checkpoint, if there is one. InputError if they are far from these."""
        with np.errstate(over="ignore"):  # a scaler that does not fit is noticed just below
            task = cls(config, memory)
        if not np.abs(task.data.x).max() <= MOST_DEVIATIONS:
            raise InputError(
                f"the {task.noun.series}s of {task.name} are far from those that the model was trained on: name others"
            )
        return task

    @property
    def settings(self) -> StockSettings:
        """The settings that this task alone has."""
        return StockSettings.of(self.config)

    @property
    def noun(self) -> Noun:
        """What the series is called."""
        return noun_of(self.settings.target, self.prices.column)

    def build_model(self) -> LSTM:
        """A network over F features with an output for each horizon."""
        c, own = self.config, self.settings
        return LSTM(
            self.data.x.shape[1], c.hidden_size, len(own.horizons), c.num_layers,
            task_type="regression", loss_at=own.loss_at, dropout=c.dropout, seed=c.seed, cell=c.cell,
        )  # fmt: skip

    def next_batch(self) -> Batch:
        """The next windows of the training part, in an order shuffled anew for every epoch."""
        return self._batch(self.next_days())

    def next_days(self) -> NDArray[np.intp]:
        """The target days (B,) of the windows of the next batch, which then counts as read."""
        if self._position == self.batches:
            self._epochs, self._position, self._order = self._epochs + 1, 0, None
        if self._order is None:  # follows from seed and epoch alone, so a checkpoint need not hold it
            self._order = np.random.default_rng((self.config.seed, self._epochs)).permutation(self.days)
        B = self.config.batch_size
        days = self._order[self._position * B : (self._position + 1) * B]
        self._position += 1
        return days

    def _batch(self, days: NDArray[np.intp]) -> Batch:
        x, y_last, y_every = self.data.windows(days)
        targets = y_last[None] if self.settings.loss_at == "last" else y_every  # (1 or T, B, K)
        return Batch(x, targets, fresh=True)

    def validation_loss(self, model: LSTM, part: str = "val", quick: bool = False) -> Slices[float]:  # noqa: ARG002
        """Mean squared error in scaled units over a part; its few windows need no quick form."""
        days = self.part(part)
        total = 0.0
        for start in range(0, len(days), self.SLICE):
            some = days[start : start + self.SLICE]
            x, targets, _ = self._batch(some)
            total += squared_error(model.forward(x)[0], targets).value * len(some)
            yield min(1.0, (start + self.SLICE) / len(days))
        return total / len(days)

    @property
    def summary(self) -> str:
        """How many days, weeks or other rows, from when to when."""
        dates, word = self.prices.dates, self.data.step
        rows = "rows" if word == "step" else f"{word}s"
        return f"{len(dates):,} {rows} from {shown_date(dates[0])} to {shown_date(dates[-1])}"

    @property
    def parts(self) -> dict[str, range]:
        """Target days of each part."""
        return self.data.parts

    @property
    def judged_on(self) -> str:
        """The column of prices, and what was asked for besides."""
        own = self.settings
        asked = (("of", own.symbol), ("dated by", own.date_column), ("adjusted by", ", ".join(own.adjust)))
        return " ".join([f"the column {self.prices.column}", *(f"{how} {what}" for how, what in asked if what)])

    def typed(self, text: str) -> Typed:
        """The last T days with those that were typed, a line each; a line without its end is not read yet.

        InputError for what is no number, or no price where prices are meant.
        """
        closes = [self._typed_close(line) for line in text.split("\n")[:-1] if line.strip()]
        x = self.data.window_after(closes)
        T = len(x)
        days = [*np.datetime_as_string(self.prices.dates[-T:], unit="D").tolist()]
        labels = [*days, *(f"{close:,g}" for close in closes)][-T:]
        return Typed(x, None, tuple(labels), T - min(T, len(closes)))

    def expected(self, outputs: Floats, typed: Typed) -> list[Expected]:
        """The forecast for each horizon, and how far it is from the last close."""
        last = typed.labels[-1].replace(",", "")
        before = float(last) if typed.begin < len(typed.labels) else float(self.prices.close[-1])
        found: list[Expected] = []
        for k, h in enumerate(self.data.horizons):
            close = self.data.close_after(before, outputs[k], k)
            word = f"{self.data.step}{'' if h == 1 else 's'}"
            note = f"{h} {word} after {before:,g}: {close - before:+,.3g}"
            found.append(Expected(f"{close:,.6g}", None, note, f"{close:.6g}\n"))
        return found

    def _typed_close(self, line: str) -> float:
        try:
            close = float(line.replace(",", ""))
        except ValueError:
            raise InputError(f"{line.strip()!r} is no number: type a {self.noun.row}, then enter") from None
        if not np.isfinite(close) or (self.settings.target in POSITIVE and close <= 0):
            raise InputError(f"{line.strip()} is no {self.noun.series}: type a {self.noun.row} above 0, then enter")
        return close

    def references(self) -> dict[str, float]:
        """The loss of the forecast "the close to come is today's"."""
        days = self.part("val")
        return {"no change": float(np.mean(np.square(self.data.no_change(days) - self.data.y[days], dtype=np.float64)))}

    def part(self, name: str, horizon: int | None = None) -> NDArray[np.intp]:
        """The target days of a part whose targets lie in it, for one horizon or for all; InputError if it has none."""
        days = self.data.days(name, horizon)
        if not days.size:
            raise InputError(f"the split {self.config.split_text} has no {name} part")
        return days

    @property
    def train_closes(self) -> NDArray[np.float64]:
        """Closes (M,) up to the end of the training part: what baselines may know."""
        return self.data.train_closes

    def paths(self, model: LSTM) -> Slices[PricePaths]:
        """Predict from every day that has a window, and from the last, for each horizon."""
        data, closes = self.data, self.prices.close
        predicted = np.full((len(data.horizons), len(closes)), np.nan)  # by the day that is spoken of
        days = np.concatenate([np.arange(p.start, p.stop) for p in data.parts.values()])
        for start in range(0, len(days), self.SLICE):
            some = days[start : start + self.SLICE]
            outputs = self._last_outputs(model, data.windows(some)[0])  # (B, K)
            for k, h in enumerate(data.horizons):
                there = some + h - 1 < len(closes)
                predicted[k, some[there] + h - 1] = data.closes(some, outputs[:, k], k)[there]
            yield min(1.0, (start + self.SLICE) / len(days))
        following = self._last_outputs(model, data.next_window())[0]  # (K,)
        outlooks = {
            h: Outlook(predicted[k], date_after(self.prices.dates, h), data.next_close(following[k], k))
            for k, h in enumerate(data.horizons)
        }
        first = outlooks[data.horizons[0]]
        return PricePaths(
            self.prices.dates, closes, first.predicted, dict(data.parts), first.next_date, first.next_close, outlooks,
            self.noun,
        )  # fmt: skip

    @staticmethod
    def _last_outputs(model: LSTM, x: Floats) -> NDArray[np.float64]:
        outputs: NDArray[np.float64] = model.forward(x)[0][-1].astype(np.float64)
        return outputs  # (B, K)

    def reading(self, number: int, length: int) -> Reading:  # noqa: ARG002 - a window has its length
        """The window of a day. Number 0 is what the days to come are forecast from, 1 the window a day earlier."""
        data, dates, T = self.data, self.prices.dates, self.config.seq_length
        first = data.parts["train"].start
        count = len(dates) + 1 - first
        number = min(max(0, number), count - 1)
        day = len(dates) - number  # the first that is forecast
        targets: Floats | None = None
        if day <= len(dates) - data.reach:
            targets = self._batch(np.array([day]))[1]
        about = "tomorrow" if number == 0 else shown_date(dates[day])
        outputs = tuple(f"{self.noun.series}, {h} {data.step}{'s' if h > 1 else ''} ahead" for h in data.horizons)
        return Reading(
            data.x[day - T : day, None], targets, tuple(shown_date(date) for date in dates[day - T : day]),
            f"the {T} rows before {about}", number, count, None, outputs, self.prices.close[day - T : day],
        )  # fmt: skip

    @property
    def items_per_step(self) -> int:
        """Windows a step learns from."""
        return self.config.batch_size

    @property
    def epoch(self) -> float:
        """Passes through the training part."""
        return self._epochs + self._position / self.batches

    def cursor(self) -> dict[str, int]:
        """Epoch and batch in it."""
        return {"position": self._position, "epochs": self._epochs}

    def seek(self, cursor: dict[str, int]) -> None:
        """Go to a batch of an epoch."""
        self._position = min(self.batches, max(0, int(cursor["position"])))
        self._epochs, self._order = max(0, int(cursor["epochs"])), None

    def memory(self) -> dict[str, Any]:
        """The scalers, as they were fitted on the training part, and which days are learnt from."""
        return self.data.scaler_state() | self._learnt.memory()
