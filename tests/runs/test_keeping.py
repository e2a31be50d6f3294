"""Names, notes and stars of runs, the trash, pruning: nothing is lost, and no checkpoint knows of any of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.disk import disk_use
from lstm_model.runs.keeping.labels import LABEL, NO_LABEL, Label, read_label, right_note, write_label
from lstm_model.runs.keeping.names import free_name, run_called
from lstm_model.runs.keeping.pruning import prune, to_prune
from lstm_model.runs.keeping.trash import bring_back, empty, throw_away, trashed
from lstm_model.runs.saved_model import SavedModel, peek
from lstm_model.runs.saves import LAST, PREVIOUS, find_saves
from lstm_model.storage.checkpoint import read_record
from support.runs import contents
from support.stepped import tiny_trainer

Files = dict[str, Path]


# Labels


def test_a_label_changes_no_other_file_of_a_run_and_an_empty_one_is_no_file(runs: Files) -> None:
    before = contents(runs["text"])
    label = Label("wide net", "twice the units, half the rate", star=True)
    write_label(runs["text"], label)
    assert read_label(runs["text"]) == label
    there = contents(runs["text"])
    assert there.pop(LABEL)
    assert there == before
    write_label(runs["text"], NO_LABEL)
    assert contents(runs["text"]) == before


@pytest.mark.parametrize(
    "there",
    [
        b"", b"[]", b"\xff\xfe", b"{" * 10_000, b'{"name": 3, "note": [], "star": "yes"}', b'{"name": "../../etc"}',
        b'{"name": "a\\u001b[31m"}', b'{"name": "-rf"}', json.dumps({"name": "n" * 99}).encode(), b" " * 20_000,
    ],
)  # fmt: skip
def test_a_label_that_makes_no_sense_is_none(there: bytes, runs: Files) -> None:
    (runs["text"] / LABEL).write_bytes(there)
    assert read_label(runs["text"]) == NO_LABEL


def test_a_label_that_is_no_plain_file_is_not_waited_for(runs: Files) -> None:
    os.mkfifo(runs["text"] / LABEL)
    assert read_label(runs["text"]) == NO_LABEL


def test_a_note_is_one_line_that_can_be_written_in_any_encoding(runs: Files) -> None:
    (runs["text"] / LABEL).write_text(json.dumps({"note": "a\nb\ud800" + "x" * 5000}))
    note = read_label(runs["text"]).note
    assert note.startswith("a b?x")
    assert len(note) <= 1000
    note.encode()
    with pytest.raises(InputError, match="at most 1,000"):
        right_note("x" * 1001)


def test_a_new_run_has_its_name_from_the_first_write_on_and_one_that_replaces_it_does_not(here: Path) -> None:
    folder = RunFolder.new("text", here / "run")
    folder.call("wide")
    assert folder.label == Label("wide")
    assert not folder.path.exists()
    folder.save(tiny_trainer(here))
    assert read_label(folder.path) == folder.label == Label("wide")
    write_label(folder.path, Label("wide", "kept", star=True))
    folder.release()
    after = RunFolder.new("text", here / "run", overwrite=True)
    assert after.label == NO_LABEL
    after.save(tiny_trainer(here))
    assert read_label(here / "run") == NO_LABEL


# Names


def test_a_run_is_found_by_its_name_or_its_folder_and_a_path_comes_first(runs: Files, here: Path) -> None:
    write_label(runs["stock"], Label("best so far"))
    assert SavedModel.read(Path("best so far")).config.task == "stock"
    assert peek(Path("text-run")).task == "text"
    (here / "text-run").write_text("no checkpoint")
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        peek(Path("text-run"))
    assert run_called("nobody") is None
    assert run_called("../saves/text-run") is None


def test_a_name_of_several_runs_is_refused_with_all_of_them(runs: Files) -> None:
    write_label(runs["stock"], Label("text-run"))
    with pytest.raises(CheckpointError, match=r"2 runs are called text-run.* saves/stock-run or saves/text-run"):
        peek(Path("text-run"))


@pytest.mark.parametrize("name", ["", "  ", "a/b", "-x", "..", "~", "x\ny", "n" * 61, "demo-text", "text-run", "taken"])
def test_what_cannot_name_a_run_or_names_another_is_refused(name: str, runs: Files) -> None:
    write_label(runs["stock"], Label("taken"))
    with pytest.raises(InputError, match="`name`"):
        free_name(name)
    assert free_name(" taken ", own=runs["stock"]) == "taken"


# The trash


def test_a_deleted_run_comes_back_as_it_was(runs: Files, here: Path) -> None:
    before = contents(here)
    lies = throw_away(runs["text"])
    assert not runs["text"].exists()
    assert [save.run for save in find_saves()[0]] == ["stock-run"] * 2
    (thrown,) = trashed()
    assert (thrown.run, thrown.folder.resolve()) == ("text-run", lies.resolve())
    assert thrown.bytes == disk_use([lies]) > 0
    assert bring_back("text-run").resolve() == runs["text"].resolve()
    assert contents(here) == before


def test_a_second_run_of_a_name_has_a_place_of_its_own_in_the_trash_and_back(runs: Files, here: Path) -> None:
    throw_away(runs["text"])
    RunFolder.new("text", runs["text"]).save(tiny_trainer(here))
    assert bring_back("text-run").name == "text-run-2"
    with pytest.raises(InputError, match="no run nobody in the trash"):
        bring_back("nobody")


def test_what_trains_ships_or_belongs_to_a_sweep_is_not_deleted(runs: Files, here: Path) -> None:
    at_work = RunFolder.going_on(runs["text"] / LAST, 6)
    with pytest.raises(InputError, match="in use"):
        throw_away(runs["text"])
    at_work.release()
    (runs["text"].parent / "sweep.json").write_text("{}")
    with pytest.raises(InputError, match="is a trial"):
        throw_away(runs["text"])
    with pytest.raises(InputError, match="no run"):
        throw_away(here)


def test_a_run_that_another_process_trains_is_neither_deleted_nor_pruned(runs: Files) -> None:
    hold = (
        "from pathlib import Path; from lstm_model.storage.claim import Claim;"
        f"held = Claim(Path({str(runs['text'])!r})); print(1, flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        with pytest.raises(InputError, match="in use"):
            throw_away(runs["text"])
        assert to_prune(runs["text"]).left == "trains now"
        other.communicate(b"\n")
    throw_away(runs["text"])


def test_emptying_frees_what_it_says_and_leaves_nothing(runs: Files, here: Path) -> None:
    elsewhere = here / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("mine")
    takes = disk_use([runs["text"]])
    (throw_away(runs["text"]) / "link").symlink_to(elsewhere)
    assert takes <= empty() <= takes + 1000
    assert not (here / "saves" / ".trash").exists()
    assert (elsewhere / "mine").read_text() == "mine"
    assert empty() == 0


KILLED_THERE = """
import json, os, shutil, sys
from pathlib import Path
from lstm_model.runs.keeping import pruning, trash
from lstm_model.runs import saves
from support.dying import Points

template, work = sys.argv[1:]
ways = {"delete": lambda run: trash.throw_away(run),
        "restore": lambda run: trash.bring_back("run", run.parent),
        "empty": lambda run: trash.empty(run.parent)}
found = []
for way, do in ways.items():
    for point in range(1, 60):
        place = Path(work) / f"{way}-{point}"
        shutil.copytree(template, place / "run")
        if way != "delete":
            trash.throw_away(place / "run")
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            Points(str(place), point, tell)
            do(place / "run")
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        os.close(tell), os.close(told)
        found.append([way, str(place), status])
        if not status:
            break
print(json.dumps(found))
"""


def test_a_kill_between_any_two_steps_of_deleting_restoring_and_emptying_loses_no_run(
    runs: Files, tmp_path: Path
) -> None:
    whole = contents(runs["text"])
    path = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    asked = [sys.executable, "-c", KILLED_THERE, str(runs["text"]), str(tmp_path / "work")]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path})
    killed = dict.fromkeys(("delete", "restore", "empty"), 0)
    for way, place, status in json.loads(done.stdout):
        killed[way] += status != 0
        outside = [Path(place) / "run"] if (Path(place) / "run").exists() else []
        found = [*outside, *(thrown.folder for thrown in trashed(Path(place)))]
        assert len(found) == (0 if way == "empty" and not found else 1), (way, place, found)
        for folder in found:
            assert contents(folder) == whole, (way, place)
        if way == "empty":
            empty(Path(place))  # what was begun can be ended
            assert not (Path(place) / ".trash").exists()
    assert min(killed.values()) >= 2, killed


def test_the_new_name_of_a_deleted_run_is_flushed_before_the_old_one(
    runs: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    fsync = os.fsync

    def flushed(descriptor: int) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").readlink().name
        seen.append((place, runs["text"].exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", flushed)
    throw_away(runs["text"])
    assert seen == [("saves", True), (".trash", False), ("saves", False)]


# Pruning


def by_hand(folder: Path, *steps: int, best: int = 0) -> Path:
    trainer = tiny_trainer(folder.parent)
    run = RunFolder.new("text", folder)
    for step in steps:
        trainer.steps = step
        trainer.record_validation(1.0 if step == best else 2.0)
        run.save(trainer, "step")
        run.save(trainer)
    run.release()
    return folder


def test_pruning_keeps_the_first_the_newest_the_best_and_one_of_each_doubling(here: Path) -> None:
    run = by_hand(here / "run", *range(100, 1001, 100), best=700)
    before = disk_use([run])
    planned = to_prune(run)
    assert disk_use([run]) == before
    assert prune(run) == planned
    steps = sorted(int(file.stem[5:]) for file in run.glob("step-*"))
    assert steps == [100, 200, 300, 600, 700, 1000]  # 128 to 255: 200, 256 to 511: 300, 512 to 1,023: 600
    assert not (run / PREVIOUS).exists()
    assert read_record(run / LAST).step == 1000
    assert disk_use([run]) == before - planned.bytes
    assert prune(run).files == ()


def test_a_previous_stays_beside_a_last_that_is_damaged_or_older(here: Path) -> None:
    run = by_hand(here / "run", 1, 2)
    last, whole = run / LAST, (run / LAST).read_bytes()
    assert to_prune(run).files == (run / PREVIOUS,)
    last.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))  # one bit, which the head does not show
    assert to_prune(run).files == ()
    last.write_bytes((run / PREVIOUS).read_bytes())
    (run / PREVIOUS).write_bytes(whole)
    assert to_prune(run).files == ()


def test_what_is_starred_damaged_or_somebody_elses_is_not_pruned(here: Path) -> None:
    run = by_hand(here / "run", 64, 65, 66, 67)
    (run / "step-000065.safetensors").write_bytes(b"damaged")
    (run / "step-best-ever.safetensors").write_bytes((run / LAST).read_bytes())
    assert [file.name for file in to_prune(run).files] == ["step-000066.safetensors", PREVIOUS]
    write_label(run, Label(star=True))
    assert to_prune(run).left == "has a star"
    assert prune(run).files == ()


def test_a_file_with_a_second_name_that_stays_frees_nothing(here: Path) -> None:
    run = by_hand(here / "run", 1, 2)
    os.link(run / PREVIOUS, run / "mine.safetensors")
    planned = to_prune(run)
    assert planned.files == (run / PREVIOUS,)
    assert planned.bytes == 0


# The save before


def test_saving_the_same_step_twice_or_over_a_damaged_file_keeps_the_older_state(here: Path) -> None:
    trainer = tiny_trainer(here)
    folder = RunFolder.new("text", here / "run")
    for _ in range(2):
        trainer.step()
        folder.save(trainer)
    folder.save(trainer)
    assert [read_record(folder.path / name).step for name in (PREVIOUS, LAST)] == [1, 2]
    (folder.path / LAST).write_bytes(b"damaged")
    trainer.step()
    folder.save(trainer)
    assert [read_record(folder.path / name).step for name in (PREVIOUS, LAST)] == [1, 3]
