"""Prices beyond all that training saw: there a model of prices says what it was never taught."""

from typing import TypedDict

from lstm_model.digits import apart
from lstm_model.tasks.stock.judging.significance import Values
from lstm_model.tasks.stock.series.noun import PRICE, Noun


class Outside(TypedDict):
    """Which of a part's prices lie outside of those of training."""

    days: int  # of the part
    above: int
    below: int
    low: float  # of those that lie outside
    high: float
    trained_low: float
    trained_high: float
    part: str


def outside_of(actual: Values, trained: Values, part: str) -> Outside | None:
    """Hold prices (n,) of a part against those of training (m,); None if all lie within."""
    low, high = float(trained.min()), float(trained.max())
    above, below = actual > high, actual < low
    if not (above | below).any():
        return None
    found = actual[above | below]
    return Outside(
        days=len(actual), above=int(above.sum()), below=int(below.sum()),
        low=float(found.min()), high=float(found.max()), trained_low=low, trained_high=high, part=part,
    )  # fmt: skip


def mostly(outside: Outside | None) -> bool:
    """Whether more than half of the prices lie outside: figures of such a part are about what was never taught."""
    return outside is not None and 2 * (outside["above"] + outside["below"]) > outside["days"]


def outside_sentence(outside: Outside, worse: bool, noun: Noun = PRICE) -> str:
    """Say which prices lie outside, and, if most do and the forecast is worse than no change, that it is why."""
    n = outside["above"] + outside["below"]
    low, high, trained_low, trained_high = apart(
        outside["low"], outside["high"], outside["trained_low"], outside["trained_high"]
    )
    which = f"all {n}" if n == outside["days"] else f"{n} of {outside['days']}"
    span = f"{low} to {high}" if n > 1 else low
    place = f"outside of all {noun.row}s of training ({trained_low} to {trained_high})"
    if not outside["below"]:
        place = f"above all {noun.row}s of training (highest {trained_high})"
    elif not outside["above"]:
        place = f"below all {noun.row}s of training (lowest {trained_low})"
    lie = "lie" if outside["days"] > 1 else "lies"
    other = "return" if outside["trained_low"] > 0 < outside["low"] and noun == PRICE else "change"
    why = f": a model of {noun.row}s cannot follow; `target` {other} can" if worse and mostly(outside) else ""
    return f"Out of range: {which} {outside['part']} {noun.row}s ({span}) {lie} {place}{why}."
