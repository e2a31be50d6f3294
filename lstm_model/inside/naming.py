"""What each unit follows: statistics of its values against features that are computed from the data alone.

Three things could give a unit a name that it has not earned, and each is met:

- Chance. With hundreds of units and many features some pair always correlates. The bound is what the best of all pairs
  reaches when the features are put into another order, in blocks, which keep what is alike from step to step (the
  maximum statistic of Westfall & Young 1993; blocks: Künsch 1989).
- Choice. The feature is chosen on one half of the sequences and must show on the other, whose figure is told.
- Echo. A unit that each space moves correlates with the position in the word, and knows nothing of words. So what the
  last few ids explain, each by itself, is taken off a feature first, and what is left must still be followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.inside.following import Beyond, Reals, auc, beyond, correlation, without_echo
from lstm_model.inside.reading import followed
from lstm_model.network.model import Network
from lstm_model.tasks.base import Slices
from lstm_model.tasks.probes import Feature, HeldOut

LEAST = 512  # steps to judge: fewer prove nothing
CLEAR = 0.3  # the least clearness of a name, |r| or 2 |AUC - 1/2|
CLEAR_BEYOND = 0.2  # the least |r| without the echo ...
CLEAR_ANYWAY = 0.8  # ... but for a unit so clear that it does not matter how it knows


@dataclass(frozen=True)
class UnitName:
    """What a unit follows, and how closely: measured on sequences on which it was not chosen."""

    layer: int  # from 0
    unit: int
    feature: str | None = None  # None: nothing is clear
    strength: float = 0.0  # r, below 0 for a unit that falls as the feature rises; or AUC, below 1/2 for one low inside
    kind: Literal["r", "AUC"] | None = None

    @property
    def clearness(self) -> float:
        """From 0, nothing, to 1: |r|, or 2 |AUC - 1/2|."""
        return abs(self.strength) if self.kind == "r" else 2 * abs(self.strength - 0.5) if self.kind else 0.0

    def __str__(self) -> str:
        what = f"{self.feature}, {self.kind} {self.strength:.2f}" if self.feature else "nothing clear"
        return f"unit {self.unit}: {what}" if self.layer == 0 else f"layer {self.layer + 1}, unit {self.unit}: {what}"


class Naming:
    """A probe made ready: all that depends on its data alone is computed once, and serves every naming over it.

    probe: two sequences or more, with at least 512 steps to judge in all; features: the table to choose from; seed: of
    the shuffles. InputError for a probe that is too short.
    """

    def __init__(self, probe: HeldOut, features: Sequence[Feature], seed: int = 0) -> None:
        T, B = probe.places.shape
        steps = (T - probe.warm_up) * B
        if B < 2 or steps < LEAST:
            raise InputError(f"naming units takes {LEAST:,} steps or more, and there are {max(0, steps):,}")
        self.probe, self.features, self._seed = probe, tuple(features), seed
        self._values: Reals = np.stack([probe.values(feature) for feature in features], axis=-1)  # (T, B, F)
        self._rest = self._values if probe.x.ndim == 3 else without_echo(self._values, probe.x)

    def name(self, network: Network) -> Slices[tuple[UnitName, ...]]:
        """Name all units of a network, those of the lowest layer first, in order of their numbers."""
        shown = yield from followed(network, self.probe.x)
        names: list[UnitName] = []
        for layer, of_layer in enumerate(shown):
            chosen_on = yield from self._half(of_layer, 0)
            judged_on = yield from self._half(of_layer, 1)
            for unit in range(network.hidden_size):
                names.append(self._named(layer, unit, chosen_on, judged_on))
                if unit % 32 == 31:
                    yield 1.0
        return tuple(names)

    def _half(self, units: Floats, first: int) -> Slices["_Half"]:
        """Every other sequence, from the first or the second on, with what H units showed there (T, B, H)."""
        some = slice(self.probe.warm_up, None), slice(first, None, 2)
        rng = np.random.default_rng((self._seed, first))
        return _Half(self._values[some], units[some], (yield from beyond(self._rest[some], units[some], rng)))

    def _named(self, layer: int, unit: int, chosen_on: "_Half", judged_on: "_Half") -> UnitName:
        found = {
            f: self._measured(layer, unit, f, chosen_on)
            for f in np.flatnonzero(chosen_on.beyond.real[:, unit]).tolist()
        }
        if not found:
            return UnitName(layer, unit)
        # Clear, and what most of the unit's moves are about: code is indented, and most of it is in brackets.
        f = max(found, key=lambda f: found[f].clearness * abs(chosen_on.beyond.r[f, unit]))
        again = self._measured(layer, unit, f, judged_on)
        first, second = chosen_on.beyond.r[f, unit], judged_on.beyond.r[f, unit]
        clear = again.clearness >= CLEAR_ANYWAY or (again.clearness >= CLEAR and abs(second) >= CLEAR_BEYOND)
        return again if clear and judged_on.beyond.real[f, unit] and first * second > 0 else UnitName(layer, unit)

    def _measured(self, layer: int, unit: int, f: int, half: "_Half") -> UnitName:
        """How closely a unit follows a feature on one half."""
        feature, values, shown = self.features[f], half.values[..., f].ravel(), half.units[..., unit].ravel()
        if feature.yes_no:
            return UnitName(layer, unit, feature.name, auc(shown, values > 0), "AUC")
        return UnitName(layer, unit, feature.name, correlation(shown, values), "r")


@dataclass(frozen=True, eq=False)
class _Half:
    values: Reals  # (T, B, F)
    units: Floats  # (T, B, H)
    beyond: Beyond


def ranked(names: Sequence[UnitName]) -> list[UnitName]:
    """The units that have a name, the clearest first."""
    return sorted((name for name in names if name.feature), key=lambda name: -name.clearness)
