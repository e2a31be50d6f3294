"""What a line of a sweep's journal tells of a trial, believed no further than it fits the sweep."""

from dataclasses import dataclass
from typing import Any

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.space import Settings
from lstm_model.sweeps.trial import Outcome

KINDS = ("begun", "ended", "left", "stuck")
MOST_POINTS = 100_000  # of a curve
LARGEST_SEED, LARGEST_LOSS = 2**64, 1e300


@dataclass(frozen=True)
class Noted:
    """A trial as a line tells of it. outcome: None where the line tells of no end that counts; curve: if it has one."""

    number: int
    group: int
    settings: Settings
    seed: int
    again: bool
    outcome: Outcome | None = None
    curve: list[tuple[float, float]] | None = None

    @classmethod
    def of(cls, entry: dict[str, Any], design: Design) -> "Noted":
        """From an entry of the journal; ValueError if no trial of this sweep can have left it."""
        number: Any = next((entry[word] for word in KINDS if word in entry), None)
        group: Any = entry.get("group")
        seed: Any = entry.get("seed")
        again: Any = entry.get("again")
        _require(type(number) is int and 0 <= number < design.trials + design.again)
        _require(type(group) is int and 0 <= group < design.groups and isinstance(again, bool))
        _require(type(seed) is int and abs(seed) < LARGEST_SEED)
        _require(again == (number >= design.trials) and (again or group == number // design.seeds))
        outcome = Outcome.of(entry.get("outcome")) if "ended" in entry else None
        curve = _curve(entry["curve"]) if "curve" in entry else None
        return cls(number, group, _settings(entry.get("settings"), design), seed, again, outcome, curve)


def _require(right: object) -> None:
    if not right:
        raise ValueError("no line of this sweep")


def _settings(there: Any, design: Design) -> Settings:
    """Of a space's settings those that a run can have."""
    try:
        settings = design.space.of(there)
        Config.from_dict({**design.base.as_dict(), **settings})
    except (InputError, KeyError, TypeError, IndexError):
        raise ValueError("no settings of this sweep") from None
    return settings


def _curve(there: Any) -> list[tuple[float, float]]:
    _require(isinstance(there, list) and len(there) <= MOST_POINTS)
    curve = []
    for point in there:
        _require(isinstance(point, list) and len(point) == 2)
        _require(all(type(value) in (int, float) and abs(value) < LARGEST_LOSS for value in point))
        curve.append((float(point[0]), float(point[1])))
    return curve
