"""What limits leave is known before it is taken: one line instead of a run, a load or an evaluation that cannot fit."""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lstm_model.costs import room
from lstm_model.costs.room import memory_left, too_little
from lstm_model.network.model import Network
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import News
from lstm_model.runs.run import Run
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_tui.cli import main
from support.runs import TINY
from support.stepped import tiny_trainer

resource = pytest.importorskip("resource")
Files = dict[str, Path]
LIMITED = "import resource, sys; from lstm_tui.cli import main; from lstm_model.costs.room import STATM; import numpy\n"


@pytest.fixture
def cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of cgroups that limits nothing yet."""
    monkeypatch.setattr(room, "CGROUPS", tmp_path)
    monkeypatch.setattr(room, "OWN_CGROUP", tmp_path / "own")
    return tmp_path


def limited(folder: Path, most: int, used: int, forgettable: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {forgettable}\n")


def test_the_narrowest_cgroup_around_a_process_counts_and_files_that_can_be_forgotten_do_not(cgroups: Path) -> None:
    (cgroups / "own").write_text("0::/user/app\n")
    assert memory_left() is None
    limited(cgroups / "user" / "app", 1000, 300)
    assert memory_left() == 700
    limited(cgroups / "user", 500, 400, forgettable=50)
    assert memory_left() == 150
    (cgroups / "user" / "memory.max").write_text("max\n")
    assert memory_left() == 700


def test_in_a_container_and_in_the_first_version_the_root_may_hold_the_limit(cgroups: Path) -> None:
    (cgroups / "own").write_text("5:cpu:/x\n4:memory:/of/another/view\n")
    (cgroups / "memory").mkdir()
    (cgroups / "memory" / "memory.limit_in_bytes").write_text("2000000")
    (cgroups / "memory" / "memory.usage_in_bytes").write_text("500000")
    assert memory_left() == 1_500_000
    assert too_little(1_000_000) == ""
    assert too_little(3_000_000) == "3 MB of memory; a limit leaves 1.5 MB (ulimit -v, or a cgroup)"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["train", "--data", "TEXT", "--hidden", "3000"], "need 1,834 MB of memory; a limit leaves"),
        (["eval", "--load", "RUN"], "of memory; a limit leaves"),
        (["sample", "--load", "RUN"], "of memory; a limit leaves"),
        (["train", "--data", "LARGE"], "large.txt needs 600 MB of memory; a limit leaves"),
    ],
)
def test_what_does_not_fit_into_a_limit_is_said_in_one_line_before_it_is_tried(
    command: list[str], said: str, data: Files, here: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if "RUN" in command:
        options = ["--data", str(data["text"]), "--hidden", "300", "--batch", "4", "--seq", "5", "--steps", "1"]
        assert main(["train", *options, "--save", "run"]) == 0
        capsys.readouterr()
    with (here / "large.txt").open("wb") as file:
        file.write(b"a line of text\n" * 9000)
        file.truncate(300_000_000)
    left = 100_000 if "RUN" in command else 300_000_000
    monkeypatch.setattr(room, "memory_left", lambda: left)
    names = {"TEXT": str(data["text"]), "RUN": "run", "LARGE": "large.txt"}
    assert main([names.get(word, word) for word in command]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert said in line


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
def test_a_limit_of_the_address_space_is_seen_and_kept(data: Files, here: Path) -> None:
    """The real thing: a model of 1.8 GB in a process that may take 300 MB more than it has."""
    program = LIMITED + (
        "taken = int(STATM.read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (taken + 300_000_000, -1))\n"
        f"sys.exit(main(['train', '--data', {str(data['text'])!r}, '--hidden', '3000', '--threads', '1']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "of memory; a limit leaves" in line


def test_a_measurement_for_which_there_is_no_memory_is_left_out_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = tiny_trainer(tmp_path)
    run = Run(trainer, None, Plan(steps=3))

    def no_memory(*arguments: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(type(trainer.task), "validation_loss", no_memory)
    told = []
    while not run.finished:
        told += [str(event) for event in (run.work() if run.job else run.step()) if isinstance(event, News)]
    assert "not enough memory (evaluate): that is left out, the run goes on" in told
    assert trainer.steps == 3
    run.close()


def test_a_run_that_has_no_memory_for_another_step_is_saved_before_it_ends(
    data: Files, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right, numbers = Network.loss_and_gradients, count(1)

    def less_and_less(network: Network, *arguments: Any, **options: Any) -> Any:
        if next(numbers) > 3:
            raise MemoryError
        return right(network, *arguments, **options)

    monkeypatch.setattr(Network, "loss_and_gradients", less_and_less)
    assert main(["train", "--data", str(data["text"]), *TINY, "--threads", "1", "--save", "run"]) == 1
    said, why = capsys.readouterr().err.splitlines()
    assert said.startswith("there is no memory for a step at step 3; saved in run; go on with:")
    assert "not enough memory" in why
    assert load_checkpoint(here / "run" / "last.safetensors").record.step == 3
