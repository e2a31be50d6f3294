"""Whether a forecast knows up from down better than whoever always says the same."""

from collections.abc import Mapping

import numpy as np

from lstm_model.tasks.stock.judging.significance import (
    BETTER,
    Values,
    enough,
    greater_p_value,
    p_shown,
    wilson_interval,
)
from lstm_model.tasks.stock.series.noun import PRICE, Noun

Figure = float | str | list[float] | None
STILL = 1e-12  # a move smaller than this, as a share of the values, is rounding


def moves(values: Values, previous: Values) -> Values:
    """The signs (n,) of what lies between: 1 up, -1 down, 0 for no move."""
    difference, size = values - previous, np.maximum(np.abs(values), np.abs(previous))
    signs: Values = np.where(np.abs(difference) > STILL * size, np.sign(difference), 0.0)
    return signs


def directions(actual: Values, predicted: Values, previous: Values) -> tuple[int, int]:
    """Days on which price and forecast moved the same way, and days on which both moved."""
    product = moves(actual, previous) * moves(predicted, previous)
    return int((product > 0).sum()), int((product != 0).sum())


def direction_of(actual: Values, predicted: Values, previous: Values, horizon: int = 1) -> dict[str, Figure]:
    """How often forecasts (n,) of `actual` (n,) moved as it did from `previous` (n,).

    - directional_accuracy: of the days on which both moved, the share that moved the same way; None for no such day
    - directional_ci: its 95 % interval, see `wilson_interval`; forecasts that overlap count for one in `horizon`
    - moved_days: days on which the price moved; direction_days: those of them on which the forecast moved too
    - always_up, always_down: what saying that every day has, on the direction_days; always_same: the better of the two
    - direction_p_value: one-sided, that the forecast is no better than always_same; None for too few days
    """
    came, said = moves(actual, previous), moves(predicted, previous)
    both = came * said != 0
    right, days = int((came == said)[both].sum()), int(both.sum())
    up = int((came[both] > 0).sum())
    usual = 1.0 if 2 * up >= days else -1.0
    gain = np.where(both, (came == said).astype(float) - (came == usual).astype(float), 0.0)  # 1, 0 or -1
    return {
        "directional_accuracy": right / days if days else None,
        "directional_ci": wilson_interval(right / horizon, days / horizon),
        "moved_days": int((came != 0).sum()),
        "direction_days": days,
        "always_up": up / days if days else None,
        "always_down": 1 - up / days if days else None,
        "always_same": max(up, days - up) / days if days else None,
        "direction_p_value": greater_p_value(gain, horizon) if days and enough(len(actual), horizon) else None,
    }


def direction_sentence(metrics: Mapping[str, object], step: str = "day", noun: Noun = PRICE) -> str:
    """Say what `direction_of` found; metrics: that, and the number of days."""
    share, interval, p = (metrics[key] for key in ("directional_accuracy", "directional_ci", "direction_p_value"))
    if not metrics["moved_days"]:
        return f"direction: the {noun.series} did not move on any {step}"
    if not (isinstance(share, float) and isinstance(interval, list)):
        return f"direction: the forecast did not move on any {step} on which the {noun.series} did"
    said = f"direction right {100 * share:.1f} % {_where(metrics, step, noun)}"
    said += f" (95 % interval {100 * interval[0]:.1f} to {100 * interval[1]:.1f})"
    up = metrics["always_up"]
    word, best = ("down", 1 - up) if isinstance(up, float) and up < 0.5 else ("up", up)
    said += f'; always "{word}" is right {100 * best:.1f} %' if isinstance(best, float) else ""
    if not isinstance(p, float):
        return said
    if p < BETTER:
        return f"{said}, so the forecast knows more ({p_shown(p)}, one-sided)"
    return f"{said}, so the forecast does not know more ({p_shown(p)}, one-sided)"


def _where(metrics: Mapping[str, object], step: str, noun: Noun) -> str:
    """On which days: those on which there was a direction to be right about."""
    n, moved, days = (metrics[key] for key in ("days", "moved_days", "direction_days"))
    if days == n:
        return f"on {f'all {n} {step}s' if n != 1 else f'one {step}'}"
    mover = "it" if days == moved else f"both {noun.series} and forecast"
    return f"on the {days} of {n} {step}s on which {mover} moved"
