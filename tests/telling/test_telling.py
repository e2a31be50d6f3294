"""A person is told when a run ends, explodes or gets no better; nobody else is, and training never waits for it."""

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.events import Event
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import Exploded, Finished, Validated, WentBack
from lstm_tui.cli import main
from lstm_tui.telling.teller import Teller, escapes_of, teller_of
from lstm_tui.telling.worth import Worth
from support.runs import TINY
from support.stage import Stage, opened, toasts


def test_the_end_and_an_explosion_are_told_and_other_events_are_not() -> None:
    events: list[Event] = [
        Validated(5, 2.0, best=True, full=False),
        WentBack(7, 5, 0.001),
        Exploded(9, "the loss was no finite number"),
        Finished(10),
    ]
    assert list(Worth("run").of(events)) == [
        "run: the loss was no finite number at step 7: back to step 5, at half the rate (0.001)",
        "run: stopped at step 9: the loss was no finite number",
        "run: finished at step 10",
    ]


def test_a_run_that_gets_no_better_for_long_is_told_of_once_until_it_does() -> None:
    worth = Worth("run")

    def told(first: int, last: int, *, best: int = -1) -> list[str]:
        return list(worth.of(Validated(step, 2.0, best=step == best, full=False) for step in range(first, last)))

    assert told(1, 11, best=1) == []
    assert told(11, 30) == ["run: no better since step 1, at step 11 now"]
    assert told(30, 45, best=30) == []
    assert told(45, 90) == ["run: no better since step 30, at step 45 now"]


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({"TERM": "dumb"}, ""),
        ({}, ""),
        ({"TERM": "linux"}, "\a"),
        ({"TERM": "xterm-256color"}, "\a\x1b]9;lstm-tui: a␛;b\x1b\\"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "\a\x1b]777;notify;lstm-tui;a␛,b\x1b\\"),
        ({"TERM": "tmux-256color", "TMUX": "x"}, "\a\x1bPtmux;\x1b\x1b]9;lstm-tui: a␛;b\x1b\x1b\\\x1b\\"),
        ({"TERM": "screen", "STY": "x"}, "\a\x1bP\x1b]9;lstm-tui: a␛;b\a\x1b\\"),
    ],
)
def test_each_terminal_gets_what_it_knows_and_nothing_can_steer_it(environment: dict[str, str], sent: str) -> None:
    assert escapes_of("a\x1b;b", environment) == sent


def test_a_command_gets_the_line_in_two_ways_and_no_shell_reads_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = tmp_path / "tell me"
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" "$LSTM_TUI_MESSAGE" > {shlex.quote(str(out))}\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    teller = teller_of({"notify_command": f"{shlex.quote(str(script))} --to 'a b'"})
    teller.tell("run: $(echo no); done")
    teller.close()
    assert out.read_text() == "--to|a b|run: $(echo no); done|run: $(echo no); done|"


def test_a_command_that_fails_is_one_line_and_one_that_is_not_there_ends_the_start() -> None:
    said: list[str] = []
    teller = teller_of({"notify_command": "false"})
    teller.complain = said.append
    teller.tell("line")
    teller.close()
    assert said == ["--notify-command: false ended with status 1"]
    for command, wrong in {"no-such-program": "there is no program", "'": "no closing quotation", "": "needs"}.items():
        with pytest.raises(InputError, match=wrong):
            teller_of({"notify_command": command})


def test_nothing_is_told_unless_it_is_wanted() -> None:
    rung: list[str] = []
    teller = Teller()
    teller.ring = rung.append
    teller.tell("line")
    assert rung == []
    teller.on = True
    teller.tell("line")
    assert rung == ["line"]


def test_train_runs_the_command_at_its_end_and_writes_no_escapes_into_a_file(
    data: dict[str, Path], here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = here / "told"
    script.write_text('#!/bin/sh\nprintf "%s" "$1" > told.txt\nexit 3\n')
    script.chmod(0o755)
    options = ["--data", str(data["text"]), "--save", "run", "--steps", "3", "--notify", *TINY]
    assert main(["train", *options, "--notify-command", str(script)]) == 0
    assert (here / "told.txt").read_text() == "run: finished at step 3"
    shown = capfd.readouterr()
    assert f"--notify-command: {script} ended with status 3\n" in shown.err
    assert "\a" not in shown.out + shown.err


def test_train_rings_on_a_terminal_and_not_where_its_lines_go_into_a_file(data: dict[str, Path], here: Path) -> None:
    code = "import sys; from lstm_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    options = ["train", "--data", str(data["text"]), "--steps", "3", "--notify", *TINY]
    environment = os.environ | {"TERM": "xterm", "TMUX": "", "STY": ""}
    environment.pop("VTE_VERSION", None)

    def sent(name: str, stdout: int | None) -> bytes:
        reader, terminal = os.openpty()
        child = subprocess.Popen(
            [sys.executable, "-c", code, *options, "--save", name], stdin=terminal, stdout=stdout or terminal,
            stderr=terminal, env=environment,
        )  # fmt: skip
        os.close(terminal)
        heard = b""
        try:
            while piece := os.read(reader, 4096):
                heard += piece
        except OSError:
            pass  # the other end is closed
        os.close(reader)
        assert child.wait() == 0
        return heard

    assert b"\a\x1b]9;lstm-tui: one: finished at step 3\x1b\\" in sent("one", None)
    with Path("log").open("wb") as log:
        assert b"\a" not in sent("two", log.fileno())


async def test_a_key_turns_it_on_and_off_and_the_end_of_a_run_is_told(tmp_path: Path) -> None:
    stage = Stage(tmp_path, plan=Plan(steps=100, look_length=30, autosave=1e9, figures_every=1e9))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        teller, rung = stage.app.launch.teller, list[str]()
        teller.ring = rung.append
        await pilot.press("m")
        assert "you will be told by the bell and a notification of the terminal" in toasts(stage.app)
        await stage.until(lambda: bool(rung))
        assert rung == ["run: finished at step 100"]
        await pilot.press("m")
        assert not teller.on
