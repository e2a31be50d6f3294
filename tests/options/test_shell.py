"""What shells and man know of the program: every option there is, completed by the shells themselves."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from lstm_tui.cli import main
from lstm_tui.options.parser import COMMANDS
from lstm_tui.options.table import OPTIONS, of_command
from lstm_tui.shell.completion import completion
from lstm_tui.shell.manual import manual
from lstm_tui.shell.words import flags_of
from support.terminal import Terminal

Out = pytest.CaptureFixture[str]
SHELLS = "bash", "zsh", "fish"


def needed(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"there is no {program} here")
    return path


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_a_script_that_the_shell_can_read(shell: str, tmp_path: Path, capsys: Out) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert script == completion(shell)
    (tmp_path / "script").write_text(script, encoding="utf-8")
    done = subprocess.run([needed(shell), "-n", tmp_path / "script"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_every_option_is_in_it(shell: str) -> None:
    script = completion(shell)
    for name in COMMANDS:
        assert name in script
    for option in OPTIONS:
        for flag in flags_of(option):
            assert (f"-l {flag[2:]} " if shell == "fish" else flag) in script


def completed(words: str, folder: Path) -> set[str]:
    """What bash proposes after these words, a blank between them, the last one half typed."""
    (folder / "script").write_text(completion("bash"), encoding="utf-8")
    program = 'source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lstm_tui 2>/dev/null'
    program += '; printf "%s\n" "${COMPREPLY[@]}"'
    command = [needed("bash"), "-c", program, "bash", "lstm-tui", *words.split(" ")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")) - {""}


def test_bash_completes_commands_options_words_files_and_runs(tmp_path: Path) -> None:
    (tmp_path / "saves" / "a run").mkdir(parents=True)
    (tmp_path / "prices.csv").write_text("", encoding="utf-8")
    assert completed("tr", tmp_path) == {"train"}
    assert completed("--ev", tmp_path) == {"--eval-only"}
    assert completed("train --ta", tmp_path) == {"--task", "--target"}
    assert completed("train --task s", tmp_path) == {"stock"}
    assert completed("eval --load ", tmp_path) == {"saves/a run", "demo-text", "demo-stock"}
    assert completed("eval --load demo-t", tmp_path) == {"demo-text"}
    assert completed("train --preset cl", tmp_path) == {"classic"}
    assert completed("data pr", tmp_path) == {"prices.csv"}
    assert completed("completion ", tmp_path) == {"bash", "zsh", "fish"}
    assert completed("train --hidden ", tmp_path) == set()
    own = {flag for option in of_command("sample") for flag in flags_of(option)}
    assert completed("sample --", tmp_path) == own | {"--help", "--version"}


def test_bash_completes_at_the_press_of_a_key(tmp_path: Path) -> None:
    (tmp_path / "saves" / "second").mkdir(parents=True)
    (tmp_path / "script").write_text(completion("bash"), encoding="utf-8")
    program = (needed("bash"), "--norc", "--noprofile", "-i")
    with Terminal(folder=tmp_path, program=program, env={"PS1": "$ ", "TERM": "xterm"}) as terminal:
        terminal.wait(r"\$")
        terminal.press("source ./script\n")
        terminal.wait(r"\$ source ./script\n\$")
        terminal.press("lstm-tui ev\t--loa\t\tsec")
        terminal.wait(r"lstm-tui eval --load sec")
        terminal.press("\x15lstm-tui eval --load saves/sec\t")
        terminal.wait(r"lstm-tui eval --load saves/second")
        terminal.press("\x15exit\n")
        assert terminal.end() == 0


def test_fish_completes_commands_options_and_runs(tmp_path: Path) -> None:
    fish = needed("fish")
    (tmp_path / "saves" / "second").mkdir(parents=True)
    (tmp_path / "script").write_text(completion("fish"), encoding="utf-8")
    env = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    def proposed(line: str) -> set[str]:
        command = [fish, "--no-config", "-c", f"source ./script; complete -C '{line}'"]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
        return {line.split("\t")[0] for line in done.stdout.splitlines()}

    assert proposed("lstm-tui tr") == {"train"}
    assert {"--task", "--target"} <= proposed("lstm-tui train --ta")
    assert {"saves/second", "demo-text"} <= proposed("lstm-tui eval --load ")
    assert "stock" in proposed("lstm-tui train --task ")


def test_zsh_completes_at_the_press_of_a_key(tmp_path: Path) -> None:
    zsh = needed("zsh")
    (tmp_path / "saves" / "second").mkdir(parents=True)
    (tmp_path / "_lstm-tui").write_text(completion("zsh"), encoding="utf-8")
    with Terminal(folder=tmp_path, program=(zsh, "-f", "-i"), env={"TERM": "xterm", "HOME": str(tmp_path)}) as terminal:
        terminal.press("fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; lstm-tui() { }; echo re''ady\n")
        terminal.wait("^ready")
        terminal.press("lstm-tui samp\t--coun\t")
        terminal.wait("lstm-tui sample --count")
        terminal.press("\x15lstm-tui eval --load saves/sec\t")
        terminal.wait("lstm-tui eval --load saves/second")
        terminal.press("\x15exit\n")
        terminal.end()


def test_an_unknown_shell_is_one_line(capsys: Out) -> None:
    assert main(["completion", "tcsh"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "SHELL must be bash, zsh or fish, not 'tcsh'" in line


# The manual page


def shown(tmp_path: Path) -> str:
    """The page as `man` shows it, in one line."""
    (tmp_path / "lstm-tui.1").write_text(manual(date(2026, 1, 2)), encoding="utf-8")
    env = {**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8", "MANPAGER": "cat", "MAN_KEEP_FORMATTING": ""}
    done = subprocess.run([needed("man"), "-l", tmp_path / "lstm-tui.1"], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def test_man_shows_every_command_and_every_option_as_it_is_written(tmp_path: Path) -> None:
    page = shown(tmp_path)
    assert page.startswith("LSTM-TUI(1) User Commands LSTM-TUI(1) NAME lstm-tui - train LSTM networks")
    for option in OPTIONS:
        for flag in flags_of(option):
            assert flag in page
    for name in COMMANDS:
        assert f"lstm-tui {name} [options]" in page
    assert "2026-01-02" in page
    assert "LSTM_TUI_SAVES" in page


def test_groff_has_nothing_to_say_against_it(tmp_path: Path) -> None:
    command = [needed("groff"), "-man", "-ww", "-z", "-Tutf8"]
    done = subprocess.run(command, input=manual(date(2026, 1, 2)), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_help_text_becomes_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in manual(date(2026, 1, 2)).splitlines():
        assert not line.startswith(("'", ".")) or line.split()[0] in {".TH", ".SH", ".B", ".I", ".RI", ".TP", ".br"}
