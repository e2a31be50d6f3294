"""One step of one unit as a diagram, for each kind of cell: its equations with numbers in the place of names.

A diagram is made of sections, 76 columns wide and 12 rows high together: the way there, the equations, the way back. A
kind without a diagram has its numbers listed. n: the numbers by name, those after the step with a prime, gradients with
a d before: "c", "c'", "dc'".
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

Numbers = Mapping[str, float]


class Piece(NamedTuple):
    """Some text at a row and a column of its section. Numbers stand out."""

    row: int
    column: int
    text: str
    role: str = "label"


Section = list[Piece]
LISTED_ROWS = 11


def number(value: float) -> str:
    """Four digits behind the point."""
    return f"{value + 0.0:.4f}"


def gradient(value: float) -> str:
    """A gradient, whatever its size."""
    return f"{value + 0.0:+.3e}"  # the sum has no minus before a zero


def line(row: int, column: int, *texts: str) -> Section:
    """Words and numbers in turn from a column on, the words first."""
    pieces = []
    for k, text in enumerate(texts):
        pieces.append(Piece(row, column, text, "strong" if k % 2 else "label"))
        column += len(text)
    return pieces


def hidden(n: Numbers) -> Section:
    """Where the gradient of h' comes from, the same for all cells."""
    from_next = n["dh' next"]
    return line(0, 0, "dh' ", gradient(n["dh'"]), " = next step's ", gradient(from_next), " + from above ",
                gradient(n["dh'"] - from_next))  # fmt: skip


def listed(n: Numbers) -> list[Section]:
    """All numbers, in columns."""
    pieces = [Piece(0, 0, "values, and gradients with a d before", "value")]
    for k, (name, value) in enumerate(n.items()):
        text = gradient(value) if name.startswith("d") else number(value)
        pieces += line(1 + k % LISTED_ROWS, 25 * (k // LISTED_ROWS), f"{name:<7} ", text)
    return [pieces]


def lstm(n: Numbers) -> list[Section]:
    """An LSTM: c' = f * c + i * g, h' = o * tanh c'."""
    c, f, i, g, o = (number(n[name]) for name in ("c", "f", "i", "g", "o"))
    c_new, tanh_c, h_new = number(n["c'"]), number(n["tanh_c"]), number(n["h'"])
    kept, written = number(n["f"] * n["c"]), number(n["i"] * n["g"])
    there = [
        *line(0, 0, "c ", f"{c:>8}", " ──( x f ", f, " )── ", f"{kept:>8}", " ──( + )── c' ", f"{c_new:>8}",
              " ──▶ next step"),
        *(Piece(1, 43, "▲"), Piece(1, 55, "│")),
        *line(2, 6, "i ", i, " x g ", f"{g:>7}", " ── ", f"{written:>8}", " ───┘        tanh ", f"{tanh_c:>7}"),
        *line(3, 55, "│ x o ", o),
        *line(4, 52, "h' ", f"{h_new:>8}", " ──▶ upward"),
    ]  # fmt: skip
    equations = [
        *line(0, 0, "c' = f * c + i * g = ", f, " * ", c, " + ", i, " * ", g, " = ", c_new),
        *line(1, 0, "h' = o * tanh c'   = ", o, " * ", tanh_c, " = ", h_new),
    ]
    if "dh'" not in n:
        return [there, equations]
    dc = n["dc'"]
    back = [
        *hidden(n),
        *line(1, 0, "dc' ", gradient(dc), " = next step's ", gradient(n["dc' next"]), " + dh' o (1 - tanh^2 c') ",
              gradient(n["dh'"] * n["o"] * (1 - n["tanh_c"] ** 2))),
        *line(2, 0, "do  ", gradient(n["dh'"] * n["tanh_c"]), " = dh' * tanh c'"),
        *line(3, 0, "df  ", gradient(dc * n["c"]), " = dc' c   di ", gradient(dc * n["g"]), " = dc' g   dg ",
              gradient(dc * n["i"]), " = dc' i"),
        *line(4, 0, "dc  ", gradient(dc * n["f"]), " = dc' f, to the step before: no matrix stands between"),
    ]  # fmt: skip
    return [there, equations, back]


def gru(n: Numbers) -> list[Section]:
    """A GRU: h' = (1 - z) * n + z * h."""
    h, r, z, new, hn, h_new = (number(n[name]) for name in ("h", "r", "z", "n", "hn", "h'"))
    kept, written, other = number(n["z"] * n["h"]), number((1 - n["z"]) * n["n"]), number(1 - n["z"])
    there = [
        *line(0, 0, "h ", f"{h:>7}", " ──( x z ", z, " )── ", f"{kept:>7}", " ──( + )── h' ", f"{h_new:>7}",
              " ──▶ next step, up"),
        Piece(1, 41, "▲"),
        *line(2, 0, "(1 - z) ", other, " x n ", f"{new:>7}", " ── ", f"{written:>7}", " ───┘"),
        *line(3, 15, "n = tanh(from x + r ", r, " * from h ", hn, ")"),
    ]  # fmt: skip
    equations = line(0, 0, "h' = z * h + (1 - z) * n = ", z, " * ", h, " + ", other, " * ", new, " = ", h_new)
    if "dh'" not in n:
        return [there, equations]
    dh = n["dh'"]
    dn = dh * (1 - n["z"])
    before_tanh = dn * (1 - n["n"] ** 2)
    back = [
        *hidden(n),
        *line(1, 0, "dz  ", gradient(dh * (n["h"] - n["n"])), " = dh' * (h - n)"),
        *line(2, 0, "dn  ", gradient(dn), " = dh' * (1 - z)    dr ", gradient(before_tanh * n["hn"]),
              " = dn (1 - n^2) * from h"),
        *line(3, 0, "dh  ", gradient(dh * n["z"]), " = dh' z straight to the step before; the rest through W_hh"),
    ]  # fmt: skip
    return [there, equations, back]


def rnn(n: Numbers) -> list[Section]:
    """A plain cell: h' = tanh(from x and h)."""
    h, h_new = number(n["h"]), number(n["h'"])
    there = [
        *line(0, 0, "all h of the layer, its own ", f"{h:>7}", " ──( W_hh )──( + )──( tanh )── h' ", h_new),
        *(Piece(1, 50, "▲"), Piece(2, 40, "x ( W_ih )┘")),
    ]
    equations = line(0, 0, "h' = tanh(W_ih x + W_hh h + b) = ", h_new, ": all is written over at every step")
    if "dh'" not in n:
        return [there, equations]
    dh = n["dh'"]
    back = [
        *hidden(n),
        *line(1, 0, "dz  ", gradient(dh * (1 - n["h'"] ** 2)), " = dh' * (1 - h'^2), to the step before through W_hh"),
    ]
    return [there, equations, back]


DIAGRAMS: dict[str, Callable[[Numbers], list[Section]]] = {"lstm": lstm, "gru": gru, "rnn": rnn}
