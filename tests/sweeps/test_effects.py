"""Which settings matter is said with its uncertainty, and not said where too few trials tell it."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.sweeps.design import Design
from lstm_model.sweeps.effects import Effect, effects
from lstm_model.sweeps.space import Range, Values
from lstm_model.sweeps.standing import Standing
from lstm_model.sweeps.sweep import Trial
from lstm_model.sweeps.trial import Outcome
from support.roads import design

WIDTHS = Values("hidden_size", "hidden", (4, 6, 8))
RATES = Range("learning_rate", "lr", 0.001, 0.1, log=True)


@cache
def plan() -> Design:
    return design(WIDTHS, RATES)


def standing(rows: list[tuple[dict[str, Any], float | None]]) -> Standing:
    """Trials with settings and a loss; None: given up."""
    trials = {}
    for k, (settings, loss) in enumerate(rows):
        outcome = Outcome("pruned") if loss is None else Outcome("done", loss)
        trials[k] = Trial(k, k, settings, 5, Path(f"{k}"), outcome=outcome)
    return Standing(plan(), Path("sweep"), trials, frozenset())


def drawn(seed: int, n: int, gain: float) -> dict[str, Effect]:
    """Random settings, of which the widest is better by `gain`, under noise of one."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[dict[str, Any], float | None]] = []
    for _ in range(n):
        hidden, rate = int(rng.choice([4, 6, 8])), RATES.at(rng.random())
        rows.append(({"hidden_size": hidden, "learning_rate": rate}, float(rng.normal()) - gain * (hidden == 8)))
    return {effect.dimension.name: effect for effect in effects(standing(rows))}


def test_what_matters_is_found_with_its_size_and_comes_first() -> None:
    found = [drawn(seed, 30, 3.0) for seed in range(20)]
    assert all(next(iter(each)) == "hidden" for each in found)
    assert all(each["hidden"].matters and each["hidden"].levels[0].value == 8 for each in found)
    lower, error = zip(*((each["hidden"].lower, each["hidden"].error) for each in found), strict=True)
    assert np.mean(lower) == pytest.approx(3.0, abs=0.3)
    assert np.std(lower) == pytest.approx(np.mean(error), rel=0.4)  # the error says how much it scatters


@pytest.mark.parametrize("n", [10, 30])
def test_chance_seldom_passes_for_an_effect(n: int) -> None:
    found = [effect for seed in range(150) for effect in drawn(seed, n, 0.0).values() if effect.matters is not None]
    assert len(found) > 100
    assert np.mean([effect.matters for effect in found]) < 0.09


def test_too_few_settings_on_one_side_say_nothing() -> None:
    rows: list[tuple[dict[str, Any], float | None]] = [
        ({"hidden_size": 8 if k < 2 else 4, "learning_rate": 0.01}, float(k)) for k in range(9)
    ]
    (hidden,) = [effect for effect in effects(standing(rows)) if effect.dimension.name == "hidden"]
    assert hidden.matters is hidden.lower is hidden.error is None
    assert [(level.value, level.n) for level in hidden.levels] == [(8, 2), (4, 7), (6, 0)]


def test_trials_that_were_given_up_have_no_loss_and_are_counted() -> None:
    rows: list[tuple[dict[str, Any], float | None]] = [
        ({"hidden_size": 4 + 2 * (k % 2), "learning_rate": 0.001 * (k + 1)}, None if k % 2 and k > 6 else float(k))
        for k in range(12)
    ]
    (hidden,) = [effect for effect in effects(standing(rows)) if effect.dimension.name == "hidden"]
    assert {level.value: (level.n, level.tried) for level in hidden.levels} == {4: (6, 6), 6: (3, 6), 8: (0, 0)}
