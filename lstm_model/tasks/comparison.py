"""Which of two models is better, and whether the difference is one."""

from typing import Literal, NamedTuple

Side = Literal["a", "b"]


class Comparison(NamedTuple):
    """Model A beside model B. better: None where neither is; p_value: of "they are equal", None where untested."""

    better: Side | None
    p_value: float | None
    sentence: str
