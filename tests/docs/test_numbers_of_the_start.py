"""The numbers that the book and the recipe print of a network that has learnt nothing are computed again."""

import csv

import numpy as np
import pytest
from book import gradients

from lstm_model.network.gradient_check import FLOOR, check_gradients
from lstm_model.network.model import Network
from support.book import BOOK, FOLDER, blocks, one_line, page
from support.places import ROOT

RECIPE = (ROOT / "docs/recipe.md").read_text(encoding="utf-8")


def shown(start: gradients.Start) -> list[str]:
    """The numbers of a row of the chapter's table."""
    (row,) = [line for line in BOOK.splitlines() if line.startswith(f"| {start.name} |")]
    return [cell.strip() for cell in row.strip("|").split("|")[1:]]


@pytest.mark.parametrize("start", gradients.STARTS, ids=lambda start: start.name)
def test_the_table_says_how_much_of_a_gradient_is_left(start: gradients.Start) -> None:
    left = gradients.left(start)
    for number, steps in zip(shown(start), gradients.SHOWN, strict=True):
        assert float(number) == pytest.approx(left[steps], rel=0.04, abs=0.0006)


def test_a_bias_of_1_keeps_17_times_as_much_over_ten_steps() -> None:
    half, most = gradients.left(gradients.Start(0, True)), gradients.left(gradients.Start(1, True))
    assert "17 times as much" in BOOK
    assert round(most[10] / half[10]) == 17


def test_one_step_back_is_a_circle_of_a_quarter_about_the_forget_gate() -> None:
    network = Network(5, 64, 5, dtype=np.float64, seed=1)
    W_g = network.kind.rows(network.parameters["weight_hh_l0"], "g")
    sizes = np.abs(np.linalg.eigvals(0.731 * np.eye(64) + 0.25 * W_g))
    assert sizes.max() < 0.981
    assert sizes.max() > 0.97
    assert sizes.min() > 0.481


def test_most_gradients_of_the_checked_example_are_compared_relatively() -> None:
    known: dict[str, object] = {}
    (code,) = blocks(FOLDER / "06-backward.md", "py")
    exec(code, known)
    model = known["model"]
    assert isinstance(model, Network)
    share = float(np.mean(2 * np.abs(model.gradients.flat) >= FLOOR))
    usual = Network(5, 4, 5, num_layers=2, dtype=np.float64)
    check_gradients(usual, known["ids"][:-1], known["ids"][1:])  # type: ignore[index]
    few = float(np.mean(2 * np.abs(usual.gradients["weight_hh_l1"]) >= FLOOR))
    said = one_line(page("06-backward"))
    assert f"Then {100 * share:.0f} % of the entries are above FLOOR." in said
    assert f"it would be {100 * few:.0f} % of the recurrent weights of the second layer" in said


def test_the_losses_of_two_forecasts_that_say_nothing_are_those_of_the_validation_part() -> None:
    with (ROOT / "data/MSFT_1d_data.csv").open(encoding="utf-8") as file:
        close = np.array([float(row["Close"]) for row in csv.DictReader(file)])
    train, test = round(len(close) * 0.7), round(len(close) * 0.85)
    returns = np.diff(np.log(close))  # returns[d - 1] is day d's
    known = returns[: train - 1]
    part = returns[train - 1 : test - 1]
    losses = (np.square(part / known.std()).mean(), np.square((part - known.mean()) / known.std()).mean())
    text = " ".join(RECIPE.split())
    assert f"the validation part ({len(part)} days)" in text
    assert f'"No change", a return of 0, has **{losses[0]:.4f}**' in text
    assert f"a little below 0, and has {losses[1]:.4f}" in text
    prices = RECIPE.partition("\n## Prices\n")[2]
    best = [float(row.split("|")[5]) for row in prices.splitlines() if row.endswith("|") and "0.44" in row]
    assert len(best) == 10
    assert min(best) > losses[0]  # "None of these mean curves is below"
    assert max(best) - losses[0] < 0.002
