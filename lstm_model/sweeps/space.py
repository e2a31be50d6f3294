"""The space of settings that a sweep tries: for each setting some values, or a range."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np

from lstm_model.errors import InputError

Settings = dict[str, Any]  # fields of Config

DIGITS = 4  # that a number drawn from a range keeps: more tell nothing, and make names long


@dataclass(frozen=True)
class Values:
    """Some values of a setting. field: of Config; name: what a person calls it."""

    field: str
    name: str
    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise InputError(f"{self.name} has no values to try", field=self.field)
        if len(set(self.values)) < len(self.values):
            raise InputError(f"{self.name} has a value twice: each is tried once", field=self.field)

    def at(self, share: float) -> Any:
        """The value at a share of the way from the first to the last."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]


@dataclass(frozen=True)
class Range:
    """All numbers from `low` to `high`, both of them too; log: equal ratios are equally likely."""

    field: str
    name: str
    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise InputError(f"{self.name} {self.low:g}..{self.high:g} is an empty range", field=self.field)
        if self.log and self.low <= 0:
            raise InputError(f"{self.name} log:{self.low:g}..{self.high:g} must begin above 0", field=self.field)

    def at(self, share: float) -> Any:
        """The number at a share of the way."""
        low, high = (self.low, self.high + 1) if self.whole else (self.low, self.high)
        value = low * (high / low) ** share if self.log else low + (high - low) * share
        return min(math.floor(value), int(self.high)) if self.whole else float(f"{value:.{DIGITS}g}")


Dimension = Values | Range


@dataclass(frozen=True)
class Space:
    """The dimensions, in the order in which they were named."""

    dimensions: tuple[Dimension, ...]

    def __post_init__(self) -> None:
        names = [dimension.field for dimension in self.dimensions]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"`{name}` is tried twice: name all its values at once", field=name)

    @property
    def size(self) -> int | None:
        """How many settings there are; None where a range makes them too many to count."""
        if not all(isinstance(dimension, Values) for dimension in self.dimensions):
            return None
        return math.prod(len(cast(Values, dimension).values) for dimension in self.dimensions)

    def on_grid(self, k: int) -> Settings:
        """The k-th of all settings; the last dimension changes fastest. TypeError for a space with a range."""
        settings = {}
        for dimension in reversed(self.dimensions):
            if not isinstance(dimension, Values):
                raise TypeError(f"{dimension.name} is a range")
            k, place = divmod(k, len(dimension.values))
            settings[dimension.field] = dimension.values[place]
        return {dimension.field: settings[dimension.field] for dimension in self.dimensions}

    def drawn(self, rng: np.random.Generator) -> Settings:
        """Settings drawn at random."""
        return {dimension.field: dimension.at(rng.random()) for dimension in self.dimensions}

    def named(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Settings by the names that a person gave them."""
        return {dimension.name: settings[dimension.field] for dimension in self.dimensions}

    def of(self, settings: Mapping[str, Any]) -> Settings:
        """Those of all settings of a run that the space is about, as they stand in it."""
        return {dimension.field: _plain(settings[dimension.field]) for dimension in self.dimensions}

    def as_dict(self) -> list[dict[str, Any]]:
        """Plain values, as JSON holds them."""
        return [asdict(dimension) for dimension in self.dimensions]

    @classmethod
    def from_list(cls, dimensions: Sequence[Mapping[str, Any]]) -> "Space":
        """The space that `as_dict` made these of. TypeError or KeyError where it did not."""
        return cls(
            tuple(
                Values(each["field"], each["name"], tuple(map(_plain, each["values"])))
                if "values" in each
                else Range(**each)
                for each in dimensions
            )
        )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value


def short_text(value: Any) -> str:
    """A value in a name of a folder."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "-".join(map(short_text, value))
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return "".join(character if character.isalnum() or character in ".-+" else "_" for character in text)[:24]
