"""What is known of the text task before a text is read."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lstm_model.settings.config import Config, TaskSettings
from lstm_model.settings.kinds import in_short
from lstm_model.settings.task_kinds import Sizes, TaskKind, Words
from lstm_model.tasks.text.judging.counting_names import UNIGRAMS
from lstm_model.tasks.text.presets import PRESETS

EncodingErrors = Literal["strict", "replace"]
Order = Literal["mixed", "name"]
SAMPLES, MOVIE = "samples.txt", "movie.jsonl"
USUAL_V = 100  # characters of a text that was not read yet
LONGEST_ENCODING = 40  # characters


@dataclass(frozen=True)
class TextSettings(TaskSettings):
    """What a text needs to be said of it."""

    encoding: str = "utf-8"
    encoding_errors: EncodingErrors = "strict"  # or: bytes that are no text are replaced by U+FFFD, and counted
    include: tuple[str, ...] = ()  # patterns of the files that are taken from folders; none: all
    order: Order = "mixed"  # of several files: by a hash of their names, or by these


class TextKind(TaskKind):
    """See the module's docstring."""

    name = "text"
    task = "lstm_model.tasks.text.task:TextTask"
    looks = "lstm_model.tasks.text.looks:TextLooks"
    probes = "lstm_model.tasks.text.probes:TextProbes"
    notebook = "lstm_model.notebook.faces.text:TextModel"
    files = (SAMPLES, MOVIE)
    has_movie = True
    words = Words(
        unit="chars",
        items="characters",
        loss="nats per character",
        look="Sample",
        no_better="No better than unigram counts. Try another rate: a new run",
        ids="characters",
    )
    settings = TextSettings
    presets = PRESETS
    shipped = "linux_man.txt"
    licence = "Linux-man-pages-copyleft"
    hub_task = "text-generation"
    simplest = UNIGRAMS
    simplest_is_easy = True

    def sizes(self, config: Config, memory: Mapping[str, Any] | None = None) -> Sizes:
        """V inputs and outputs, one for each character of the vocabulary; an output at every step."""
        V = USUAL_V if memory is None else len(memory["vocabulary"])
        return Sizes(
            inputs=V,
            outputs=V,
            takes_ids=True,
            judged_steps=config.seq_length,
            items_per_step=config.batch_size * config.seq_length,
            exact=memory is not None,
        )

    def names(self, config: Config, memory: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:  # noqa: ARG002
        """The characters, which are read as well as written."""
        characters = tuple(memory["vocabulary"])
        return characters, characters

    def check_saved(self, settings: TaskSettings, memory: Mapping[str, Any]) -> None:
        """The encoding must look like one, and the vocabulary be characters in code point order, none of them twice."""
        encoding = settings.encoding if isinstance(settings, TextSettings) else ""
        if len(encoding) > LONGEST_ENCODING or not re.fullmatch(r"[A-Za-z0-9_.: -]+", encoding):
            raise ValueError(f"makes no sense, its settings: encoding is {in_short(encoding)}")
        characters = memory.get("vocabulary")
        if not isinstance(characters, str) or len(characters) < 2 or sorted(set(characters)) != list(characters):
            raise ValueError("makes no sense: the vocabulary is no text of different characters in their order")

    def guess(self, sizes: Sizes) -> float:
        """The loss of the uniform guess: ln V."""
        return math.log(sizes.outputs)


KIND = TextKind()
