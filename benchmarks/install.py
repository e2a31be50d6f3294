"""What an installation takes: the wheel, a fresh environment by package, and how long the start takes.

python benchmarks/install.py             needs a package index; some minutes
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMES = 5
SHOWN = 8  # packages, the largest


def main() -> None:
    """Build, install and start, and print two tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([sys.executable, "-m", "pip", "wheel", *run, "--no-deps", "-w", name, str(ROOT)], check=True)
        wheel = next(folder.glob("*.whl"))
        subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
        subprocess.run([folder / "env/bin/python", "-m", "pip", "install", *run, str(wheel)], check=True)
        sizes = sizes_of(next((folder / "env/lib").glob("*/site-packages")))
        print(f"| what | MB |\n|---|---|\n| wheel | {mega(wheel.stat().st_size)} |")
        for package, size in sorted(sizes.items(), key=lambda each: -each[1])[:SHOWN]:
            print(f"| {package} | {mega(size)} |")
        print(f"| all {len(sizes)}, pip among them | {mega(sum(sizes.values()))} |\n")
        program = str(folder / "env/bin/lstm-tui")
        print("| start | seconds, median |\n|---|---|")
        for option in ("--version", "--help"):
            print(f"| `{option}` | {median([program, option]):.2f} |")


def sizes_of(packages: Path) -> dict[str, int]:
    """Bytes of each entry of a folder of packages; what belongs to one by its name is added up."""
    sizes: dict[str, int] = {}
    for entry in packages.iterdir():
        name = entry.name.split(".")[0].split("-")[0].lower()
        files = entry.rglob("*") if entry.is_dir() else [entry]
        sizes[name] = sizes.get(name, 0) + sum(file.stat().st_size for file in files if file.is_file())
    return sizes


def mega(size: int) -> str:
    """Bytes in millions."""
    return f"{size / 1e6:.1f}"


def median(command: list[str]) -> float:
    """Seconds of several runs, after one that warms the disk."""
    ended(command)
    return statistics.median(ended(command) for _ in range(TIMES))


def ended(command: list[str]) -> float:
    """Seconds until a command has answered and ended."""
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
