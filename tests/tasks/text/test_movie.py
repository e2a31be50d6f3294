"""The movie of a text run: frames at steps ever further apart, exact on resume, and read without belief."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.tasks.base import finish
from lstm_model.tasks.films import FINEST, Film
from lstm_model.tasks.text.movie.film import append_frame, read_film
from lstm_model.tasks.text.movie.frames import is_due, make_frame, shown_part
from lstm_model.tasks.text.movie.order import KINDS, kinds_of
from lstm_model.tasks.text.surprise import surprise
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.stepped import tiny_trainer

FILE = "movie.jsonl"


def moved_on(run: Run, steps: int) -> None:
    while run.trainer.steps < steps or run.job:
        _ = run.work() if run.job else run.step()


def begun(folder: Path, trainer: Trainer | None = None) -> Run:
    return Run(trainer or tiny_trainer(folder), RunFolder.new("text", folder / "run"), Plan(autosave=1e9))


def test_frames_come_at_doubling_steps() -> None:
    assert [step for step in range(2000) if is_due(step)] == [0, 50, 100, 200, 400, 800, 1600]


def test_a_frame_is_what_the_model_makes_of_the_held_out_text(tmp_path: Path) -> None:
    run = begun(tmp_path)
    untrained = tiny_trainer(tmp_path)
    moved_on(run, 50)
    task = run.trainer.task
    assert isinstance(task, TextTask)
    film = run.looks.film
    assert film is not None
    assert [frame.step for frame in film.frames] == [0, 50]
    part, ids = shown_part(task), task.corpus.ids
    assert part.start >= task.part("val").start
    assert film.text == task.corpus.vocabulary.decode(ids[part.start : part.stop])
    for trainer, frame in zip((untrained, run.trainer), film.frames, strict=True):
        read = finish(surprise(trainer.judged, ids, part.start, part.stop))
        np.testing.assert_allclose(frame.bits, read.nats / np.log(2), atol=0.51 / FINEST)
        assert frame.guesses == task.corpus.vocabulary.decode(read.guesses[:, 0])


def test_a_resumed_run_has_the_frames_of_the_unbroken_one(tmp_path: Path) -> None:
    whole = begun(tmp_path / "whole", tiny_trainer(made(tmp_path / "data")))
    moved_on(whole, 120)
    first = begun(tmp_path / "broken", tiny_trainer(tmp_path / "data"))
    moved_on(first, 70)
    first.save()
    first.close()
    file = tmp_path / "broken" / "run" / "last.safetensors"
    second = Run(restore_trainer(load_checkpoint(file)), RunFolder.going_on(file, 70), Plan(autosave=1e9))
    moved_on(second, 120)
    one, other = (run.looks.film for run in (whole, second))
    assert one is not None
    assert other is not None
    assert [frame.step for frame in other.frames] == [0, 50, 100]
    for a, b in zip(one.frames, other.frames, strict=True):
        np.testing.assert_array_equal(a.levels, b.levels)
        assert a.guesses == b.guesses


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_run_that_nobody_keeps_leaves_no_folder(tmp_path: Path) -> None:
    run = Run(
        tiny_trainer(tmp_path, validate_every=1000),
        RunFolder.new("text", tmp_path / "run"),
        Plan(autosave=1e9, figures_every=1e9),
    )
    moved_on(run, 49)
    assert not (tmp_path / "run").exists()


def test_frames_after_the_step_at_hand_are_not_shown(tmp_path: Path) -> None:
    """Going on from an earlier save, the run has not come there yet."""
    task = tiny_trainer(tmp_path).task
    assert isinstance(task, TextTask)
    path, model = tmp_path / FILE, tiny_trainer(tmp_path).model
    for step in (0, 50, 100):
        append_frame(path, "x" * len(shown_part(task)), finish(make_frame(model, task, step)))
    assert [frame.step for frame in read_film(path, up_to=60).frames] == [0, 50]


@pytest.mark.parametrize(
    "left", [b"", b'{"step": 50, "bi', b"\0\0\0", b"[1]", b'{"step": -1}', b'{"step": 1, "bits": "!", "guesses": ""}']
)
def test_a_line_that_is_no_frame_is_passed_over(left: bytes, tmp_path: Path) -> None:
    task, model, path = tiny_trainer(tmp_path).task, tiny_trainer(tmp_path).model, tmp_path / FILE
    assert isinstance(task, TextTask)
    text = "x" * len(shown_part(task))
    append_frame(path, text, finish(make_frame(model, task, 0)))
    with path.open("ab") as file:
        file.write(left)
    append_frame(path, text, finish(make_frame(model, task, 100)))
    assert [frame.step for frame in read_film(path).frames] == [0, 100]
    assert read_film(tmp_path / "none").frames == ()


def test_each_character_has_the_kind_a_reader_would_give_it() -> None:
    text = "A\n   go on 42.\n"
    kinds = [list(KINDS)[k] for k in kinds_of(text)]
    assert kinds == [
        "capitals", "line ends", "indentation", "indentation", "indentation", "first letters", "rest of words",
        "spaces", "first letters", "rest of words", "spaces", "digits", "digits", "other signs", "line ends",
    ]  # fmt: skip


def test_the_mean_of_the_kinds_is_the_mean_of_all(tmp_path: Path) -> None:
    run = begun(tmp_path)
    moved_on(run, 50)
    film = run.looks.film
    assert isinstance(film, Film)
    means, counts = film.by_kind(film.frames[-1]), np.bincount(film.kind_of, minlength=len(KINDS))
    total = sum(means[name] * counts[k] for k, name in enumerate(KINDS) if name in means)
    assert total / counts.sum() == pytest.approx(film.frames[-1].bits.mean())
