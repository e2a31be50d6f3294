"""Run the quick suite with the lowest versions of the dependencies that pyproject.toml claims, and with the newest.

    python tools/try_versions.py                          both, with this Python
    python tools/try_versions.py --only lowest            one of them
    python tools/try_versions.py --python 3.13            another Python, if it is on this machine
    python tools/try_versions.py tests/network tests/cli  some tests alone; options of pytest come after --

Each set is installed by uv into a fresh environment, which is removed afterwards; uv itself is installed there too if
it is not on the path. Lowest are the lowest versions of what pyproject.toml names; what those need in turn is the
newest that fits. Exit status: 0 if all tests pass with both, else 1.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}


def find_uv(folder: Path) -> str:
    """The path of uv: the one there is, or a new one in a folder."""
    if found := shutil.which("uv"):
        return found
    subprocess.run([sys.executable, "-m", "venv", folder / "uv"], check=True)
    subprocess.run([folder / "uv/bin/pip", "install", "--quiet", "uv"], check=True)
    return str(folder / "uv/bin/uv")


def passes(name: str, python: str, uv: str, folder: Path, tests: Sequence[str]) -> bool:
    """Whether the tests pass in a fresh environment with the lowest or the newest versions."""
    programs = folder / name / "bin"
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    subprocess.run([uv, "venv", "--quiet", "--python", python, folder / name], check=True, env=env)
    into = ["--quiet", "--python", str(programs / "python")]
    install = [uv, "pip", "install", *into, "--resolution", RESOLUTIONS[name], "--editable", f"{ROOT}[dev]"]
    subprocess.run(install, check=True, env=env)
    print(f"\n{name} versions:", flush=True)
    subprocess.run([uv, "pip", "list", *into], check=True, env=env)
    env["PATH"] = f"{programs}{os.pathsep}{env['PATH']}"
    return (
        subprocess.run([programs / "pytest", "-n", "2", "-q", *tests], cwd=ROOT, check=False, env=env).returncode == 0
    )


def main() -> int:
    """Try what was asked for; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=RESOLUTIONS)
    parser.add_argument("--python", default=sys.executable, help="a version or a path")
    parser.add_argument("tests", nargs="*", help="what pytest is given")
    asked = parser.parse_args()
    verdicts: dict[str, bool] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        uv = find_uv(folder)
        for which in [asked.only] if asked.only else RESOLUTIONS:
            verdicts[which] = passes(which, asked.python, uv, folder, asked.tests)
    print("\n" + ", ".join(f"{which}: {'passed' if good else 'FAILED'}" for which, good in verdicts.items()))
    return 0 if all(verdicts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
