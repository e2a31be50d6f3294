"""Probes: what an open view asks for is made between two steps, at a pace training can afford, and never stops it."""

from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.runs.run import Run
from lstm_tui.session import commands
from lstm_tui.session.probing import NEXT_STEP, REST, Early, Making, Probe, Prober
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from support.stepped import Hand, tiny_launch, tiny_trainer


@dataclass(frozen=True)
class Steps(Probe):
    """Answers with the steps at which its slices were made."""

    slices: int = 1
    name: str = ""
    waits: bool = False
    early: bool = False
    fails: type[Exception] | None = None

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:
        at = []
        for k in range(self.slices):
            if self.fails:
                raise self.fails("no such page")
            at.append(run.trainer.steps)
            if k < self.slices - 1:
                share = NEXT_STEP if self.waits else (k + 1) / self.slices
                yield Early(tuple(at)) if self.early else share
        return tuple(at)


class Clock:
    """A clock that goes on by a slice's cost each time it is read within one."""

    def __init__(self) -> None:
        self.now = 0.0
        self.cost = 0.0

    def __call__(self) -> float:
        self.now += self.cost / 2
        return self.now


def run_of(folder: Path) -> Run:
    return Run(tiny_trainer(folder), None, tiny_launch(folder).plan)


def test_with_no_view_open_nothing_is_made(session: Session) -> None:
    for _ in range(5):
        session.turn()
    run = session.run
    assert run is not None
    assert not Prober().is_due(run, steps=True)
    session.look()
    session.turn()
    assert session.latest.probed.asked is None
    assert session.latest.probed.found is None


def test_the_first_answer_comes_at_once_and_the_next_ones_after_a_rest(tmp_path: Path) -> None:
    run, clock = run_of(tmp_path), Clock()
    prober = Prober(clock)
    prober.ask(Steps(slices=3))
    clock.cost = 2.0
    for _ in range(3):
        assert prober.is_due(run, steps=True)
        prober.advance(run, steps=True)
    clock.cost = 0.0
    assert prober.probed.found == (0, 0, 0)
    run.step()
    assert not prober.is_due(run, steps=True)
    ended = clock.now
    clock.now = ended + REST * 1.0 - 0.01  # a slice took one of the clock's two halves
    assert not prober.is_due(run, steps=True)
    clock.now = ended + REST * 2.0
    assert prober.is_due(run, steps=True)


def test_where_nothing_trains_an_answer_is_made_once_and_at_once(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    prober = Prober()
    prober.ask(Steps(slices=2))
    while prober.is_due(run, steps=False):
        prober.advance(run, steps=False)
    assert prober.probed.found == (0, 0)
    run.step()
    assert prober.is_due(run, steps=False)


def test_a_probe_can_wait_for_the_next_step(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    prober = Prober()
    prober.ask(Steps(slices=2, waits=True))
    prober.advance(run, steps=True)
    assert not prober.is_due(run, steps=True)
    run.step()
    assert prober.is_due(run, steps=True)
    prober.advance(run, steps=True)
    assert prober.probed.found == (0, 1)


def test_a_part_of_an_answer_is_shown_at_once_and_the_rest_is_in_no_hurry(tmp_path: Path) -> None:
    run, clock = run_of(tmp_path), Clock()
    prober = Prober(clock)
    prober.ask(Steps(slices=2, early=True))
    clock.cost = 2.0
    prober.advance(run, steps=True)
    clock.cost = 0.0
    first = prober.probed.found
    assert not prober.is_due(run, steps=True)
    assert prober.is_due(run, steps=False)
    prober.advance(run, steps=False)
    assert (first, prober.probed.found) == ((0,), (0, 0))


def test_what_was_found_stays_until_there_is_an_answer_to_another_probe_of_its_kind(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    prober = Prober()
    prober.ask(Steps())
    prober.advance(run, steps=True)
    prober.ask(Steps(name="another"))
    assert prober.probed.found == (0,)
    prober.ask(None)
    assert prober.probed.found is None


def test_a_view_that_fails_says_so_and_training_goes_on(session: Session) -> None:
    for failure, words in ((InputError, "no such page"), (ZeroDivisionError, "this view failed")):
        session.request(commands.LookInside(Steps(fails=failure)))
        for _ in range(3):
            session.turn()
        session.look()
        session.turn()
        assert words in session.latest.probed.refused
    assert session.latest.figure.step >= 5
    assert not session.latest.notices


def test_a_paused_session_answers_and_an_answer_to_a_key_is_foretold(tmp_path: Path, hand: Hand) -> None:
    session = Sessions(tiny_launch(tmp_path, paused=True), hand.begin).current
    hand.turn_until(lambda: session.run is not None)
    probe = Steps()
    session.request(commands.LookInside(probe))
    assert session.look().probed.asked == probe
    hand.turn_until(lambda: session.look().probed.found is not None)
    assert session.latest.figure.step == 0
    session.request(commands.LookInside(None))
    assert session.look().probed.found is None
