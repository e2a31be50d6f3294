"""`eval --against` and the picture below a report: two models on the same data, in text and as JSON."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from lstm_model.tasks.stock.judging.comparison import compare_forecasts
from lstm_model.tasks.stock.judging.metrics import diebold_mariano
from lstm_model.tasks.text.judging.comparison import compare_losses
from lstm_tui.charts.bars import bar_rows
from lstm_tui.cli import main
from lstm_tui.faces.stock.judged import StockJudged
from lstm_tui.opening.launch import Launch
from lstm_tui.opening.saved import read_saved
from lstm_tui.reports import one
from support.runs import TINY

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]


@pytest.fixture
def pair(here: Path, data: Files, capsys: Out) -> Files:
    """Two runs of each task that differ by their seed: text-1, text-2, stock-1, stock-2."""
    for task in ("text", "stock"):
        for seed in ("1", "2"):
            asked = ["--task", task, "--data", str(data[task]), "--steps", "2", "--seed", seed]
            assert main(["train", *asked, "--save", f"{task}-{seed}", *TINY]) == 0
    capsys.readouterr()
    return {name: Path(name) for name in ("text-1", "text-2", "stock-1", "stock-2")}


def pretend_to_open(monkeypatch: pytest.MonkeyPatch) -> list[Launch]:
    """Let there be a terminal, and note what the app would be opened with."""
    launched: list[Launch] = []
    monkeypatch.setattr("lstm_tui.cli.on_terminal", lambda: True)

    def run_app(launch: Launch) -> int:
        launched.append(launch)
        return 0

    monkeypatch.setattr("lstm_tui.app.run_app", run_app)
    return launched


def report(capsys: Out, *arguments: str) -> dict[str, object]:
    assert main(["eval", *arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("task", ["text", "stock"])
def test_both_reports_are_those_of_each_model_alone(task: str, pair: Files, capsys: Out) -> None:
    both = report(capsys, "--load", f"{task}-1", "--against", f"{task}-2")
    assert both["a"] == report(capsys, "--load", f"{task}-1")
    assert both["b"] == report(capsys, "--load", f"{task}-2")
    swapped = report(capsys, "--load", f"{task}-2", "--against", f"{task}-1")
    assert {"a": "b", "b": "a", None: None}[swapped["better"]] == both["better"]  # type: ignore[index]


def test_prices_are_compared_by_the_test_of_diebold_and_mariano(pair: Files, capsys: Out) -> None:
    both = report(capsys, "--load", "stock-1", "--against", "stock-2")
    one_of_them, other = (one.evaluate(read_saved({"load": name}), {}) for name in ("stock-1", "stock-2"))
    assert isinstance(one_of_them, StockJudged)
    assert isinstance(other, StockJudged)
    a, b = one_of_them.paths, other.paths
    days = np.arange(a.parts["test"].start, a.parts["test"].stop)
    of_a, of_b = (each.predicted[days] - each.closes[days] for each in (a, b))
    assert both["dm_p_value"] == pytest.approx(diebold_mariano(of_a, of_b))


def test_of_two_texts_the_one_with_the_lower_loss_is_better(pair: Files, capsys: Out) -> None:
    both = report(capsys, "--load", "text-1", "--against", "text-2")
    a, b = both["a"]["loss"], both["b"]["loss"]  # type: ignore[index]
    assert both["better"] == ("a" if a < b else "b")
    assert main(["eval", "--load", "text-1", "--against", "text-2"]) == 0
    out = capsys.readouterr().out
    assert f"{abs(a - b) / math.log(2):.4f} fewer" in out
    row = next(line for line in out.splitlines() if line.startswith("bits per character  "))
    assert row.split()[-1] == f"{(b - a) / math.log(2):+.4f}"


def test_a_table_has_both_beside_no_change(pair: Files, capsys: Out) -> None:
    assert main(["eval", "--load", "stock-1", "--against", "stock-2"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith("A       stock-1/")
    assert out.splitlines()[1].startswith("B       stock-2/")
    assert any(line.split() == ["one", "day", "ahead", "A", "B", "no", "change"] for line in out.splitlines())
    assert len(next(line for line in out.splitlines() if line.startswith("RMSE")).split()) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval", "--load", "text-1", "--against", "stock-1"], "name two models of one task"),
        (["eval", "--load", "text-1", "--against", "nowhere"], "nowhere"),
        (["--eval-only", "--against", "text-2"], "needs --load"),
        (["--against", "text-2"], "add --eval-only"),
    ],
)
def test_what_cannot_be_compared_is_one_line(pair: Files, capsys: Out, arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert said in line


@pytest.mark.parametrize("eval_only", [False, True])
def test_models_judged_on_other_data_are_not_compared(
    pair: Files, here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch, eval_only: bool
) -> None:
    (here / "short.csv").write_text("\n".join(data["stock"].read_text().splitlines()[:100]) + "\n")
    assert main(["train", "--task", "stock", "--data", "short.csv", "--steps", "1", "--save", "short", *TINY]) == 0
    capsys.readouterr()
    pretend_to_open(monkeypatch)
    command = ["--eval-only"] if eval_only else ["eval"]
    assert main([*command, "--load", "stock-1", "--against", "short"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "--data" in line
    assert main(["eval", "--load", "stock-1", "--against", "short", "--data", "short.csv"]) == 0


def test_models_with_other_parts_held_out_are_not_shown_together(
    pair: Files, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--data", str(data["text"]), "--split", "80/10/10", "--steps", "1", "--save", "other", *TINY]
    assert main(["train", *asked]) == 0
    capsys.readouterr()
    pretend_to_open(monkeypatch)
    assert main(["--eval-only", "--load", "text-1", "--against", "other"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "90/5/5 and 80/10/10" in line


def test_the_app_is_launched_with_both(pair: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    launched = pretend_to_open(monkeypatch)
    assert main(["--eval-only", "--load", "text-1", "--against", "text-2"]) == 0
    [launch] = launched
    assert launch.against is not None
    assert launch.against.file == Path("text-2/last.safetensors")
    assert launch.against.trainer.config.seed == 2


# Comparing


def test_a_difference_is_one_only_where_it_is_significant() -> None:
    rng = np.random.default_rng(1)
    actual = rng.normal(100, 1, 300)
    near, far = actual + rng.normal(0, 1, 300), actual + rng.normal(0, 2, 300)
    assert compare_forecasts(actual, near, far).better == "a"
    assert compare_forecasts(actual, far, near).better == "b"
    alike = compare_forecasts(actual, near, actual + rng.normal(0, 1, 300))
    assert alike.better is None
    assert "With 300 days this difference can be chance" in alike.sentence
    assert compare_forecasts(actual, near, near).better is None
    assert compare_forecasts(actual[:1], near[:1], far[:1]).p_value is None


def test_equal_losses_are_not_told_apart() -> None:
    assert compare_losses(1.0, 1.0).better is None
    assert compare_losses(1.0, 2.0).better == "a"


# Below the report


def test_below_a_report_of_prices_stands_their_picture_80_columns_wide_in_a_pipe(
    pair: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    assert main(["eval", "--load", "stock-1"]) == 0
    out = capsys.readouterr().out
    below = out.split("predicted one day ahead, and true closes")[1]
    assert "predicted, test" in below
    assert 60 < max(len(line) for line in below.splitlines()) < 80
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["eval", "--load", "stock-1"]) == 0
    below = capsys.readouterr().out.split("predicted one day ahead, and true closes")[1]
    assert 100 < max(len(line) for line in below.splitlines()) < 120


@pytest.mark.parametrize("task", ["text", "stock"])
def test_where_there_is_nothing_but_ascii_the_picture_is_ascii(
    task: str, pair: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_tui.plain.evaluate.ascii_only", lambda: True)
    assert main(["eval", "--load", f"{task}-1", "--against", f"{task}-2"]) == 0
    assert capsys.readouterr().out.isascii()


def test_json_has_no_picture(pair: Files, capsys: Out) -> None:
    assert main(["eval", "--load", "text-1", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_bars_are_as_long_as_their_numbers_say_and_rows_as_wide_as_asked() -> None:
    rows = bar_rows([("half", 1.0), ("whole", 2.0), ("no number", math.nan)], 40)
    assert [len(row) for row in rows[:2]] == [40, 40]
    assert rows[1].count("█") == 2 * rows[0].count("█")
    assert "no number" in rows[2]
    finer = [row.split()[1] for row in bar_rows([("a", 79.0), ("b", 80.0), ("c", 0.01)], 21)]  # ten cells
    assert finer == ["█" * 9 + "▉", "█" * 9 + "█", "▏"]
    assert bar_rows([("a name that is far too long", 1.0)], 20, ascii_only=True)[0].isascii()
    assert bar_rows([], 40) == []
