"""Training without a screen."""

import csv
import json
import re
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.curves.history import Mark
from lstm_model.events import Event
from lstm_model.runs import folder as folders
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import Figures, SaveDone, SaveFailed, Validated
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.metrics import FIGURES
from lstm_model.runs.run import Run
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.resume import restore_trainer
from lstm_tui.cli import main
from lstm_tui.plain.log import Log
from support.runs import TINY, contents
from support.stepped import tiny_trainer

Out = pytest.CaptureFixture[str]
Files = dict[str, Path]
STEP = {"event", "step", "epoch", "loss", "learning_rate", "grad_norm", "elapsed_s"}


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# Training


def test_a_run_is_a_folder_with_all_it_needs(here: Path, data: Files, capsys: Out) -> None:
    assert main(["train", "--data", str(data["text"]), *TINY, "--steps", "6", "--save", "run"]) == 0
    assert sorted(path.name for path in (here / "run").iterdir()) == [
        ".lock", "README.md", "best.safetensors", "config.json", "last.safetensors", "metrics.csv", "status.json",
    ]  # fmt: skip
    rows = list(csv.DictReader((here / "run" / "metrics.csv").read_text().splitlines()))
    assert tuple(rows[0]) == FIGURES
    assert rows[-1]["step"] == "6"
    assert json.loads((here / "run" / "config.json").read_text())["hidden_size"] == 8
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[:6]] == ["task", "data", "parts", "model", "batch", "run"]
    assert "until step 6, saved in run" in lines[5]
    assert max(map(len, lines)) <= 90
    assert lines[-2].startswith("finished at step 6 after 0:0")
    assert lines[-1] == "saved in run; go on with: lstm-tui --load run"


@pytest.mark.parametrize(("task", "speed"), [("text", "chars_per_s"), ("stock", "samples_per_s")])
def test_json_is_one_object_a_line_alone(task: str, speed: str, here: Path, data: Files, capsys: Out) -> None:
    asked = ["train", "--task", task, "--data", str(data[task]), *TINY, "--steps", "7", "--json"]
    assert main(asked) == 0
    *steps, done = objects(capsys.readouterr().out)
    assert all(event["event"] == "step" for event in steps)
    assert steps[-1].keys() == STEP | {speed, "val_loss"}
    assert steps[-1]["step"] == 7
    assert done["event"] == "done"
    assert done["status"] == "finished"
    assert done["step"] == 7
    assert done["val_loss"] == steps[-1]["val_loss"]
    assert done["best_val_loss"] <= done["val_loss"]
    assert load_checkpoint(Path(done["checkpoint"])).record.step == 7
    assert done["elapsed_s"] > 0


def test_a_validation_loss_is_there_where_it_was_measured_alone(
    here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_tui.plain.train.plan_of", lambda given: Plan(steps=502, figures_every=0))
    assert main(["train", "--data", str(data["text"]), *TINY, "--json"]) == 0
    steps = objects(capsys.readouterr().out)[:-1]
    assert [event["step"] for event in steps if "val_loss" in event] == [500]  # every 500 steps
    assert [event["step"] for event in steps] == list(range(1, 503))


def test_a_log_has_a_line_every_few_seconds_and_never_one_a_step(tmp_path: Path, capsys: Out) -> None:
    seconds = (
        count()
    )  # the clock goes on by one whenever it is read: a step takes a second, and so does a slice of work
    run = Run(tiny_trainer(tmp_path), None, Plan(steps=60, figures_every=5), clock=lambda: float(next(seconds)))
    log = Log(run, as_json=True)
    while not run.finished:
        log.show(run.work() if run.job else run.step())
    lines = objects(capsys.readouterr().out)
    assert lines[-1]["step"] == 60
    between = np.diff([line["elapsed_s"] for line in lines])
    assert len(lines) > 5
    assert ((between >= 5) & (between < 10)).all()  # the steps, and the slices of a validation


def test_notes_are_messages_and_not_part_of_the_result(here: Path, data: Files, capsys: Out) -> None:
    short = here / "short.txt"
    short.write_bytes(b"\xef\xbb\xbf" + b"to be or not\r\n" * 20)
    assert (
        main(
            [
                "train",
                "--data",
                str(short),
                "--hidden",
                "8",
                "--batch",
                "32",
                "--steps",
                "2",
                "--json",
            ]
        )
        == 0
    )
    out, err = capsys.readouterr()
    assert len(objects(out)) == 2
    notes = err.splitlines()
    assert all(note.startswith("note: ") for note in notes)
    for phrase in ("byte order mark", "CR LF", "batch 3 and sequence 64 instead of 32 and 64"):
        assert any(phrase in note for note in notes), phrase


def test_going_on_says_from_where(runs: Files, capsys: Out) -> None:
    assert main(["train", "--load", str(runs["text"]), "--steps", "8"]) == 0
    assert f"on from {runs['text']}/last.safetensors, step 6, until step 8" in capsys.readouterr().out


def test_going_on_with_other_data_starts_them_afresh(runs: Files, here: Path, data: Files, capsys: Out) -> None:
    other = here / "other.txt"  # so short that the batch shrinks, and the carried state has another shape
    other.write_text(data["text"].read_text()[:20], encoding="utf-8")
    trainer = restore_trainer(load_checkpoint(runs["text"] / "last.safetensors"), {"data": str(other)})
    assert (trainer.steps, trainer.task.epoch, trainer.state) == (6, 0, None)
    assert trainer.best_val_loss is None  # the old one is not comparable

    asked = ["train", "--load", str(runs["text"]), "--data", str(other), "--steps", "8", "--save", "new", "--seq", "5"]
    assert main([*asked, "--json"]) == 0
    out, err = capsys.readouterr()
    assert "not those text-run was trained on (pages.txt)" in err
    assert "batch 3 and sequence 5 instead of 4 and 5" in err
    record = load_checkpoint(here / "new" / "best.safetensors").record
    assert objects(out)[-1]["best_val_loss"] == record.best_val_loss


@pytest.mark.parametrize("in_it", [False, True])
def test_other_data_never_go_into_the_folder_of_the_first(
    in_it: bool, runs: Files, here: Path, data: Files, capsys: Out
) -> None:
    run = runs["text"]
    own = here / "own.txt"
    own.write_bytes(data["text"].read_bytes())
    assert main(["train", "--load", str(run), "--data", str(own), "--steps", "8"]) == 0  # another name, the same data
    before = contents(run)
    own.write_bytes(own.read_bytes() + own.read_bytes()[:40])
    (here / "other.txt").write_bytes(own.read_bytes())
    for name, wrong in (("own.txt", f"own.txt has changed since {run} was trained on it"),
                        ("other.txt", f"other.txt is other data than {run} was trained on (own.txt)")):  # fmt: skip
        capsys.readouterr()
        saving = ["--save", str(run)] if in_it else []
        assert main(["train", "--load", str(run), "--data", str(here / name), "--steps", "9", *saving]) == 2
        said = f"lstm-tui: error: {wrong}: name another folder with --save, and {run.name} stays as it is"
        assert capsys.readouterr().err.splitlines()[-1] == said
    assert contents(run) == before
    assert main(["eval", "--load", str(run), "--data", str(own)]) == 0
    assert main(["train", "--load", str(run), "--data", str(own), "--steps", "9", "--save", str(here / "new")]) == 0
    assert contents(run) == before


def test_a_rate_that_jumps_where_the_schedule_gets_another_end_is_said_and_marked(
    here: Path, data: Files, capsys: Out
) -> None:
    asked = ["train", "--data", str(data["text"]), *TINY, "--schedule", "cosine", "--warmup", "2"]
    assert main([*asked, "--steps", "40", "--save", "run"]) == 0
    assert "jumps" not in capsys.readouterr().err
    assert main(["train", "--load", "run", "--steps", "40"]) == 0
    assert "jumps" not in capsys.readouterr().err
    assert main(["train", "--load", "run", "--steps", "400"]) == 0
    said = capsys.readouterr().err
    assert re.search(
        r"note: the rate jumps from [\d.e-]+ to [\d.]+, for the schedule now ends at step 400, not at", said
    )
    assert Mark(40, "rate") in load_checkpoint(here / "run" / "last.safetensors").record.marks


def test_a_rate_that_stays_is_not_spoken_of(here: Path, data: Files, capsys: Out) -> None:
    asked = ["train", "--data", str(data["text"]), *TINY, "--schedule", "constant"]
    assert main([*asked, "--steps", "5", "--save", "run"]) == 0
    assert main(["train", "--load", "run", "--steps", "9"]) == 0
    assert capsys.readouterr().err == ""
    assert load_checkpoint(here / "run" / "last.safetensors").record.marks == ()


def test_a_loss_that_is_no_number_ends_with_status_1(here: Path, data: Files, capsys: Out) -> None:
    wild = ["--optimizer", "sgd", "--lr", "999", "--clip", "0", "--schedule", "constant", "--dropout", "0"]
    asked = ["train", "--task", "stock", "--data", str(data["stock"]), *TINY, *wild, "--steps", "500", "--save", "run"]
    asked += ["--on-divergence", "stop"]
    assert main([*asked, "--json"]) == 1
    out, err = capsys.readouterr()
    assert objects(out)[-1]["status"] == "diverged"
    (line,) = err.splitlines()
    assert line.startswith("lstm-tui train: error: the loss was no finite number at step ")
    assert line.endswith("; saved in run")  # the state before the explosion, which is not broken yet
    tensors = load_checkpoint(here / "run" / "last.safetensors").tensors
    assert all(np.isfinite(tensor).all() for name, tensor in tensors.items() if not name.startswith("history."))
    assert f"at step {restore_trainer(load_checkpoint(here / 'run' / 'last.safetensors')).steps + 1}:" in line


class FullDisk:
    """Saving fails while `full`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fails: range) -> None:
        self.calls, self.fails, self.save = 0, fails, save_checkpoint
        monkeypatch.setattr(folders, "save_checkpoint", self)

    def __call__(self, *arguments: Any, **named: Any) -> None:
        self.calls += 1
        if self.calls - 1 in self.fails:
            raise OSError(28, "No space left on device")
        self.save(*arguments, **named)


def test_a_save_that_fails_is_said_once_and_training_goes_on(
    here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, fails=range(1, 4))
    asked = ["train", "--data", str(data["text"]), *TINY, "--steps", "9", "--save", "run", "--autosave", "1e-9"]
    assert main(asked) == 0
    assert capsys.readouterr().err.splitlines() == [
        "cannot save in run: No space left on device; training goes on",
        "saving works again: run/last.safetensors",
    ]


@pytest.mark.parametrize(("works", "where"), [(0, "nothing new was saved in run"), (1, "step 1 is saved in run;")])
def test_a_last_save_that_fails_is_status_1(
    works: int, where: str, here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, fails=range(works, 100))
    asked = ["train", "--data", str(data["text"]), *TINY, "--steps", "3", "--save", "run", "--autosave", "1e-9"]
    assert main(asked) == 1
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "cannot save in run: No space left on device; training goes on",
        "lstm-tui train: error: the end of the run is not saved: cannot save in run: No space left on device",
    ]
    assert out.splitlines()[-1].startswith(where)


def test_a_save_that_fails_at_the_end_alone_is_said_once(
    here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, fails=range(1, 100))  # the first one is the best, just before the end
    assert main(["train", "--data", str(data["text"]), *TINY, "--steps", "3", "--save", "run"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("lstm-tui train: error: the end of the run is not saved: ")


def test_broken_parameters_do_not_replace_a_good_save(here: Path, data: Files) -> None:
    trainer = tiny_trainer(here)
    run = Run(trainer, RunFolder.new("text", here / "run"))
    trainer.step()
    run.save("last")
    trainer.step()
    trainer.model.parameters.flat[5] = np.inf
    assert [type(event) for event in run.save_unsaved()] == [SaveFailed]
    assert load_checkpoint(here / "run" / "last.safetensors").record.step == 1
    trainer.model.parameters.flat[5] = 0.5
    assert [event.step for event in run.save_unsaved() if isinstance(event, SaveDone)] == [2]
    assert run.save_unsaved() == []  # it is saved already


def test_the_last_figures_are_measured_as_those_before_and_the_whole_part_is_told_apart(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TextTask, "QUICK", 50)
    run = Run(tiny_trainer(here, validate_every=100), None, Plan(steps=2, figures_every=2.5), count().__next__)
    events: list[Event] = []
    while not run.finished:
        events += run.work() if run.job else run.step()
    quick, full = (event for event in events if isinstance(event, Validated))
    assert (quick.full, full.full) == (False, True)
    assert quick.loss != full.loss
    assert [event.val_loss for event in events if isinstance(event, Figures)] == [quick.loss]
    assert run.trainer.val_loss == run.trainer.best_val_loss == quick.loss


def test_a_long_text_has_a_best_checkpoint_however_short_the_run(
    here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "long.txt").write_text("to be or not to be " * 20, encoding="utf-8")
    monkeypatch.setattr(TextTask, "QUICK", 50)  # of the 114 characters of the validation part
    asked = ["train", "--data", "long.txt", *TINY, "--split", "70/30", "--steps", "3", "--save", "run", "--json"]
    assert main(asked) == 0
    *steps, done = objects(capsys.readouterr().out)
    assert load_checkpoint(here / "run" / "best.safetensors").record.step == done["best_step"] == 3
    assert done["best_val_loss"] == done["val_loss"] == steps[-1]["val_loss"]
    assert done["full_val_loss"] != done["val_loss"]  # the whole of the part, and a sample of it


def test_the_last_line_names_the_loss_on_the_sample_and_that_over_the_whole_part(
    here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "long.txt").write_text("to be or not to be " * 20, encoding="utf-8")
    asked = ["train", "--data", "long.txt", *TINY, "--split", "70/30", "--steps", "3"]
    assert main(asked) == 0
    finished = capsys.readouterr().out.splitlines()[-2]
    assert re.search(r": validation loss ([\d.]+) \(lowest \1 at step 3\)$", finished)
    monkeypatch.setattr(TextTask, "QUICK", 50)
    assert main(asked) == 0
    finished = capsys.readouterr().out.splitlines()[-2]
    found = re.search(
        r"validation loss ([\d.]+) over the whole part; on the sample ([\d.]+), lowest \2 at step 3$", finished
    )
    assert found
    assert found[1] != found[2]


class Training(subprocess.Popen[str]):
    """`lstm-tui train` in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        program = [sys.executable, "-m", "lstm_tui", "train", *TINY, *arguments]
        super().__init__(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_reader_that_goes_away_does_not_cost_the_run(here: Path, data: Files) -> None:
    with Training("--data", str(data["text"]), "--save", "run", "--autosave", "0", "--steps", "40") as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("run "):
            assert process.poll() is None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
    assert process.returncode == 141
    assert load_checkpoint(here / "run" / "last.safetensors").record.step == 40
    line = "the output was closed at step 40; saved in run; go on with: lstm-tui --load run"
    assert err.splitlines() == [line]


def interrupted(run: Run) -> list[Event]:
    """Take no step: Ctrl+C comes first."""
    signal.raise_signal(signal.SIGINT)
    return []


def test_the_log_of_a_run_without_a_step_says_that_nothing_was_saved(
    here: Path, data: Files, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_model.runs.run.Run.step", interrupted)
    assert main(["train", "--data", str(data["text"]), *TINY]) == 130
    assert capsys.readouterr().err == "interrupted at step 0; nothing to save, no step was taken\n"
