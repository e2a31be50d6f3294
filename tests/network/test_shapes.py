"""The shapes in the network's annotations are true: a call with others is an error while tests run, and only then."""

import inspect
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from jaxtyping import TypeCheckError

import lstm_model.network
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.losses import softmax_cross_entropy
from lstm_model.network.model import Network
from support.shapes import MOST


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions and methods of the network whose names are public, and how they are called here."""
    for found in pkgutil.walk_packages(lstm_model.network.__path__, "lstm_model.network."):
        for name, thing in vars(import_module(found.name)).items():
            if getattr(thing, "__module__", "") != found.name or name.startswith("_"):
                continue
            if inspect.isclass(thing):
                methods = {f"{name}.{part}": method for part, method in vars(thing).items() if part[0] != "_"}
                yield from ((each, method) for each, method in methods.items() if inspect.isfunction(method))
            elif inspect.isfunction(thing):
                yield name, thing


def is_bare_array(annotation: Any) -> bool:
    """Whether a type is an array of any shape, or contains one."""
    if typing.get_origin(annotation) is np.ndarray:
        return True
    return any(map(is_bare_array, typing.get_args(annotation)))


def test_every_array_that_a_public_function_takes_has_a_shape() -> None:
    functions = dict(public_functions())
    assert {"Network.forward", "Layer.backward", "Cell.step", "softmax_cross_entropy"} <= functions.keys()
    bare = {
        f"{name}({argument})"
        for name, function in functions.items()
        for argument, annotation in inspect.get_annotations(inspect.unwrap(function)).items()
        if is_bare_array(annotation)
    }
    assert bare == set()


@pytest.mark.parametrize(
    "call",
    [
        lambda: softmax_cross_entropy(np.zeros((3, 2, 5)), np.zeros((2, 3), int)),
        lambda: Cell(np.zeros((8, 3)), np.zeros((8, 2)), np.zeros(4)),
        lambda: Cell(*np.zeros((3, 8, 8))).step(np.zeros((1, 8)), (np.zeros((2, 2)),) * 2),
        lambda: Network(3, 2, 3).forward(np.zeros(4, int)),
        lambda: Network(3, 2, 3).forward(np.zeros((4, 1), int), (np.zeros((1, 2, 2)),) * 2),
    ],
    ids=["targets of other steps", "a bias too short", "a state of another batch", "no batch", "a batch too many"],
)
def test_an_array_of_another_shape_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(TypeCheckError):
        call()


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_has_used_up_its_checks_leaves_the_next_one_all_of_its_own(time: str) -> None:
    with pytest.raises(TypeCheckError):
        softmax_cross_entropy(np.zeros((3, 2, 5)), np.zeros((2, 3), int))
    for _ in range(MOST):
        softmax_cross_entropy(np.zeros((3, 2, 5)), np.zeros((3, 2), int))


def test_the_program_itself_knows_no_jaxtyping() -> None:
    code = "import lstm_model.network.model, sys; sys.exit('jaxtyping' in sys.modules or 'beartype' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
