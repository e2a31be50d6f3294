"""Numbers as people read them, in as little space as they need."""

import math
from collections.abc import Sequence

from lstm_model.digits import SMALLEST_PLAIN, apart

PART_WORDS = {"train": "training", "val": "validation", "test": "test"}  # parts of the data for a person
USUAL = 4  # digits behind the point of a column: values that need more have them alone


def duration(seconds: float | None) -> str:
    """Seconds as 0:42, 12:07 or 3:05:09; a dash for an unknown time."""
    if seconds is None or not math.isfinite(seconds):
        return "-"
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def short(value: float) -> str:
    """A count in at most five characters: 950, 12.3k, 104k, 1.25M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            scaled = value / size
            return f"{scaled:.0f}{letter}" if scaled >= 100 else f"{scaled:.1f}{letter}"
    return f"{value:.0f}"


def figure(value: float | None, digits: int = 4) -> str:
    """A loss or an error with a fixed number of digits behind the point; a dash where it is unknown."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return "no number"
    return f"{value:.{digits}f}" if abs(value) < 1e4 else f"{value:.2e}"


def column(values: Sequence[float | None], width: int) -> list[str]:
    """Numbers below each other, told apart as `apart` does, with as many digits behind the point as the finest has."""
    texts = apart(*values, width=width - 1)
    plain = [value is not None and SMALLEST_PLAIN <= abs(value) < 1000 for value in values]
    behind = [len(text.partition(".")[2]) for text, is_plain in zip(texts, plain, strict=True) if is_plain]
    digits = min(max(behind), max(USUAL, min(behind))) if behind else 0
    for k, (value, is_plain) in enumerate(zip(values, plain, strict=True)):
        if is_plain and len(texts[k].partition(".")[2]) < digits and len(finer := f"{value:.{digits}f}") < width:
            texts[k] = finer
    return [f"{text:>{width}}" for text in texts]


def size(count: int) -> str:
    """Bytes as 12 kB, 4.3 MB or 1.2 GB."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def ago(seconds: float) -> str:
    """An age in its largest unit: 12 s, 5 min, 3 h, 2 d."""
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"


def often(times: int) -> str:
    """How often: once, or so many times."""
    return "once" if times == 1 else f"{times:,} times"


def bar(share: float, width: int, *, ascii_only: bool = False) -> str:
    """A progress bar of `width` cells."""
    full, empty = ("#", ".") if ascii_only else ("━", "─")
    done = round(min(1.0, max(0.0, share)) * width)
    return full * done + empty * (width - done)
