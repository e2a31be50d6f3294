"""The real command line, killed again and again: what it has saved by then is whole, and it goes on to the same end."""

import csv
import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from lstm_model.runs.metrics import FIGURES
from lstm_model.runs.saves import checkpoint_file
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.tasks.text.writing.sample_book import SampleBook
from lstm_model.training.resume import restore_trainer
from support.lives import Parent
from support.runs import assert_same_checkpoint

TINY = ["--hidden", "8", "--batch", "4", "--seq", "5", "--preset", "quick", "--dropout", "0.3", "--threads", "1"]
LARGER = ["--hidden", "96", "--batch", "4", "--seq", "5", "--preset", "quick", "--threads", "1"]
NEVER = 10_000  # a point no run comes to
KILLED = -9


class Lives:
    """Children of one process, killed or not, and what was counted of them."""

    def __init__(self, parent: Parent) -> None:
        self.parent = parent
        self.counts: Counter[str] = Counter()

    def live(self, run: Path, *arguments: str, point: int = 0, after: float | None = None) -> tuple[int, str]:
        """One life; gives its status, and before what it was killed."""
        out = run.parent / f"{run.name}.out"
        answer = self.parent.live(out, "train", *arguments, "--json", folder=str(run), point=point, after=after)
        assert answer["status"] in (0, KILLED), out.read_text()
        self.counts["kills"] += answer["status"] == KILLED
        return answer["status"], answer["point"]

    def check(self, run: Path, autosave: float, begun: float = 0.0) -> None:
        """After a kill: all files are whole, and no step is lost that the promise covers.

        begun: seconds of training before this life.
        """
        saved = begun
        for file in run.glob("*.safetensors"):
            trainer = restore_trainer(load_checkpoint(file))
            self.counts["checkpoints loaded"] += 1
            if file.name == "last.safetensors":
                saved = max(saved, trainer.elapsed)
        printed = printed_steps(run)
        self.counts["steps seen"] += len(printed)
        beyond = [line for line in printed if line["elapsed_s"] >= saved + autosave]
        self.counts["steps lost beyond the interval"] += max(0, len(beyond) - 1)  # one may be between step and save
        self.counts["unfinished files left"] += len(list(run.glob(".*.part")))
        self.counts["rows"] += len(whole_rows(run))
        book = SampleBook(run / "samples.txt")
        assert all(book[k].text for k in range(len(book)))
        self.counts["samples"] += len(book)

    def table(self) -> str:
        """What was counted."""
        return "\n".join(f"{count:8,} {name}" for name, count in self.counts.items())


def printed_steps(run: Path) -> list[dict[str, Any]]:
    """The step lines that a life has printed; the last may be cut short."""
    text = (run.parent / f"{run.name}.out").read_text()
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("}\n") and '"step",' in line]


def whole_rows(run: Path) -> list[list[str]]:
    """The rows of metrics.csv, each of them whole."""
    path = run / "metrics.csv"
    text = path.read_text() if path.exists() else ""
    assert text == "" or text.endswith("\n")
    rows = list(csv.reader(text.splitlines()))
    assert all(len(row) == len(FIGURES) for row in rows)
    assert rows[:1] in ([], [list(FIGURES)])
    assert all([float(cell or 0) for cell in row] for row in rows[1:])
    return rows[1:]


def going_on(run: Path, settings: list[str]) -> list[str]:
    """How a person would go on: load the run, or begin it anew where nothing was saved."""
    if any(run.glob("*.safetensors")):
        return ["--load", str(checkpoint_file(run))]
    return [*settings, "--save", str(run), "--overwrite"]


def kill_at_every_point(lives: Lives, folder: Path, settings: list[str], steps: int, every: int) -> None:
    """A new run, killed at its first point, at the one after that, and so on: each goes on to the unbroken end."""
    whole = folder / "whole"
    assert lives.live(whole, *settings, "--steps", str(steps), "--save", str(whole), point=NEVER)[0] == 0
    names: Counter[str] = Counter()
    point, status = 1, KILLED
    while status == KILLED:
        run = folder / f"at-{point}"
        plan = ["--steps", str(steps), "--autosave", "1e-9"]
        status, name = lives.live(run, *settings, *plan, "--save", str(run), point=point)
        if status == KILLED:
            names[name] += 1
            lives.check(run, 0.0)
        assert lives.live(run, *going_on(run, settings), "--steps", str(steps))[0] == 0
        whole_rows(run)
        for kind in ("last", "best"):
            assert_same_checkpoint(run / f"{kind}.safetensors", whole / f"{kind}.safetensors")
        shutil.rmtree(run)
        point += every
    lives.counts.update({f"before {name}": count for name, count in names.items()})
    assert names.keys() >= {"mkdir", "open", "half-written", "fsync", "fsynced", "rename"}


def kill_at_random_times(
    lives: Lives, run: Path, settings: list[str], steps: int, autosave: float, kills: int, seed: int = 0
) -> None:
    """One run in many lives: killed, gone on with, killed again, and at its end what an unbroken one is."""
    dice = random.Random(f"{settings}{autosave}{seed}")
    longest = 0.15 if autosave < 0.1 else 2.5 * autosave
    whole = run.with_name(run.name + "-whole")
    plan = ["--steps", str(steps), "--autosave", str(autosave)]
    assert lives.live(whole, *settings, "--steps", str(steps), "--autosave", "0", "--save", str(whole))[0] == 0
    wanted = lives.counts["kills"] + kills
    while lives.counts["kills"] < wanted:
        goes = going_on(run, settings)
        begun = load_checkpoint(Path(goes[1])).record.elapsed_s if goes[0] == "--load" else 0.0
        status, _ = lives.live(run, *goes, *plan, after=dice.uniform(0, longest))
        if status == 0:
            break
        lives.check(run, autosave if autosave > 1e-6 else 0.0, begun)
    assert lives.live(run, *going_on(run, settings), *plan)[0] == 0
    lives.check(run, autosave)
    for kind in ("last", "best"):
        assert_same_checkpoint(run / f"{kind}.safetensors", whole / f"{kind}.safetensors")
    lives.counts["runs that ended as the unbroken one"] += 1
