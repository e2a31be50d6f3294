"""movie.jsonl: the frames of a run, a line for each, some 2 kB.

The first line holds the passage, each other one a frame: its step, the surprise of each character as one byte in
base64, and the guesses. A line that is no frame of this passage, such as one that a crash cut short, is passed over.
"""

import base64
import binascii
import json
from pathlib import Path
from typing import Any

import numpy as np

from lstm_model.storage.files import open_to_append
from lstm_model.tasks.films import Film, Frame
from lstm_model.tasks.text.movie.frames import LENGTH
from lstm_model.tasks.text.movie.order import KINDS, kinds_of

MOST_BYTES = 1_000_000  # of a file that is read: hundreds of frames, more than a run makes


def append_frame(path: Path, text: str, frame: Frame) -> None:
    """Add a frame at the end of the file, with the passage before the first. OSError if that fails."""
    line = {
        "step": frame.step,
        "bits": base64.b64encode(frame.levels.tobytes()).decode("ascii"),
        "guesses": frame.guesses,
    }
    with open_to_append(path) as file:
        empty = file.seek(0, 2) == 0
        lines = [*([{"text": text}] if empty else []), line]
        written = "".join(json.dumps(each) + "\n" for each in lines)
        file.write((written if empty else f"\n{written}").encode())  # behind whatever a crash left


def read_film(path: Path, up_to: int | None = None) -> Film:
    """The frames of a file, up to a step; of two of one step the later line counts. An empty film where there is none.

    Nothing is believed of the file: what does not fit the passage is left out.
    """
    try:
        if not path.is_file():  # a pipe would wait for whoever writes
            return Film()
        with path.open("rb") as file:
            lines = file.read(MOST_BYTES).split(b"\n")
    except OSError:
        return Film()
    found = [entry for entry in map(_entry, lines) if entry]
    text = next((entry["text"] for entry in found if isinstance(entry.get("text"), str)), "")[:LENGTH]
    frames: dict[int, Frame] = {}
    for entry in found:
        frame = _frame(entry, len(text))
        if frame is not None and (up_to is None or frame.step <= up_to):
            frames[frame.step] = frame
    return film_of(text, *(frames[step] for step in sorted(frames)))


def film_of(text: str, *frames: Frame) -> Film:
    """A film of a text, with the kind of each of its characters."""
    return Film(text, frames, tuple(KINDS), kinds_of(text))


def _entry(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _frame(entry: dict[str, Any], n: int) -> Frame | None:
    """A frame of a passage of n characters; None if it is none."""
    step, bits, guesses = entry.get("step"), entry.get("bits"), entry.get("guesses")
    if not (isinstance(step, int) and step >= 0 and isinstance(bits, str) and isinstance(guesses, str)):
        return None
    try:
        levels = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except (binascii.Error, ValueError):
        return None
    return Frame(step, levels, guesses) if len(levels) == len(guesses) == n else None
