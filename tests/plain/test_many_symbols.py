"""`lstm-tui sweep --task stock --data FOLDER`: a table by symbol, and what to think of so many verdicts."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_tui.cli import main
from lstm_tui.faces.stock.many import summary, summary_lines, table
from support.stepped import write_prices

Out = pytest.CaptureFixture[str]
SMALL = ["--hidden", "4", "--batch", "8", "--seq", "5", "--steps", "3", "--jobs", "2", "--threads", "1"]


@pytest.fixture
def symbols(here: Path) -> Path:
    folder = here / "symbols"
    folder.mkdir()
    for name, days in (("AAA", 200), ("A/B".replace("/", " "), 220)):
        write_prices(folder, days).rename(folder / f"{name}.csv")
    (folder / "BAD.csv").write_text("no prices\n")
    (folder / "notes.txt").write_text("left alone\n")
    return folder


def test_each_file_is_judged_a_bad_one_is_a_line_and_the_same_command_trains_nothing_again(
    symbols: Path, capsys: Out
) -> None:
    asked = ["sweep", "--task", "stock", "--data", str(symbols), *SMALL]
    assert main([*asked, "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    trials = {event["name"]: event for event in events if event["event"] == "trial"}
    assert set(trials) == {"A B", "AAA", "BAD"}
    assert "BAD.csv" in trials["BAD"]["why"]
    assert (trials["BAD"]["state"], trials["AAA"]["state"]) == ("failed", "done")
    assert trials["AAA"]["verdict"]
    done = events[-1]
    assert (done["event"], done["symbols"], done["judged"], done["left_out"]) == ("done", 2, 2, 1)
    written = {file: file.stat().st_mtime_ns for file in Path(done["folder"]).glob("*/*.safetensors")}
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert "2 runs are there already" in out
    assert "skill %" in out
    assert out.count("\nBAD  left out: ") == 1
    assert " of 2 symbols. The median skill is " in " ".join(out.split())
    assert {file: file.stat().st_mtime_ns for file in Path(done["folder"]).glob("*/*.safetensors")} == written
    assert main(["runs", "--json"]) == 0
    assert {entry["run"] for entry in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--steps", "3", "--try", "hidden=4,8"], "--try does not go with a folder of data"),
        (["--steps", "3", "--again", "2"], "--again does not go with a folder of data"),
        ([], "a trial needs an end: add --steps N, or --minutes M"),
        (["--steps", "3", "--gap", "9"], "--gap is for the task copy"),
    ],
)
def test_what_makes_no_sense_with_a_folder_is_one_line(
    options: list[str], said: str, symbols: Path, capsys: Out
) -> None:
    assert main(["sweep", "--task", "stock", "--data", str(symbols), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_folder_without_data_is_one_line(here: Path, capsys: Out) -> None:
    (here / "empty").mkdir()
    assert main(["sweep", "--task", "stock", "--data", "empty", "--steps", "3"]) == 2
    assert "empty holds no data: no file in it ends in .csv or .tsv" in capsys.readouterr().err


def report(skill: float | None, p: float | None, **more: Any) -> dict[str, Any]:
    return {"part": "test", "days": 90, "rmse": 1.0, "persistence_rmse": 1.1, "skill": skill, "dm_p_value": p} | more


def test_the_summary_says_how_often_chance_shows_so_much() -> None:
    reports = {f"S{k}": [report(0.1 if k < 2 else -0.1, 0.01 if k < 2 else 0.4)] for k in range(20)}
    found = summary({**reports, "short": [report(None, None)]})
    assert (found["symbols"], found["judged"], found["skilled"]) == (21, 20, 2)
    assert found["median_skill"] == -0.1
    drawn = np.random.default_rng(1).binomial(20, 0.025, 200_000)
    assert found["chance"] == pytest.approx(np.mean(drawn >= 2), rel=0.03)
    assert "Skill on 2 of 20 symbols" in summary_lines(reports)[0]
    assert summary_lines({"short": [report(None, None)]}) == [
        "No skill to measure: on no symbol is the part long enough, or nothing moves in it."
    ]


def test_a_row_says_the_verdict_over_its_seeds() -> None:
    rows = table({
        "one": [report(0.1, 0.01), report(0.2, 0.04), report(-0.1, 0.9)], "too long a name": [report(-0.1, 0.01)]
    })  # fmt: skip
    assert rows[1].endswith("skill with 2 of 3 seeds")
    assert "6.67" in rows[1]
    assert table({"one": [report(-0.1, 0.01)], "two": [report(None, None)]})[1].endswith("worse")
    assert table({"two": [report(None, None)]})[1].endswith("cannot be judged")
    assert len({row.index("1.1") for row in rows[1:]}) == 1
