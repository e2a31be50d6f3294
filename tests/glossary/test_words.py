"""Every word that stands on the screen is explained, once, and found by typing it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Static

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.app import LstmApp
from lstm_tui.glossary.table import PLACES, WORDS, meaning_of, words_of
from lstm_tui.keys.table import KEYS, PANE_KEYS
from lstm_tui.screens.help_pages import grouped_words, rows_of_keys
from lstm_tui.session.session import Session
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.session.units import unit_of
from lstm_tui.task_faces import part_of
from lstm_tui.widgets.charts.loss_picture import MARKS, PictureSettings, loss_picture
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.task_pane import TaskPane
from support.snapshots import changed
from support.stage import still
from support.stepped import tiny_launch


def full(task: str, *, eval_only: bool) -> Snapshot:
    """A session that has something to show in every line."""
    shown = still(task)
    limited = replace(shown.figure, has_limit=True, full_val_loss=(1100, 1.25))
    doing = Status.EVAL_ONLY if eval_only else Status.TRAINING
    return changed(shown, figure=limited, doing=doing, saved_step=1000)


def labels_of(text: str) -> list[str]:
    """What stands to the left of values: the part of a line before two blanks, or before a bar."""
    lines = (line.strip() for line in text.splitlines())
    return [re.split(r"\s{2,}|\s[^\w,]|\s\d", line)[0] for line in lines if line and not line[0].isdigit()]


def is_explained(label: str) -> bool:
    """Whether a label is a word, or the beginning of one that is cut off on a narrow pane."""
    return meaning_of(label) is not None or (len(label) >= 8 and any(word.name.startswith(label) for word in WORDS))


@pytest.mark.parametrize("eval_only", [False, True], ids=["training", "looking"])
@pytest.mark.parametrize("task", ["text", "stock"])
async def test_every_label_of_the_figures_is_explained(task: str, eval_only: bool, tmp_path: Path) -> None:
    def show(session: Session) -> None:
        session.mailbox.put(full(task, eval_only=eval_only))

    app = LstmApp(tiny_launch(tmp_path, task, eval_only=eval_only), show)
    async with app.run_test(size=(160, 60), notifications=False) as pilot:
        await pilot.pause()
        labels = [
            label
            for pane in app.main_screen.query("#figures, #baselines").results(Pane)
            if pane.display and not pane.has_class("-away")
            for label in labels_of(str(pane.query_one(Static).render()))
        ]
        assert labels or (task == "stock" and eval_only)
        assert [label for label in labels if not is_explained(label)] == []


def test_what_a_task_adds_to_the_figures_is_explained() -> None:
    for task in KINDS:
        nothing = part_of(task, "seen").OBSERVER.nothing
        added = [name for _, name, _ in (*nothing.losses(1.0), *nothing.choices())]
        assert [name for name in added if not is_explained(name)] == []


@pytest.mark.parametrize("task", ["text", "stock"])
def test_every_name_and_mark_on_the_chart_is_explained(task: str) -> None:
    shown = full(task, eval_only=False)
    for ascii_only in (False, True):
        look = PictureSettings(ghost=shown.curves.train, ascii_only=ascii_only)
        picture = loss_picture(shown, look)
        names = [each.label for each in picture.series if each.label]
        names += [each.marker for each in picture.series if each.marker and each.label == "best"]
        names += [name for _, _, name in picture.horizontals]
        assert [name for name in names if not meaning_of(name)] == []
    marks = [part for word, signs in MARKS.values() for part in (word, *signs)]
    assert [mark for mark in marks if not meaning_of(mark)] == []
    assert meaning_of(unit_of(shown)) is not None
    assert all(meaning_of(status) for status in Status)


def test_words_are_in_panes_that_there_are_and_each_pane_has_some() -> None:
    panes = {kind.NAME for task in KINDS for kind in part_of(task, "panes").PANES}
    assert all(issubclass(kind, TaskPane) for task in KINDS for kind in part_of(task, "panes").PANES)
    assert panes <= PLACES.keys()
    assert {pane for word in WORDS for pane in word.panes} <= PLACES.keys()
    assert all(words_of(pane) for pane in PLACES)
    names = [word.name.lower() for word in WORDS]
    assert len(set(names)) == len(names)


def test_each_word_stands_once_and_those_of_a_pane_come_first() -> None:
    for pane in ("", *PLACES):
        shown = [word for _, words in grouped_words(pane=pane) for word in words]
        assert sorted(map(id, shown)) == sorted(map(id, WORDS))
        assert shown[: len(words_of(pane))] == words_of(pane)
    found = [word.name for _, words in grouped_words("3-gram") for word in words]
    assert found == ["n-gram counts"]
    assert next(word.name for _, words in grouped_words("LOSS") for word in words) == "loss"
    assert grouped_words("no such word") == []


def test_each_key_stands_once_under_its_heading() -> None:
    for group in dict.fromkeys(key.group for key in (*KEYS, *PANE_KEYS)):
        keys = [key for shown, _ in rows_of_keys(group) for key in shown.split()]
        assert len(set(keys)) == len(keys), group
