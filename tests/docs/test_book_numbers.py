"""Numbers that the book prints are computed again: powers, samples, bits, what doing nothing scores."""

import csv
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_model.network.cells.lstm.buffers import Buffers
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.sigmoid import sigmoid
from lstm_model.network.gradient_check import relative_error
from lstm_model.network.losses import bits, softmax_cross_entropy
from lstm_model.network.sampling import Choice, probabilities
from lstm_model.tasks.stock.judging.metrics import stock_metrics, wilson_interval
from lstm_model.tasks.text.task import TextTask
from support.book import BOOK, one_line, page, rounded, table_under
from support.places import ROOT


def sigmoid_of(z: float) -> float:
    return float(sigmoid(np.array([z], float))[0])


def test_powers_logarithms_and_sigmoids_are_right() -> None:
    powers = re.findall(r"`(\d+\.\d+)\^(\d+) = (\d+\.?\d*)`", BOOK)
    assert len(powers) == 5
    for base, exponent, shown in powers:
        value = sigmoid_of(1) if base == "0.731" else float(base)
        assert rounded(shown, value ** int(exponent)), (base, exponent)
    for number, shown in re.findall(r"ln (\d+) = (\d+\.\d+)", BOOK):
        assert rounded(shown, math.log(int(number)))
    for number, shown in re.findall(r"sigmoid\((\d)\) = (\d+\.\d+)", BOOK):
        assert rounded(shown, sigmoid_of(float(number)))
    assert round(sigmoid_of(1) ** 10 / 0.5**10) == 45  # "some 45 times larger"


def test_the_sampling_example_is_what_the_code_gives() -> None:
    rows = table_under("character")
    logits = np.array([float(row["logit"]) for row in rows])
    for column in list(rows[0])[2:]:
        option, value = column.rsplit(" ", 1)
        given: dict[str, Any] = {option.replace("-", "_"): int(value) if option == "top-k" else float(value)}
        choice = replace(Choice(1.0), **given)
        for row, p in zip(rows, probabilities(logits, choice), strict=True):
            assert rounded(row[column], p), (row["character"], column)
            assert (row[column] == "0") == (p == 0)
    assert rounded("0.810", probabilities(logits, Choice(1.0))[:2].sum())
    assert rounded("0.923", probabilities(logits, Choice(1.0))[:3].sum())


def test_bits_and_perplexities_belong_to_their_nats() -> None:
    rows = table_under("what is known")
    assert rounded(rows[0]["nats"], math.log(96))
    for row in rows:
        nats = float(row["nats"])
        assert abs(float(row["bits"]) - bits(nats)) < 0.0012  # of nats with three digits
        assert abs(float(row["perplexity"]) - math.exp(nats)) < 0.05 + 0.0005 * math.exp(nats)


def test_figures_of_the_code_are_quoted_right() -> None:
    assert f"a fixed sample, {TextTask.QUICK:,} characters at most" in BOOK
    work = Buffers.of(64, 32, 256, np.dtype(np.float32))
    assert work.dz.nbytes == work.gates.nbytes  # it is made for the first way back, and counts from then on
    megabytes = sum(part.nbytes for part in vars(work).values()) / 1e6
    assert f"that is {megabytes:.0f} MB" in one_line(BOOK)
    assert relative_error(np.array(1.0), np.array(-1.0)) == 1  # a wrong sign
    assert relative_error(np.array(2.0), np.array(1.0)) == pytest.approx(1 / 3)  # a missing factor 2
    found = softmax_cross_entropy(np.log([[0.7, 0.2, 0.1]]), np.array([1])).gradient
    np.testing.assert_allclose(found, [[0.7, -0.8, 0.1]])


def test_the_figures_of_doing_nothing_on_the_prices_are_right() -> None:
    with (ROOT / "data/MSFT_1d_data.csv").open(encoding="utf-8") as file:
        close = np.array([float(row["Close"]) for row in csv.DictReader(file)])
    days = len(close)
    train_stop, test_start = round(days * 0.7), round(days * 0.85)

    def doing_nothing(start: int) -> dict[str, Any]:
        return stock_metrics(close[start:], close[start - 1 : -1], close[start - 1 : -1], close[:train_stop])

    fifth, test = doing_nothing(days - days // 5), doing_nothing(test_start)
    assert (fifth["days"], test["days"]) == (654, 490)
    for shown, value in (("0.3679", fifth["rmse"]), ("0.974", fifth["r2"]), ("1.01", fifth["mape"]),
                         ("0.3857", test["rmse"]), ("0.973", test["r2"]), ("0.681", test["mase"])):  # fmt: skip
        assert shown in BOOK
        assert rounded(shown, value)
    assert (test["skill"], test["theil_u"], test["dm_p_value"], test["directional_accuracy"]) == (0, 1, 1, None)
    for right, total, low, high in ((245, 490, "45.6", "54.4"), (327, 654, "46", "54")):
        interval = wilson_interval(right, total)
        assert interval is not None
        assert f"{low} to {high} %" in BOOK
        assert rounded(low, 100 * interval[0])
        assert rounded(high, 100 * interval[1])

    returns = np.diff(np.log(close))  # returns[d - 1] is day d's
    known = returns[: train_stop - 1]
    scaled = (returns - known.mean()) / known.std()
    parts = (31, train_stop), (train_stop, test_start), (test_start, days)  # 31: a window of 30 days with a return each
    for shown, (start, stop) in zip(("0.96", "0.44", "0.37"), parts, strict=True):
        assert f"{shown} on the" in BOOK
        assert rounded(shown, np.square(scaled[start - 1 : stop - 1]).mean())


def test_the_cell_in_numbers_is_what_the_cell_computes() -> None:
    """Every row of both tables; the programs below them print some again."""
    text = page("04-cell-in-numbers")
    weights = {name: [float(row[gate]) for gate in "ifgo"] for name, row in rows_by_name(text).items() if len(row) == 5}
    W_ih, W_hh, b = (np.array(weights[f"`{name}`"]) for name in ("W_ih", "W_hh", "b"))
    cell = Cell(W_ih[:, None], W_hh[:, None], b)
    x, h, c = np.array([[1.0]]), np.array([[0.5]]), np.array([[0.8]])
    (h_new, c_new), kept = cell.step(x, (h, c))
    back = cell.step_back((np.array([[1.0]]), np.array([[0.5]])), kept)
    z = x @ cell.weight_ih.T + h @ cell.weight_hh.T + cell.bias
    found = dict(zip(("z_i", "z_f", "z_g", "z_o"), z[0], strict=True)) | kept._asdict()
    found |= {"c'": c_new, "h'": h_new, "d_o": kept.tanh_c, "dc_new": 0.5 + kept.o * (1 - kept.tanh_c**2)}
    found |= {f"dz_{gate}": dz for gate, dz in zip("ifgo", back.parameters["bias"], strict=True)}
    found |= {"dx": back.x, "dh_before": back.state[0], "dc_before": back.state[1]}
    shown = {name.strip("`"): row["value"] for name, row in rows_by_name(text).items() if "value" in row}
    assert len(shown) == 19
    for name, number in shown.items():
        assert rounded(number, np.asarray(found[name]).item()), name


def rows_by_name(text: str) -> dict[str, dict[str, str]]:
    """The rows of all tables of a page by their first cell, each as a dictionary by column."""
    found: dict[str, dict[str, str]] = {}
    head: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and not head:
            head = cells
        elif cells and not cells[0].startswith("-"):
            found[cells[0]] = dict(zip(head, cells, strict=True))
        elif not cells:
            head = []
    return found
