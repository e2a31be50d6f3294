"""What people get: the wheel holds the program, the data and the looks, and works where there is no clone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_model import __version__
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from support.places import DATA, ROOT

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
    assert wanted <= held.keys(), wanted - held.keys()
    for name in SHIPPED:
        assert Path(held[f"lstm_model/data/{name}"]).samefile(DATA / name)
    strange = {path for path in held if not path.startswith(("lstm_model/", "lstm_tui/"))}
    assert not strange, strange


@pytest.mark.slow
def test_the_wheel_installs_and_runs_from_another_folder(tmp_path: Path) -> None:
    """It needs a package index, for the build tool and for what the program stands on."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command: str | Path) -> list[str]:
        done = subprocess.run(
            [str(word) for word in command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
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
