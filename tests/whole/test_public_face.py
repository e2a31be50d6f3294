"""What `lstm_model` exports: each name once in three places, and explained."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import lstm_model

NAMES = [name for name in lstm_model.__all__ if not name.startswith("__")]


def imported_for_types() -> dict[str, str]:
    """The names that __init__.py imports for type checkers, and from where."""
    tree = ast.parse(Path(lstm_model.__file__).read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(node.module) for node in imports for alias in node.names}


def test_all_types_and_homes_name_the_same_things() -> None:
    assert set(imported_for_types()) == set(NAMES) == set(lstm_model.HOMES)
    assert imported_for_types() == {name: f"lstm_model.{home}" for name, home in lstm_model.HOMES.items()}


@pytest.mark.parametrize("name", NAMES)
def test_each_name_comes_from_the_module_that_defines_it(name: str) -> None:
    exported = getattr(lstm_model, name)
    home = f"lstm_model.{lstm_model.HOMES[name]}"
    assert exported is getattr(import_module(home), name)
    assert exported.__module__ == home


def test_what_is_not_exported_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Lstm'"):
        lstm_model.Lstm  # noqa: B018


@pytest.mark.parametrize("name", NAMES)
def test_each_name_explains_all_that_it_is_called_with(name: str) -> None:
    """A docstring, which names each argument: of a class or a function."""
    exported = getattr(lstm_model, name)
    text = inspect.getdoc(exported)
    assert text
    for argument in inspect.signature(exported).parameters:
        assert argument in text, f"{name} does not explain {argument}"
