"""`lstm-tui runs` as a table: which columns, which rows, in which order, in groups, and in which form."""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from lstm_model.runs import baselines
from lstm_model.runs.saves import find_saves
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_tui.cli import main
from lstm_tui.tables.columns import Column
from lstm_tui.tables.forms import as_latex

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]


@pytest.fixture
def many(runs: Files, here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five runs of a text: two rates, three seeds; their losses made up. One of prices. No baseline is known yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    for k, (rate, seed, loss) in enumerate(
        [(0.01, 1, 2.0), (0.01, 2, 4.0), (0.02, 1, 1.0), (0.02, 2, 1.5), (0.02, 3, 2.0)]
    ):
        file = here / "saves" / f"t{k}" / "last.safetensors"
        file.parent.mkdir()
        whole = load_checkpoint(runs["text"] / "last.safetensors")
        config = whole.record.config.changed(learning_rate=rate, seed=seed)
        record = whole.record.__class__(
            **{**vars(whole.record), "config": config, "best_val_loss": loss, "elapsed_s": 60.0 * k}
        )
        save_checkpoint(file, whole.__class__(whole.tensors, record))
        os.utime(file, (2_000_000_000 + k,) * 2)
    shutil.rmtree(runs["text"])
    return here


def shown(capsys: Out, *arguments: str) -> list[list[str]]:
    assert main(["runs", *arguments]) == 0
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_a_run_is_a_line_with_the_settings_that_differ(many: Path, capsys: Out) -> None:
    head, *rows = shown(capsys)
    assert head[:6] == ["load", "with", "task", "cell", "lr", "seed"]  # all have the same hidden, batch and so on
    assert [row[0] for row in rows] == [*(f"saves/t{k}" for k in (4, 3, 2, 1, 0)), "saves/stock-run"]
    assert rows[0][:5] == ["saves/t4", "text", "lstm", "0.02", "3"]


def test_rows_are_chosen_and_put_in_order(many: Path, capsys: Out) -> None:
    _, *rows = shown(capsys, "--where", "task=text and lr>0.01", "--sort", "best", "--columns", "run,best")
    assert [row[0] for row in rows] == ["saves/t2", "saves/t3", "saves/t4"]
    _, *rows = shown(capsys, "--where", "time>=2min", "--sort", "time", "--reverse", "--columns", "run")
    assert [row[0] for row in rows] == ["saves/t4", "saves/t3", "saves/t2"]


def test_rows_without_a_value_come_last_either_way(many: Path, capsys: Out) -> None:
    for reverse in ([], ["--reverse"]):
        _, *rows = shown(capsys, "--sort", "horizon", "--columns", "task", *reverse)
        assert [row[0] for row in rows] == ["stock", *["text"] * 5]


def test_groups_have_mean_and_spread_over_seeds(many: Path, capsys: Out) -> None:
    assert main(["runs", "--where", "task=text", "--group-by", "lr", "--sort", "best", "--json"]) == 0
    out, err = capsys.readouterr()
    first, second = json.loads(out)
    assert first == {
        "lr": 0.02, "runs": 3, "seeds": 3, "mean": 1.5, "spread": 0.5, "least": 1.0, "most": 2.0, "time": 180.0
    }  # fmt: skip
    assert (second["mean"], second["spread"]) == (3.0, pytest.approx(2**0.5))
    assert err == ""


def test_losses_of_two_tasks_are_never_averaged_together(many: Path, capsys: Out) -> None:
    assert main(["runs", "--group-by", "layers", "--json"]) == 0
    groups = json.loads(capsys.readouterr().out)
    assert [(group["task"], group["runs"]) for group in groups] == [("text", 5), ("stock", 1)]


def test_a_group_in_which_more_than_seeds_differ_says_so(many: Path, capsys: Out) -> None:
    assert main(["runs", "--group-by", "layers"]) == 0
    assert "runs of a group differ in lr as well" in capsys.readouterr().err


def test_csv_has_every_column_and_exact_numbers(many: Path, capsys: Out) -> None:
    assert main(["runs", "--csv", "--where", "run~t1"]) == 0
    (row,) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["run"], row["hidden"], row["lr"], row["best_val_loss"]) == ("saves/t1", "8", "0.01", "4.0")
    (save,) = [save for save in find_saves()[0] if save.run == "t1"]
    assert float(row["loss"]) == save.loss


def test_markdown_and_latex_are_tables(many: Path, capsys: Out) -> None:
    assert main(["runs", "--markdown", "--columns", "run,best", "--where", "run~t1"]) == 0
    assert capsys.readouterr().out.splitlines() == ["| load with | best |", "| --- | ---: |", "| saves/t1 | 4.0000 |"]
    assert main(["runs", "--latex", "--columns", "settings,best,data", "--where", "run~t1"]) == 0
    assert r"default 1x8 & 4.0000 & pages.txt \\" in capsys.readouterr().out.splitlines()
    assert as_latex([Column("a", "50 % of_it & more")], [])[2] == r"50 \% of\_it \& more \\"


def test_baselines_that_were_counted_are_held_against_every_run_of_the_data(many: Path, capsys: Out) -> None:
    head, *_ = shown(capsys)
    assert "passed" not in head
    head, *rows = shown(capsys, "--baselines", "--columns", "run,passed", "--where", "task=text", "--sort", "best")
    save = next(save for save in find_saves()[0] if save.task == "text")
    losses = baselines.known(save.baselines)
    assert len(losses) >= 2
    assert [row[1] for row in rows] == [
        f"{sum(best < loss for loss in losses.values())}/{len(losses)}" for best in (1.0, 1.5, 2.0, 2.0, 4.0)
    ]


def test_data_that_have_changed_have_no_baselines(many: Path, capsys: Out) -> None:
    save = next(save for save in find_saves()[0] if save.task == "text")
    original = Path(save.values["data"]).read_text()
    try:
        Path(save.values["data"]).write_text(original[::-1] + "x")
        assert baselines.count(save) == {}
    finally:
        Path(save.values["data"]).write_text(original)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--sort nothing", "--sort: there is no column 'nothing'"),
        ("--group-by hiden", "--group-by: there is no column 'hiden': did you mean hidden?"),
        ("--columns run,x", "--columns: there is no column 'x'"),
        ("--group-by lr --sort age", "a table of groups has no column age"),
        ("--group-by lr --columns run", "leave it out with --group-by"),
        ("--json --csv", "cannot be given together with"),
    ],
)
def test_wrong_columns_are_one_line(many: Path, arguments: str, said: str, capsys: Out) -> None:
    assert main(["runs", *arguments.split()]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
