"""Optuna's sampler: what to try next, told from what was tried (tree-structured Parzen estimator).

Akiba et al., "Optuna: A Next-generation Hyperparameter Optimization Framework", 2019. The sweep's own journal says what
was tried; Optuna's file, `optuna.log`, is written anew from it at each start, for tools that read such files. So the
two cannot disagree.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from lstm_model.sweeps.space import DIGITS, Dimension, Settings, Space, Values

FILE = "optuna.log"
FIRST = 10  # groups that are drawn at random, before there is something to learn from


class Suggested:
    """See `Order`. The sampler's randomness follows from the seed and the group's number."""

    most: int | None = None
    learns = True

    def __init__(self, space: Space, seed: int, folder: Path) -> None:
        self._space, self._seed, self._folder = space, seed, folder
        self._distributions = {dimension.name: _distribution(dimension) for dimension in space.dimensions}
        self._study: optuna.Study | None = None
        self._numbers: dict[int, int] = {}  # Optuna's, by group
        self._told: set[int] = set()

    def settings(self, group: int, asked: Mapping[int, Settings], told: Mapping[int, float | None]) -> Settings:
        """What the sampler suggests, knowing what was asked and told."""
        study = self._study = self._study or self._begun(asked)
        for done in sorted(told.keys() & self._numbers.keys() - self._told):
            value = told[done]
            if value is None:
                study.tell(self._numbers[done], state=TrialState.FAIL)
            else:
                study.tell(self._numbers[done], value)
            self._told.add(done)
        seed = int(np.random.default_rng([self._seed, group]).integers(2**31))
        study.sampler = optuna.samplers.TPESampler(n_startup_trials=FIRST, constant_liar=True, seed=seed)
        trial = study.ask(self._distributions)
        self._numbers[group] = trial.number
        return {d.field: _value(d, trial.params[d.name]) for d in self._space.dimensions}

    def _begun(self, asked: Mapping[int, Settings]) -> optuna.Study:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        for left in self._folder.glob(f"{FILE}*"):
            left.unlink()
        storage = JournalStorage(JournalFileBackend(str(self._folder / FILE)))
        study = optuna.create_study(storage=storage, study_name=self._folder.name)
        for number, group in enumerate(sorted(asked)):
            self._numbers[group] = number
            params = {d.name: _shown(asked[group][d.field]) for d in self._space.dimensions}
            study.add_trial(
                optuna.create_trial(state=TrialState.RUNNING, params=params, distributions=self._distributions)
            )
        return study


def _distribution(dimension: Dimension) -> BaseDistribution:
    if isinstance(dimension, Values):
        return CategoricalDistribution([_shown(value) for value in dimension.values])
    if dimension.whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _shown(value: Any) -> Any:
    """A value as Optuna takes it."""
    return value if isinstance(value, int | float | str) else str(value)


def _value(dimension: Dimension, shown: Any) -> Any:
    if isinstance(dimension, Values):
        return next(value for value in dimension.values if _shown(value) == shown)
    return int(shown) if dimension.whole else float(f"{shown:.{DIGITS}g}")
