"""A try as text: what came in, what was to be said, what the model says, and whether that is right, step by step."""

import string
from collections.abc import Sequence

from rich.text import Text

from lstm_model.arrays import Ids
from lstm_model.tasks.copy.kind import CopySettings
from lstm_model.tasks.copy.looks import Tried

SYMBOLS = string.ascii_uppercase + string.ascii_lowercase
LABEL = 12  # cells for what a row is
LEFT_OUT = -1  # stands for the steps of the gap that there is no room for


def tried_text(tried: Tried, settings: CopySettings, width: int, *, ascii_only: bool = False) -> Text:
    """Four rows of at most `width` cells; steps in the middle of the gap give way."""
    steps, apart = shown_steps(settings, width - LABEL)
    right, wrong, between = ("+", "x", "..") if ascii_only else ("✓", "✗", "…")
    text = Text(no_wrap=True)
    for name, ids in (("came in", tried.x), ("to be said", tried.targets), ("model says", tried.answers)):
        text.append(f"{name:<{LABEL}}", "dim")
        for step in steps:
            if step == LEFT_OUT:
                text.append(between.ljust(apart), "dim")
                continue
            is_wrong = ids is tried.answers and ids[step] != tried.targets[step]
            style = "bold reverse" if is_wrong else "dim" if ids[step] >= settings.blank else "bold"
            text.append(_named(int(ids[step]), settings, ascii_only=ascii_only), style)
            text.append(" " * (apart - 1))
        text.append("\n")
    text.append(" " * LABEL)
    for step in steps:
        mark = " " if step == LEFT_OUT else _mark(step, tried.targets, tried.answers, settings, right, wrong)
        text.append(mark.ljust(apart), "bold" if mark == wrong else "")
    text.rstrip()
    return text


def shown_steps(settings: CopySettings, room: int) -> tuple[Sequence[int], int]:
    """The steps that are shown in so many cells, LEFT_OUT for those between; and how far they stand apart."""
    T, k = settings.steps, settings.remember
    if room >= 2 * T:
        return range(T), 2
    if room >= T:
        return range(T), 1
    ends = min(T, k + 1), max(0, T - k - 2)  # the message with a blank; a blank, the sign to go, the answers
    return [*range(ends[0]), LEFT_OUT, *range(ends[1], T)], 2


def _named(symbol: int, settings: CopySettings, *, ascii_only: bool) -> str:
    if symbol == settings.go:
        return "!"
    return SYMBOLS[symbol] if symbol < settings.blank else "." if ascii_only else "·"


def _mark(step: int, targets: Ids, answers: Ids, settings: CopySettings, right: str, wrong: str) -> str:
    """Whether a step is right, where a symbol was asked for; elsewhere only what is wrong is marked."""
    if targets[step] != answers[step]:
        return wrong
    return right if step >= settings.steps - settings.remember else " "
