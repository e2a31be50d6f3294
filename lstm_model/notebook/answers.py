"""What a model answers when it is asked, ready to be shown: by `print`, and by a notebook itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from lstm_model.inside.html import TEXT, note, table


@dataclass(frozen=True, repr=False)
class Evaluation:
    """How good a model is on held-out data, beside forecasts that need no network.

    figures: plain values by name, with the units that the docstring of its maker gives. rows: a table for a reader, its
    heads first. verdict: sentences.
    """

    title: str
    figures: Mapping[str, Any]
    rows: Sequence[Sequence[str]]
    verdict: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        first, *others = (max(map(len, column)) for column in zip(*self.rows, strict=True))
        lines = [self.title]
        for name, *cells in self.rows:
            shown = (f"  {cell:>{width}}" for cell, width in zip(cells, others, strict=True))
            lines.append(f"{name:<{first}}{''.join(shown)}".rstrip())
        lines += [self.verdict] if self.verdict else []
        return "\n".join([*lines, *(f"note: {each}" for each in self.notes)])

    def __repr__(self) -> str:
        return str(self)  # what a prompt shows is what a reader wants

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        said = f"<p>{escape(self.verdict)}</p>" if self.verdict else ""
        return f"<p><b>{escape(self.title)}</b></p>{table(self.rows)}{said}{''.join(map(note, self.notes))}"


@dataclass(frozen=True, repr=False)
class Written:
    """A text that a model wrote. prompt: what it began with; text: what came after; seed: writes it again."""

    prompt: str
    text: str
    seed: int
    settings: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.prompt + self.text

    def __repr__(self) -> str:
        return str(self)  # what a prompt shows is what a reader wants

    def _repr_html_(self) -> str:
        """As a notebook shows it: the prompt in bold."""
        style = f"{TEXT}; padding: .5em; border: 1px solid #ccc; overflow-wrap: anywhere"
        return f'<div style="{style}"><b>{escape(self.prompt)}</b>{escape(self.text)}</div>'
