"""How a file of prices is read, before anything is trained on it: what a person should see to know it is read right."""

from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.progress import Tell, quiet
from lstm_model.settings.config import Config
from lstm_model.tasks.stock.kind import MOVES, POSITIVE, StockSettings
from lstm_model.tasks.stock.reading.columns import Wish
from lstm_model.tasks.stock.reading.read import Reading, is_series, read_file
from lstm_model.tasks.stock.series.calendar import step_phrase
from lstm_model.tasks.stock.series.features import each_once
from lstm_model.tasks.stock.series.parts import PARTS, part_ends, split_days


@dataclass(frozen=True)
class PricesDescription:
    """All that `describe_prices` found."""

    path: Path
    size: int  # bytes
    reading: Reading
    step: str  # what lies between two rows: "the day", "5 minutes"
    parts: dict[str, range]  # rows of each part
    too_few: str  # why a run with these settings would not start; empty if it would

    @property
    def rows(self) -> int:
        """How many there are, each with a date and a price."""
        return len(self.reading.series.dates)


def looks_like_prices(path: Path, config: Config) -> bool:
    """Whether the start of a file is a table of dates and numbers."""
    own = StockSettings.of(config)
    return is_series(path, _wish(own), own.encoding or None)


def describe_prices(path: Path, config: Config, tell: Tell = quiet) -> PricesDescription:
    """Read prices as a run with these settings would, and describe them. InputError: as `read_prices`."""
    own = StockSettings.of(config)
    reading = read_file(
        path, _wish(own), encoding=own.encoding or None, adjust=own.adjust, positive=own.target in POSITIVE, tell=tell
    )
    dates = reading.series.dates
    ends = part_ends(len(dates), config.split)
    parts = {part: range(start, end) for part, start, end in zip(PARTS, (0, *ends), ends, strict=False)}
    first = 1 if own.target in MOVES else 0
    too_few = ""
    try:
        split_days(len(dates), config.seq_length, first, config.split, max(own.horizons))
    except InputError as error:
        too_few = str(error)
    return PricesDescription(path, path.stat().st_size, reading, step_phrase(dates), parts, too_few)


def _wish(own: StockSettings) -> Wish:
    return Wish(own.column, each_once(own.features), own.date_column, own.symbol)
