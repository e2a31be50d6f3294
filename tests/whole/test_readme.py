"""The commands of the README, in the order in which a person reads them: each works as it stands."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from lstm_model.runs.shipped import shipped_models
from lstm_tui.options.option import WATCHING
from lstm_tui.options.parser import COMMANDS, parser_for
from support.places import ROOT
from support.terminal import Terminal

README = re.sub(r"^```.*?^```$", "", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
BEGIN, *OTHERS = re.findall(r"^ {4}(\S.*)$", README, re.MULTILINE)
TESTS = "&& .venv/bin/pytest -n 2"  # what .ci/run does


def program_calls() -> list[list[str]]:
    """The words after each lstm-tui."""
    words = [shlex.split(line, comments=True) for line in (BEGIN, *OTHERS)]
    return [line[line.index("lstm-tui") + 1 :] for line in words if "lstm-tui" in line]


def test_every_command_is_spelled_right_and_names_what_is_there_by_then() -> None:
    calls = program_calls()
    assert len(calls) > 20
    assert {call[0] for call in calls if call} >= {"train", "eval", "sample", "runs", "data"}
    models = set(shipped_models())
    for call in calls:
        command = call[0] if call and call[0] in COMMANDS else ""
        given = parser_for(command).given(call[1:] if command else call)
        assert {given[name] for name in ("load", "against") if name in given} <= models, call
        named = given.get("data", ())
        for path in (named,) if isinstance(named, str) else named:
            assert path == "-" or (ROOT / path).exists(), call
        if "save" in given:
            models.add(given["save"])


def test_all_that_stands_in_a_block_is_a_command_of_a_shell() -> None:
    checked = subprocess.run(["bash", "-n"], input="\n".join((BEGIN, *OTHERS)), capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    for line in OTHERS:
        assert line.startswith(("lstm-tui", "pip install", "python3 -m venv", "cat docs/")), line


@pytest.mark.slow
def test_every_command_works_in_a_clean_clone_one_after_the_other(tmp_path: Path) -> None:
    """It needs git, and a package index for what the program stands on."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    env = {"PYTHONPATH": "", "HOME": str(tmp_path), "VIRTUAL_ENV": "", "PATH": outside(os.environ["PATH"])}
    for line in (BEGIN, *OTHERS):
        if line.endswith(TESTS):
            continue
        active = "" if line == BEGIN else "source .venv/bin/activate && "
        shell = ("/bin/bash", "-c", active + line)
        with Terminal(folder=clone, size=(120, 40), env=env, program=shell) as terminal:
            call = shlex.split(line, comments=True)
            asked = call[call.index("lstm-tui") + 1 :] if "lstm-tui" in call else ["none"]
            if not asked or asked[0].startswith("-"):
                terminal.wait("TRAINING|EVAL-ONLY|FINISHED", 300)
                terminal.wait("step +[1-9]", 120)
                terminal.press("q")
            elif asked[0] in WATCHING:
                terminal.wait("(watched|controlled|replay x60)  text  step [1-9]", 120)
                if asked[0] == "attach":  # what is left of --detach must not go on for ever
                    terminal.press("\x03")
                    terminal.wait("Let it save and stop training")
                    terminal.press("s")
                    terminal.wait("ENDED")
                terminal.press("q")
            elif asked[0] == "sweep" and not {"--plain", "--json", "--scheduler"} & set(asked):
                terminal.wait("(?s)(done, winner.*){3}", 600)  # its screen stays until it is left
                terminal.press("q")
            assert terminal.end(300) == 0, f"{line}\n{terminal.text()}"
    assert (clone / "picture.png").stat().st_size > 1_000


def outside(path: str) -> str:
    """The search path without the environment that runs the tests."""
    return os.pathsep.join(part for part in path.split(os.pathsep) if not (Path(part).parent / "pyvenv.cfg").exists())
