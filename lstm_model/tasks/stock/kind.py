"""What is known of the stock task before prices are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lstm_model.settings.config import Config, TaskSettings, require
from lstm_model.settings.kinds import in_short
from lstm_model.settings.task_kinds import Sizes, TaskKind, Words
from lstm_model.settings.words import LossAt
from lstm_model.tasks.stock.presets import PRESETS

Target = Literal["return", "close", "value", "change"]
POSITIVE = ("return", "close")  # targets that need values above 0
MOVES = ("return", "change")  # targets that are moves since the last known value; the others are values themselves
LONGEST_HORIZON = 1000  # days ahead
LONGEST_COLUMN = 1_000  # characters of its name


@dataclass(frozen=True)
class StockSettings(TaskSettings):
    """Which prices are read, and what of them is predicted."""

    column: str = "Close"
    date_column: str = ""  # of dates; empty: the one whose name or cells say so
    symbol: str = ""  # of several series in a file the one that is read
    encoding: str = ""  # of the file; empty: UTF-8, or what its mark or its zero bytes say
    adjust: tuple[str, ...] = ()  # "DATE:FACTOR" each: prices before that date are multiplied, as for a split
    features: tuple[str, ...] = ()
    target: Target = "return"
    horizons: tuple[int, ...] = (1,)  # days ahead that a model predicts, each once, the nearest first
    loss_at: LossAt = "every"  # after which days of a window there is a prediction

    def __post_init__(self) -> None:
        ahead = self.horizons
        known = all(type(h) is int and 1 <= h <= LONGEST_HORIZON for h in ahead)
        require(known and 0 < len(ahead) <= 20 and sorted(set(ahead)) == list(ahead), "horizons",
                f"up to 20 different numbers of days, each from 1 to {LONGEST_HORIZON:,}",
                ",".join(map(str, ahead)))  # fmt: skip


class StockKind(TaskKind):
    """See the module's docstring."""

    name = "stock"
    task = "lstm_model.tasks.stock.task:StockTask"
    looks = "lstm_model.tasks.stock.looks:StockLooks"
    probes = "lstm_model.tasks.stock.probes:StockProbes"
    notebook = "lstm_model.notebook.faces.stock:PriceModel"
    endings = (".csv", ".tsv")
    words = Words(
        unit="samples",
        items="windows",
        loss="squared error, scaled",
        look="Predict",
        no_better='No better than "tomorrow = today", as usual with prices. Other settings',
    )
    settings = StockSettings
    presets = PRESETS
    shipped = "MSFT_1d_data.csv"
    licence = "public domain, as its publisher declared"
    hub_task = "time-series-forecasting"
    simplest = "no change"
    simplest_is_easy = False  # few models of prices are better at all
    val_noise = 0.01  # prices have few held-out days, whose loss wanders

    def sizes(self, config: Config, memory: Mapping[str, Any] | None = None) -> Sizes:  # noqa: ARG002
        """The target's own series and the features; an output for each horizon. All follows from the settings."""
        settings = StockSettings.of(config)
        return Sizes(
            inputs=1 + len(settings.features),
            outputs=len(settings.horizons),
            takes_ids=False,
            judged_steps=config.seq_length if settings.loss_at == "every" else 1,
            items_per_step=config.batch_size,
        )

    def names(self, config: Config, memory: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:  # noqa: ARG002
        """The series itself and its features; the horizons."""
        own = StockSettings.of(config)
        ahead = (f"{days} day{'' if days == 1 else 's'} ahead" for days in own.horizons)
        return ("the series", *own.features), tuple(ahead)

    def check_saved(self, settings: TaskSettings, memory: Mapping[str, Any]) -> None:
        """Names must be of some length, and the scaler be two lists of as many usable numbers."""
        own = settings if isinstance(settings, StockSettings) else StockSettings()
        names = {"column": own.column, "date_column": own.date_column, "symbol": own.symbol, "encoding": own.encoding}
        lists = [("adjust", each) for each in own.adjust] + [("features", each) for each in own.features]
        for name, value in [*names.items(), *lists]:
            if len(value) > LONGEST_COLUMN:
                raise ValueError(f"makes no sense, its settings: {name} is {in_short(value)}")
        mean, std = memory.get("mean"), memory.get("std")
        sound = _are_numbers(mean, -1e30, 1e30) and _are_numbers(std, 1e-30, 1e30)
        if not mean or not std or not sound or len(mean) != len(std):
            raise ValueError("makes no sense: mean and std of the scaler are no two lists of as many usable numbers")

    def guess(self, sizes: Sizes) -> float:  # noqa: ARG002
        """The variance of what is predicted: 1, for it is scaled."""
        return 1.0


def _are_numbers(values: Any, least: float, most: float) -> bool:
    """Whether this is a list of numbers in a range; NaN is in none."""
    return isinstance(values, list) and all(type(v) in (int, float) and least <= v <= most for v in values)


KIND = StockKind()
