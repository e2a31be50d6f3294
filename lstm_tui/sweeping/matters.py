"""Which settings matter, in words."""

from rich.text import Text

from lstm_model.sweeps.effects import LEAST, Effect, Level, effects
from lstm_model.sweeps.standing import Standing
from lstm_tui.options.table import SETTINGS
from lstm_tui.visible import as_line
from lstm_tui.wording import figure


def matters_text(standing: Standing, width: int, *, ascii_only: bool = False) -> Text:
    """Each setting with its verdict, and below it its values, the best first: how many settings, mean loss."""
    text = Text(no_wrap=True, overflow="ellipsis")
    for effect in effects(standing):
        name, said = as_line(effect.dimension.name), verdict_of(effect, ascii_only=ascii_only)
        text.append(name, "bold" if effect.matters else "")
        text.append(f"{said:>{max(1, width - len(name))}}\n" if len(name) + len(said) < width else f"  {said}\n")
        for level in effect.levels:
            text.append(f"{_level(effect, level, width)}\n", "dim")
    return text


def verdict_of(effect: Effect, *, ascii_only: bool = False) -> str:
    """Whether a setting matters, and by how much."""
    if effect.lower is None or effect.error is None:
        return f"too few: {LEAST} and {LEAST} needed"
    word = "matters" if effect.matters else "no clear sign"
    return f"{word}: {figure(effect.lower)} {'+-' if ascii_only else '±'} {figure(effect.error)}"


def title_of(standing: Standing) -> tuple[str, str]:
    """What the pane is called, and what its figures are."""
    n = len(standing.losses)
    return "Which settings matter", f"best against rest, with error, {n} done" if n else "none is done yet"


def _level(effect: Effect, level: Level, width: int) -> str:
    option = SETTINGS[effect.dimension.name]
    name = option.text(level.value) if level.high is None else f"{_short(level.value)} to {_short(level.high)}"
    mean = figure(level.mean)
    room = width - len(mean) - 4
    told = f"{level.n} of {level.tried} done"
    name = as_line(name)[: max(1, room - len(told) - 1)]
    return f"  {name} {told:>{max(1, room - len(name) - 1)}}  {mean}"


def _short(value: float) -> str:
    return f"{value:.3g}"
