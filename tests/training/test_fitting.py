"""Settings follow from the amount of data and the length of a run, but never those that a person gave."""

from pathlib import Path

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import Amount
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.text.presets import PRESETS
from lstm_model.training.fitting import SHAPE, amount_of, fitted, learnt_from
from lstm_tui.opening.new import new_run
from lstm_tui.reports.glance import glance


@pytest.fixture
def text(tmp_path: Path) -> str:
    path = tmp_path / "text.txt"
    path.write_text("a text of some words, again and again. " * 1000, encoding="utf-8")
    return str(path)


def test_more_passes_never_mean_less_dropout() -> None:
    rule = PRESETS["default"].fitted
    assert rule is not None
    shares = [rule(Amount(1000, passes * 1000))["dropout"] for passes in (0.1, 1, 2, 4, 8, 16, 100)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] >= 0.5


def test_a_long_run_over_a_short_text_gets_more_dropout_and_says_why(text: str) -> None:
    task = open_task(preset_config("text", data=text))
    found = fitted(task, steps=2000)
    assert found.task.config.dropout >= 0.5
    assert found.task.config.changed(dropout=task.config.dropout) == task.config
    assert "`dropout`" in found.note
    assert (
        f"{len(task.parts['train']):,} characters about {2000 * 1024 / len(task.parts['train']):.0f} times"
        in found.note
    )


@pytest.mark.parametrize("name", sorted(SHAPE))
def test_who_sets_a_part_of_the_shape_by_hand_keeps_the_rest(name: str, text: str) -> None:
    task = open_task(preset_config("text", data=text))
    assert fitted(task, {name}, steps=2000) == (task, "")


@pytest.mark.parametrize(("name", "preset"), [("text", "long"), ("stock", "default"), ("copy", "default")])
def test_other_presets_and_tasks_stay_as_they_are(name: str, preset: str) -> None:
    assert all(PRESETS[other].fitted is None for other in PRESETS if other != "default")
    if name != "text":
        task = open_task(preset_config(name, preset))
        assert fitted(task, steps=10) == (task, "")


def test_minutes_are_turned_into_characters_by_the_estimate_of_speed(text: str) -> None:
    task = open_task(preset_config("text", data=text))
    about = task.config, learnt_from(task), task.sizes
    one, ten, endless = amount_of(*about, minutes=1), amount_of(*about, minutes=10), amount_of(*about)
    assert ten.planned == pytest.approx(10 * one.planned)
    assert endless == ten
    assert one.items == len(task.parts["train"])


def test_a_new_run_is_of_the_settings_that_follow_and_its_model_too(text: str, tmp_path: Path) -> None:
    config = preset_config("text", data=text)
    opened = new_run(config, RunFolder(tmp_path / "run"), plan=Plan(steps=2000))
    assert opened.trainer.config.dropout == opened.trainer.model.dropout == 0.5
    assert any("dropout" in note for note in opened.notes)
    by_hand = new_run(config, RunFolder(tmp_path / "other"), by_hand={"dropout"}, plan=Plan(steps=2000))
    assert by_hand.trainer.config.dropout == config.dropout


def test_the_same_text_under_other_settings_is_the_task_that_these_open(text: str) -> None:
    task = open_task(preset_config("text", data=text))
    config = task.config.changed(seq_length=32, batch_size=8)
    one, other = task.with_config(config), open_task(config)
    assert one.config == other.config
    assert one.items_per_step == 256
    for _ in range(3):
        a, b = one.next_batch(), other.next_batch()
        assert (a.x == b.x).all()
        assert (a.targets == b.targets).all()
    assert task.cursor() != one.cursor()


def test_the_form_says_what_follows_from_a_file_and_nothing_where_a_person_chose(text: str) -> None:
    assert "dropout 0.5" in glance("text", text, {"steps": 2000}).lines[0]
    assert "dropout" not in " ".join(glance("text", text, {"steps": 2000, "hidden": 8}).lines)
