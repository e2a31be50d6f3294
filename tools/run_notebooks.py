"""Run the notebooks of the documentation anew, each in a kernel of its own, and keep what their cells show.

python tools/run_notebooks.py [NAME ...]
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "docs" / "notebooks"
MOST = 60_000  # characters of a notebook: its outputs are small, for they lie in the repository


def executed(path: Path, folder: Path, change: Callable[[str], str] = str) -> Any:
    """The notebook with what its cells show when they are run in a folder. CellExecutionError if one fails.

    change: makes of a cell's text the one that is run.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.pop("outputs", None)
        if cell.cell_type == "code":
            cell.outputs, cell.source = [], change(cell.source)
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}},
        record_timing=False,
    )  # fmt: skip
    client.execute()
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def main(names: list[str]) -> None:
    """Run them where they lie, and write them."""
    for path in [NOTEBOOKS / f"{name}.ipynb" for name in names] or sorted(NOTEBOOKS.glob("*.ipynb")):
        text = nbformat.writes(executed(path, path.parent))
        if len(text) > MOST:
            raise SystemExit(f"{path.name} would have {len(text):,} characters: let its cells show less")
        path.write_text(f"{text}\n", encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(text):,} characters")


if __name__ == "__main__":
    main(sys.argv[1:])
