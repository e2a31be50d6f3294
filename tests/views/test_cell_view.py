"""The cell view: every number shown is the array's, and the gradients are those of the network."""

import re
from pathlib import Path

import numpy as np
import pytest

from lstm_model.network.cells.registry import CELLS
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.traces import Traced, TraceProbe
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.cell import CellStep, numbers
from lstm_tui.inside.views.diagrams import DIAGRAMS
from support.probed import answer
from support.stepped import tiny_trainer

ROOM = Room(76, 12)


def traced(folder: Path, task: str = "text", **settings: object) -> Traced:
    trainer = tiny_trainer(folder, task, **settings)
    for _ in range(5):
        trainer.step()
    found = answer(TraceProbe(0, 24, back=True), Run(trainer, None, Plan()))
    assert isinstance(found, Traced)
    return found


def shown(view: CellStep, found: Traced, room: Room = ROOM) -> str:
    view.take(found)
    drawn = view.drawn(found, room)
    return "\n".join("".join(text for text, _ in row) for row in drawn.rows)


def test_forward_every_number_is_the_arrays(tmp_path: Path) -> None:
    found = traced(tmp_path)
    layer, kept = found.trace.layers[0], found.trace.kept[0]
    view = CellStep(Spot(is_new=False))
    for step, unit in ((0, 0), (7, 3), (23, 7)):
        view.spot.step, view.spot.unit = step, unit
        text = shown(view, found)
        i, f, g, o = (layer.gates[name][step, unit] for name in "ifgo")
        c, c_new, h_new = kept[step].c[0, unit], layer.states["c"][step, unit], layer.states["h"][step, unit]
        assert f"c' = f * c + i * g = {f:.4f} * {c:.4f} + {i:.4f} * {g:.4f} = {c_new:.4f}" in text
        assert f"h' = o * tanh c'   = {o:.4f} * {np.tanh(c_new):.4f} = {h_new:.4f}" in text


@pytest.mark.parametrize("cell", list(CELLS))
def test_every_kind_of_cell_has_a_diagram_with_its_own_numbers(tmp_path: Path, cell: str) -> None:
    found = traced(tmp_path, cell=cell, num_layers=2)
    assert cell in DIAGRAMS
    view = CellStep(Spot(layer=1, unit=3, step=6, is_new=False))
    text = shown(view, found)
    n = numbers(found, 1, 6, 3)
    assert n["h'"] == found.trace.layers[1].states["h"][6, 3]
    assert n["h"] == found.trace.layers[1].states["h"][5, 3]
    h_new, dh_new = n["h'"], n["dh'"]
    assert f"= {h_new:.4f}" in text
    assert f"dh' {dh_new:+.3e}" in text
    lines = shown(view, found, Room(100, 14)).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 76  # nothing is cut on the smallest usual terminal
    top = next(k for k, line in enumerate(lines) if "( + )" in line)
    assert lines[top + 1][lines[top].index("( + )") + 2] == "▲"
    if cell == "gru":
        assert n["z"] * n["h"] + (1 - n["z"]) * n["n"] == pytest.approx(n["h'"], abs=1e-6)
        assert f"dz  {dh_new * (n['h'] - n['n']):+.3e}" in text
    if cell == "rnn":
        assert f"dz  {dh_new * (1 - n['n'] ** 2):+.3e}" in text


def test_backward_every_number_follows_from_the_arrays(tmp_path: Path) -> None:
    found = traced(tmp_path, num_layers=2)
    view = CellStep(Spot(layer=1, is_new=False))
    view.spot.step, view.spot.unit = 9, 2
    text = shown(view, found)
    n = numbers(found, 1, 9, 2)
    dc = n["dc'"]
    assert dc == pytest.approx(n["dc' next"] + n["dh'"] * n["o"] * (1 - n["tanh_c"] ** 2), rel=1e-4)
    for words, value in (("dh' ", n["dh'"]), ("dc' ", dc), ("df  ", dc * n["c"]), ("dc  ", dc * n["f"])):
        assert re.search(rf"^{re.escape(words)}{re.escape(f'{value:+.3e}')}", text, re.MULTILINE)
    assert found.gradients[1]["c next"][8, 2] == pytest.approx(dc * n["f"], rel=1e-4)


@pytest.mark.parametrize("task", ["text", "stock"])
def test_gradients_of_the_whole_reading_are_the_sum_of_those_of_its_predictions(tmp_path: Path, task: str) -> None:
    found = traced(tmp_path, task, num_layers=2)
    trace = found.trace
    if task == "text":
        assert found.reading.targets is not None
        targets = found.reading.targets[:, 0].tolist()
        single = [trace.back(step, target) for step, target in enumerate(targets)]
        sign = -1  # of ln p, where the loss is -ln p
    else:
        single, sign = [trace.back(len(trace.outputs) - 1, 0)], 1
    for layer, gradients in enumerate(found.gradients):
        for name in "hc":
            summed = sign * sum(each.states[layer][name] for each in single)
            np.testing.assert_allclose(gradients[name], summed, rtol=1e-3, atol=1e-6)
