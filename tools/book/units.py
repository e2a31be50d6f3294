"""What the units of the shipped model follow, and a page coloured by the clearest of them."""

from collections import Counter

import numpy as np

from book.drawing import INK, MONO, PALE, Sheet
from lstm_model.arrays import Floats
from lstm_model.inside.memory import memory
from lstm_model.inside.naming import Naming, UnitName, ranked
from lstm_model.inside.trace import trace
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import shipped_models
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_probes, open_task
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.trainer import Trainer

BEGINS, LINES = "\nSTANDARDS\n    C99, POSIX.1-2001, POSIX.1-2008.\n\n    The variant", 9  # of the page that is shown
READ_BEFORE = 400  # characters
PAGE = 600  # characters over which a half-life is taken
SHOWN = {  # the clearest unit of each feature that has one
    390: "in an upper-case word",
    300: "in a number (falls there)",
    225: "column in the line",
}
LEVELS = {-3: "#e8862e", -2: "#f3b27a", -1: "#fae0c8", 1: "#cfe0f2", 2: "#8cb6e0", 3: "#3f86cc"}
CELL, ROW = 10.2, 20  # a character's width and height


def shipped() -> tuple[Trainer, TextTask]:
    """The model of texts that ships, and its text."""
    one_blas_thread()
    saved = SavedModel.read(shipped_models()["demo-text"])
    task = open_task(saved.config, saved.record.data.memory)
    assert isinstance(task, TextTask)
    return saved.trainer(), task


def names() -> tuple[list[UnitName], Floats]:
    """The units that have a name, the clearest first, and the half-life of every unit (H,). A minute."""
    trainer, task = shipped()
    probes = open_probes(task)
    found = finish(Naming(probes.many(), probes.features).name(trainer.judged))
    (of_layer,) = memory(trace(trainer.judged, probes.reading(0, PAGE).x[:, 0]))
    assert of_layer.half_life is not None
    return ranked(found), of_layer.half_life


def table() -> str:
    """The clearest unit of each feature that is followed, how many others there are, and how long it remembers."""
    named, half_life = names()
    counts, seen = Counter(name.feature for name in named), set()
    rows = ["| feature | units | the clearest | how clear | half of it is left after |", "|---|---|---|---|---|"]
    for name in named:
        if name.feature not in seen:
            seen.add(name.feature)
            clear, kept = f"{name.kind} {name.strength:.2f}", f"{half_life[name.unit]:.1f} characters"
            rows.append(f"| {name.feature} | {counts[name.feature]} | {name.unit} | {clear} | {kept} |")
    return "\n".join(rows)


def gallery() -> str:
    """A piece of a held-out page, once for each unit that is shown, coloured by its tanh(c)."""
    trainer, task = shipped()
    part = task.corpus.parts["val"]
    text = task.corpus.vocabulary.decode(task.corpus.ids[part.start : part.stop])
    start = text.index(BEGINS) + 1
    stop = start + len("\n".join(text[start:].split("\n")[:LINES]))
    ids = task.corpus.ids[part.start + start - READ_BEFORE : part.start + stop]
    values = trace(trainer.judged, ids).layers[0].followed[READ_BEFORE:]  # (T, H)
    lines = text[start:stop].split("\n")
    height = len(lines) * ROW + 46
    sheet = Sheet(
        960, 66 + height * len(SHOWN), "A page as three units see it",
        "The same lines of a manual page three times, each character coloured by the tanh(c) of one unit after it was"
        " read: one that is high in upper-case words, one that is low in numbers, one that rises along the line.",
    )  # fmt: skip
    sheet.text((28, 36), "blue: tanh(c) near 1, orange: near -1, after each character", anchor="start", colour=PALE)
    for k, (unit, feature) in enumerate(SHOWN.items()):
        top = 60 + height * k
        sheet.text((28, top + 14), f"unit {unit}: {feature}", anchor="start", bold=True)
        _page(sheet, top + 26, lines, values[:, unit])
    return sheet.svg()


def _page(sheet: Sheet, top: float, lines: list[str], values: Floats) -> None:
    """Lines of text on cells of colour, a path for each of the levels."""
    ways: dict[int, list[str]] = {level: [] for level in LEVELS}
    at = 0
    for row, line in enumerate(lines):
        levels = [int(np.sign(v)) * min(3, int(abs(v) * 4)) for v in values[at : at + len(line)]]
        begin = 0
        for k in range(1, len(levels) + 1):
            if k == len(levels) or levels[k] != levels[begin]:
                if levels[begin]:
                    x, wide = 28 + CELL * begin, CELL * (k - begin)
                    ways[levels[begin]].append(f"M{x:g} {top + ROW * row:g}h{wide:g}v{ROW - 2}h-{wide:g}z")
                begin = k
        at += len(line) + 1
    for level, way in ways.items():
        if way:
            sheet.parts.append(f'<path d="{"".join(way)}" fill="{LEVELS[level]}"/>')
    for row, line in enumerate(lines):
        words = line.lstrip(" ")
        if words:
            x, wide = 28 + CELL * (len(line) - len(words)), CELL * len(words)
            words = words.replace("&", "&amp;").replace("<", "&lt;")
            sheet.parts.append(
                f'<text x="{x:g}" y="{top + ROW * row + 14:g}" font-family="{MONO}" font-size="15" fill="{INK}"'
                f' textLength="{wide:g}" xml:space="preserve">{words}</text>'
            )
