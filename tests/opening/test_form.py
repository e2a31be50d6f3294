"""What is typed into the form of a new run gives the run that a command would, or says what is wrong where."""

import math
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.settings.presets import preset_config
from lstm_tui.opening import form
from lstm_tui.opening.form import NOWHERE, Form, Problem, begin
from lstm_tui.options.parser import parser_for
from support.forms import parsed, typed

DATA = {"vocabulary": " " * 96}  # as many characters as in the text that ships


@pytest.mark.parametrize(
    "entries",
    [
        typed(),
        typed(preset="quick", hidden="48", lr="3e-3", dropout=".25"),
        typed(preset="classic", optimizer="sgd", seed="7", batch=" 4 "),
        typed("stock", "default", layers="2", seq="12"),
        typed("stock", "classic", lr="0.0123456789"),
        typed(data="/tmp/a book, it's long.txt", hidden=""),
        typed(data="-strange.txt"),
        typed(data="book.txt"),
        typed(data="texts", include="*.md, *.txt", order="name", encoding_errors="replace", warmup="0", average="0"),
        typed("stock", column="Adj Close", features="Open,Volume", horizon="1,5", split="80/10/10", loss_at="every"),
        typed("stock", adjust="2023-06-28:0.25,2024-01-02:2", date_column="Day", symbol="A B", target="close"),
        typed("copy", gap="30", alphabet="4", remember="2", schedule="constant", clip="0.5", threads="1"),
    ],
)
def test_the_command_parsed_by_the_command_line_gives_the_same_settings(entries: dict[str, str]) -> None:
    made = Form(entries).checked(DATA)
    assert made.problems == {}
    assert made.config is not None
    assert parsed(made.command) == made.config


def test_only_what_differs_from_the_preset_is_given() -> None:
    assert Form(typed()).checked(DATA).command == "lstm-tui --task text"
    line = Form(typed("stock", "quick", hidden="32", lr="0.01")).checked(DATA).command
    assert line == "lstm-tui --task stock --preset quick --lr 0.01"


def test_an_empty_field_stands_for_the_presets_value() -> None:
    empty = typed() | dict.fromkeys(("hidden", "layers", "batch", "seq", "dropout", "lr", "seed"), "")
    assert Form(empty).checked(DATA).config == preset_config("text")


def test_the_rate_follows_the_cell_unless_somebody_typed_another() -> None:
    usual, rnn = (f"{preset_config('text', cell=cell).learning_rate:g}" for cell in ("lstm", "rnn"))
    other = Form(typed()).typed(typed(cell="rnn"))
    assert (other.entries["lr"], other.standards["lr"]) == (rnn, rnn)
    made = other.checked(DATA)
    assert made.command == "lstm-tui --task text --cell rnn"
    assert parsed(made.command) == made.config == preset_config("text", cell="rnn")
    kept = other.typed({**other.entries, "lr": usual}).checked(DATA)
    assert parsed(kept.command) == kept.config == preset_config("text", cell="rnn", learning_rate=float(usual))
    assert Form(typed(lr="0.5")).typed(typed(lr="0.5", cell="rnn")).entries["lr"] == "0.5"
    assert other.typed({**other.entries, "cell": "lstm"}).entries["lr"] == usual
    assert other.typed({**other.entries, "preset": "quick"}).entries["cell"] == "lstm"


def test_settings_without_a_field_are_kept_and_told() -> None:
    config = preset_config("stock", "quick", split=(80.0, 10.0, 10.0), clip=2.5, features=("Open", "Volume"), threads=2)
    made = Form.of(config).checked(None)
    assert made.config == replace(config, threads=0)  # what was chosen for a run is chosen anew
    line = made.command
    assert "--split 80/10/10" in line
    assert parsed(line) == made.config


@pytest.mark.parametrize(
    ("option", "text", "says"),
    [
        ("hidden", "8x", "hidden must be a whole number, not '8x'"),
        ("hidden", "0", "hidden must be 1 or more, not 0"),
        ("hidden", "9999999999", "hidden must be at most 1,000,000,000, not 9999999999"),
        ("hidden", "1000000", "hidden 1000000, layers 1, batch 16, seq 64 need"),
        ("layers", "-1", "layers must be 1 or more, not -1"),
        ("batch", "1.5", "batch must be a whole number, not '1.5'"),
        ("seq", "0", "seq must be 1 or more, not 0"),
        ("dropout", "1", "dropout must be at least 0 and below 1, not 1.0"),
        ("dropout", "nan", "dropout must be a number, not 'nan'"),
        ("lr", "0", "lr must be above 0 and below 1000, not 0.0"),
        ("seed", "-3", "seed must be 0 or more, not -3"),
        ("steps", "0", "steps must be 1 or more, not 0"),
        ("clip", "-1", "clip must be 0 (off) or more"),
        ("split", "0/10/10", "split"),
        ("data", "-", "data - is standard input, where the keys come from here: name a file"),
    ],
)
def test_a_bad_value_is_found_at_its_field_in_the_command_lines_words(option: str, text: str, says: str) -> None:
    made = Form(typed() | {option: text}).checked(DATA)
    assert made.config is None
    assert list(made.problems) == [option]
    assert made.problems[option].startswith(says)
    assert "--" not in made.problems[option]


def test_what_a_run_is_asked_beside_its_settings_is_told_as_the_command_line_has_it() -> None:
    entries = typed(steps="500", name="a b", save="runs/one", overwrite="yes", autosave="0", on_divergence="stop")
    made = Form(entries).checked(DATA)
    given = parser_for("").given(shlex.split(made.command)[1:])
    assert given == made.given
    assert (given["steps"], given["name"], given["overwrite"], given["autosave"]) == (500, "a b", True, math.inf)
    both = Form(typed(steps="5", minutes="1")).checked(DATA)
    assert both.problems == {"minutes": "minutes cannot be given together with steps"}
    assert Form(typed(hidden="384", init_from="runs/one")).checked(DATA).given["hidden"] == 384  # the preset's, told


def test_a_form_begins_with_the_plan_of_the_app_but_for_its_end() -> None:
    plan = Plan(steps=9, autosave=math.inf, on_divergence="stop")
    entries = Form.of(preset_config("text"), plan=plan).entries
    assert [entries[name] for name in ("steps", "minutes", "autosave", "on_divergence")] == ["", "", "0", "stop"]


def test_what_holds_for_the_runs_own_data_goes_with_them_and_comes_back() -> None:
    form = Form.of(preset_config("stock", data="/a.csv", column="Adj", features=("Open",), clip=2.5))
    other = form.typed({**form.entries, "data": "/b.csv"})
    assert [other.entries[name] for name in ("column", "features", "clip")] == ["Close", "", "2.5"]
    typed_since = other.typed({**other.entries, "column": "Last"})
    again = typed_since.typed({**typed_since.entries, "data": "/a.csv"})
    assert [again.entries[name] for name in ("column", "features")] == ["Last", "Open"]


def test_several_files_are_kept_as_long_as_the_first_is_named() -> None:
    form = Form.of(preset_config("text", data="/a,1.txt", more_data=("/b.txt",)))
    line = form.checked(DATA).command
    assert line == "lstm-tui --task text --data /a,1.txt /b.txt"
    assert parsed(line).more_data == ("/b.txt",)
    assert "/b.txt" not in form.typed({**form.entries, "data": "/c.txt"}).checked(DATA).command


def test_a_folder_that_a_run_at_hand_writes_in_is_refused(tmp_path: Path) -> None:
    problem = begin({"save": str(tmp_path / "a" / ".." / "run"), "overwrite": True}, [tmp_path / "run"])
    assert isinstance(problem, Problem)
    assert (problem.option, "name another one" in problem.text) == ("save", True)


def test_all_bad_values_are_found_at_once() -> None:
    assert set(Form(typed(hidden="x", layers="0", seed="?")).checked(DATA).problems) == {"hidden", "layers", "seed"}


@pytest.mark.parametrize(
    ("given", "option", "says"),
    [
        ({"data": "--seq.txt"}, "data", "/--seq.txt: name a text file with data"),  # whatever a file is called
        ({"data": "few.txt"}, "data", "few.txt has 2 characters: too few"),
        ({"data": "empty"}, "data", "empty is a directory without a file: name one that has texts, or a file"),
        ({"task": "stock", "data": "few.csv", "seq": 30}, "seq", "12 rows are too few for seq 30 and split 70/15/15"),
        ({"task": "stock", "data": "prose.csv"}, "data", "prose.csv"),
        ({"task": "stock", "data": "missing.csv.gz"}, "data", "No such file"),
        ({"encoding": "klingon"}, "encoding", "encoding 'klingon' is unknown"),
        ({"save": "few.txt"}, "save", "few.txt is a file: name a folder with save"),
        ({"overwrite": True}, "overwrite", "overwrite needs save DIR"),
        ({"name": "a/b"}, "name", "name 'a/b'"),
        ({"init_from": "few.txt"}, "init_from", "few.txt"),
        ({"load": "few.txt"}, NOWHERE, "few.txt"),  # which the form has no field for
    ],
)
def test_what_cannot_be_begun_is_explained_at_the_field_that_is_to_blame(
    given: dict[str, Any], option: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.txt").write_text("ab", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "prose.csv").write_text("It was a dark and stormy night\n" * 9, encoding="utf-8")
    rows = "".join(f"2024-01-{day:02},{day}\n" for day in range(1, 13))
    (tmp_path / "few.csv").write_text(f"Date,Close\n{rows}", encoding="utf-8")
    problem = begin(given)
    assert isinstance(problem, Problem)
    assert problem.option == option
    assert says in problem.text


def test_a_machine_without_the_memory_is_explained_at_the_size_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(given: object) -> None:
        raise MemoryError

    monkeypatch.setattr(form, "open_run", full)
    assert begin({}) == Problem("hidden", "not enough memory: choose smaller hidden, batch or seq")
