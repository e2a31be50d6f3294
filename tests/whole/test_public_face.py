"""The library's public face: every name it promises is there, and the README's example runs."""

import ast
import inspect
import re
import runpy
from importlib import import_module
from pathlib import Path

import pytest

import lstm_model
from lstm_model.parallel.blas import one_blas_thread
from support.places import ROOT


def readme_example() -> str:
    """The Python block of the README."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    return str(code)


def names_for_type_checkers() -> dict[str, str]:
    """What lstm_model/__init__.py imports for type checkers alone: each name and its module."""
    tree = ast.parse(Path(str(lstm_model.__file__)).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    lines = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(line.module) for line in lines for alias in line.names}


def test_every_public_name_is_where_the_type_checker_believes_it_to_be() -> None:
    believed = names_for_type_checkers()
    assert sorted(believed) == sorted(lstm_model.__all__)
    for name, module in believed.items():
        assert getattr(lstm_model, name) is getattr(import_module(module), name), name
        assert getattr(lstm_model, name).__module__ == module, name  # where it is defined, not where it passes through


@pytest.mark.parametrize("name", lstm_model.__all__)
def test_every_public_name_says_what_it_is_and_what_it_is_called_with(name: str) -> None:
    text = inspect.getdoc(getattr(lstm_model, name))
    assert text
    for argument in inspect.signature(getattr(lstm_model, name)).parameters:
        assert argument in text, f"{name} does not explain {argument}"


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        lstm_model.Nothing  # noqa: B018


def test_the_example_of_the_readme_is_the_module_that_is_type_checked() -> None:
    module = (ROOT / "tests/support/library_example.py").read_text(encoding="utf-8")
    assert module.partition("\n\n")[2] == readme_example()


def test_the_example_of_the_readme_learns_as_far_as_it_says() -> None:
    one_blas_thread()
    loss = runpy.run_module("support.library_example")["loss"]
    assert isinstance(loss, float)
    assert "the loss is about 2.1 nats" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert 2.0 < loss < 2.2  # 2-gram counts have 2.456
