"""The coach beside real runs, recorded ones and made-up curves: what tests of it stand on."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_model.coach.course import Course
from lstm_model.coach.rules import Advice, Coach
from lstm_model.curves.history import Buckets, Mark
from lstm_model.runs.run import Run
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.trainer import Trainer
from support.places import FIXTURES

MANY = 99_999_900  # steps: the longest numbers
STOCK = preset_config("stock")
COUNTED = (("unigram counts", 3.2), ("2-gram counts", 2.4), ("3-gram counts", 1.9), ("4-gram counts", 1.5))
NOTHING = Buckets(*(np.zeros(0),) * 4)


def course_of(trainer: Trainer, references: dict[str, float] | None = None, **more: bool) -> Course:
    """A trainer's run as the screen would hand it to the coach."""
    task = trainer.task
    return Course(
        config=trainer.config,
        step=trainer.steps,
        train=trainer.history.train.buckets(),
        val=trainer.history.val.buckets(),
        guess=math.log(len(task.corpus.vocabulary)) if isinstance(task, TextTask) else 1.0,
        best_val_loss=trainer.best_val_loss,
        best_step=trainer.best_step,
        marks=tuple(trainer.history.marks),
        references=tuple((references or {}).items()),
        clipped=trainer.clipped,
        **more,
    )


def said(run: Run, steps: int, every: int = 20, *, counted: bool = False) -> list[Advice | None]:
    """What the coach says of a run that goes on to a step or ends before: each line once, in order."""
    coach = Coach()
    lines: list[Advice | None] = []
    references = run.trainer.task.references() if counted else None
    looked = -1
    while run.trainer.steps < steps and not (run.finished or run.diverged):
        run.work() if run.job else run.step()
        if run.diverged or (run.trainer.steps % every == 0 and run.trainer.steps != looked):
            looked = run.trainer.steps
            line = coach.look(course_of(run.trainer, references, diverged=run.diverged))
            if not lines or line != lines[-1]:
                lines.append(line)
    run.trainer.close()
    return lines


def kinds(lines: list[Advice | None]) -> list[str]:
    """Their kinds, each once in a row; what was not clear is left out."""
    found = [line.kind for line in lines if line is not None]
    return [kind for k, kind in enumerate(found) if k == 0 or found[k - 1] != kind]


def buckets(step: np.ndarray, value: np.ndarray) -> Buckets:
    return Buckets(step, value, value, value)


def made_up(
    train: np.ndarray, val: np.ndarray | None = None, every: int = 100, config: Config | None = None, **more: object
) -> Course:
    """A run of text with a training loss for each step and a validation loss every so many steps."""
    config = config or preset_config("text")
    steps = np.arange(1, len(train) + 1, dtype=float)
    course = Course(config, len(train), buckets(steps, train), NOTHING, guess=math.log(96))
    if val is not None:
        best = int(np.nanargmin(val))
        course = replace(course, val=buckets(every * np.arange(1, len(val) + 1, dtype=float), val),
                         best_val_loss=float(val[best]), best_step=every * (best + 1))  # fmt: skip
    return replace(course, **more)  # type: ignore[arg-type]


def until(course: Course, step: int) -> Course:
    """A course as it stood at an earlier step."""
    train, val = (Buckets(*(row[each.step <= step] for row in each)) for each in (course.train, course.val))
    best = int(val.mean.argmin()) if len(val.step) else None
    return replace(
        course,
        step=step,
        train=train,
        val=val,
        best_val_loss=None if best is None else float(val.mean[best]),
        best_step=0 if best is None else int(val.step[best]),
        marks=tuple(mark for mark in course.marks if mark.step <= step),
    )


def followed(course: Course, every: int) -> list[Advice | None]:
    """What the coach says while a course comes to be: each line once, in order."""
    coach = Coach()
    lines: list[Advice | None] = [None]
    for step in range(every, course.step + 1, every):
        line = coach.look(until(course, step))
        if line != lines[-1]:
            lines.append(line)
    return lines[1:]


def recorded(name: str) -> Course:
    """A run that was once made: "text default", "text quick", "text classic" (shipped text) or "stock default"."""
    with np.load(FIXTURES / "curves.npz") as file:
        train, val = (file[f"{name} {part}"].astype(float) for part in ("train", "val"))
    task: str = "text" if name.startswith("text") else "stock"
    counted = {"unigram counts": 3.27, "2-gram counts": 2.45, "3-gram counts": 1.9, "4-gram counts": 1.52}
    return Course(
        preset_config(task, name.split()[1]),
        int(train[0, -1]),
        buckets(*train),
        buckets(*val),
        guess=math.log(96) if task == "text" else 1.0,
        references=tuple(counted.items()) if task == "text" else (("no change", 0.4434),),
    )


def learning(count: int = 4000, spread: float = 0.05, seed: int = 1) -> Course:
    """A run that goes well: loss falls as a power of the step."""
    return made_up(
        noisy(4.5 * steps(count) ** -0.2, spread, seed), noisy(4.6 * (100 * steps(count // 100)) ** -0.2, 0.002)
    )


def overfitting() -> Course:
    """The best validation at step 1,500 of 4,000, a tenth above it at the end."""
    return made_up(noisy(4.5 * steps(4000) ** -0.2), 1.2 + 0.1 * ((steps(40) - 15) / 15) ** 2)


def noisy(values: np.ndarray, spread: float = 0.05, seed: int = 1) -> np.ndarray:
    return values + np.random.default_rng(seed).normal(0, spread, len(values))


def steps(count: int) -> np.ndarray:
    return np.arange(1, count + 1, dtype=float)


def level(value: float, count: int = 2000, **more: Any) -> Course:
    return made_up(noisy(np.full(count, value), 0.02), np.full(count // 100, value), **more)


def at_step_many(course: Course) -> Course:
    """The same as if it had come to a very high step."""
    scale = MANY / course.step
    train, val = (each._replace(step=each.step * scale) for each in (course.train, course.val))
    best = int(course.best_step * scale)
    return replace(course, step=MANY, train=train, val=val, best_step=best)


SITUATIONS = {
    "diverged": level(2.0, diverged=True),
    "went back": replace(level(2.0), marks=(Mark(1990, "back"),)),
    "rate too high": level(5.2),
    "rate too high, jumped": made_up(noisy(np.where(steps(2000) < 1500, 2.0, 2.6))),
    "rate too high, stuck": level(3.6, references=COUNTED),
    "overfitting": at_step_many(overfitting()),
    "rate too low": made_up(noisy(np.linspace(4.5, 3.9, 2000), 0.02), references=COUNTED),
    "clipped": level(2.0, clipped=0.9),
    "no better": level(3.2, references=COUNTED),
    "no better, prices": level(0.45, config=STOCK, guess=1.0, references=(("no change", 0.4434),)),
    "plateau": level(2.0),
    "plateau, ended": level(2.0, ended=True),
    "falling": learning(),
    "falling, past some": replace(learning(), references=COUNTED),
    "falling, ended": replace(learning(), ended=True),
    "falling, prices": replace(learning(), config=STOCK, references=(("no change", 1.5),)),
}  # fmt: skip
