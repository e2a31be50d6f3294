"""Type along: what is typed is read, surprise and guesses are the model's, and keys do what they say."""

import math
from pathlib import Path

import numpy as np
import pytest

from lstm_model.network.losses import softmax_cross_entropy
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.task import TextTask
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.along import TRACED, Along, AlongProbe, Read, Unread
from support.stepped import tiny_trainer

ROOM = Room(80, 16)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    made = {}
    for task in ("text", "stock"):
        trainer = tiny_trainer(tmp_path_factory.mktemp(task), task)
        for _ in range(20):
            trainer.step()
        made[task] = Run(trainer, None, Plan())
    return made


def read(run: Run, text: str) -> Read:
    found = finish(AlongProbe(text).made(run, None, steps=False))
    assert isinstance(found, Read)
    return found


def shown(view: Along, found: object, room: Room = ROOM) -> str:
    view.take(found)
    drawn = view.drawn(found, room)
    return "\n".join(["".join(text for text, _ in row) for row in drawn.rows] + list(drawn.reading))


@pytest.mark.parametrize("text", ["ls - list", "DIRECTORY " * 12])  # also longer than what is traced
def test_the_surprise_is_the_loss_of_one_pass_over_the_prompt_and_the_text(text: str, runs: dict[str, Run]) -> None:
    text = text.replace("DIRECTORY", "list")
    found, task = read(runs["text"], text), runs["text"].trainer.task
    assert isinstance(task, TextTask)
    ids = task.corpus.vocabulary.encode(task.corpus.prompt + text)
    outputs, _ = runs["text"].trainer.judged.forward(ids[:-1, None])
    loss = softmax_cross_entropy(outputs, ids[1:, None].astype(np.intp)).value
    assert np.nanmean(found.bits) == pytest.approx(loss / math.log(2), rel=1e-4)
    assert len(found.trace.outputs) <= TRACED
    assert sum(each.share or 0 for each in found.expected) <= 1 + 1e-6
    shares = [each.share for each in found.expected]
    assert shares == sorted(shares, reverse=True, key=lambda share: share or 0)


def test_a_typed_close_is_read_as_the_day_after_the_last(runs: dict[str, Run]) -> None:
    run = runs["stock"]
    task = run.trainer.task
    assert isinstance(task, StockTask)
    nothing = read(run, "")
    outlook = finish(task.paths(run.trainer.judged)).next_close
    assert float(nothing.expected[0].text.replace(",", "")) == pytest.approx(outlook, rel=1e-4)
    close = float(task.prices.close[-1])
    same = read(run, f"{close}\n").typed
    assert same.begin == len(same.labels) - 1
    assert same.x[-1, 0, 0] == pytest.approx(task.data.input_scaler.apply(np.zeros((1, 1)))[0, 0], abs=1e-5)  # no move
    np.testing.assert_allclose(same.x[:-1], nothing.typed.x[1:], atol=1e-6)


@pytest.mark.parametrize(
    ("task", "text", "why"), [("text", "日", "日"), ("stock", "abc\n", "no number"), ("stock", "-1\n", "above 0")]
)
def test_what_cannot_be_read_is_said_in_one_line_and_stays(
    task: str, text: str, why: str, runs: dict[str, Run]
) -> None:
    found = finish(AlongProbe(text).made(runs[task], None, steps=False))
    assert isinstance(found, Unread)
    assert why in found.why
    view = Along(Spot())
    view.paste(text)
    assert found.why in shown(view, found).replace("\n", " ")


def test_letters_begin_typing_and_escape_ends_it(runs: dict[str, Run]) -> None:
    view = Along(Spot())
    assert not view.key("3", "3")  # digits choose views
    assert not view.key("x", "x")  # and x closes them
    assert not view.key("left", None)
    for character in "ls 3":
        assert view.key(character, character)
    assert view.key("backspace", None)
    assert view.text == "ls "
    assert not view.key("f1", None)
    assert view.key("escape", None)
    assert not view.key("3", "3")
    assert not view.key("escape", None)  # the second one closes the pane
    found = read(runs["text"], "ls ")
    view.take(found)
    assert view.key("enter", "\r")
    assert view.text == "ls "
    assert view.key("tab", "\t")
    assert view.text == "ls " + found.expected[0].typed
    assert view.key("tab", "\t")  # not answered yet: nothing is taken
    assert len(view.text) == 4


def test_text_guesses_and_gates_are_shown(runs: dict[str, Run]) -> None:
    view = Along(Spot())
    view.paste("ls - list")
    text = shown(view, read(runs["text"], "ls - list"))
    assert text.startswith("ls - list_")
    assert text.count(" %") >= 10
    assert "surprised it by" in text
    assert "unit" in text
    for gate in ("i ", "f ", "g ", "o ", "tanh c"):
        assert f"\n{gate}" in text or f" {gate}" in text


@pytest.mark.parametrize("plain", [False, True])
def test_it_draws_on_any_room(plain: bool, runs: dict[str, Run], tmp_path: Path) -> None:
    for task, text in (("text", "list\n" * 30), ("stock", "20\n21\n")):
        view = Along(Spot())
        view.paste(text)
        for size in ((1, 1), (30, 5), (80, 16), (156, 36)):
            shown(view, read(runs[task], text), Room(*size, ascii_only=plain, plain=plain))
