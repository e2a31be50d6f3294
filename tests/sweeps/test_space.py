"""The space of settings, the order of trials, and when one is given up."""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.sweeps.order import Grid, Order, Random, order_of
from lstm_model.sweeps.pruning import by_halving, by_median
from lstm_model.sweeps.space import Range, Space, Values
from support.roads import RATES, WIDTHS

LAYERS = Range("num_layers", "layers", 1, 3, whole=True)
KINDS = Values("optimizer", "optimizer", ("adam", "sgd"))


def test_a_grid_has_every_combination_once() -> None:
    space = Space((WIDTHS, KINDS))
    grid = Grid(space)
    assert grid.most == 6
    all_settings = [tuple(grid.settings(k, {}, {}).values()) for k in range(6)]
    assert all_settings == [(width, kind) for width in (4, 6, 8) for kind in ("adam", "sgd")]


def test_a_grid_of_a_range_is_refused() -> None:
    with pytest.raises(InputError, match="lr is a range: name some"):
        Grid(Space((WIDTHS, RATES)))


def test_random_order_follows_from_seed_and_number_alone() -> None:
    for space in (Space((WIDTHS, KINDS)), Space((RATES, LAYERS))):
        one, other = Random(space, 3), Random(space, 3)
        drawn = [one.settings(k, {}, {}) for k in range(6)]
        assert [other.settings(k, {}, {}) for k in reversed(range(6))] == drawn[::-1]
        assert [Random(space, 4).settings(k, {}, {}) for k in range(6)] != drawn
    assert len({tuple(Random(Space((WIDTHS, KINDS)), 3).settings(k, {}, {}).values()) for k in range(6)}) == 6


def test_a_range_is_drawn_evenly_and_with_both_its_ends() -> None:
    rng = np.random.default_rng(0)
    drawn = [Space((RATES, LAYERS)).drawn(rng) for _ in range(3_000)]
    assert {settings["num_layers"] for settings in drawn} == {1, 2, 3}
    rates = [settings["learning_rate"] for settings in drawn]
    assert all(0.001 <= rate <= 0.1 for rate in rates)
    assert sum(rate < 0.01 for rate in rates) == pytest.approx(1_500, abs=100)  # half of the decades
    wide = Range("hidden_size", "hidden", 1, 1024, log=True, whole=True)
    assert (wide.at(0.0), wide.at(1.0)) == (1, 1024)
    assert {type(wide.at(share)) for share in (0.0, 0.3, 1.0)} == {int}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Values("hidden_size", "hidden", ()), "hidden has no values"),
        (lambda: Values("hidden_size", "hidden", (8, 8)), "hidden has a value twice"),
        (lambda: Range("learning_rate", "lr", 0.1, 0.1), "lr 0.1..0.1 is an empty range"),
        (lambda: Range("learning_rate", "lr", 0.2, 0.1), "lr 0.2..0.1 is an empty range"),
        (lambda: Range("dropout", "dropout", 0, 0.5, log=True), "dropout log:0..0.5 must begin above 0"),
        (lambda: Space((WIDTHS, WIDTHS)), "`hidden_size` is tried twice"),
    ],
)
def test_an_empty_space_is_refused(make: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        make()  # type: ignore[operator]


# Optuna


def searched(order: Order, space: Space, groups: int) -> list[float]:
    """The distances from the best rate, 0.01, in decades, of what an order asks for when it is told those."""
    asked: dict[int, dict[str, object]] = {}
    told: dict[int, float | None] = {}
    for k in range(groups):
        asked[k] = order.settings(k, asked, told)
        told[k] = abs(math.log10(asked[k]["learning_rate"]) + 2)  # type: ignore[arg-type]
    return [loss for loss in told.values() if loss is not None]


def test_optunas_sampler_comes_nearer_to_the_best_than_chance(tmp_path: Path) -> None:
    space = Space((RATES, KINDS))
    assert np.mean(searched(order_of("optuna", space, 1, tmp_path), space, 40)[20:]) < 0.25
    assert np.mean(searched(order_of("random", space, 1, tmp_path), space, 40)[20:]) > 0.35


def test_optunas_sampler_goes_on_from_what_was_asked_and_told(tmp_path: Path) -> None:
    """After a kill it suggests what it would have suggested, from the sweep's own journal alone."""
    space, asked, told = Space((RATES, LAYERS, KINDS)), {}, {}  # type: ignore[var-annotated]
    unbroken = order_of("optuna", space, 1, tmp_path)
    for k in range(14):
        asked[k] = unbroken.settings(k, asked, told)
        if k % 3:
            told[k] = None if k % 4 == 0 else float(k)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "optuna.log").write_text("half a line of another process")
    other = order_of("optuna", space, 1, tmp_path / "other")
    assert other.settings(14, asked, told) == unbroken.settings(14, asked, told)


# Pruning


def curve(*losses: float) -> list[tuple[float, float]]:
    return [((k + 1) / len(losses), loss) for k, loss in enumerate(losses)]


OTHERS = [curve(3.0, 2.5, 2.0, 1.0 + k) for k in range(3)] + [curve(3.0, 1.5, 1.2, 1.0) for _ in range(2)]


def test_the_median_rule_compares_at_equal_shares() -> None:
    good, bad = [(0.25, 3.0), (0.5, 2.5)], [(0.25, 3.0), (0.5, 2.6)]
    assert by_median(good, OTHERS) == ""
    assert by_median(bad, OTHERS) == "2.6 at 50%, above 2.5, the median of 5 others"
    assert by_median(bad, OTHERS[:3]) == ""  # too few to know
    assert by_median([(0.1, 9.0)], [[(0.1, 1.0)]] * 5) == ""  # too early
    assert by_median(curve(9.0), OTHERS) == ""  # it has ended anyway
    assert by_median(bad, [other[:1] for other in OTHERS]) == ""  # nobody has been there


def test_halving_lets_the_best_third_go_on() -> None:
    there = [[(0.2, float(k)), (0.4, float(k))] for k in range(5)]
    assert by_halving([(0.4, 1.5)], there) != ""
    assert by_halving([(0.4, 0.5)], there) == ""
    assert by_halving([(0.34, 9.0), (0.4, 9.0)], there) == ""  # between two rungs nothing is decided
    assert by_halving([(0.4, 9.0)], there[:1]) == ""


def test_an_order_that_is_not_installed_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    monkeypatch.delitem(sys.modules, "lstm_model.sweeps.suggested", raising=False)
    with pytest.raises(InputError, match=r"pip install 'lstm-tui\[sweep\]'"):
        order_of("optuna", Space((RATES,)), 1, tmp_path)
    assert isinstance(order_of("random", Space((RATES,)), 1, tmp_path).settings(0, {}, {}), Mapping)
