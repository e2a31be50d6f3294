"""The programs in the book run as they stand, page by page, and print what the page says."""

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest

from lstm_model.parallel.blas import one_blas_thread
from support.book import PAGES, blocks

WITH_CODE = [path for path in PAGES if blocks(path, "py")]


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.stem)
def test_the_programs_of_a_page_print_what_it_says(path: Path) -> None:
    one_blas_thread()
    known: dict[str, Any] = {}
    for code in blocks(path, "py"):
        said = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, path.name, "exec"), known)
        assert printed.getvalue().splitlines() == said


def test_each_of_the_ten_exercises_has_a_start_a_check_and_a_solution_that_runs() -> None:
    (path,) = [path for path in WITH_CODE if path.stem == "exercises"]
    text = path.read_text(encoding="utf-8").partition("## Things to try")[0]
    exercises = text.split("\n## ")[1:]
    assert len(exercises) == 10
    for number, exercise in enumerate(exercises, 1):
        assert exercise.startswith(f"{number}. ")
        for part in ("tart from*", "*Check", "<summary>Solution</summary>", "```py", "</details>"):
            assert part in exercise, (number, part)
