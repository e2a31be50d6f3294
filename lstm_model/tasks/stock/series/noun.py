"""What a series is called: a price and its closes where somebody said money, a value everywhere else."""

from dataclasses import dataclass

from lstm_model.tasks.stock.kind import POSITIVE
from lstm_model.tasks.stock.reading.names import is_price


@dataclass(frozen=True)
class Noun:
    """The words for a series, in sentences and pictures."""

    series: str  # what moves
    row: str  # what one row of it holds


PRICE = Noun("price", "close")
VALUE = Noun("value", "value")


def noun_of(target: str, column: str) -> Noun:
    """A target that needs prices, of a column that is called like one, speaks of prices."""
    return PRICE if target in POSITIVE and is_price(column) else VALUE
