"""A saved run as events for TensorBoard: what its folder tells of it, and what its model is."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import LSTMError
from lstm_model.exports.tensorboard import Board
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.runs.story import read_story
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.bare import bare_network
from lstm_model.tasks.registry import looks_of

Row = tuple[int, dict[str, float | None]]


@dataclass(frozen=True)
class Written:
    """What was written where; `missing`: what could not be, and why."""

    folder: Path
    rows: int
    samples: int
    missing: str = ""


def write_history(saved: SavedModel, place: Path) -> Written:
    """Write a run into a folder named after it: its figures, its samples, histograms of its weights and gates.

    Where the run has no figures any more, as a model that ships, the curves in its checkpoint are written.
    """
    with naming(saved.file):
        network = bare_network(saved.checkpoint)
    board = Board(place / saved.file.parent.name)
    rows = samples = 0
    missing = ""
    step = saved.record.step
    try:
        for at, values in _figures(saved):
            board.figures(at, values)
            rows += 1
        for at, text in looks_of(saved.config.task).kept(saved.file.parent):
            board.text(at, text)
            samples += 1
        board.weights(network, step)
        try:
            trainer = saved.trainer()
        except LSTMError as error:
            missing = f"no gates are shown, for the data cannot be read: {error}"
        else:
            board.gates(network, trainer.task, step)
            trainer.close()
    finally:
        board.close()
    return Written(board.folder, rows, samples, missing)


def _figures(saved: SavedModel) -> Iterator[Row]:
    """The rows of metrics.csv, or else the curves of the checkpoint."""
    path = saved.file.with_name(ROWS)
    if path.is_file():
        yield from _rows(path, f"{kind_of(saved.config.task).words.unit}_per_s")
        return
    story = read_story(saved.file)
    for name, curve in (("loss", story.train), ("val_loss", story.val)):
        for at, value in zip(curve.step, curve.mean, strict=True):
            yield int(at), {name: float(value)}


def _rows(path: Path, speed: str) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                values = {name: float(cell) if cell else None for name, cell in row.items()}
                step = int(values.pop("step") or 0)
            except (TypeError, ValueError, KeyError):
                continue  # of a row that a crash cut short
            yield step, {speed if name == "speed" else name: value for name, value in values.items()}
