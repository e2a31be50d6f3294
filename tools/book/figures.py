"""The figures of the book, each a function that gives a file's text: computed anew, they come out the same."""

import math
from collections.abc import Callable

import numpy as np

from book import gradients, units
from book.drawing import COLOURS, LIGHT, PALE, Sheet
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import shipped_models

BEFORE, READ = "$ echo ", "hello"


def unrolled() -> str:
    """One step after the other while a word is read, with what the shipped model guesses."""
    sheet = Sheet(
        960, 380, "The network reads hello",
        "Five copies of the same step side by side. Each gets a letter from below and hands its state h, c to the next"
        " one. Above each stands the likeliest next letter and the probability of the letter that follows.",
    )  # fmt: skip
    sheet.text((28, 36), "The same step, five times", size=16, anchor="start", bold=True)
    for k, (letter, guess, p, following, of_following) in enumerate(guesses()):
        x = 150 + 165 * k
        sheet.box((x - 55, 150), (110, 80), fill=LIGHT["i"], colour=COLOURS["i"])
        sheet.text((x, 186), "step", bold=True)
        sheet.text((x, 208), "same weights", size=12, colour=PALE)
        sheet.path([(x, 290), (x, 234)], arrow=True)
        sheet.box((x - 18, 292), (36, 34))
        sheet.text((x, 315), letter, size=18, mono=True, bold=True)
        sheet.path([(x - 110 if k else 40, 190), (x - 58, 190)], arrow=True)
        sheet.text((x - 82 if k else 68, 180), "h, c", mono=True)
        sheet.path([(x, 148), (x, 124)], arrow=True)
        sheet.text((x, 92), f"guess: {shown(guess)} {p:.2f}", mono=True)
        sheet.text((x, 112), f"{shown(following)} has {of_following:.2f}", mono=True, colour=COLOURS["g"], bold=True)
    sheet.path([(870, 190), (925, 190)], arrow=True)
    sheet.text((898, 180), "h, c", mono=True)
    sheet.text((28, 66), "what it holds likeliest to come next, and how likely it holds what does come", anchor="start",
               colour=PALE)  # fmt: skip
    sheet.text(
        (28, 356), f'it has read "{BEFORE}" before; · is a space, ¶ the end of the line', anchor="start", colour=PALE
    )
    return sheet.svg()


def shown(character: str) -> str:
    """A character as the figure shows it."""
    return {" ": "·", "\n": "¶"}.get(character, character)


def guesses() -> list[tuple[str, str, float, str, float]]:
    """For each letter read: it, the likeliest next one and its probability, the one that follows and its own."""
    saved = SavedModel.read(shipped_models()["demo-text"])
    characters: str = saved.record.data.memory["vocabulary"]
    model = saved.trainer().judged
    ids = [characters.index(c) for c in BEFORE + READ + "\n"]
    logits = model.forward(np.array(ids)[:, None])[0][:, 0].astype(np.float64)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    found = []
    for k, letter in enumerate(READ, len(BEFORE)):
        best, after = int(p[k].argmax()), ids[k + 1]
        found.append((letter, characters[best], float(p[k, best]), characters[after], float(p[k, after])))
    return found


def cell_frames() -> str:
    """The cell in four frames: each shows one more part, what came before it is pale."""
    sheet = Sheet(
        960, 560, "The cell in four frames",
        "Frame 1, keep: c is multiplied by the forget gate f. Frame 2, write: the candidate g is multiplied by the"
        " input gate i. Frame 3, add: both make c'. Frame 4, show: tanh of c' is multiplied by the output gate o, which"
        " gives h'.",
    )  # fmt: skip
    names = ("1. keep: f * c", "2. write: i * g", "3. add: c' = f * c + i * g", "4. show: h' = o * tanh(c')")
    for k, name in enumerate(names):
        _frame(sheet, 20 + 470 * (k % 2), 20 + 265 * (k // 2), k, name)
    return sheet.svg()


def _frame(sheet: Sheet, left: float, top: float, stage: int, name: str) -> None:
    """One frame of 450 by 250: the parts up to a stage, those of the stage itself in colour."""

    def colour(part: int, own: str) -> str:
        return own if part == stage or (part == 0 and stage == 2) else "#b9b4a8"

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x, top + y

    sheet.box(at(0, 0), (450, 250), colour="#d9d4c8", line=1, fill="#fff")
    sheet.text(at(16, 26), name, anchor="start", bold=True, size=15)
    line = "#222" if stage in (0, 2) else "#b9b4a8"
    sheet.text(at(22, 85), "c", mono=True, bold=True, size=16)
    sheet.path([at(36, 80), at(98, 80)], colour=line, line=3, arrow=True)
    sheet.path([at(110, 190), at(110, 94)], colour=colour(0, COLOURS["f"]), arrow=True)
    sheet.sign(at(110, 80), "times")
    sheet.text(at(110, 210), "f", mono=True, bold=True, size=16, colour=colour(0, COLOURS["f"]))
    if stage >= 1:
        sheet.path([at(180, 190), at(180, 140), at(208, 140)], colour=colour(1, COLOURS["i"]), arrow=True)
        sheet.path([at(260, 190), at(260, 140), at(234, 140)], colour=colour(1, COLOURS["g"]), arrow=True)
        sheet.sign(at(221, 140), "times")
        sheet.text(at(180, 210), "i", mono=True, bold=True, size=16, colour=colour(1, COLOURS["i"]))
        sheet.text(at(260, 210), "g", mono=True, bold=True, size=16, colour=colour(1, COLOURS["g"]))
    if stage >= 2:
        sheet.path([at(123, 80), at(208, 80)], colour=line, line=3, arrow=True)
        sheet.path([at(221, 127), at(221, 94)], colour=line, arrow=True)
        sheet.sign(at(221, 80), "plus")
        sheet.path([at(234, 80), at(410, 80)], colour=line, line=3, arrow=True)
        sheet.text(at(426, 85), "c'", mono=True, bold=True, size=16)
    if stage == 3:
        sheet.path([at(320, 80), at(320, 112)], arrow=True)
        sheet.box(at(294, 114), (52, 26))
        sheet.text(at(320, 132), "tanh", mono=True)
        sheet.path([at(320, 140), at(320, 163)], arrow=True)
        sheet.sign(at(320, 176), "times")
        sheet.path([at(285, 200), at(285, 176), at(306, 176)], colour=COLOURS["o"], arrow=True)
        sheet.text(at(285, 218), "o", mono=True, bold=True, size=16, colour=COLOURS["o"])
        sheet.path([at(333, 176), at(410, 176)], arrow=True)
        sheet.text(at(426, 181), "h'", mono=True, bold=True, size=16)


def gradient_lines() -> str:
    """What is left of a gradient of c, step by step, on a logarithmic axis: the table of chapter 7 as a picture."""
    sheet = Sheet(
        960, 470, "What is left of a gradient of c",
        "Eight curves over 50 steps back on a logarithmic axis. Forget bias 0 falls to nothing within 20 steps, bias 1"
        " with orthogonal weights keeps 8 per cent, with uniform ones almost nothing, bias 3 grows."
        " With input weights from N(0, 1), bias 1 keeps 1 per cent after 20 steps and nothing after 50.",
    )  # fmt: skip
    left, top, width, height, low, high = 90, 60, 590, 350, -5.0, 3.0
    colours = (COLOURS["f"], COLOURS["f"], COLOURS["i"], COLOURS["i"], COLOURS["o"], COLOURS["o"],
               COLOURS["g"], PALE)  # fmt: skip

    def at(step: float, share: float) -> tuple[float, float]:
        level = min(high, max(low, math.log10(max(share, 1e-12))))
        return round(left + width * step / gradients.STEPS), round(top + height * (high - level) / (high - low))

    sheet.text((28, 36), "Share of a gradient of c that is left", size=16, anchor="start", bold=True)
    for level in range(int(low), int(high) + 1):
        y = at(0, 10.0**level)[1]
        sheet.path([(left, y), (left + width, y)], colour="#222" if level == 0 else "#ddd8cc", line=1)
        sheet.text((left - 10, y + 4), f"{10.0**level:g}", anchor="end", size=12)
    for step in range(0, gradients.STEPS + 1, 10):
        sheet.text((at(step, 1)[0], top + height + 20), str(step), size=12)
    sheet.text((left + width / 2, top + height + 42), "steps back", colour=PALE)
    sheet.text((left + width + 40, top + 4), "forget bias, weights", anchor="start", size=12, colour=PALE)
    ends: list[float] = []
    for start, colour in zip(gradients.STARTS, colours, strict=True):
        shares = gradients.left(start)
        shown = [k for k in range(len(shares)) if shares[k] >= 10**low]
        dashes = "3 3" if start.read_before else "" if start.orthogonal else "8 4"
        sheet.path([at(k, shares[k]) for k in shown], colour=colour, line=2.5, dashes=dashes)
        y = at(shown[-1], shares[shown[-1]])[1] + 4
        while any(abs(y - other) < 16 for other in ends):
            y -= 16
        ends.append(y)
        sheet.path([(left + width + 6, y - 4), (left + width + 34, y - 4)], colour=colour, line=2.5, dashes=dashes)
        sheet.text((left + width + 40, y), start.name, anchor="start", size=12, colour=colour, bold=True)
    return sheet.svg()


def truncated() -> str:
    """A text in pieces: the state goes through, the gradient stops at each cut."""
    sheet = Sheet(
        960, 300, "Truncated backpropagation",
        "A text in three pieces. Solid arrows carry the state from piece to piece. Dotted arrows carry the gradient"
        " back and stop at the beginning of their piece.",
    )  # fmt: skip
    sheet.text((28, 36), "One text, three pieces of T characters", size=16, anchor="start", bold=True)
    words = ("the cell sta", "te goes on w", "here it was ")
    for k, piece in enumerate(words):
        x = 60 + 290 * k
        sheet.box((x, 110), (230, 66), fill=LIGHT["i"], colour=COLOURS["i"])
        sheet.text((x + 115, 150), piece, mono=True, size=17)
        sheet.text((x + 115, 94), f"piece {k + 1}: one training step", colour=PALE)
        sheet.path([(x + 220, 214), (x + 8, 214)], colour=COLOURS["f"], dashes="2 5", arrow=True)
        sheet.path([(x + 4, 200), (x + 4, 228)], colour=COLOURS["f"], line=3)
        sheet.path([(x + 230, 143), (x + 288, 143)], arrow=True)
        sheet.text((x + 258, 134), "h, c", mono=True)
    sheet.path([(28, 143), (58, 143)], arrow=True)
    sheet.path([(60, 262), (100, 262)], arrow=True)
    sheet.text((110, 266), "the state: plain numbers, handed on", anchor="start")
    sheet.path([(460, 262), (420, 262)], colour=COLOURS["f"], dashes="2 5", arrow=True)
    sheet.text((470, 266), "the gradient: at most T steps back, (T - 1) / 2 on average", anchor="start")
    return sheet.svg()


FIGURES: dict[str, Callable[[], str]] = {
    "unrolled.svg": unrolled,
    "cell_frames.svg": cell_frames,
    "gradients.svg": gradient_lines,
    "truncated.svg": truncated,
    "units.svg": units.gallery,
}
