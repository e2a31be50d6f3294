"""status.json: how a run stands, written by its process when that changes, and read by whoever watches.

The file may have come from anywhere with its folder: what does not make sense in it is left out.
"""

import json
import math
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from lstm_model.settings.kinds import LARGEST_COUNT
from lstm_model.storage.files import read_small, write_whole

STATUS = "status.json"
MOST_BYTES = 16_000  # of the file
LONGEST_TIME = 1e12  # seconds
KEPT_ANSWERS, LONGEST_WORD = 8, 1_000  # characters


class Doing(StrEnum):
    """What a run does."""

    TRAINING = "training"
    PAUSED = "paused"
    ENDED = "ended"


class Why(StrEnum):
    """Why a run has ended."""

    LIMIT = "limit"  # it reached its last step, or its time was over
    STOPPED = "stopped"  # somebody ended it, and it saved
    EXPLODED = "exploded"  # its loss did, and there was no going back


@dataclass(frozen=True)
class Answer:
    """What became of an order: it was done at this step, or why it was not."""

    id: str
    order: str
    step: int
    refused: str = ""


@dataclass(frozen=True)
class Standing:
    """How a run stood when it last changed. Times are in seconds."""

    status: Doing
    why: Why | None = None  # of an end
    step: int = 0
    last_step: int | None = None  # at which it is to end
    last_s: float | None = None  # the time of training after which it is to end
    at: float = field(default_factory=time.time)  # since the epoch
    answers: tuple[Answer, ...] = ()  # to the last orders, the oldest first


def write_standing(folder: Path, standing: Standing) -> None:
    """Replace the file, atomically. OSError if it fails."""
    values: dict[str, Any] = {"status": standing.status, "step": standing.step, "at": round(standing.at, 3)}
    for name in ("why", "last_step", "last_s"):
        if (value := getattr(standing, name)) is not None:
            values[name] = value
    if standing.answers:
        values["answers"] = [asdict(answer) for answer in standing.answers]
    write_whole(folder / STATUS, (json.dumps(values) + "\n").encode())


def read_standing(folder: Path) -> Standing | None:
    """How the run in a folder stands; None where that is not told, or makes no sense."""
    try:
        there = json.loads(read_small(folder / STATUS, MOST_BYTES))
        status = Doing(there["status"])
        why = Why(there["why"]) if status is Doing.ENDED else None
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return None
    step = _count(there.get("step"))
    return Standing(
        status, why, step or 0, _count(there.get("last_step")), _time(there.get("last_s")), _time(there.get("at")) or 0,
        _answers(there.get("answers")),
    )  # fmt: skip


def _answers(values: Any) -> tuple[Answer, ...]:
    found = []
    for value in values[:KEPT_ANSWERS] if isinstance(values, list) else []:
        if not isinstance(value, dict):
            continue
        words = [word for name in ("id", "order", "refused") if isinstance(word := value.get(name), str)]
        if len(words) == 3 and max(map(len, words)) <= LONGEST_WORD:
            found.append(Answer(words[0], words[1], _count(value.get("step")) or 0, words[2]))
    return tuple(found)


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= LARGEST_COUNT else None


def _time(value: Any) -> float | None:
    is_number = type(value) in (int, float) and math.isfinite(value)
    return float(value) if is_number and 0 <= value <= LONGEST_TIME else None
