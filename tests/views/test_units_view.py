"""The units view: a page in the shades of one unit, units in the order of how clearly they follow something."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstm_model.inside.naming import UnitName
from lstm_model.inside.trace import trace
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.page import Page
from lstm_tui.inside.shades import levels
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.units import LENGTH, Named, Units, UnitsProbe
from support.probed import answer, long_trainer
from support.stepped import tiny_trainer


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    trainer = long_trainer(folder, num_layers=2)
    for _ in range(20):
        trainer.step()
    return Run(trainer, None, Plan())


@pytest.fixture(scope="module")
def found(run: Run) -> Named:
    made = answer(UnitsProbe(1), run)
    assert isinstance(made, Named)
    return made


def named(found: Named, names: tuple[UnitName, ...]) -> Named:
    return replace(found, names=names)


def test_a_page_has_the_shades_of_what_the_unit_remembers(run: Run, found: Named) -> None:
    view = Units(Spot())
    view.take(found)
    view.along(1)
    name = found.order[1]
    reading = run.trainer.task.reading(1, LENGTH)
    assert reading.before is not None
    whole = trace(run.trainer.judged, np.concatenate([reading.before, reading.x])[:, 0])
    values = whole.layers[name.layer].followed[len(reading.before) :, name.unit]
    np.testing.assert_allclose(found.shown[name.layer, :, name.unit], values, atol=1e-5)
    drawn, page = view.drawn(found, Room(76, 12)), Page(reading.labels, 76)
    for row, steps in zip(drawn.rows, page.rows, strict=False):
        roles = [role for text, role in row for _ in text][: len(steps)]
        wanted = [f"onsign{level}" for level in levels(values[steps.start : steps.stop], "sign")]
        assert [a for a in zip(roles, wanted, strict=True) if a[0] not in (a[1], "cursor")] == []


def test_all_units_are_named_or_said_to_have_no_name(run: Run, found: Named) -> None:
    assert len(found.names) == 16
    assert {(name.layer, name.unit) for name in found.order} == {(k, unit) for k in range(2) for unit in range(8)}
    again = answer(UnitsProbe(0), run)
    assert isinstance(again, Named)
    assert again.names == found.names  # the same weights, another page


def test_the_clearest_comes_first_and_a_unit_stays_in_view_when_it_changes_places(found: Named) -> None:
    quote, column = UnitName(0, 3, "inside quotes", 0.97, "AUC"), UnitName(1, 5, "column in the line", 0.6, "r")
    view = Units(Spot())
    first = named(found, (column, quote))
    view.take(first)
    assert "unit 3: inside quotes, AUC 0.97 (1 of 16; 2 named)" in view.drawn(first, Room(76, 12)).reading[0]
    view.along(1)
    assert (view.spot.layer, view.spot.unit) == (1, 5)
    clearer = replace(column, strength=0.99)
    later = named(found, (clearer, quote))
    view.take(later)
    assert view.rank == 0
    assert "layer 2, unit 5: column in the line, r 0.99 (1 of 16" in view.drawn(later, Room(76, 12)).reading[0]


def test_a_text_too_short_for_names_still_shows_units(tmp_path: Path) -> None:
    made = answer(UnitsProbe(0), Run(tiny_trainer(tmp_path), None, Plan()))
    assert isinstance(made, Named)
    view = Units(Spot())
    view.take(made)
    assert "512 steps or more" in view.drawn(made, Room(76, 12)).reading[0]
