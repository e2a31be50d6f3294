"""`eval --per-char`: how much each character of a text surprises a model, and what it held likeliest."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from lstm_model.errors import InputError
from lstm_model.inside.html import coloured
from lstm_model.network.losses import bits
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.storage.home import expanded
from lstm_model.tasks.base import finish
from lstm_model.tasks.comparison import Comparison
from lstm_model.tasks.text.bare_model import bare_model
from lstm_model.tasks.text.judging.comparison import compare_losses
from lstm_model.tasks.text.surprise import GUESSES, surprise
from lstm_model.tasks.text.writing.prompt import decoded_prompt, fitted_prompt
from lstm_tui.options.given import Given
from lstm_tui.reports.judged import Judged, heading
from lstm_tui.reports.plot_look import MODELS
from lstm_tui.visible import as_line

DEAREST, BEFORE = 12, 24  # places that are listed, and characters that are shown before each
MUCH = 8.0  # bits at which a character has the full colour


@dataclass(frozen=True, eq=False)
class PerChar(Judged):
    """A text read character by character. Its report has a row for each in "per_char"."""

    SAME = ("chars",)

    text: str = ""

    @property
    def measured(self) -> str:
        """How many characters."""
        return f"{self.report['chars']:,} characters"

    @property
    def nats(self) -> list[float]:
        """Surprise of each character."""
        return [row["nats"] for row in self.report["per_char"]]

    def lines(self) -> list[str]:
        """The loss, and the characters that surprised most."""
        report = self.report
        dearest = np.argsort([-value for value in self.nats], kind="stable")[:DEAREST].tolist()
        return [
            f"part    all of it, {self.measured}",
            "",
            f"loss    {report['loss']:.4f} nats, {report['bits_per_char']:.4f} bits per character",
            "",
            f"{'place':>7}{'nats':>8}{'bits':>8}  {'likelier was':<14}what came, after what",
            *(self._line(place) for place in dearest),
        ]

    def _line(self, place: int) -> str:
        row = self.report["per_char"][place]
        guesses = " ".join(repr(guess["char"])[1:-1] for guess in row["guesses"])
        before = self.text[max(0, place - BEFORE) : place]
        return f"{place:>7,}{row['nats']:>8.2f}{bits(row['nats']):>8.2f}  {guesses:<14}{before}[{row['char']}]"

    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:  # noqa: ARG002 - plain either way
        """The text, and below each line the bits of each character as a digit."""
        rows, place = [], 0
        for line in self.text.splitlines(keepends=True):
            for start in range(0, len(line), width):
                piece = line[start : start + width]
                values = self.nats[place : place + len(piece)]
                digits = "".join("." if value < 0.5 else f"{min(9, round(bits(value)))}" for value in values)
                rows += [as_line(piece).rstrip("␊"), digits]
                place += len(piece)
        return ["bits of each character, below it; a dot is next to none", *rows]

    def draw(self, figure: Any, rival: Self | None) -> str:
        """Bits against place."""
        axes = figure.subplots()
        for one, (colour, dash) in zip([self, *([] if rival is None else [rival])], MODELS, strict=False):
            axes.plot([bits(value) for value in one.nats], dash, color=colour, linewidth=0.8, label=one.name or "model")
        axes.set_xlabel("character of the text")
        axes.set_ylabel("bits")
        axes.legend()
        return f"{self.report['bits_per_char']:.3f} bits per character"

    def rows(self, rival: Self) -> list[list[str]]:
        """Losses of both."""
        a, b = self.report["loss"], rival.report["loss"]
        return [["", "A", "B", "B - A"], ["nats per character", f"{a:.4f}", f"{b:.4f}", f"{b - a:+.4f}"]]

    def compare(self, rival: Self) -> Comparison:
        """By their losses."""
        return compare_losses(self.report["loss"], rival.report["loss"])

    def _repr_html_(self) -> str:
        """The text, darker where it surprised."""
        said = [
            f"{row['nats']:.2f} nats; likelier: {', '.join(repr(guess['char']) for guess in row['guesses'])}"
            for row in self.report["per_char"]
        ]
        return coloured(list(self.text), np.array([bits(value) / MUCH for value in self.nats]), said)


def read_text(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> PerChar:
    """Let a model read a text of one's own, after the gap between pages; InputError for one that it cannot read."""
    if "text_file" not in given:
        raise InputError("--per-char reads a text of your own: name it with --text-file")
    for option in ("data", "part"):
        if option in given:
            raise InputError(f"--per-char reads --text-file alone: leave --{option} out")
    with naming(saved.file):
        model, vocabulary = bare_model(saved.checkpoint)
    known = vocabulary.characters
    natural = saved.record.data.memory.get("prompt")
    before = natural if isinstance(natural, str) and natural and set(natural) <= set(known) else known[0]
    text = fitted_prompt(_read(given["text_file"]), known)
    if not text:
        raise InputError(f"{given['text_file']} holds no character")
    one_blas_thread()
    ids = vocabulary.encode(before + text)
    k = given.get("guesses", GUESSES)
    read = finish(surprise(model, ids, len(before), len(ids), guesses=k), progress)
    rows = [
        {"char": char, "nats": nats, "guesses": [{"char": known[i], "p": p} for i, p in zip(ids_, ps, strict=True)]}
        for char, nats, ids_, ps in zip(
            text, read.nats.tolist(), read.guesses.tolist(), read.shares.tolist(), strict=True
        )
    ]
    loss = float(read.nats.mean())
    report = heading(saved, str(given["text_file"]), "all") | {
        "unit": "nats", "loss": loss, "bits_per_char": bits(loss), "chars": len(text), "per_char": rows,
    }  # fmt: skip
    return PerChar(report, text=text)


def _read(name: str) -> str:
    path = expanded(name)
    try:
        raw = sys.stdin.buffer.read() if name == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}: name a text file with --text-file") from None
    return decoded_prompt(raw, "standard input" if name == "-" else str(path))
