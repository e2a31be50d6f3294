"""What people get: the wheel holds the program, the data and the looks, and works where there is no clone."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from lstm_model import __version__
from lstm_model.runs.shipped import shipped_models
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from support.places import DATA, ROOT

MODELS = [folder / name for folder in shipped_models().values() for name in ("best.safetensors", "config.json")]
SHIPPED = [name for name in (kind_of(task).shipped for task in KINDS) if name]
OPEN_ALL = """
import lstm_model
from lstm_model import open_task, preset_config
print(lstm_model.__file__)
for task in ("text", "stock", "copy"):
    print(open_task(preset_config(task)).config.task)
"""


def test_the_wheel_holds_every_module_the_data_and_the_looks() -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling comes with the extra dev")
    held = {file.distribution_path: file.path for file in wheel.WheelBuilder(str(ROOT)).recurse_included_files()}
    code = [path for package in ("lstm_model", "lstm_tui") for path in (ROOT / package).rglob("*.py")]
    assert len(code) > 150
    wanted = {path.relative_to(ROOT).as_posix() for path in code}
    wanted |= {"lstm_tui/app.tcss", "lstm_model/py.typed"} | {f"lstm_model/data/{name}" for name in SHIPPED}
    models = {f"lstm_model/models/{path.parent.name}/{path.name}": path for path in MODELS}
    assert len(models) == 4
    assert wanted | models.keys() <= held.keys(), (wanted | models.keys()) - held.keys()
    for place, path in models.items():
        assert Path(held[place]).samefile(path)
    for name in SHIPPED:
        assert Path(held[f"lstm_model/data/{name}"]).samefile(DATA / name)
    strange = {path for path in held if not path.startswith(("lstm_model/", "lstm_tui/"))}
    assert not strange, strange


def entries(wheel: Path) -> dict[str, bytes]:
    """What a wheel holds, but for its own list of that."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def test_the_source_archive_builds_the_same_wheel(tmp_path: Path) -> None:
    wheels = pytest.importorskip("hatchling.builders.wheel", reason="hatchling comes with the extra dev")
    sdists = pytest.importorskip("hatchling.builders.sdist")
    (archive,) = sdists.SdistBuilder(str(ROOT)).build(directory=str(tmp_path))
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "unpacked", filter="data")
    (source,) = (tmp_path / "unpacked").iterdir()
    (ours,) = wheels.WheelBuilder(str(ROOT)).build(directory=str(tmp_path / "ours"), versions=["standard"])
    (theirs,) = wheels.WheelBuilder(str(source)).build(directory=str(tmp_path / "theirs"), versions=["standard"])
    held = entries(Path(ours))
    assert held == entries(Path(theirs))
    shared = {name.partition(".data/data/")[2] for name in held if ".data/data/" in name}
    assert shared == {
        "share/man/man1/lstm-tui.1", "share/bash-completion/completions/lstm-tui",
        "share/zsh/site-functions/_lstm-tui", "share/fish/vendor_completions.d/lstm-tui.fish",
    }  # fmt: skip


@pytest.mark.slow
def test_the_wheel_installs_and_runs_from_another_folder(tmp_path: Path) -> None:
    """It needs a package index, for the build tool and for what the program stands on."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command: str | Path, folder: Path = tmp_path) -> list[str]:
        done = subprocess.run(
            [str(word) for word in command], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    programs = tmp_path / "venv" / "bin"
    run(programs / "pip", "install", "--quiet", wheel)
    assert run(programs / "lstm-tui", "--version") == [f"lstm-tui {__version__}"]
    where, *tasks = run(programs / "python", "-c", OPEN_ALL)
    assert Path(where).is_relative_to(tmp_path)
    assert tasks == ["text", "stock", "copy"]
    run(programs / "lstm-tui", "train", "--task", "stock", "--preset", "quick", "--steps", "2", "--save", "run")
    assert run(programs / "lstm-tui", "eval", "--load", "run")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(programs / "python", "-m", "lstm_tui", "sample", "--length", "40", folder=empty)
    assert run(programs / "lstm-tui", "eval", "--task", "stock", folder=empty)
    assert run(programs / "lstm-tui", "--eval-only", "--load", "demo-stock", folder=empty)
    assert not list(empty.iterdir())
