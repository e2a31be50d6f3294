"""The files beside checkpoints as somebody else may have left them: changed, replaced, led out of the folder.

`Target.put_through` changes one file, from a seed and a number, and opens all doors that lead to it. It asks that what
is said is one line, that nothing outside of the run is written, nothing executed, and that time and memory are bounded.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lstm_model.errors import LSTMError, reason_of
from lstm_model.runs import baselines
from lstm_model.runs.card import CARD, write_card
from lstm_model.runs.comparing.curves import read_rows
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.labels import Label, read_label, write_label
from lstm_model.runs.keeping.names import free_name, run_called
from lstm_model.runs.keeping.pruning import to_prune
from lstm_model.runs.keeping.trash import bring_back, throw_away, trashed
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.outside.rows import Rows
from lstm_model.runs.run import Run
from lstm_model.runs.saves import LAST, list_saves
from lstm_model.storage import kept
from lstm_model.storage.cache import cache_folder, recall, remember
from lstm_model.storage.claim import LOCK, Claim, is_held
from lstm_model.storage.holder import holder_of
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.outside import Outside
from lstm_model.sweeps.space import Space, Values
from lstm_model.sweeps.sweep import JOURNAL, Sweep
from lstm_model.sweeps.trial import RESULT, Outcome
from lstm_model.tasks.text.adaptation.learning import Tuned
from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook, append_sample, last_sample
from lstm_model.training.trainer import Trainer
from lstm_tui.tables.columns import row_of
from lstm_tui.terminal.preferences import chosen_keys, prefer, preference, preferences_file
from support.guarded import Guard
from support.hostile_files import Limits
from support.stepped import tiny_trainer

VICTIM = b"of somebody else, \0 and without an end"
NUMBERS = [0, -1, 1, 2**31, 2**63, 10**30, 10**400, -(10**9), 0.5, -0.0, 1e-320, 1e308, float("nan"), float("inf"),
           float("-inf"), True, None]  # fmt: skip
TEXTS = ["", "x", "\0", "\x1b[31m\n[red]", "\ud800", "a" * 5000, "/dev/zero",
         "../../elsewhere/victim", "\u202e", "é", "-rf",
         "`rm`", "$(rm)", "{0.__class__}", "%s%n", "9" * 5000]  # fmt: skip
STRANGER = 54321  # a user of whom nothing is known here


# Ways to change what a file holds


def other_bytes(dice: random.Random, data: bytes) -> bytes:
    """Some bytes changed, cut out, doubled, zeroed or put in."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at, length = dice.randint(0, max(0, len(changed) - 1)), dice.choice([1, 1, 2, 8, 100])
        match dice.choice(["flip", "flip", "set", "cut", "double", "zero", "end", "put"]):
            case "flip" if changed:
                changed[at] ^= 1 << dice.randint(0, 7)
            case "set" if changed:
                changed[at] = dice.choice(b'\x00\xff\n"\\{}[],:0919-eE\x80')
            case "cut":
                del changed[at : at + length]
            case "double":
                changed[at:at] = changed[at : at + length] * dice.choice([1, 1, 50])
            case "zero":
                changed[at : at + length] = bytes(len(changed[at : at + length]))
            case "end":
                del changed[at:]
            case "put":
                changed[at:at] = dice.randbytes(length)
    return bytes(changed)


def hostile_bytes(dice: random.Random, _: bytes) -> bytes:
    """What no program of ours would write, whatever the file is."""
    kind = dice.choice(["deep", "deep objects", "long number", "long line", "many", "random", "empty", "zeros", "word"])
    return {
        "deep": b"[" * 200_000,
        "deep objects": b'{"a":' * 50_000,
        "long number": b"9" * 100_000,
        "long line": b"x" * 2_000_000,
        "many": b"[" + b"[]," * 400_000 + b"[]]",
        "random": dice.randbytes(dice.randint(1, 3000)),
        "empty": b"",
        "zeros": bytes(dice.randint(1, 5000)),
        "word": json.dumps(dice.choice([*NUMBERS, *TEXTS])).encode(),
    }[kind]


def other_value(dice: random.Random, value: Any, depth: int = 0) -> Any:
    """Plain values with one of them replaced, left out, or put in."""
    if isinstance(value, dict) and value and dice.random() < (1.0 if depth == 0 else 0.8):
        copy = dict(value)
        key = dice.choice(sorted(copy))
        match dice.choice(["in", "in", "in", "gone", "named", "more"]):
            case "in":
                copy[key] = other_value(dice, copy[key], depth + 1)
            case "gone":
                del copy[key]
            case "named":
                copy[dice.choice(TEXTS)] = copy.pop(key)
            case "more":
                copy[dice.choice(TEXTS)] = dice.choice(NUMBERS)
        return copy
    if isinstance(value, list) and value and dice.random() < 0.6:
        k = dice.randrange(len(value))
        return [*value[:k], other_value(dice, value[k], depth + 1), *value[k + 1 :]]
    return dice.choice([*NUMBERS, *TEXTS, [], {}, [[]], [1, 2], {"a": 1}, ["x"] * 9])


def other_json(dice: random.Random, data: bytes) -> bytes:
    """A JSON file with other values; other words of a file that is none."""
    if not data.startswith(b"{"):
        return other_cells(dice, data)
    value = json.loads(data)
    for _ in range(dice.randint(1, 2)):
        value = other_value(dice, value)
    return json.dumps(value).encode()


def other_kept(dice: random.Random, data: bytes) -> bytes:
    """A file of the cache with other values and a checksum that is right."""
    value = json.loads(data)
    if not isinstance(value.get("body"), str):
        return other_json(dice, data)
    body = json.dumps(other_value(dice, json.loads(value["body"])))
    return json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest(), "body": body}).encode()


def other_lines(dice: random.Random, data: bytes) -> bytes:
    """A journal with other values in a line of it, and a checksum that is right."""
    lines = data.splitlines()
    k = dice.randrange(len(lines))
    text = json.dumps(other_value(dice, json.loads(lines[k].partition(b" ")[2]))).encode()
    lines[k] = f"{zlib.crc32(text):08x} ".encode() + text
    if dice.random() < 0.2:
        dice.shuffle(lines)
    return b"".join(line + b"\n" for line in lines)


def other_cells(dice: random.Random, data: bytes) -> bytes:
    """A table, or a text of lines, with other words in it."""
    lines = data.decode().split("\n")
    for _ in range(dice.randint(1, 3)):
        k = dice.randrange(len(lines))
        mark = "," if "," in lines[k] else " "
        cells = lines[k].split(mark)
        cells[dice.randrange(len(cells))] = str(dice.choice([*NUMBERS, *TEXTS, *TEXTS[:3], '"', "1,2,3", "step 9"]))
        lines[k] = mark.join(cells)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


# What may lie in the place of a file


def second_name_of_itself(file: Path, elsewhere: Path) -> None:
    """As in a backup that shares what has not changed."""
    (elsewhere / "backup").write_bytes(file.read_bytes())
    file.unlink()
    os.link(elsewhere / "backup", file)


def another_owner(file: Path, _: Path) -> None:
    if os.geteuid() == 0:
        os.chown(file, STRANGER, STRANGER)
        os.chown(file.parent, STRANGER, STRANGER)


INSTEAD: dict[str, Callable[[Path, Path], object]] = {
    "link": lambda file, elsewhere: file.symlink_to(elsewhere / "victim"),
    "link to nothing": lambda file, elsewhere: file.symlink_to(elsewhere / "new"),
    "second name": lambda file, elsewhere: os.link(elsewhere / "victim", file),
    "pipe": lambda file, _: os.mkfifo(file),
    "folder": lambda file, _: file.mkdir(),
    "full folder": lambda file, _: (file / "in it").mkdir(parents=True),
    "loop": lambda file, _: file.symlink_to(file.name),
    "device": lambda file, _: file.symlink_to("/dev/zero"),
}
BESIDES: dict[str, Callable[[Path, Path], object]] = {
    "second name of itself": second_name_of_itself,
    "another owner": another_owner,
    "open to all": lambda file, _: file.chmod(0o666),
    "folder open to all": lambda file, _: file.parent.chmod(0o777),
}


def plant(dice: random.Random, file: Path, elsewhere: Path) -> str:
    """Put something in the place of a file, or let it be no file of the run alone; which it was."""
    kind = dice.choice([*INSTEAD, *BESIDES])
    if kind in INSTEAD:
        file.unlink()
    (INSTEAD | BESIDES)[kind](file, elsewhere)
    return kind


@dataclass(frozen=True)
class Place:
    """A folder with all that is attacked, and beside it what must stay as it is."""

    root: Path
    trainer: Trainer

    @property
    def run(self) -> Path:
        return self.root / "saves" / "run"

    @property
    def sweep(self) -> Path:
        return self.root / "saves" / "sweep"

    @property
    def elsewhere(self) -> Path:
        return self.root / "elsewhere"

    @property
    def design(self) -> Design:
        space = Space((Values("learning_rate", "lr", (0.1, 0.2)),))
        return Design(self.trainer.config, space, 2, "grid", self.trainer.task.fingerprint, steps=4)


# Doors: whatever is said comes as an LSTMError, or as an OSError, of which the command line makes a line


def of_config(place: Place) -> None:
    list_saves(place.root / "saves")
    folder = RunFolder.going_on(place.run / LAST, 2)
    _and_let_go(folder, lambda: folder.save(place.trainer))
    write_card(place.run / LAST)
    to_prune(place.run)


def of_sweep(place: Place) -> None:
    with contextlib.suppress(LSTMError):
        Outside(place.sweep).look()
    sweep = Sweep(place.design, place.sweep)
    try:
        while trial := sweep.next():
            sweep.order(trial, 1)
            sweep.ended(trial, Outcome("done", 1.0, 1, 4, 1.0))
        assert sweep.winner in (None, 0, 1)
    finally:
        sweep.close()


def of_rows(place: Place) -> None:
    Rows(place.run).new()
    read_rows(place.run)
    folder = RunFolder.going_on(place.run / LAST, 2)
    row = {"step": 3, "loss": 1.0}
    _and_let_go(folder, lambda: folder.add_figures(place.trainer, row))


def of_samples(place: Place) -> None:
    book = SampleBook(place.run / "samples.txt")
    for k in range(min(len(book), 20)):
        with contextlib.suppress(IndexError):
            str(book[k])
    last_sample(place.run)
    append_sample(place.run / "samples.txt", Sample(3, 1.0, "a", "b"))


def of_label(place: Place) -> None:
    label = read_label(place.run)
    assert label.name.isprintable()
    run_called("my run", place.root / "saves")
    with contextlib.suppress(LSTMError):
        free_name("another", place.run)
    write_label(place.run, replace(label, note="new"))


def of_preferences(_: Place) -> None:
    for line in chosen_keys()[1]:
        _require_line(line)
    preference("theme")
    prefer("theme", "nord")
    assert preference("theme") in ("nord", None)


def of_caches(place: Place) -> None:
    for entry in list_saves(place.root / "saves"):
        row_of(entry, baselines.known("0" * 64), entry.run)  # type: ignore[arg-type]
    Tuned.from_memory(recall("tuned"))
    for room in ("saves", baselines.ROOM, "baselines"):
        remember("new", {"a": 1.0}, room)


def of_lock(place: Place) -> None:
    is_held(place.run)
    holder_of(place.run)
    claim = Claim(place.run)
    claim.release()
    thrown = throw_away(place.run)
    bring_back(trashed(place.root / "saves")[0].run, place.root / "saves")
    assert thrown.name == place.run.name


def _and_let_go(folder: RunFolder, action: Callable[[], object]) -> None:
    try:
        action()
    finally:
        folder.release()


def _require_line(line: str) -> None:
    assert line
    assert len(line.splitlines()) == 1, line
    assert len(line) < 900, line


def _files_of_caches(_: Place) -> list[Path]:
    return [file for room in ("saves", baselines.ROOM, "baselines") for file in cache_folder(room).glob("*.json")]


@dataclass(frozen=True)
class Target:
    """What is attacked: its files, how their contents may be changed, and the doors behind which they are read."""

    name: str
    files: Callable[[Place], list[Path]]
    ways: tuple[Callable[[random.Random, bytes], bytes], ...]
    doors: Callable[[Place], None]


TARGETS = {
    target.name: target
    for target in (
        Target("config", lambda p: [p.run / "config.json"] * 3 + [p.run / CARD], (other_json,), of_config),
        Target("metrics", lambda p: [p.run / ROWS], (other_cells,), of_rows),
        Target("samples", lambda p: [p.run / "samples.txt"], (other_cells,), of_samples),
        Target("label", lambda p: [p.run / "label.json"], (other_json,), of_label),
        Target("preferences", lambda _: [preferences_file()], (other_json,), of_preferences),
        Target("caches", _files_of_caches, (other_kept,), of_caches),
        Target("journal", lambda p: [p.sweep / JOURNAL], (other_lines,), of_sweep),
        Target(
            "trials",
            lambda p: [p.sweep / "sweep.json", *p.sweep.glob(f"0*/{RESULT}"), *p.sweep.glob("0*/config.json")],
            (other_json,),
            of_sweep,
        ),
        Target("lock", lambda p: [p.run / LOCK], (), of_lock),
    )
}


def put_through(target: Target, place: Place, dice: random.Random) -> str:
    """Change a file of the place and open the doors behind which it is read; how that went."""
    if target.name == "caches":
        list_saves(place.root / "saves")
    file = dice.choice(target.files(place))
    if dice.random() < 0.25 or not target.ways:
        how = plant(dice, file, place.elsewhere)
    else:
        way = dice.choice([other_bytes, hostile_bytes, *target.ways * 4])
        how = way.__name__
        file.write_bytes(way(dice, file.read_bytes()))
    allowed = [place.root / "saves", preferences_file().parent, cache_folder().parent]
    said = "nothing said"
    with warnings.catch_warnings(), Limits(), Guard(allowed, place.elsewhere) as guard:
        warnings.simplefilter("error")
        try:
            target.doors(place)
        except LSTMError as error:
            said = "refused"
            _require_line(str(error))
        except OSError as error:
            said = "refused"
            _require_line(reason_of(error))
    assert not guard.wrong, f"{how}: {guard.wrong}"
    return said


@contextlib.contextmanager
def template(root: Path) -> Iterator[Callable[[], Place]]:
    """What is attacked, made anew each time it is asked for, below a folder. The home must be in it already."""
    trainer = tiny_trainer(root)
    first = Place(root / "whole", trainer)
    _make(first)
    homes = [preferences_file().parent, cache_folder().parent]
    for home in homes:
        shutil.copytree(home, root / "homes" / home.parent.name, dirs_exist_ok=True)

    def anew() -> Place:
        place = replace(first, root=root / "attacked")
        shutil.rmtree(place.root, ignore_errors=True)
        shutil.copytree(first.root, place.root)
        for home in homes:
            shutil.rmtree(home)
            shutil.copytree(root / "homes" / home.parent.name, home)
        return place

    before = kept.SETTLED, kept.WORTH_IT
    kept.SETTLED, kept.WORTH_IT = -1e9, 1  # few files that have just been made are kept as well
    try:
        yield anew
    finally:
        kept.SETTLED, kept.WORTH_IT = before
        trainer.close()


def _make(place: Place) -> None:
    place.elsewhere.mkdir(parents=True)
    (place.elsewhere / "victim").write_bytes(VICTIM)
    plan = Plan(steps=2, autosave=1e-9, figures_every=0.0, look_every=0.0, look_length=20)
    run = Run(place.trainer, RunFolder.new("text", place.run), plan)
    while not run.finished:
        run.work() if run.job else run.step()
    run.folder.release()  # type: ignore[union-attr]
    write_label(place.run, Label("my run", "a note", star=True))
    sweep = Sweep(place.design, place.sweep)
    for number in range(2):
        trial = sweep.next()
        assert trial is not None
        trial.folder.mkdir()
        (trial.folder / "config.json").write_text(json.dumps(sweep.config(trial).as_dict()))
        outcome = Outcome("done", 1.0 + number, 2, 4, 1.0)
        (trial.folder / RESULT).write_text(json.dumps(outcome.__dict__))
        if number == 0:
            trial.curve = [(0.5, 1.0), (1.0, 1.0)]
            sweep.ended(trial, outcome)
    sweep.close()
    prefer("theme", "nord")
    file = preferences_file()
    file.write_text(json.dumps({"theme": "nord", "keys": "vim", "keymap": {"quit": "f10"}, "unit": "bits"}))
    remember("0" * 64, {"a forecast": 1.0, "another": 2.0}, baselines.ROOM)
    learnt = {"rule": {"rate": 0.1, "pull": 0.1}, "weights": [0.1] * 6, "adapted_weights": [0.1] * 6, "searched": 9}
    remember("tuned", learnt)


def attack(name: str, count: int, seed: int, anew: Callable[[], Place]) -> Counter[str]:
    """Change files of a target so many times; counts how that went. AssertionError for what goes wrong."""
    counts: Counter[str] = Counter()
    for k in range(count):
        dice = random.Random(f"{name} {seed} {k}")
        try:
            counts[put_through(TARGETS[name], anew(), dice)] += 1
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}, number {k}: {error!r}") from error
    return counts
