"""Text that wants to steer the terminal: none of it arrives there, and columns stay below each other."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from wcwidth import wcwidth

from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import append_sample
from lstm_tui.cli import main
from lstm_tui.faces.text.samples.drawn import LONGEST_SHOWN, sample_heading, sample_text
from lstm_tui.faces.text.samples.prompt import escaped, unescaped
from lstm_tui.tables.columns import Column
from lstm_tui.tables.forms import as_csv, as_latex, as_markdown, as_text
from lstm_tui.terminal.output import message, result
from lstm_tui.visible import MARKS, MORE, Streamed, as_line, cells, padded, pasteable, shortened_line, visible
from support.hostile_text import LINE, NAME, STEERING, assert_aligned, assert_clean, unclean, write_corpus

Out = pytest.CaptureFixture[str]
SMALL = ["--hidden", "8", "--batch", "4", "--seq", "5"]

anything = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(LINE)), max_size=60)
any_text = settings(max_examples=300, deadline=None)


# The one mechanism


@any_text
@given(anything)
@example(LINE)
def test_nothing_that_steers_or_hides_is_left(text: str) -> None:
    assert unclean(visible(text)) == set()
    assert unclean(as_line(text)) == set()
    assert not set(as_line(text)) & set("\n\t")


@any_text
@given(anything)
@example(LINE)
def test_what_is_safe_stays_as_it_is(text: str) -> None:
    once = visible(text)
    assert visible(once) == once


@any_text
@given(anything)
@example(LINE)
def test_a_line_has_one_width_whoever_counts(text: str) -> None:
    line = as_line(text)
    by_character = sum(map(get_character_cell_size, line))
    assert cells(line) == by_character
    assert by_character == sum(map(wcwidth, line))


@any_text
@given(anything, st.integers(2, 40))
@example("o" + "\u0335" * 10_000, 10)
def test_a_text_is_cut_to_cells_and_padded_to_cells(text: str, width: int) -> None:
    cut = shortened_line(text, width)
    assert cells(cut) <= width
    assert unclean(cut) == set()
    assert cells(padded(cut, width)) == cells(padded(cut, width, right=True)) == width
    if cells(as_line(text)) <= width and len(text) <= width:
        assert cut == as_line(text)


@any_text
@given(st.lists(anything, max_size=8))
@example(list(LINE))
def test_pieces_read_as_the_whole_does(pieces: list[str]) -> None:
    streamed = Streamed()
    assert "".join(map(streamed, pieces)) == visible("".join(pieces))


@any_text
@given(anything)
@example(LINE)
def test_a_prompt_is_edited_without_loss_and_its_line_steers_nothing(text: str) -> None:
    line = escaped(text)
    assert unescaped(line) == text
    assert unclean(line) == set()


def test_letters_of_all_scripts_pass_and_marks_are_bounded() -> None:
    fine = "é e\u0301 漢字 한글 \u1112\u1161\u11ab שלום مرحبا नमस्ते ไทย 😀 ½ ™ \u00a0"
    assert visible(fine) == fine
    assert visible("\u0301a\n\u0301") == "◌\u0301a\n◌\u0301"
    zalgo = visible("o" + "\u0335" * 1000 + "k")
    assert zalgo == "o" + "\u0335" * MARKS + MORE + "k"
    assert visible("\x1b\x9b\u202e\ud800\U0001f1e9") == r"␛\x9b\u202e\ud800\U0001f1e9"


def test_a_long_line_is_cut_without_looking_at_all_of_it() -> None:
    line = "漢e\u0301\x1b" * 2_500_000
    begun = time.perf_counter()
    assert cells(shortened_line(line)) == 80
    assert time.perf_counter() - begun < 0.05


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell that knows $'...'")
def test_a_shell_reads_a_word_of_a_command_as_it_was() -> None:
    words = ["saves/run", "two words", "it's", "a\\b'c\n\t", NAME, os.fsdecode(b"caf\xe9"), "漢 \x1b[2J"]
    for word in words:
        assert unclean(pasteable(word)) == set()
        done = subprocess.run(["bash", "-c", f"printf %s {pasteable(word)}"], capture_output=True, check=True)
        assert done.stdout == os.fsencode(word)


def test_columns_stay_below_each_other_whatever_stands_in_them() -> None:
    columns = [Column("run", "load with", right=False), Column("task", "task", right=False), Column("step", "step")]
    rows = [
        {"run": "漢字" * 50, "task": "e\u0301", "step": 1},
        {"run": NAME, "task": "o" + "\u0335" * 50, "step": 12},
        {"run": "a", "task": "b", "step": 3},
    ]
    lines = as_text(columns, rows)
    assert {cells(line) for line in lines} == {cells(lines[0])}
    for form in (as_csv, as_markdown, as_latex):
        assert unclean("".join(form(columns, rows))) == set()


# Plain commands


def test_whatever_is_written_is_made_visible_at_the_last(capsys: Out) -> None:
    result(f"one\n{NAME}")
    message(f"two\n{NAME}")
    out, err = capsys.readouterr()
    assert unclean(out + err) == set()
    assert (len(out.splitlines()), len(err.splitlines())) == (3, 1)


@pytest.fixture
def run(here: Path, capsys: Out) -> Path:
    """A run of a hostile text, in a folder with a hostile name."""
    data = write_corpus(here, NAME)
    folder = here / "saves" / NAME
    assert main(["train", "--data", str(data), "--save", str(folder), "--steps", "3", *SMALL]) == 0
    out, err = capsys.readouterr()
    assert unclean(out + err) == set()
    assert len(out.splitlines()) == 9  # a name with a line end makes no line of its own
    return folder


@pytest.mark.parametrize("command", [["eval", "--load"], ["runs"], ["train", "--steps", "4", "--load"]])
def test_plain_commands_print_nothing_raw(command: list[str], run: Path, capsys: Out) -> None:
    assert main([*command, *([str(run)] if command[-1] == "--load" else [])]) == 0
    out, err = capsys.readouterr()
    assert "␛]0;owned" in out or r"\x1b]0;owned" in out
    assert unclean(out + err) == set()


def test_json_holds_the_names_as_they_are_in_escapes(run: Path, capsys: Out) -> None:
    assert main(["runs", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert unclean(out) == set()
    assert {save["run"] for save in json.loads(out)} == {NAME}


@pytest.mark.parametrize(
    "options",
    [
        ["train", "--data", NAME],
        ["train", f"--{NAME}"],
        [NAME],
        ["train", "--hidden", NAME],
        ["train", "--encoding", "\udcff\x1b[2J", "--data", "pages.txt"],
        ["train", "--preset", NAME * 1000],
        ["train", "--optimizer", NAME * 1000],
        ["train", "--seed", "9" * 100_000],
        ["eval", "--load", NAME],
        ["sample", "--load", "saves/" + NAME, "--prime", "Ж\u202e\x9c"],
        ["train", "--load", "\udcff\udcfe"],
    ],
)
def test_an_error_is_one_safe_and_short_line(options: list[str], here: Path, capsys: Out) -> None:
    write_corpus(here)
    assert main(options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert len(err.splitlines()) == 1
    assert unclean(err) == set()
    assert cells(err.rstrip("\n")) < 300


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is text")
def test_a_data_file_whose_name_is_no_text_can_be_trained_on_and_loaded(here: Path, capsys: Out) -> None:
    data = os.fsdecode(os.fsencode(here) + b"/\xff\xfe.txt")
    write_corpus(here).rename(data)
    assert main(["train", "--data", data, "--save", "run", "--steps", "2", *SMALL]) == 0
    assert json.loads((here / "run" / "config.json").read_text(encoding="utf-8"))["data"] == data
    assert main(["eval", "--load", "run"]) == 0
    assert main(["train", "--load", "run", "--steps", "3"]) == 0
    out, err = capsys.readouterr()
    assert r"\udcff\udcfe.txt" in out
    (out + err).encode()  # would be an error in a terminal


# What is long


def test_of_a_huge_sample_a_part_is_laid_out_and_the_rest_is_counted() -> None:
    sample = Sample(1, 0.8, "\x1b" * 100_000, LINE * 10_000, 1.0)
    text = sample_text(sample).plain
    assert len(text) < 15 * 2 * LONGEST_SHOWN
    assert "... and " in text
    assert text.endswith(" more characters")
    assert cells(sample_heading(sample)) < 120


# A real terminal

if sys.platform != "win32":
    from support.terminal import Terminal

real = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@real
def test_the_app_lets_nothing_through_and_its_frames_stay_aligned(run: Path, here: Path) -> None:
    for step in range(3):
        append_sample(run / "samples.txt", Sample(step, 0.8, STEERING, LINE * 2, 1.0))
    with Terminal("--load", str(run), folder=here) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("g")
        terminal.wait(r"newest of [4-9]")
        assert_aligned(terminal.screen)
        terminal.press("p")
        terminal.wait("PAUSED")
        for _ in range(4):  # through what the model wrote to what somebody else put there
            terminal.press(",")
        terminal.wait(r"^│ '\\x1b\]0;owned[^│]*own surprise")
        terminal.wait(r"^│ ␛\]0;owned")
        assert_aligned(terminal.screen)
        terminal.press(".")
        for key, shows in (("l", "Load from"), ("i", "Prompt"), ("n", "New run")):
            terminal.press(key)
            terminal.wait(shows)
            terminal.wait("owned|n is a new line")
            terminal.press("\x1b")
            terminal.wait(r"^╭.*Samples")
            assert_aligned(terminal.screen)
        terminal.press("s")
        terminal.wait("saved step")
        terminal.press("q")
        assert terminal.end() == 0
    assert_clean(terminal.raw)
    assert b"\xe2\x90\x9b]0;owned" in terminal.raw  # it was there, and it was shown


def paste(terminal: "Terminal", text: str) -> None:
    """Paste until the field has it: what is pasted before the field has the focus is lost."""
    end = time.monotonic() + 15
    while "pasted" not in terminal.text():
        assert time.monotonic() < end, terminal.text()
        terminal.press(f"\x1b[200~{text}\x1b[201~")
        terminal.read(0.3)


@real
def test_what_is_pasted_into_a_field_does_not_reach_the_terminal(run: Path, here: Path) -> None:
    with Terminal("--load", str(run), "--paused", folder=here) as terminal:
        terminal.wait("PAUSED +text")
        for key, shows, to_the_field in (("i", "Prompt", ""), ("l", "Load from", "/"), ("n", "New run", "\t")):
            terminal.press(key)
            terminal.wait(shows)
            terminal.press(to_the_field)
            paste(terminal, "pasted\x9b31m\u202eב\u200b\x1b]0;owned\x07e\u0301漢")
            terminal.press("\x1b")
            if key == "l":
                terminal.wait("/ filters by")
                terminal.press("\x1b")
            terminal.wait(r"^╭.*Samples")
        terminal.press("q")
        assert terminal.end() == 0
    assert_clean(terminal.raw)


@real
def test_sample_on_a_terminal_shows_what_it_would_otherwise_do(run: Path, here: Path) -> None:
    prompt = here / "prompt.txt"
    prompt.write_text(LINE, encoding="utf-8", newline="")
    asked = ["sample", "--load", str(run), "--length", "400", "--temperature", "3", "--prime-file", str(prompt)]
    with Terminal(*asked, "--seed", "1", folder=here) as terminal:
        assert terminal.end() == 0
    assert_clean(terminal.raw)
    assert "␛]0;owned" in terminal.raw.decode()
