"""Commands: each takes effect between two steps, as it was foretold."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.training.trainer import Trainer
from lstm_tui.faces.text.requests import SetPrompt, SetTemperature
from lstm_tui.opening.opened import Opened
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.shown import Shown
from lstm_tui.session.snapshot import Paused, Snapshot, Status
from support.snapshots import text_seen
from support.stepped import Hand, tiny_launch


def test_a_pause_takes_effect_before_the_next_step_and_is_acknowledged(session: Session) -> None:
    session.turn()
    number = session.request(commands.Pause())
    session.turn()
    assert (session.latest.acknowledged, session.latest.figure.step) == (number, 1)


def test_a_pause_during_an_evaluation_is_not_held_up_by_it(session: Session) -> None:
    session.turn()
    session.request(commands.Evaluate())
    session.turn()
    assert session.latest.status.name == "EVALUATING"
    session.request(commands.Pause())
    session.turn()
    assert session.latest.status is Status.PAUSED
    step = session.latest.figure.step
    for _ in range(50):
        session.turn()
    assert session.look().figure.step == step


def test_a_sample_comes_with_its_step_temperature_and_prompt(session: Session, hand: Hand) -> None:
    session.request(commands.Ask(SetTemperature(0.4)))
    session.request(commands.Ask(SetPrompt("NAME")))
    hand.turn_until(lambda: bool(text_seen(session.look()).samples))
    sample = text_seen(session.latest).samples[-1]
    assert (sample.temperature, sample.prompt, len(sample.text)) == (0.4, "NAME", 30)


def test_a_prompt_with_unknown_characters_is_refused_and_named(session: Session) -> None:
    session.request(commands.Ask(SetPrompt("na\u00efve")))
    session.turn()
    assert "'\u00ef' (U+00EF)" in session.latest.notices[-1].text
    assert text_seen(session.latest).prompt == "\n\nSYNOPSIS\n"


def test_a_new_learning_rate_holds_from_the_next_step(session: Session) -> None:
    session.request(commands.SetLearningRate(0.5))
    session.turn()
    assert session.latest.figure.base_rate == 0.5


def test_a_save_by_hand_is_named_after_its_step_and_said(session: Session, tmp_path: Path) -> None:
    session.turn()
    session.request(commands.Save())
    session.turn()
    assert (tmp_path / "run" / "step-000001.safetensors").exists()
    assert "saved step 1" in session.latest.notices[-1].text


def test_loading_saves_the_run_at_hand_and_goes_on_from_the_other(tmp_path: Path, hand: Hand) -> None:
    sessions = Sessions(tiny_launch(tmp_path), hand.begin)
    session = sessions.current
    hand.turn(2)
    session.request(commands.Save())
    hand.turn(3)
    session.request(commands.Pause())
    sessions.load(tmp_path / "run" / "step-000002.safetensors")
    hand.turn()
    assert session.latest.figure.step == 2
    assert load_checkpoint(tmp_path / "run" / "last.safetensors").record.step == 4
    session.request(commands.Resume())
    hand.turn(2)
    session.request(commands.Stop())
    hand.turn()
    assert load_checkpoint(tmp_path / "run" / "step-000004.safetensors").record.step == 4
    assert load_checkpoint(tmp_path / "run" / "last.safetensors").record.step > 2


def test_going_back_to_the_runs_own_last_save_keeps_what_came_after_it(tmp_path: Path, hand: Hand) -> None:
    session = Sessions(tiny_launch(tmp_path), hand.begin).current
    hand.turn(2)
    assert session.run is not None
    session.run.save("last")
    hand.turn_until(lambda: session.look().figure.step >= 7)
    session.request(commands.Load(tmp_path / "run" / "last.safetensors"))
    session.request(commands.Pause())
    hand.turn()
    assert session.latest.figure.step == 2
    session.request(commands.Resume())
    hand.turn_until(lambda: session.look().figure.step >= 3)
    session.request(commands.Stop())
    hand.turn()
    kept = [load_checkpoint(path).record.step for path in (tmp_path / "run").glob("step-*.safetensors")]
    assert len(kept) == 1
    assert kept[0] >= 7


def test_a_loaded_model_is_the_one_that_is_trained_on(tmp_path: Path, hand: Hand) -> None:
    """The known defect: after a load the optimizer walks arrays that the model no longer reads."""
    session = Sessions(tiny_launch(tmp_path), hand.begin).current
    hand.turn(2)
    session.request(commands.Save())
    hand.turn()
    session.request(commands.Load(tmp_path / "run" / "step-000002.safetensors"))
    session.turn()
    assert session.run is not None
    loaded: Trainer = session.run.trainer
    before = {name: values.copy() for name, values in loaded.model.parameters.items()}
    hand.turn(3)
    assert all(not np.array_equal(values, before[name]) for name, values in loaded.model.parameters.items())


@pytest.mark.parametrize(
    "command",
    [
        commands.Pause(),
        commands.Resume(),
        commands.Leave(),
        commands.Return(),
        commands.Ask(SetTemperature(1.3)),
        commands.Ask(SetTemperature(9.0)),
        commands.SetLearningRate(0.25),
        commands.Look(),
        commands.Evaluate(),
    ],
    ids=str,
)
@pytest.mark.parametrize("paused", [False, True])
def test_what_a_command_foretells_is_what_comes(
    command: commands.Command, paused: bool, session: Session, hand: Hand
) -> None:
    def known(snapshot: Snapshot) -> tuple[object, ...]:
        figure = snapshot.figure
        return snapshot.paused, text_seen(snapshot).temperature, figure.base_rate, figure.learning_rate

    hand.turn(2)
    session.look()
    hand.turn()  # the newest snapshot shows the newest step
    if paused:
        session.request(commands.Pause())
        hand.turn()
    session.request(command)
    foretold = known(session.ahead)
    session.turn()
    assert known(session.latest) == pytest.approx(foretold)


def test_a_temperature_stays_within_its_limits(session: Session) -> None:
    for asked, given in ((-0.1, 0.0), (0.0, 0.0), (1.1, 1.1), (3.1, 3.0)):
        session.request(commands.Ask(SetTemperature(asked)))
        assert text_seen(session.look()).temperature == given
        session.turn()
        assert text_seen(session.latest).temperature == given


@pytest.mark.parametrize("paused", [False, True])
def test_coming_back_ends_the_pause_of_leaving_and_no_other(paused: bool, session: Session) -> None:
    if paused:
        session.request(commands.Pause())
    session.request(commands.Leave())
    session.turn()
    assert session.latest.status is Status.PAUSED
    session.request(commands.Return())
    session.turn()
    assert session.latest.status is (Status.PAUSED if paused else Status.TRAINING)


def test_only_commands_about_both_models_reach_the_one_beside(tmp_path: Path, hand: Hand) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    a, b = tiny_launch(tmp_path / "a", eval_only=True), tiny_launch(tmp_path / "b", eval_only=True)
    launch = replace(a, against=Opened(b.trainer, None, tmp_path / "b" / "last.safetensors"))
    session = Sessions(launch, hand.begin).current
    hand.turn()
    session.request(commands.Ask(SetTemperature(1.5)))
    session.request(commands.SetLearningRate(0.125))
    hand.turn()
    rival = session.latest.rival
    assert rival is not None
    assert (session.latest.side, rival.side) == ("A", "B")
    assert (text_seen(session.latest).temperature, text_seen(rival).temperature) == (1.5, 1.5)
    assert session.latest.figure.base_rate == 0.125
    assert rival.figure.base_rate != 0.125


def test_before_the_data_are_read_a_command_to_the_run_is_refused_in_words() -> None:
    class Empty:
        paused: Paused | None = None
        sides: ClassVar[list[Shown]] = []

        def load(self, path: Path) -> None: ...

        def stop(self, *, save: bool, insist: bool) -> None: ...

    with pytest.raises(InputError, match="still being read"):
        commands.Look().apply(Empty())
