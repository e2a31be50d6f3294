"""Measuring, sampling and listing without a screen."""

import io
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.tasks.base import finish
from lstm_model.tasks.text.judging.compressors import available
from lstm_model.tasks.text.judging.counting_names import COUNTING
from lstm_model.tasks.text.judging.verdict import text_verdict
from lstm_model.training.resume import restore_trainer
from lstm_tui.cli import main
from lstm_tui.faces.stock.report import FORECASTS
from support.places import FIXTURES
from support.runs import TINY, contents

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]
STOCK = {
    "task", "part", "days", "rmse", "mae", "mape", "persistence_rmse", "skill", "mase", "theil_u",
    "directional_accuracy", "directional_ci", "dm_p_value", "verdict", "baselines", "next_date", "next_close",
    "next_low", "next_high", "interval",
}  # fmt: skip


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# Evaluation


def test_eval_of_text_gives_the_loss_beside_counting_models(runs: Files, capsys: Out) -> None:
    assert main(["eval", "--load", str(runs["text"]), "--json"]) == 0
    (report,) = objects(capsys.readouterr().out)
    assert (report["task"], report["part"], report["step"]) == ("text", "test", 6)
    assert report["bits_per_char"] == pytest.approx(report["loss"] / math.log(2))
    trainer = restore_trainer(load_checkpoint(runs["text"] / "last.safetensors"))
    assert report["loss"] == pytest.approx(finish(trainer.task.validation_loss(trainer.judged, "test")))
    assert report["baselines"].keys() == COUNTING.keys()
    assert report["chars"] == 158  # 5 per cent
    assert report["perplexity"] == pytest.approx(math.exp(report["loss"]))
    assert 0 < report["top1_accuracy"] < 1
    assert list(report["compressors"]) == ["gzip", "bzip2", "xz"]
    assert report["overlap"] == {"20": 1, "50": 1, "100": 1}  # the text is one page again and again
    assert report["verdict"] == text_verdict(report["loss"], report["baselines"], report["compressors"], length=158)


def test_a_text_that_was_trained_on_is_said_to_be(runs: Files, here: Path, data: Files, capsys: Out) -> None:
    text = data["text"].read_text()
    for other, said in ((text[100:400], True), (text[100:400][::-1], False)):
        (here / "other.txt").write_text(other, encoding="utf-8")
        assert main(["eval", "--load", str(runs["text"]), "--data", "other.txt"]) == 0
        assert ("Most of this text was in the training part" in capsys.readouterr().out) == said


def test_a_second_eval_counts_nothing_again(runs: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = []
    for name in ("counting_losses", "compressed_bits", "copied_share"):
        assert main(["eval", "--load", str(runs["text"]), "--json"]) == 0
        reports += objects(capsys.readouterr().out)
        monkeypatch.setattr(f"lstm_model.tasks.text.judging.yardsticks.{name}", lambda *_: pytest.fail("counted again"))
    assert reports[0] == reports[1] == reports[2]


def test_text_with_characters_that_are_unknown_to_the_model_is_refused_with_their_number(
    runs: Files, here: Path, capsys: Out
) -> None:
    (here / "other.txt").write_text("ls ~ é é\n" * 10, encoding="utf-8")
    assert main(["eval", "--load", str(runs["text"]), "--data", "other.txt"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "other.txt: the model has never seen '~' (U+007E), 'é' (U+00E9), which make 30 of its 90 characters" in line
    assert "Replace them, or train a model on this text" in line


def test_eval_of_prices_stands_beside_doing_nothing(runs: Files, capsys: Out) -> None:
    assert main(["eval", "--load", str(runs["stock"]), "--part", "val", "--json"]) == 0
    (report,) = objects(capsys.readouterr().out)
    assert report.keys() >= STOCK
    assert (report["task"], report["part"], report["days"]) == ("stock", "val", 18)
    assert report["baselines"].keys() == FORECASTS.keys()
    assert report["baselines"]["persistence"]["rmse"] == pytest.approx(report["persistence_rmse"])
    assert report["next_date"] == "2024-06-17"
    assert report["next_close"] > 0
    assert report["interval"].keys() == {"level", "coverage", "days", "test_coverage", "test_days"}


@pytest.mark.parametrize("task", ["text", "stock"])
def test_the_report_for_a_person_has_a_row_for_every_baseline(task: str, runs: Files, capsys: Out) -> None:
    assert main(["eval", "--load", str(runs[task])]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    packed = available() if task == "text" else []
    for name in ["this model", *(COUNTING if task == "text" else FORECASTS).values(), *packed]:
        assert sum(line.startswith(name) for line in out.splitlines()) == 1


def test_a_run_without_a_test_part_is_measured_on_its_validation_part(here: Path, data: Files, capsys: Out) -> None:
    asked = ["train", "--data", str(data["text"]), *TINY, "--steps", "1", "--split", "90/10", "--save", "run"]
    assert main(asked) == 0
    capsys.readouterr()
    assert main(["eval", "--load", "run", "--json"]) == 0
    assert objects(capsys.readouterr().out)[0]["part"] == "val"


def test_another_text_is_measured_whole(runs: Files, here: Path, data: Files, capsys: Out) -> None:
    other = here / "other.txt"
    other.write_text(data["text"].read_text()[100:400], encoding="utf-8")
    reports = []
    for part in ([], ["--part", "val"]):
        assert main(["eval", "--load", str(runs["text"]), "--data", str(other), "--json", *part]) == 0
        reports += objects(capsys.readouterr().out)
    assert [(r["part"], r["chars"]) for r in reports] == [("all", 299), ("val", 15)]
    assert main(["eval", "--load", str(runs["text"]), "--data", str(data["text"]), "--json"]) == 0
    assert objects(capsys.readouterr().out)[0]["part"] == "test"  # its own: most of it is what it was trained on


def test_a_text_that_is_gone_leaves_out_the_counting_models(
    here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = here / "own.txt"
    own.write_bytes(data["text"].read_bytes())
    assert main(["train", "--data", "own.txt", *TINY, "--steps", "1", "--save", "run"]) == 0
    own.write_text(data["text"].read_text()[:-100], encoding="utf-8")
    capsys.readouterr()
    assert main(["eval", "--load", "run", "--json"]) == 0
    out, err = capsys.readouterr()
    (report,) = objects(out)
    assert report["baselines"].keys() == {"uniform"}
    assert (report["compressors"], report["overlap"]) == ({}, {})
    assert main(["eval", "--load", "run"]) == 0
    assert "has changed since the model was trained on it" in err


def test_days_that_the_model_was_trained_on_are_counted_and_told(
    runs: Files, here: Path, data: Files, capsys: Out
) -> None:
    rows = data["stock"].read_text().splitlines()
    (here / "early.csv").write_text("\n".join(rows[:71]) + "\n")  # of 84 that were trained on
    other = [f"{line.split(',')[0]},{close.split(',')[1]}" for line, close in zip(rows[1:], rows[:0:-1], strict=True)]
    (here / "other.csv").write_text("\n".join([rows[0], *other]) + "\n")
    said = []
    for name in ("early.csv", "other.csv"):
        assert main(["eval", "--load", str(runs["stock"]), "--data", name, "--json"]) == 0
        out, err = capsys.readouterr()
        (report,) = objects(out)
        said.append((report["days"], report["trained_rows"], report["same_series"], err))
    (days, trained, same, notes), (_, free, others, _) = said
    assert (trained, same) == (days, True)
    assert f"note: the model was trained on {days} of the {days} days: these figures show memory" in notes
    assert "the file is not the one the model was trained on (prices.csv); its scaler is kept\n" in notes
    assert (free, others) == (0, False)
    for part in ([], ["--part", "val"]):
        assert main(["eval", "--load", str(runs["stock"]), *part, "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""  # its own parts
        assert (objects(out)[0]["trained_rows"], objects(out)[0]["same_series"]) == (0, True)


def test_a_checkpoint_that_keeps_no_days_says_that_it_does_not_tell(here: Path, data: Files, capsys: Out) -> None:
    old = ["eval", "--load", str(FIXTURES / "runs" / "stock"), "--data"]
    assert main([*old, str(FIXTURES / "runs" / "prices.csv"), "--json"]) == 0
    out, err = capsys.readouterr()
    assert (objects(out)[0]["trained_rows"], objects(out)[0]["same_series"], err) == (None, None, "")
    (here / "longer.csv").write_text(data["stock"].read_text() + "2024-06-17,20\n")
    assert main([*old, "longer.csv"]) == 0
    assert "its checkpoint does not tell which days it knows" in capsys.readouterr().err


def test_eval_points_to_a_better_checkpoint_of_the_run(runs: Files, capsys: Out) -> None:
    asked = ["--steps", "8", "--lr", "5", "--schedule", "constant", "--warmup", "0"]
    assert main(["train", "--load", str(runs["text"]), *asked]) == 0
    capsys.readouterr()
    assert main(["eval", "--load", str(runs["text"])]) == 0
    assert f"{runs['text']}/best.safetensors has a lower validation loss, that of step 6;" in capsys.readouterr().err


# Sampling


def test_equal_seed_equal_text(runs: Files, capsys: Out) -> None:
    texts = []
    for seed in ("4", "4", "5"):
        assert main(["sample", "--load", str(runs["text"]), "--prime", "ls", "--length", "80", "--seed", seed]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] != texts[2]
    assert all(text.startswith("ls") and len(text) == 82 for text in texts)


def test_temperature_0_and_top_k_1_both_take_the_likeliest(runs: Files, capsys: Out) -> None:
    texts = []
    for option in (["--temperature", "0"], ["--top-k", "1"], ["--top-p", "1e-9"]):
        assert main(["sample", "--load", str(runs["text"]), "--length", "40", *option]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] == texts[2]
    assert len(texts[0]) == 43  # from the gap between pages on


def test_a_prompt_may_come_from_a_file_or_a_pipe(
    runs: Files, here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = "NAME\n    ls"
    (here / "prompt.txt").write_bytes(b"\xef\xbb\xbfNAME\r\n    ls")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(prompt.encode())))
    texts = []
    for option in (["--prime", prompt], ["--prime-file", "prompt.txt"], ["--prime-file", "-"]):
        assert main(["sample", "--load", str(runs["text"]), "--length", "20", "--seed", "1", *option]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1] == texts[2]
    assert texts[0].startswith(prompt)


def test_a_sample_needs_no_data(runs: Files, here: Path, data: Files, capsys: Out) -> None:
    own = here / "own.txt"
    own.write_bytes(data["text"].read_bytes())
    assert main(["train", "--data", "own.txt", *TINY, "--steps", "1", "--save", "run"]) == 0
    own.unlink()
    assert main(["sample", "--load", "run", "--length", "5"]) == 0
    assert main(["eval", "--load", "run"]) == 2  # this one does


def test_control_characters_are_shown_on_a_terminal_and_kept_in_a_pipe(
    here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "esc.txt").write_text("\x1b[31m\x9b \u202e\t\n" * 30, encoding="utf-8")
    assert main(["train", "--data", "esc.txt", *TINY, "--steps", "1", "--save", "run"]) == 0
    capsys.readouterr()
    asked = ["sample", "--load", "run", "--prime", "\x1b[31m\x9b\u202e\t", "--length", "1", "--temperature", "0"]
    assert main(asked) == 0
    assert capsys.readouterr().out.startswith("\x1b[31m\x9b\u202e\t")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(asked) == 0
    out, err = capsys.readouterr()
    assert out.startswith("␛[31m\\x9b\\u202e\t")
    assert out.endswith("\n")
    assert err.startswith("--seed ")


# Runs


def test_runs_are_listed_the_newest_first(runs: Files, capsys: Out) -> None:
    assert main(["runs"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "load with"
    assert [row.split()[:2] for row in rows] == [[f"saves/{task}-run", task] for task in ("text", "stock")]


def test_runs_as_json_is_one_list(runs: Files, capsys: Out) -> None:
    assert main(["runs", "--json"]) == 0
    (found,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [save["file"] for save in found] == ["last.safetensors", "best.safetensors"] * 2
    new = {"best_step", "elapsed_s", "data", "options", "baselines"}
    assert {name: value for name, value in found[0].items() if name not in new} | {"bytes": 0} == {
        "run": "text-run", "file": "last.safetensors", "path": "saves/text-run/last.safetensors", "task": "text",
        "step": 6, "loss": found[0]["loss"], "val_loss": found[0]["val_loss"],
        "best_val_loss": found[0]["best_val_loss"], "bytes": 0, "modified": "2001-09-09T01:46:41+00:00",
        "settings": "default 1x8", "name": "", "note": "", "star": False,
    }  # fmt: skip
    assert found[0]["options"].items() >= {"hidden": 8, "batch": 4, "seq": 5, "seed": 1, "split": "90/5/5"}.items()


def test_what_cannot_be_read_is_a_note_beside_the_list(runs: Files, capsys: Out) -> None:
    (runs["text"] / "last.safetensors").write_bytes(b"nothing of the kind")
    assert main(["runs", "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 3
    (line,) = err.splitlines()
    assert line.startswith("note: saves/text-run/last.safetensors is not a whole checkpoint")


def test_without_runs_it_says_where_it_looked(here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", "elsewhere")
    assert main(["runs"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "no runs under elsewhere: start one with `lstm-tui`" in err
    assert contents(here) == {}
