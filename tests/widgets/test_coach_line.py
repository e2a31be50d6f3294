"""The coach's line on the screen: where it stands, when it goes, and that it moves nothing."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_model.coach.course import Course
from lstm_model.coach.rules import Advice, diagnose
from lstm_model.runs.run import Run
from lstm_tui.app import LstmApp
from lstm_tui.keys.table import key_of
from lstm_tui.session.journal import Notices
from lstm_tui.session.session import Session
from lstm_tui.session.shown import Shown
from lstm_tui.session.snapshot import Figure, Snapshot, Status
from lstm_tui.widgets.coach_line import CoachLine, course_of, line_of
from lstm_tui.widgets.pane import Pane
from support.coached import SITUATIONS, learning, overfitting
from support.snapshots import changed
from support.stage import Stage, opened, still
from support.stepped import tiny_launch, tiny_trainer


def shown(snapshot: Snapshot) -> Callable[[Session], None]:
    def begin(session: Session) -> None:
        session.mailbox.put(snapshot)

    return begin


def of_course(course: Course) -> Snapshot:
    """A snapshot of a run that went so."""
    figure = Figure(course.step, best_val_loss=course.best_val_loss, best_step=course.best_step)
    return changed(still("text"), figure=figure, train=course.train, val=course.val, marks=(), references=())


async def test_it_says_what_the_curves_say_and_the_key_can_be_clicked(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path), shown(of_course(overfitting())))
    async with app.run_test(size=(80, 24), notifications=False) as pilot:
        await pilot.pause()
        line = app.main_screen.query_one(CoachLine)
        text = str(line.render())
        assert text == "Overfits since step 1,500, which is kept. More dropout: a new run (n)."
        await pilot.click(CoachLine, offset=(text.index("(n)") + 2, 0))
        await pilot.pause()
        assert type(app.screen).__name__ == "SettingsScreen"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_its_row_is_kept_while_it_is_empty(size: tuple[int, int], tmp_path: Path) -> None:
    def places(app: LstmApp) -> list[object]:
        return [each.region for each in app.main_screen.query(f"{Pane.__name__}, #status, #coach")]

    found = []
    for step in (10, 1200):
        snapshot = still("text")
        snapshot = changed(snapshot, step=step)
        app = LstmApp(tiny_launch(tmp_path), shown(snapshot))
        async with app.run_test(size=size, notifications=False) as pilot:
            await pilot.pause()
            assert bool(str(app.main_screen.query_one(CoachLine).render())) == (step == 1200)
            found.append(places(app))
    assert found[0] == found[1]


async def test_it_goes_where_there_is_room_for_one_pane(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path), shown(still("text")))
    async with app.run_test(size=(80, 20), notifications=False) as pilot:
        await pilot.pause()
        assert app.main_screen.query_one(CoachLine).region.height == 1
        await pilot.resize_terminal(80, 19)
        await pilot.pause()
        assert not app.main_screen.query_one(CoachLine).display


async def test_evaluation_only_mode_has_no_such_line(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        stage.pilot = pilot
        await pilot.pause()
        assert not stage.app.main_screen.query_one(CoachLine).display
        assert stage.app.main_screen.query_one("#status").region.y == 22
    assert course_of(Snapshot.waiting("text", eval_only=True)) is None
    assert course_of(changed(still("text"), doing=Status.EVAL_ONLY)) is None


async def test_another_run_that_has_gone_further_has_its_own_line_at_once(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path), shown(of_course(overfitting())))
    async with app.run_test(size=(80, 24), notifications=False) as pilot:
        await pilot.pause()
        line = app.main_screen.query_one(CoachLine)
        line.show(changed(of_course(learning(5000)), folder="another"))
        assert "falling" in str(line.render())


async def test_the_other_task_has_a_line_of_its_own(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)
        await stage.until(lambda: stage.text("#coach") != "", turns=30)
        await stage.press("t")
        await stage.until(lambda: stage.text("#coach") == "" and " stock " in stage.status, turns=0)


def test_a_snapshot_tells_the_coach_all_it_judges_by(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path, clip=1e-6), None)
    while run.trainer.steps < 130:
        run.work() if run.job else run.step()
    shown = Shown(run, Notices(), eval_only=False)
    course = course_of(shown.on(Snapshot(1, "text", Status.FINISHED)))
    trainer = run.trainer
    assert course is not None
    assert (course.step, course.config, course.clipped, course.ended) == (130, trainer.config, 1.0, True)
    assert (course.best_step, course.best_val_loss) == (trainer.best_step, trainer.best_val_loss)
    assert (len(course.train.step), len(course.val.step)) == (130, 32)
    assert math.exp(course.guess) == pytest.approx(len(trainer.task.corpus.vocabulary))  # type: ignore[attr-defined]


def test_the_share_of_clipped_steps_is_that_of_the_last_hundred_and_not_known_at_once(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, clip=1e-6)
    for _ in range(49):
        trainer.step()
    assert trainer.clipped is None
    trainer.step()
    assert trainer.clipped == 1.0
    trainer.config = replace(trainer.config, clip=0.0)
    for _ in range(75):
        trainer.step()
    assert trainer.clipped == 0.25


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_line_holds_the_whole_text_whatever_is_in_it(name: str) -> None:
    advice = diagnose(SITUATIONS[name])
    assert advice is not None
    assert line_of(advice).plain == advice.text.replace("*", key_of(advice.action))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Still falling. Sample (*).", "Still falling."),
        ("The loss is high. Lower it (*).", "The loss is high. Lower it."),
        ("It was falling: load it (*) and it goes on.", "It was falling: load it and it goes on."),
    ],
)
def test_where_a_run_is_only_watched_no_key_is_named(text: str, said: str) -> None:
    assert str(line_of(Advice("falling", text, "look"), has_key=False)) == said
