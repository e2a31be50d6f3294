"""Power cuts while saved runs are named, pruned, deleted and brought back, and while a sweep goes on.

Before each thing that is done the program says that it was asked for, afterwards that it is done. What is done must be
there, whole and once; of what was asked for, all or nothing.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.labels import Label, read_label, write_label
from lstm_model.runs.keeping.pruning import prune, to_prune
from lstm_model.runs.keeping.trash import bring_back, empty, throw_away, trashed
from lstm_model.runs.run import Run
from lstm_model.runs.saves import TRASH, Unreadable, list_saves
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.space import Space, Values
from lstm_model.sweeps.sweep import Sweep
from lstm_model.sweeps.trial import Outcome, run_trial
from lstm_model.training.trainer import Trainer
from support.cuts import plan
from support.power import Disk, State
from support.recording import Operation, Recorder, recorded

LABELS = "label"


@dataclass
class Looked:
    """What every disk could have left after each operation, looked at once each."""

    root: Path
    look: Callable[[Path, dict[str, int]], None]  # at what lies there, knowing what was said
    counts: Counter[str] = field(default_factory=Counter)
    seen: set[object] = field(default_factory=set)

    def at(self, state: State, claims: dict[str, int]) -> None:
        """Look at a state, unless an equal one was looked at."""
        self.counts["states"] += 1
        key = (tuple(sorted((path, hash(data)) for path, data in state.files.items())), state.folders,
               tuple(sorted(claims.items())))  # fmt: skip
        if key in self.seen:
            return
        self.seen.add(key)
        self.counts["of them different"] += 1
        after = self.root.with_name("after")
        state.lay_out(str(self.root.resolve()), after)
        try:
            self.look(after, claims)
        except AssertionError as error:
            raise AssertionError(f"{error}; said: {claims}; {state.how}") from error
        finally:
            shutil.rmtree(after)


def cut(root: Path, operations: list[Operation], looked: Looked, every: int, seed: int) -> Counter[str]:
    """Cut the power after every so many operations, and after each that says something."""
    disk = Disk(root, seed)
    for number, operation in enumerate(operations):
        disk.do(operation)
        if number % every == 0 or number == len(operations) - 1:
            for state in disk.states():
                looked.at(state, disk.claims)
    looked.counts["operations"] = len(operations)
    return looked.counts


# Names, stars, pruning and the trash


class Keeping:
    """Does all that a person can do with a saved run, some rounds of it."""

    def __init__(self, recorder: Recorder, root: Path) -> None:
        self.recorder, self.saves = recorder, root / "saves"
        self.run = self.saves / "run"
        self.labels: list[Label] = [Label()]
        self.kept: set[str] = set()  # checkpoints that nothing but emptying takes away
        self.places: list[str] = ["saves"]  # after each move
        self.moves = 0

    def begin(self, trainer: Trainer, steps: int) -> None:
        """A run with a save by hand at each step."""
        run = Run(trainer, RunFolder.new("text", self.run), plan(steps))
        while not run.finished:
            for slice_of_run in (run.step, run.work, lambda: run.save("step")):
                slice_of_run()
        run.close()
        self.kept = {path.name for path in self.run.glob("*.safetensors")}
        self.kept -= {path.name for path in to_prune(self.run).files}
        self.recorder.claim("made", 1)

    def go_on(self, rounds: int) -> None:
        """Names and stars, into the trash and back, pruning, and the end of it."""
        for k in range(rounds):
            label = Label(f"name {k}", "a note", star=k % 2 == 1) if k % 4 != 3 else Label()
            self.labels.append(label)
            self._do(LABELS, lambda: write_label(self.run, label))  # noqa: B023 - done before the next
            self._move("trash", lambda: throw_away(self.run))
            self._move("saves", lambda: bring_back("run", self.saves))
        self.recorder.claim("labels end", 1)
        write_label(self.run, Label())  # a run with a star is not pruned
        self._do("prune", lambda: prune(self.run))
        self._move("trash", lambda: throw_away(self.run))
        self._do("empty", lambda: empty(self.saves))

    def _do(self, what: str, action: Callable[[], object]) -> None:
        count = self.recorder.claims.get(f"{what} asked", 0) + 1
        self.recorder.claim(f"{what} asked", count)
        action()
        self.recorder.claim(f"{what} done", count)

    def _move(self, to: str, action: Callable[[], object]) -> None:
        self.places.append(to)
        self._do("move", action)

    def look(self, after: Path, claims: dict[str, int]) -> None:
        """Hold what a cut has left to what was said."""
        if "made" not in claims:
            return
        saves = after / "saves"
        assert not [entry for entry in list_saves(saves) if isinstance(entry, Unreadable)]
        found = {"saves": saves / "run", "trash": saves / TRASH / "run"}
        there = {name for name, folder in found.items() if folder.is_dir()}
        assert {thrown.run for thrown in trashed(saves)} == ({"run"} if "trash" in there else set())
        asked, done = claims.get("move asked", 0), claims.get("move done", 0)
        if claims.get("empty done"):
            assert not there
            return
        if not claims.get("empty asked"):
            assert there, "the run is gone"
            assert asked != done or there == {self.places[done]}, f"it lies in {there}"
        for name in there:
            files = {path.name for path in found[name].iterdir()}
            assert files >= self.kept, f"{self.kept - files} are gone"
            if "labels end" not in claims:
                label, first = read_label(found[name]), claims.get(f"{LABELS} done", 0)
                assert label in self.labels[first : claims.get(f"{LABELS} asked", 0) + 1], f"it is called {label}"


def cut_while_keeping(folder: Path, trainer: Trainer, steps: int, rounds: int, every: int, seed: int) -> Counter[str]:
    """Record what is done with a saved run, and cut the power everywhere in it."""
    root = folder / "disk"
    root.mkdir()
    with recorded(root) as recorder:
        keeping = Keeping(recorder, root)
        keeping.begin(trainer, steps)
        keeping.go_on(rounds)
    return cut(root, recorder.operations, Looked(root, keeping.look), every, seed)


# A sweep


def design_around(trainer: Trainer, trials: int) -> Design:
    """As many trials as that, of two steps each."""
    rates = tuple(0.001 * (k + 1) for k in range(trials))
    space = Space((Values("learning_rate", "lr", rates),))
    return Design(trainer.config, space, trials, "grid", trainer.task.fingerprint, pruner="none", steps=2, again=1)


def cut_while_sweeping(folder: Path, trainer: Trainer, trials: int, every: int, seed: int) -> Counter[str]:
    """Record a whole sweep of tiny trials, and cut the power everywhere in it."""
    root, design = folder / "disk", design_around(trainer, trials)
    root.mkdir()
    outcomes: list[tuple[int, Outcome]] = []
    with recorded(root) as recorder:
        sweep = Sweep(design, root / "saves" / "sweep")
        recorder.claim("made", 1)
        while trial := sweep.next():
            recorder.claim(f"begun {trial.number}", 1)
            outcome = run_trial(sweep.order(trial, 1), lambda reached: None, lambda: "go on")
            assert outcome is not None
            recorder.claim(f"left {trial.number}", 1)  # in the trial's folder
            sweep.ended(trial, outcome)
            outcomes.append((trial.number, outcome))
            recorder.claim(f"ended {trial.number}", 1)
        sweep.close()
    assert len(outcomes) == trials + 1

    def look(after: Path, claims: dict[str, int]) -> None:
        where = after / "saves" / "sweep"
        if "made" not in claims:
            return
        assert (where / "sweep.json").exists(), "the sweep is gone"
        again = Sweep(design, where)
        again.close()
        for number, outcome in outcomes:
            if f"begun {number}" in claims:
                assert number in again.trials, f"trial {number} is forgotten"
            if f"left {number}" in claims:
                found = again.trials[number].outcome
                assert found is not None, f"the end of trial {number} is forgotten"
                assert asdict(found) == asdict(outcome)

    return cut(root, recorder.operations, Looked(root, look), every, seed)
