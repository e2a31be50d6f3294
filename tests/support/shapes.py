"""While tests run, arrays have the shapes that the network's annotations say, or the call is an error.

Import this before anything of `lstm_model`: jaxtyping's hook works on modules as they are imported.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

from beartype import BeartypeConf, beartype
from jaxtyping import config, install_import_hook

MOST = 400  # checks of a test: each takes a tenth of a millisecond, and some tests make a hundred thousand calls
_left = MOST


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """What the hook puts around each function of the network."""
    check = beartype(conf=BeartypeConf(is_pep484_tower=True))(function)  # an int is a float, as for mypy

    @functools.wraps(function)
    def counted(*arguments: Any, **options: Any) -> Any:
        global _left  # noqa: PLW0603
        _left -= 1
        if _left == 0:
            config.update("jaxtyping_disable", True)
        return check(*arguments, **options)

    return counted


def check_again() -> None:
    """Check the next calls, in a new test."""
    global _left  # noqa: PLW0603
    _left = MOST
    config.update("jaxtyping_disable", False)


if "lstm_model.arrays" in sys.modules:
    raise RuntimeError("shapes cannot be checked: lstm_model was imported before")
install_import_hook("lstm_model.network", "support.shapes.checked")
