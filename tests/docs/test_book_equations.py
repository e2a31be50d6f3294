"""The equations of the book are those of the code, and its diagram is written as they are."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.network.cells.gru.equations import Cell as GRUCell
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.sigmoid import sigmoid
from support.book import BOOK, FENCED, FOLDER, PAGES, one_line, page, table_under

DIAGRAM = FOLDER / "figures" / "cell.svg"


def a_step() -> tuple[Cell, tuple[Any, Any], np.ndarray]:
    """A cell, one step of it (B = 1) and gradients that come back."""
    rng = np.random.default_rng(4)
    B, D, H = 1, 3, 2
    cell = Cell(rng.normal(size=(4 * H, D)), rng.normal(size=(4 * H, H)), rng.normal(size=4 * H))
    x, h, c = rng.normal(size=(B, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
    return cell, cell.step(x, (h, c)), rng.normal(size=(2, B, H))


def test_the_equations_of_the_cell_are_those_of_the_code() -> None:
    cell, ((h_new, c_new), kept), _ = a_step()
    rows = [row["equation"].strip("`").split(" = ") for row in table_under("equation")]
    assert [name for name, _ in rows] == ["z", "i", "f", "g", "o", "c'", "h'"]
    assert rows[0][1] == "W_ih x + W_hh h + b"
    z = kept.x @ cell.weight_ih.T + kept.h @ cell.weight_hh.T + cell.bias
    known = {"sigmoid": sigmoid, "tanh": np.tanh, "c": kept.c}
    known |= dict(zip(("z_i", "z_f", "z_g", "z_o"), np.split(z, 4, axis=1), strict=True))
    for name, expression in rows[1:]:
        known[name.replace("'", "_new")] = eval(expression.replace("'", "_new"), {}, known)
    for name, value in {**kept._asdict(), "c_new": c_new, "h_new": h_new}.items():
        if name in known:
            np.testing.assert_allclose(known[name], value, rtol=1e-12, err_msg=name)


def test_the_gradients_of_the_gates_are_those_of_the_code() -> None:
    cell, (_, kept), (dh, dc) = a_step()
    block = next(code for language, code in FENCED.findall(BOOK) if language == "text" and "dz_f" in code)
    known = {**kept._asdict(), "dh": dh, "dc": dc}
    for line in block.splitlines():
        name, expression = line.split(" = ")
        known[name] = eval(expression.replace("^", "**"), {}, known)
    dz = np.concatenate([known[f"dz_{gate}"] for gate in "ifgo"], axis=1)
    of_bias = cell.step_back((dh, dc), kept).parameters["bias"]  # B = 1: the bias sees dz itself
    np.testing.assert_allclose(dz[0], of_bias, rtol=1e-12)


def test_the_equations_of_the_gru_are_those_of_the_code() -> None:
    rng = np.random.default_rng(5)
    D, H = 3, 2
    cell = GRUCell(rng.normal(size=(3 * H, D)), rng.normal(size=(3 * H, H)), rng.normal(size=3 * H), rng.normal(size=H))
    x, h = rng.normal(size=(1, D)), rng.normal(size=(1, H))
    (h_new,), kept = cell.step(x, (h,))
    known: dict[str, Any] = {"sigmoid": sigmoid, "tanh": np.tanh, "x": x[0], "h": h[0], "b_hn": cell.bias_hh}
    for k, gate in enumerate("rzn"):
        rows = slice(k * H, (k + 1) * H)
        known |= {f"W_i{gate}": cell.weight_ih[rows], f"W_h{gate}": cell.weight_hh[rows]}
        known |= {f"b_{gate}": cell.bias[rows], f"b_i{gate}": cell.bias[rows]}
    written = re.findall(r"^ {4}(r|z|n|h') += (.+?)(?: {4}.*)?$", page("13-gru"), re.MULTILINE)
    assert [name for name, _ in written] == ["r", "z", "n", "h'"]
    for name, expression in written:
        known[name] = eval(re.sub(r"(W_\w+) ", r"\1 @ ", expression), {}, known)
    for name, value in {"r": kept.r, "z": kept.z, "n": kept.n, "h'": h_new}.items():
        np.testing.assert_allclose(known[name], value[0], rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("path", [*PAGES, DIAGRAM], ids=lambda path: path.name)
def test_the_states_are_written_alike_everywhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for written in re.findall(r"c' = ([^`\n<|]+)", text):
        assert written.strip().rstrip(".") == "f * c + i * g"
    for written in re.findall(r"h' = (o [^`\n<|]+)", text):
        assert written.strip().rstrip(".") == "o * tanh(c')"


def test_the_diagram_is_small_stands_alone_and_names_everything() -> None:
    text = DIAGRAM.read_text(encoding="utf-8")
    assert len(text.encode()) < 12_000
    written = [one_line("".join(element.itertext())) for element in ET.fromstring(text).iter() if "text" in element.tag]
    for name in ("x", "h", "c", "h'", "c'", "tanh", "z_i", "z_f", "z_g", "z_o"):
        assert name in written
    for gate in ("input gate i", "forget gate f", "candidate g", "output gate o"):
        assert gate in written
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(image|script|style)|@font-face", text)
