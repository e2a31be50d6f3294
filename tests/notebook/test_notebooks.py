"""The notebooks of the documentation: their cells run, in this process fast, and in a kernel of their own."""

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from run_notebooks import MOST, NOTEBOOKS, executed

from support.places import ROOT

NAMES = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]


@pytest.fixture
def place(here: Path) -> Path:
    """A folder like that of the notebooks, with their data where they expect it."""
    folder = here / "docs" / "notebooks"
    folder.mkdir(parents=True)
    (here / "data").symlink_to(ROOT / "data")
    (folder.parent / "book").symlink_to(ROOT / "docs/book")
    (folder.parent / "text-files.md").symlink_to(ROOT / "docs/text-files.md")
    os.chdir(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_the_cells_of_a_notebook_run_one_after_the_other(name: str, place: Path) -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(re.sub(r"seconds=\d+", "steps=2", cell.source), names)
    assert any((place / "saves").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_small_and_shows_what_its_cells_gave(name: str) -> None:
    text = (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
    assert len(text) <= MOST
    cells = [cell for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    shown = [output.get("data", {}) for cell in cells for output in cell.outputs]
    assert not [output for cell in cells for output in cell.outputs if output.output_type in ("error", "stream")]
    assert sum("text/html" in data for data in shown) >= 5


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_in_a_kernel_of_its_own(name: str, place: Path) -> None:
    notebook = executed(NOTEBOOKS / f"{name}.ipynb", place, lambda text: re.sub(r"seconds=\d+", "seconds=2", text))
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    lines = [output.data["text/plain"] for output in shown if output.output_type == "display_data"]
    assert len(lines) == len(re.findall(r"seconds=\d+", "".join(cell.source for cell in notebook.cells)))
    assert all(line.startswith("step ") for line in lines)
