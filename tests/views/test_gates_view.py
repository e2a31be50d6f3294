"""The gates view: each cell of the picture is the gate's value, and the order is that of the half-lives."""

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.shades import EDGES, RAMP, levels
from lstm_tui.inside.traces import Traced, TraceProbe
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.gates import LEFT, RIGHT, Gates
from support.probed import answer
from support.stepped import tiny_trainer


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    trainer = tiny_trainer(tmp_path_factory.mktemp("run"))
    for _ in range(30):
        trainer.step()
    made = answer(TraceProbe(0, 24), Run(trainer, None, Plan()))
    assert isinstance(made, Traced)
    return made


def test_in_characters_each_cell_is_the_forget_gate_of_its_unit_and_step(found: Traced) -> None:
    view, T, H = Gates(Spot()), found.steps, 8
    view.take(found)
    drawn = view.drawn(found, Room(LEFT + T + RIGHT, H + 2, ascii_only=True, plain=True))
    lines = ["".join(text for text, _ in row) for row in drawn.rows]
    f = found.trace.layers[0].gates["f"]
    for line, unit in zip(lines[1 : H + 1], found.orders[0], strict=True):
        assert int(line[:4]) == unit
        assert [RAMP.index(character) for character in line[LEFT : LEFT + T]] == [
            sum(value >= edge for edge in EDGES) for value in f[:, unit]
        ]


def test_in_colour_half_a_block_is_a_value_and_the_other_half_the_next_unit(found: Traced) -> None:
    view, T = Gates(Spot()), found.steps
    view.take(found)
    sheet_rows = view.drawn(found, Room(LEFT + T + RIGHT, 6)).rows
    upper, lower = found.orders[0][:2]
    f = found.trace.layers[0].gates["f"]
    roles = [role for text, role in sheet_rows[1] for _ in text][LEFT : LEFT + T]
    wanted = zip(levels(f[:, upper], "gate"), levels(f[:, lower], "gate"), strict=True)
    assert roles == [f"gate{a}.{b}" for a, b in wanted]


def test_what_is_read_at_the_cursor_is_the_value_there(found: Traced) -> None:
    view = Gates(Spot())
    view.take(found)
    view.along(7)
    view.across(2)
    unit = int(found.orders[0][2])
    drawn = view.drawn(found, Room(80, 12))
    assert f"f of unit {unit}, layer 1: {found.trace.layers[0].gates['f'][7, unit]:.4f} at step 8" in drawn.reading[0]
    view.other()
    assert view.drawn(found, Room(80, 12)).reading[0].startswith("g of unit")
