"""A run whose power is cut after each operation on files: what every disk could have left of it is looked at."""

import hashlib
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import SaveDone
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.runs.saves import LAST, checkpoint_file
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.tasks.text.writing.sample_book import SampleBook
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.power import Disk, State
from support.recording import Recorder, recorded


def plan(steps: int) -> Plan:
    """All that writes files, at every step."""
    return Plan(steps=steps, autosave=1e-9, figures_every=0.0, look_every=0.0, look_length=20)


def one_life(recorder: Recorder, trainer: Trainer, folder: RunFolder, plan: Plan, by_hand: int | None = None) -> None:
    """A run to its end; the recorder hears of all that it says is saved. by_hand: the step of one more save."""
    run = Run(trainer, folder, plan)
    while not run.finished:
        save_too = [lambda: run.save("step")] if trainer.steps == by_hand else []
        for slice_of_run in (*save_too, run.step, run.work):
            for saved in (event for event in slice_of_run() if isinstance(event, SaveDone)):
                path = Path(saved.path)
                recorder.claim(path.name, saved.step)
                if path.name == LAST:  # nothing else was written in this slice since
                    recorder.claim("rows", len(rows_of(path.parent)))
                    recorder.claim("samples", len(SampleBook(path.parent / "samples.txt")))
    run.close()


def rows_of(folder: Path) -> list[str]:
    """The whole rows of metrics.csv before anything that is none."""
    path = folder / "metrics.csv"
    text = path.read_bytes().partition(b"\0")[0].decode() if path.exists() else ""
    return [line for line in text.splitlines(keepends=True)[1:] if line.endswith("\n")]


class Inspector:
    """Looks at what a cut has left, and counts."""

    def __init__(self, root: Path, run: str) -> None:
        self.root, self.run = root, run
        self.counts: Counter[str] = Counter()
        self.seen: set[tuple[object, ...]] = set()
        self.steps: dict[bytes, int] = {}  # of checkpoints that were loaded, by their hash

    def look(self, state: State, claims: dict[str, int]) -> None:
        """Hold a state to what was claimed before the cut."""
        self.counts["states"] += 1
        prefix = f"{self.root.resolve()}/{self.run}/"
        files = {path.removeprefix(prefix): data for path, data in state.files.items() if path.startswith(prefix)}
        key = (tuple(sorted((name, hash(data)) for name, data in files.items())), tuple(sorted(claims.items())))
        if key in self.seen:
            return
        self.seen.add(key)
        self.counts["of them different"] += 1
        steps = {name: self.step(data) for name, data in files.items() if name.endswith(".safetensors")}
        kept = max((step for name, step in steps.items() if name.startswith("step-")), default=0)
        for name, claimed in claims.items():
            if name.endswith(".safetensors"):  # a `last` that is left behind stays under its step
                there = max(steps.get(name, 0), kept if name == LAST else 0)
                assert there >= claimed, f"{name} of step {claimed} is gone: {state.how}"
        if "config.json" in files:
            json.loads(files["config.json"])
        if LAST in claims and self.counts["of them different"] % 5 == 0:
            self.go_on(state, claims)

    def step(self, data: bytes) -> int:
        """The step of a checkpoint, which is whole."""
        digest = hashlib.sha256(data).digest()
        if digest not in self.steps:
            file = self.root / "looked-at.safetensors"
            file.write_bytes(data)
            self.steps[digest] = restore_trainer(load_checkpoint(file)).steps
            file.unlink()
        return self.steps[digest]

    def go_on(self, state: State, claims: dict[str, int]) -> None:
        """Let the program itself open what is left, and train on."""
        self.counts["gone on with"] += 1
        after = self.root.with_name("after")
        state.lay_out(str(self.root.resolve()), after)
        folder = after / self.run
        assert len(rows_of(folder)) >= claims.get("rows", 0), f"rows are gone: {state.how}"
        book = SampleBook(folder / "samples.txt")
        assert len(book) >= claims.get("samples", 0), f"samples are gone: {state.how}"
        trainer = restore_trainer(load_checkpoint(checkpoint_file(folder)))
        own = RunFolder.going_on(checkpoint_file(folder), trainer.steps)
        one_life(Recorder(after), trainer, own, plan(trainer.steps + 1))
        assert all(len(row.split(",")) == len(rows_of(folder)[0].split(",")) for row in rows_of(folder))
        assert "\0" not in (folder / "metrics.csv").read_text()
        assert not list(folder.glob(".*.part"))
        shutil.rmtree(after)


def two_lives(recorder: Recorder, trainer: Trainer, run: Path, steps: int) -> None:
    """A run to its end, then going on from a save of two steps before, which must not lose the last."""
    one_life(recorder, trainer, RunFolder.new(trainer.config.task, run), plan(steps), by_hand=steps - 2)
    file = run / f"step-{steps - 2:06d}.safetensors"
    earlier = restore_trainer(load_checkpoint(file))
    one_life(recorder, earlier, RunFolder.going_on(file, earlier.steps), plan(steps + 2))
    later = f"step-{steps:06d}.safetensors"
    assert (run / later).exists()
    recorder.claim(later, steps)


def cut_everywhere(tmp_path: Path, trainer: Trainer, steps: int, every: int, seed: int = 0) -> Counter[str]:
    """Record a run, and cut its power after every so many operations."""
    root = tmp_path / "disk"
    root.mkdir()
    with recorded(root) as recorder:
        two_lives(recorder, trainer, root / "saves" / "run", steps)
    disk, inspector = Disk(root, seed), Inspector(root, "saves/run")
    for number, operation in enumerate(recorder.operations):
        disk.do(operation)
        if number % every == 0 or number == len(recorder.operations) - 1:
            for state in disk.states():
                inspector.look(state, disk.claims)
    inspector.counts["operations"] = len(recorder.operations)
    assert disk.claims[LAST] == steps + 2
    sys.stdout.write("\n".join(f"{count:8,} {name}" for name, count in inspector.counts.items()) + "\n")
    return inspector.counts
