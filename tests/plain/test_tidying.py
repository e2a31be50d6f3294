"""`lstm-tui runs --prune` and so on: what would go is said first, and nothing goes unasked."""

import json
import re
from pathlib import Path

import pytest

from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.labels import Label, read_label, write_label
from lstm_model.runs.saves import PREVIOUS, SWEEP
from lstm_tui.cli import main
from support.runs import TINY, contents
from support.stepped import tiny_trainer

Files = dict[str, Path]
Captured = pytest.CaptureFixture[str]


def test_a_named_run_is_shown_found_and_chosen_by_a_condition(runs: Files, capsys: Captured) -> None:
    write_label(runs["stock"], Label("prices one", "a\x1b[31mnote", star=True))
    assert main(["runs"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:5] == ["load", "with", "task", "star", "name"]
    assert [bool(re.search(r"\*\s+prices one", row)) for row in rows] == [False, True]
    assert "\x1b" not in "".join(rows)
    for where, names in (("star", ["stock-run"]), ("not star and task=text", ["text-run"]),
                         ("(name) or hidden=9", ["stock-run"]), ("note~note", ["stock-run"])):  # fmt: skip
        assert main(["runs", "--where", where, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert list(dict.fromkeys(each["run"] for each in found)) == names
    assert found[0]["star"] is True
    assert found[0]["name"] == "prices one"
    assert main(["eval", "--load", "prices one", "--json"]) == 0
    assert "stock-run" in json.loads(capsys.readouterr().out)["checkpoint"]


def test_a_new_run_gets_its_name_and_a_second_one_not_the_same(data: Files, here: Path, capsys: Captured) -> None:
    options = ["train", "--task", "text", "--data", str(data["text"]), "--steps", "1", *TINY, "--name", "wide"]
    assert main(options) == 0
    (run,) = (here / "saves").iterdir()
    assert read_label(run) == Label("wide")
    before = contents(here)
    assert main(options) == 2
    assert f"--name wide is that of {run.relative_to(here)} already" in capsys.readouterr().err
    assert contents(here) == before
    assert main(["train", "--load", "wide", "--steps", "2", "--name", "wider"]) == 0
    assert read_label(run) == Label("wider")


def test_deleting_and_emptying_ask_and_can_be_undone_until_then(runs: Files, here: Path, capsys: Captured) -> None:
    before = contents(here)
    assert main(["runs", "--delete", "text-run"]) == 2
    assert "nobody to ask: add --yes" in capsys.readouterr().err
    assert contents(here) == before
    assert main(["runs", "--delete", "text-run", "--yes"]) == 0
    assert main(["runs", "--trash"]) == 0
    assert capsys.readouterr().out.startswith("text-run  ")
    assert main(["runs", "--restore", "text-run"]) == 0
    assert contents(here) == before
    assert main(["runs", "--delete", str(runs["text"]), "--yes"]) == 0
    assert main(["runs", "--empty-trash", "--dry-run"]) == 0
    assert main(["runs", "--empty-trash"]) == 2
    assert (here / "saves" / ".trash" / "text-run").is_dir()
    assert main(["runs", "--empty-trash", "--yes"]) == 0
    assert not (here / "saves" / ".trash").exists()


def test_pruning_says_what_would_go_and_leaves_a_run_that_trains(runs: Files, here: Path, capsys: Captured) -> None:
    folder = RunFolder.going_on(runs["text"] / "last.safetensors", 6)
    trainer = tiny_trainer(here)
    trainer.steps = 7
    folder.save(trainer)
    assert main(["runs", "--prune", "--yes"]) == 0
    assert "text-run  trains now" in capsys.readouterr().out
    folder.release()
    before = contents(here)
    assert main(["runs", "--prune", "--dry-run"]) == 0
    told = capsys.readouterr()
    assert f"text-run  {PREVIOUS}: " in told.out
    assert "with this left out it would take 1 files from the disk, " in told.err
    assert contents(here) == before
    assert main(["runs", "--prune", "--yes"]) == 0
    assert before.keys() - contents(here).keys() == {f"saves/text-run/{PREVIOUS}"}


@pytest.mark.parametrize("options", [["--dry-run"], ["--yes"], ["--trash", "--dry-run"], ["--prune", "--trash"]])
def test_options_that_mean_nothing_together_are_refused(options: list[str], runs: Files, capsys: Captured) -> None:
    assert main(["runs", *options]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_trial_of_a_sweep_is_shown_only_where_there_is_no_run_of_ones_own(
    runs: Files, here: Path, capsys: Captured
) -> None:
    sweep = here / "saves" / "sweep-text"
    sweep.mkdir()
    (sweep / SWEEP).write_text("{}")
    runs["text"].rename(sweep / "trial-0001")  # the newer one
    assert main(["eval", "--json"]) == 0
    assert "newest run: saves/stock-run/" in capsys.readouterr().err
    assert main(["eval", "--json", "--task", "text"]) == 0
    assert "newest run, a trial of a sweep: saves/sweep-text/trial-0001/" in capsys.readouterr().err
